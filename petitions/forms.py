"""The intake form: what a person typed, read into an intake, every fault named at its field."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.core.clock import SHANGHAI
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.vocabulary import Datum
from petitions.intake import Intake, PartyIntake, title_from
from petitions.vocabulary import CaseKind, Channel, OrderType, PartyRole, Urgency

Form = Mapping[str, str]

USUAL_CHANNEL = {
    CaseKind.PETITION: Channel.VISIT,
    CaseKind.HOTLINE: Channel.HOTLINE,
    CaseKind.DISPUTE: Channel.GRID_PATROL,
}
SPEAKER = {
    CaseKind.PETITION: PartyRole.PETITIONER,
    CaseKind.HOTLINE: PartyRole.REPORTER,
    CaseKind.DISPUTE: PartyRole.APPLICANT,
}
_PHONE = re.compile(r"\+?\d{5,20}")


def read_intake(form: Form, *, now: datetime) -> Intake:
    """The matter that the form describes; a blank title is the first sentence of the text.

    Raises Invalid naming every field that cannot be read; what the matter itself may not be is checked by
    `register`.
    """
    faults: dict[str, object] = {}
    kind = _choice(form, "kind", CaseKind, faults) or CaseKind.DISPUTE
    body = form.get("body", "").strip()
    lon, lat = _degrees(form, "lon", faults), _degrees(form, "lat", faults)
    intake = Intake(
        kind=kind,
        channel=_choice(form, "channel", Channel, faults) or USUAL_CHANNEL[kind],
        title=form.get("title", "").strip() or title_from(body),
        body=body,
        received_at=_moment(form, "received_at", faults) or now,
        source_number=form.get("key", "").strip()[:60] or None,
        order_type=_choice(form, "order_type", OrderType, faults) if kind is CaseKind.HOTLINE else None,
        urgency=_choice(form, "urgency", Urgency, faults) or Urgency.NORMAL,
        address=form.get("address", "").strip() or None,
        lon=lon,
        lat=lat,
        datum=Datum.WGS84 if lon is not None else None,
        parties=_parties(form, kind, faults),
    )
    if not body:
        faults["body"] = _("Say what the matter is about.")
    if faults:
        raise Invalid(_("Some fields need mending."), fields=faults)
    return intake


def _parties(form: Form, kind: CaseKind, faults: dict[str, object]) -> tuple[PartyIntake, ...]:
    anonymous = bool(form.get("is_anonymous"))
    speaker = PartyIntake(
        role=SPEAKER[kind],
        name=None if anonymous else _name(form, "name", faults),
        phone=_phone(form, "phone", faults),
        is_anonymous=anonymous,
    )
    found = [speaker] if anonymous or speaker.name or speaker.phone else []
    other = PartyIntake(
        PartyRole.RESPONDENT, _name(form, "other_name", faults), _phone(form, "other_phone", faults)
    )
    if kind is CaseKind.DISPUTE and (other.name or other.phone):
        found.append(other)
    return tuple(found)


def _choice(form: Form, name: str, vocabulary: type[StrEnum], faults: dict[str, object]) -> Any:
    text = form.get(name, "")
    if text and text not in {member.value for member in vocabulary}:
        faults[name] = _("Choose from the list.")
    return vocabulary(text) if text and name not in faults else None


def _name(form: Form, name: str, faults: dict[str, object]) -> str | None:
    text = form.get(name, "").strip()
    if len(text) > 60:
        faults[name] = _("A name has at most 60 characters.")
    return text or None


def _phone(form: Form, name: str, faults: dict[str, object]) -> str | None:
    text = re.sub(r"[\s\-]", "", form.get(name, ""))
    if text and not _PHONE.fullmatch(text):
        faults[name] = _("A telephone number has 5 to 20 digits.")
    return text or None


def _degrees(form: Form, name: str, faults: dict[str, object]) -> float | None:
    text = form.get(name, "").strip()
    try:
        value = float(text) if text else None
    except ValueError:
        value = 999.0
    if value is not None and not -180 <= value <= 180:
        faults[name] = _("The point on the map cannot be read; choose it again.")
        return None
    return value


def _moment(form: Form, name: str, faults: dict[str, object]) -> datetime | None:
    text = form.get(name, "").strip()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) if text else None
    except ValueError:
        faults[name] = _("Write the time as 2020-12-31 14:30.")
        return None

"""The intake form: what a person typed, read into an intake, every fault named at its field."""

from datetime import datetime

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.vocabulary import Datum
from petitions.fields import Faults, Form, read_choice, read_moment, read_number
from petitions.intake import MAX_PERSONS, Intake, title_from
from petitions.people import read_people
from petitions.vocabulary import CaseKind, Channel, OrderType, Urgency

USUAL_CHANNEL = {
    CaseKind.PETITION: Channel.VISIT,
    CaseKind.HOTLINE: Channel.HOTLINE,
    CaseKind.DISPUTE: Channel.GRID_PATROL,
}


def read_intake(form: Form, *, now: datetime) -> Intake:
    """The matter that the form describes; a blank title is the first sentence of the text.

    Raises Invalid naming every field that cannot be read; what the matter itself may not be is checked by
    `register`.
    """
    faults: Faults = {}
    kind = read_choice(form, "kind", CaseKind, faults) or CaseKind.DISPUTE
    body = form.get("body", "").strip()
    lon, lat = _degrees(form, "lon", faults), _degrees(form, "lat", faults)
    intake = Intake(
        kind=kind,
        channel=read_choice(form, "channel", Channel, faults) or USUAL_CHANNEL[kind],
        title=form.get("title", "").strip() or title_from(body),
        body=body,
        received_at=read_moment(form, "received_at", faults) or now,
        source_number=form.get("key", "").strip()[:60] or None,
        order_type=read_choice(form, "order_type", OrderType, faults) if kind is CaseKind.HOTLINE else None,
        category=" ".join(form.get("category", "").split()) or None,
        urgency=read_choice(form, "urgency", Urgency, faults) or Urgency.NORMAL,
        address=form.get("address", "").strip() or None,
        lon=lon,
        lat=lat,
        datum=Datum.WGS84 if lon is not None else None,
        parties=read_people(form, kind, faults),
        persons_present=read_number(form, "persons_present", 1, MAX_PERSONS, faults),
        persons_affected=read_number(form, "persons_affected", 1, MAX_PERSONS, faults),
    )
    if not body:
        faults["body"] = _("Say what the matter is about.")
    if faults:
        raise Invalid(_("Some fields need mending."), fields=faults)
    return intake


def _degrees(form: Form, name: str, faults: Faults) -> float | None:
    text = form.get(name, "").strip()
    try:
        value = float(text) if text else None
    except ValueError:
        value = 999.0
    if value is not None and not -180 <= value <= 180:
        faults[name] = _("The point on the map cannot be read; choose it again.")
        return None
    return value

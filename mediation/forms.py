"""The forms of a mediation, read into what its verbs take; every fault named at its field."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NoReturn

from app.core.clock import SHANGHAI
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from mediation.service import Side, Terms
from mediation.vocabulary import AgreementForm, StartedBy

Form = Mapping[str, str]


def read_opening(form: Form) -> tuple[str, StartedBy, list[Side]]:
    """The mediator, who asked for the mediation, and both sides with their consent."""
    mediator = form.get("mediator", "").strip()
    if not 1 <= len(mediator) <= 40:
        _refuse("mediator", _("Name the mediator in at most 40 characters."))
    sides = [
        Side(
            name=form.get(f"{side}_name", "").strip(),
            phone=form.get(f"{side}_phone", "").strip() or None,
            is_applicant=side == "applicant",
            consented=bool(form.get(f"{side}_consented")),
        )
        for side in ("applicant", "respondent")
    ]
    return mediator, _one_of(form, "started_by", StartedBy), sides


def read_session(form: Form) -> tuple[datetime, str, str]:
    """When the parties met (Asia/Shanghai), where, and what was said."""
    try:
        held_at = datetime.fromisoformat(form.get("held_at", "")).replace(tzinfo=SHANGHAI)
    except ValueError:
        _refuse("held_at", _("Write the time as 2020-12-31 14:30."))
    place = form.get("place", "").strip()
    if not 1 <= len(place) <= 100:
        _refuse("place", _("Name the place in at most 100 characters."))
    return held_at, place, form.get("record", "")


def read_terms(form: Form) -> Terms:
    """What was agreed."""
    content = form.get("content", "").strip()
    if not content:
        _refuse("content", _("Write down what was agreed."))
    return Terms(
        form=_one_of(form, "form", AgreementForm),
        content=content,
        amount=_amount(form.get("amount", "").strip()),
        perform_by=_day(form.get("perform_by", "").strip()),
    )


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", "")) if text else None
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount is not None and not (amount.is_finite() and 0 <= amount < Decimal(10) ** 12):
        _refuse("amount", _("Write the amount in yuan as a number, such as 1500.00."))
    return amount


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        _refuse("perform_by", _("Write the day as 2020-12-31."))


def _one_of(form: Form, name: str, vocabulary: type[StrEnum]) -> Any:
    if form.get(name) not in {member.value for member in vocabulary}:
        _refuse(name, _("Choose from the list."))
    return vocabulary(form[name])


def _refuse(field: str, message: object) -> NoReturn:
    raise Invalid(message, fields={field: message})

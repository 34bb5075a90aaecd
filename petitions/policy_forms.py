"""What the form and the command of the escalation policy say, as terms; Invalid where it makes no sense."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from app.auth.vocabulary import Role
from app.core.clock import SHANGHAI
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy as _
from grid.vocabulary import Tier
from petitions.policies import TIERS, Cell
from petitions.policy_changes import Terms
from petitions.vocabulary import CaseKind, Urgency


class Rule(StrEnum):
    """What becomes of a case at a tier."""

    HOURS = "hours"
    AT_ONCE = "at_once"
    NO_LIMIT = "no_limit"
    DEFAULT = "default"


def read_cell(street_id: int, kind: str, urgency: str, tier: str) -> Cell:
    """The cell that an address names; raises NotFound where there is none."""
    try:
        cell = (street_id, CaseKind(kind), Urgency(urgency), Tier(tier))
    except ValueError:
        cell = None
    if cell is None or cell[3] not in TIERS:
        raise NotFound(_("The escalation policy has no such limit."))
    return cell


def read_terms(form: Mapping[str, str]) -> Terms:
    """The terms of the form."""
    rule = form.get("rule", "")
    if rule not in set(Rule):
        raise _refused("rule", _("Choose what becomes of such a matter."))
    if rule == Rule.DEFAULT:
        return Terms(is_default=True)
    role = form.get("role", "")
    if role and role not in set(Role):
        raise _refused("role", _("Choose a role from the list."))
    return Terms(
        limit_hours=_limit(Rule(rule), form),
        warn_before_hours=_hours(form, "warn") if rule == Rule.HOURS and form.get("warn", "").strip() else 0,
        tell_above=bool(form.get("tell_above")),
        tell_role=Role(role) if role else None,
    )


def read_start(form: Mapping[str, str]) -> datetime | None:
    """The moment from which the version holds, of Asia/Shanghai; None for at once."""
    text = form.get("from", "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise _refused("from", _("Write the time as 2020-12-31 14:30.")) from None


def fingerprint(form: Mapping[str, str]) -> str:
    """What the form says in one line, so that it is saved as it was checked and not otherwise."""
    return f"{read_terms(form)} {read_start(form)}"


def _limit(rule: Rule, form: Mapping[str, str]) -> int | None:
    if rule is Rule.HOURS:
        return _hours(form, "hours")
    return 0 if rule is Rule.AT_ONCE else None


def _hours(form: Mapping[str, str], field: str) -> int:
    text = form.get(field, "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise _refused(field, _("Write whole working hours, such as 13."))
    return int(text)


def _refused(field: str, message: object) -> Invalid:
    return Invalid(message, fields={field: message})

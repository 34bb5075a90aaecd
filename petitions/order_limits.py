"""How soon a holder signs for a hotline order, and how long it may hand one back: local defaults, no statute.

Both limits run from when the holder got the order. Beside the time, the unit above and the number of rulings
bound a hand-back, for a case of any kind.
"""

from datetime import datetime
from typing import Any

from app.core.calendar import WorkingCalendar
from app.core.i18n import lazy as _
from grid.vocabulary import Tier
from petitions.models import Case
from petitions.rules.catalogue import by_code
from petitions.rules.deadlines import deadline_moment
from petitions.states.machine import allowed, machine_of
from petitions.states.tied import is_waiting
from petitions.vocabulary import Verb


def sign_by(case: Case, calendar: WorkingCalendar) -> datetime | None:
    """The moment before which the holder signs for the order.

    None where it has, where the case is no order, or where no calendar tells.
    """
    return _since_held(case, Verb.SIGN_FOR, "sign_for", calendar)


def hand_back_by(case: Case, calendar: WorkingCalendar) -> datetime | None:
    """The moment from which the holder hands the order back no more; None where it cannot at all."""
    return (
        None
        if case.holder_tier is Tier.STREET
        else _since_held(case, Verb.HAND_BACK, "return_order", calendar)
    )


def why_not_hand_back(case: Case, calendar: WorkingCalendar, now: datetime) -> Any:
    """Why the holder can hand the case back no more at `now`; None while it can."""
    if case.holder_tier is Tier.STREET:
        return _("There is no unit above the street to hand this back to.")
    if case.hand_backs >= by_code(case.rule_set).max_hand_backs:
        return _(
            "This case has been handed back %(count)s times: the last ruling is final.", count=case.hand_backs
        )
    until = hand_back_by(case, calendar)
    if until and now >= until:
        return _("The time to hand this order back is over. Handle it, or hand it up and say why you cannot.")
    return None


def _since_held(case: Case, verb: Verb, code: str, calendar: WorkingCalendar) -> datetime | None:
    step = by_code(case.rule_set).steps.get(code)
    is_possible = verb in allowed(machine_of(case.kind, case.rule_set), case.state) and not is_waiting(case)
    if step is None or not is_possible:
        return None
    return deadline_moment(step, case.held_since, calendar).at

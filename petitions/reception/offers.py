"""What a screen offers to do with a booking: what its state, its day and the clock allow."""

from collections.abc import Callable
from datetime import datetime

from petitions.reception.models import Booking, Reception
from petitions.reception.outcomes import slot_of
from petitions.reception.slots import has_come
from petitions.reception.states import allowed
from petitions.reception.vocabulary import DayState, ReceptionAct

Test = Callable[[Booking, Reception, datetime], bool]


def _is_held(_booking: Booking, reception: Reception, now: datetime) -> bool:
    return reception.state is DayState.PUBLISHED and has_come(reception.starts_at, now)


def _is_past(booking: Booking, reception: Reception, now: datetime) -> bool:
    return reception.state is DayState.PUBLISHED and now >= slot_of(booking, reception).ends_at


def _is_untold(booking: Booking, reception: Reception, _now: datetime) -> bool:
    return reception.state is DayState.CANCELLED and booking.told_at is None


def _is_promised(booking: Booking, _reception: Reception, _now: datetime) -> bool:
    return booking.promise is not None and booking.kept_at is None


# In the order in which the page offers them.
_OFFERS: dict[ReceptionAct, Test | None] = {
    ReceptionAct.KEEP_PROMISE: _is_promised,
    ReceptionAct.REOPEN: None,
    ReceptionAct.ANSWER: _is_held,
    ReceptionAct.REGISTER: _is_held,
    ReceptionAct.LINK: _is_held,
    ReceptionAct.NOTE_ABSENT: _is_past,
    ReceptionAct.TELL: _is_untold,
    ReceptionAct.MOVE: None,
    ReceptionAct.WITHDRAW: None,
}


def offered(booking: Booking, reception: Reception, now: datetime) -> list[ReceptionAct]:
    """The acts that the page of a booking shows."""
    possible = allowed(booking.state)
    return [
        act
        for act, test in _OFFERS.items()
        if act in possible and (test is None or test(booking, reception, now))
    ]

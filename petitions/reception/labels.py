"""What the vocabularies of a reception are called; the one place for their labels."""

from enum import StrEnum
from typing import Any

from app.core.i18n import lazy as _
from petitions.reception.vocabulary import BookingState, DayState, ReceptionAct, ReceptionKind

_KIND = {ReceptionKind.AT_OFFICE: _("Reception at the office"), ReceptionKind.IN_FIELD: _("Field visit")}
_DAY = {
    DayState.PLANNED: _("planned"),
    DayState.PUBLISHED: _("published"),
    DayState.CANCELLED: _("cancelled"),
}
_BOOKING = {
    BookingState.BOOKED: _("booked"),
    BookingState.WITHDRAWN: _("withdrawn"),
    BookingState.ABSENT: _("did not come"),
    BookingState.ANSWERED: _("answered on the spot"),
    BookingState.REGISTERED: _("registered as a case"),
    BookingState.LINKED: _("noted on its case"),
}
_ACT = {
    ReceptionAct.PLAN: _("Plan the day"),
    ReceptionAct.REPLAN: _("Change the plan"),
    ReceptionAct.PUBLISH: _("Publish the day"),
    ReceptionAct.CANCEL: _("Cancel the day"),
    ReceptionAct.BOOK: _("Book a slot"),
    ReceptionAct.MOVE: _("Move to another slot"),
    ReceptionAct.TELL: _("Visitor told of the cancellation"),
    ReceptionAct.WITHDRAW: _("Withdraw the booking"),
    ReceptionAct.NOTE_ABSENT: _("Did not come"),
    ReceptionAct.ANSWER: _("Answered on the spot"),
    ReceptionAct.REGISTER: _("Register as a case"),
    ReceptionAct.LINK: _("Note on the existing case"),
    ReceptionAct.REOPEN: _("Came after all"),
    ReceptionAct.KEEP_PROMISE: _("Promise kept"),
}
_ALL: dict[type[StrEnum], dict[Any, Any]] = {
    ReceptionKind: _KIND,
    DayState: _DAY,
    BookingState: _BOOKING,
    ReceptionAct: _ACT,
}


def reception_label(member: StrEnum) -> Any:
    """The lazy label of a member of any vocabulary of a reception."""
    return _ALL[type(member)][member]

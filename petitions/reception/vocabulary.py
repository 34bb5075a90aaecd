"""The closed vocabularies of a leaders' reception; labels live in `labels.py` beside it."""

from enum import StrEnum


class ReceptionKind(StrEnum):
    """Where the leader receives: 接访 at the office, 下访 in the field (信访工作条例 2022 Art 18)."""

    AT_OFFICE = "at_office"
    IN_FIELD = "in_field"


class DayState(StrEnum):
    """How a reception day stands; bookings are taken while it is published."""

    PLANNED = "planned"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class BookingState(StrEnum):
    """How a booking stands: open, withdrawn by the visitor, or with one of the four outcomes."""

    BOOKED = "booked"
    WITHDRAWN = "withdrawn"
    ABSENT = "absent"
    ANSWERED = "answered"
    REGISTERED = "registered"
    LINKED = "linked"


class ReceptionAct(StrEnum):
    """What can be done to a day or to a booking; every event names one."""

    PLAN = "plan"
    REPLAN = "replan"
    PUBLISH = "publish"
    CANCEL = "cancel"
    BOOK = "book"
    MOVE = "move"
    TELL = "tell"
    WITHDRAW = "withdraw"
    NOTE_ABSENT = "note_absent"
    ANSWER = "answer"
    REGISTER = "register"
    LINK = "link"
    REOPEN = "reopen"
    KEEP_PROMISE = "keep_promise"

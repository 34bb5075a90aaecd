"""What leads from which state of a day or a booking to which. Pure: it knows no framework."""

from enum import StrEnum

from petitions.reception.vocabulary import BookingState, DayState, ReceptionAct

A, B, D = ReceptionAct, BookingState, DayState

DAY: dict[tuple[StrEnum, ReceptionAct], StrEnum] = {
    (D.PLANNED, A.REPLAN): D.PLANNED,
    (D.PLANNED, A.PUBLISH): D.PUBLISHED,
    (D.PLANNED, A.CANCEL): D.CANCELLED,
    (D.PUBLISHED, A.CANCEL): D.CANCELLED,
}

BOOKING: dict[tuple[StrEnum, ReceptionAct], StrEnum] = {
    (B.BOOKED, A.MOVE): B.BOOKED,
    (B.BOOKED, A.TELL): B.BOOKED,
    (B.BOOKED, A.WITHDRAW): B.WITHDRAWN,
    (B.BOOKED, A.NOTE_ABSENT): B.ABSENT,
    (B.BOOKED, A.ANSWER): B.ANSWERED,
    (B.BOOKED, A.REGISTER): B.REGISTERED,
    (B.BOOKED, A.LINK): B.LINKED,
    # Whoever comes after all is received; what was answered stays, for its words are kept nowhere else.
    (B.ABSENT, A.REOPEN): B.BOOKED,
    (B.ANSWERED, A.KEEP_PROMISE): B.ANSWERED,
    (B.REGISTERED, A.KEEP_PROMISE): B.REGISTERED,
    (B.LINKED, A.KEEP_PROMISE): B.LINKED,
}


def next_state(state: StrEnum, act: ReceptionAct) -> StrEnum | None:
    """The state that `act` leads to, or None where neither table has such an edge."""
    return (DAY if isinstance(state, DayState) else BOOKING).get((state, act))


def allowed(state: StrEnum) -> list[ReceptionAct]:
    """The acts that lead anywhere from `state`, in the vocabulary's order: what a screen may offer."""
    return [act for act in ReceptionAct if next_state(state, act) is not None]

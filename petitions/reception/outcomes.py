"""What came of a booking: nobody came, answered on the spot, became a case, noted on the case it is about."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import User
from app.core.clock import local_day
from app.core.errors import Conflict, Invalid
from app.core.formats import day
from app.core.i18n import lazy as _
from app.core.i18n import now_text
from petitions import history
from petitions.handling.attention import note, take_charge
from petitions.intake import Intake, PartyIntake, title_from
from petitions.models import Case
from petitions.office import load_office
from petitions.people import SPEAKER
from petitions.reception.history import demand_same_street, digest, reached, record
from petitions.reception.models import Booking, Reception
from petitions.reception.slots import Slot, cut, has_come
from petitions.reception.vocabulary import DayState, ReceptionAct
from petitions.register import register
from petitions.vocabulary import CaseKind, Channel

SOURCE = "reception"
KINDS = (CaseKind.PETITION, CaseKind.DISPUTE)


@dataclass(frozen=True, slots=True)
class Said:
    """What the visitor was answered and promised; `until` is the last day by which it is to be done."""

    answer: str | None = None
    promise: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What a booking becomes as a case; a blank title is the first sentence of the text."""

    kind: CaseKind
    body: str
    title: str | None = None
    address: str | None = None


def note_absent(
    session: Session, booking: Booking, reception: Reception, *, actor: Actor, now: datetime
) -> None:
    """Note that nobody came; possible once the slot is past."""
    _demand_held(reception, now)
    if now < slot_of(booking, reception).ends_at:
        raise Conflict(_("The slot is not past yet: the visitor may still come."))
    record(session, booking, reception, ReceptionAct.NOTE_ABSENT, actor=actor, now=now)
    session.flush()


def reopen(session: Session, booking: Booking, reception: Reception, *, actor: Actor, now: datetime) -> None:
    """Take back that nobody came, so that what came of the visit can be entered."""
    record(session, booking, reception, ReceptionAct.REOPEN, actor=actor, now=now)
    session.flush()


def answer(
    session: Session, booking: Booking, reception: Reception, said: Said, *, actor: Actor, now: datetime
) -> None:
    """Keep what the visitor was answered on the spot, and what was promised."""
    _demand_held(reception, now)
    _demand_said(said, reception, needs_answer=True)
    _conclude(session, booking, reception, ReceptionAct.ANSWER, said, actor=actor, now=now)


def become_case(
    session: Session,
    booking: Booking,
    reception: Reception,
    matter: Matter,
    said: Said,
    *,
    actor: Actor,
    now: datetime,
) -> Case:
    """Register the matter as a petition or dispute, for which the leader who received is responsible.

    A leader who enters the outcome takes charge of the case in person. The database holds that a booking
    becomes one case. Raises Invalid where the matter cannot be registered.
    """
    _demand_held(reception, now)
    reached(booking.state, ReceptionAct.REGISTER)
    _demand_said(said, reception, needs_answer=False)
    intake = _intake(booking, reception, matter, now)
    done = register(session, [intake], street_id=reception.street_id, actor=actor, now=now)[0]
    case = session.get_one(Case, done.case_id)
    # 包案 is taken in person. Where the desk enters the outcome, the booking tells who is responsible.
    if actor.id == reception.leader_id:
        office, why = load_office(session, [case.street_id]), _received(session, reception)
        history.record(session, [take_charge(case, office, reason=why, actor=actor, now=now)])
    _write_on(session, case, reception, said, actor=actor, now=now)
    _conclude(session, booking, reception, ReceptionAct.REGISTER, said, case, actor=actor, now=now)
    return case


def link(
    session: Session,
    booking: Booking,
    reception: Reception,
    case: Case,
    said: Said,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Note the visit on the open case that it is about, which the caller holds locked."""
    _demand_held(reception, now)
    reached(booking.state, ReceptionAct.LINK)
    _demand_said(said, reception, needs_answer=True)
    demand_same_street(case, reception)
    _write_on(session, case, reception, said, actor=actor, now=now)
    _conclude(session, booking, reception, ReceptionAct.LINK, said, case, actor=actor, now=now)


def keep_promise(
    session: Session, booking: Booking, reception: Reception, *, actor: Actor, now: datetime
) -> None:
    """Note that what was promised has been done."""
    if booking.promise is None or booking.kept_at is not None:
        raise Conflict(_("No promise of this visit is open."))
    changes = {"kept_at": now}
    record(session, booking, reception, ReceptionAct.KEEP_PROMISE, actor=actor, now=now, changes=changes)
    session.flush()


def slot_of(booking: Booking, reception: Reception) -> Slot:
    """When the booking is."""
    return cut(reception.starts_at, reception.ends_at, reception.capacity)[booking.slot - 1]


def _demand_held(reception: Reception, now: datetime) -> None:
    if reception.state is DayState.CANCELLED:
        raise Conflict(_("The day was cancelled. Move the booking to another day."))
    if not has_come(reception.starts_at, now):
        raise Conflict(_("The day of the reception has not come yet."))


def _demand_said(said: Said, reception: Reception, *, needs_answer: bool) -> None:
    faults: dict[str, object] = {}
    if needs_answer and not said.answer:
        faults["answer"] = _("Write down what the visitor was answered.")
    if said.until and not said.promise:
        faults["promise"] = _("Say what was promised by that day.")
    if said.until and said.until < local_day(reception.starts_at):
        faults["until"] = _("This day lies before the reception.")
    if faults:
        raise Invalid(_("Some fields need mending."), fields=faults)


def _intake(booking: Booking, reception: Reception, matter: Matter, now: datetime) -> Intake:
    if matter.kind not in KINDS:
        raise Invalid(_("Choose from the list."), fields={"kind": _("Choose from the list.")})
    visitor = PartyIntake(SPEAKER[matter.kind], booking.visitor, booking.phone)
    return Intake(
        kind=matter.kind,
        channel=Channel.LEADER_RECEPTION,
        title=matter.title or title_from(matter.body),
        body=matter.body,
        # Whoever is called in early has spoken by now.
        received_at=min(slot_of(booking, reception).starts_at, now),
        source=SOURCE,
        source_number=str(booking.id),
        address=matter.address,
        parties=(visitor,),
        persons_present=booking.persons,
    )


def _write_on(
    session: Session, case: Case, reception: Reception, said: Said, *, actor: Actor, now: datetime
) -> None:
    """Let the history of the case tell who received, what was answered, and what was promised."""
    lines = [_received(session, reception), said.answer, _promise_words(said)]
    text = "\n".join(line for line in lines if line)
    history.record(session, [note(case, text=text, actor=actor, now=now)])


def _received(session: Session, reception: Reception) -> str:
    leader, on = session.get_one(User, reception.leader_id).name, day(reception.starts_at)
    return now_text("Leaders' reception of %(day)s, received by %(leader)s.", day=on, leader=leader)


def _promise_words(said: Said) -> str | None:
    if said.promise is None:
        return None
    if said.until is None:
        return now_text("Promised: %(promise)s", promise=said.promise)
    return now_text("Promised by %(day)s: %(promise)s", day=day(said.until), promise=said.promise)


def _conclude(
    session: Session,
    booking: Booking,
    reception: Reception,
    act: ReceptionAct,
    said: Said,
    case: Case | None = None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    changes: dict[str, Any] = {
        "answer": said.answer,
        "promise": said.promise,
        "promised_until": said.until,
        "case_id": case.id if case else booking.case_id,
    }
    detail: dict[str, Any] = {
        "answer": digest(said.answer),
        "promise": digest(said.promise),
        "until": said.until.isoformat() if said.until else None,
        "case": case.number if case else None,
    }
    kept = {name: value for name, value in detail.items() if value is not None}
    record(session, booking, reception, act, actor=actor, now=now, changes=changes, detail=kept)
    session.flush()

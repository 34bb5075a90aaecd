"""The same person with the same matter again: linked or dismissed by a person, and both stay as they are."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE, Actor
from app.auth.vocabulary import Role
from app.core.errors import AppError, Conflict, Forbidden, Invalid
from petitions.models import Case, CaseDismissal, CaseEvent, CaseRepeat
from petitions.rules.grounds import Ground
from petitions.sameness.candidates import candidates
from petitions.verify import verify
from petitions.vocabulary import Verb
from tests.factories.street import TinyStreet, make_actor
from tests.petitions.sameness.family import DAY, LATER, decided, demand, hold, some_cases
from tests.petitions.sameness.test_candidates import speaker


def told(session: Session, case: Case) -> list[dict[str, object]]:
    """What the events of the case after its registration name."""
    query = select(CaseEvent.detail).where(CaseEvent.case_id == case.id, CaseEvent.seq > 1)
    return list(session.scalars(query.order_by(CaseEvent.seq)))


def test_a_repeat_is_linked_to_the_first_and_both_stay_as_they_are(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    first, again = some_cases(session, tiny, 2)
    before = [(case.state, case.holder_id, case.tier_due_at, case.due_at) for case in (first, again)]

    decided(session, lead, again, Verb.LINK_REPEAT, first, reason="")

    assert again.repeat_of_id == first.id
    assert [(case.state, case.holder_id, case.tier_due_at, case.due_at) for case in (first, again)] == before
    assert told(session, again) == [{"first": first.number}]
    assert told(session, first) == [{"repeated_by": [again.number]}]
    hold(session)


def test_a_third_time_is_linked_to_the_first_and_not_to_the_second(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    first, second, third = some_cases(session, tiny, 3)
    decided(session, lead, second, Verb.LINK_REPEAT, first)

    decided(session, lead, third, Verb.LINK_REPEAT, second)

    assert third.repeat_of_id == first.id
    hold(session)


def test_what_repeats_a_repeat_moves_to_the_first_with_it(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    first, second, third = some_cases(session, tiny, 3)
    decided(session, lead, third, Verb.LINK_REPEAT, second)

    decided(session, lead, second, Verb.LINK_REPEAT, first, now=LATER + DAY)

    assert (second.repeat_of_id, third.repeat_of_id) == (first.id, first.id)
    periods = session.execute(
        select(CaseRepeat.first_id, CaseRepeat.linked_at, CaseRepeat.unlinked_at)
        .where(CaseRepeat.case_id == third.id)
        .order_by(CaseRepeat.id)
    ).all()
    assert periods == [(second.id, LATER, LATER + DAY), (first.id, LATER + DAY, None)]
    hold(session)


def test_a_link_that_was_a_mistake_is_taken_back_and_may_be_made_again(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    first, again = some_cases(session, tiny, 2)
    decided(session, lead, again, Verb.LINK_REPEAT, first)
    decided(session, lead, again, Verb.UNLINK_REPEAT, reason="看错了", now=LATER + DAY)
    assert again.repeat_of_id is None

    decided(session, lead, again, Verb.LINK_REPEAT, first, now=LATER + 2 * DAY)

    assert len(session.scalars(select(CaseRepeat)).all()) == 2
    hold(session)


def test_a_dismissed_pair_is_kept_with_who_and_why_and_not_suggested_again(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    first, again = some_cases(session, tiny, 2, parties=speaker())
    assert candidates(session, [again.id], actor=SERVICE)[again.id][0].case_id == first.id

    decided(session, lead, again, Verb.DISMISS, first, reason="一件是路灯，一件是漏水")

    assert candidates(session, [again.id], actor=SERVICE) == {}
    event = session.scalars(select(CaseEvent).where(CaseEvent.verb == Verb.DISMISS)).one()
    assert (event.case_id, event.actor_id, event.reason) == (again.id, lead.id, "一件是路灯，一件是漏水")
    assert event.detail == {"other": first.number, "other_id": first.id}
    hold(session)


@pytest.mark.parametrize("verb", [Verb.LINK_REPEAT, Verb.MERGE])
def test_what_is_tied_already_is_not_suggested(
    session: Session, tiny: TinyStreet, lead: Actor, verb: Verb
) -> None:
    first, again = some_cases(session, tiny, 2, parties=speaker())

    decided(session, lead, again, verb, first)

    assert candidates(session, [again.id], actor=SERVICE) == {}


def refused(
    session: Session, actor: Actor, case: Case, verb: Verb, other: Case | None, error: type[AppError]
) -> None:
    """The decision is refused and changes nothing."""
    count = case.event_count
    with pytest.raises(error), session.begin_nested():
        decided(session, actor, case, verb, other, reason=" ")
    session.expire_all()
    assert case.event_count == count


def test_what_cannot_be_linked_or_dismissed_is_refused(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    first, again, other = some_cases(session, tiny, 3)
    outside = make_actor(session, tiny.b1, Role.GRID_WORKER)

    refused(session, lead, first, Verb.LINK_REPEAT, again, Invalid)
    refused(session, lead, first, Verb.LINK_REPEAT, first, Invalid)
    refused(session, lead, again, Verb.LINK_REPEAT, None, Invalid)
    refused(session, lead, again, Verb.DISMISS, first, Invalid)
    refused(session, lead, again, Verb.UNLINK_REPEAT, None, Invalid)
    refused(session, outside, again, Verb.LINK_REPEAT, first, AppError)
    decided(session, lead, again, Verb.LINK_REPEAT, first)
    refused(session, lead, again, Verb.LINK_REPEAT, first, Conflict)
    decided(session, lead, other, Verb.DISMISS, first, reason="另一件事")
    refused(session, lead, other, Verb.DISMISS, first, Conflict)
    hold(session)


def test_a_worker_of_the_grid_may_link_and_a_reader_may_not(session: Session, tiny: TinyStreet) -> None:
    first, again = some_cases(session, tiny, 2)
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    reader = Actor(worker.id, "读者", frozenset(), worker.units, worker.reach)

    refused(session, reader, again, Verb.LINK_REPEAT, first, Forbidden)
    decided(session, worker, again, Verb.LINK_REPEAT, first)
    hold(session)


@pytest.mark.parametrize(
    "change",
    [
        "repeat_of_id = {second} WHERE id = {third}",
        "repeat_of_id = {third} WHERE id = {first}",
        "repeat_of_id = {first} WHERE id = {first}",
    ],
)
def test_the_database_itself_refuses_a_chain_and_a_repeat_that_came_before(
    session: Session, tiny: TinyStreet, lead: Actor, change: str
) -> None:
    first, second, third = some_cases(session, tiny, 3)
    decided(session, lead, second, Verb.LINK_REPEAT, first)
    keys = {"first": first.id, "second": second.id, "third": third.id}

    with pytest.raises(IntegrityError):
        demand(session, f"UPDATE cases SET {change.format(**keys)}")


def test_a_dismissal_cannot_be_taken_out_of_the_table(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    first, again = some_cases(session, tiny, 2)
    decided(session, lead, again, Verb.DISMISS, first)

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("DELETE FROM case_dismissals"))
    assert session.scalars(select(CaseDismissal)).one().other_id == first.id


def test_the_proof_finds_a_dismissal_that_nobody_said(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    first, again = some_cases(session, tiny, 2)
    session.add(CaseDismissal(case_id=again.id, other_id=first.id, dismissed_at=LATER))
    session.flush()

    assert again.number in str(verify(session).first_bad)


@pytest.mark.parametrize(
    ("ground", "reason", "kept"),
    [
        (Ground.OTHER_PLACE, " ", None),
        (Ground.OTHER_TIME, " 上月已修好 ", "上月已修好"),
        (None, "两盏灯", "两盏灯"),
    ],
)
def test_why_two_are_not_the_same_is_a_ready_ground_or_words_or_both(
    session: Session, tiny: TinyStreet, lead: Actor, ground: Ground | None, reason: str, kept: str | None
) -> None:
    first, other = some_cases(session, tiny, 2)

    decided(session, lead, other, Verb.DISMISS, first, reason=reason, ground=ground)

    event = session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == other.id, CaseEvent.verb == Verb.DISMISS)
    ).one()
    assert (event.detail.get("ground"), event.reason) == (ground, kept)
    hold(session)


def test_without_a_ground_and_without_words_nothing_is_decided(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    first, other = some_cases(session, tiny, 2)
    with pytest.raises(Invalid) as refused:
        decided(session, lead, other, Verb.DISMISS, first, reason=" ")
    assert set(refused.value.fields) == {"reason"}
    assert session.scalars(select(CaseDismissal)).all() == []

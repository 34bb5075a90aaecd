"""How an order that was split goes on: it ends with its parts and opens with them; what is refused."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.vocabulary import Role
from app.core.errors import AppError, Conflict, Forbidden, Invalid
from petitions import clocks
from petitions.handling import attention, closing, holding
from petitions.history import Step, record
from petitions.models import Case, CaseEvent
from petitions.office import Office
from petitions.rules.deadlines import due_moment
from petitions.sameness.following import carry_out
from petitions.sameness.parts import Part
from petitions.sameness.several import MOST_PARTS
from petitions.sameness.splitting import split
from petitions.vocabulary import CaseKind, CaseState, Ending, Verb
from tests.factories.cases import MORNING, make_case
from tests.factories.street import TinyStreet, make_actor
from tests.petitions.sameness.family import (
    DAY,
    HERE,
    LAMP,
    LATER,
    NOISE,
    cut,
    decided,
    demand,
    end,
    hold,
    parts_of,
    some_cases,
)


@pytest.mark.parametrize(
    ("first", "last", "joint", "state"),
    [
        (Ending.SOLVED, Ending.SOLVED, Ending.SOLVED, CaseState.CLOSED),
        (Ending.SOLVED, Ending.EXPLAINED, Ending.EXPLAINED, CaseState.CLOSED),
        (Ending.WITHDRAWN, Ending.SOLVED, Ending.WITHDRAWN, CaseState.CLOSED),
        (Ending.SOLVED, Ending.DIVERTED, Ending.DIVERTED, CaseState.DIVERTED),
        (Ending.VOID, Ending.SOLVED, Ending.SOLVED, CaseState.CLOSED),
        (Ending.VOID, Ending.VOID, Ending.VOID, CaseState.VOID),
    ],
)
def test_the_order_ends_with_its_last_part_as_the_least_favourable_of_them(
    session: Session, lead: Actor, order: Case, first: Ending, last: Ending, joint: Ending, state: CaseState
) -> None:
    one, other = cut(session, order, lead)
    end(session, one, lead, first)
    assert order.ended_at is None

    end(session, other, lead, last, LATER + 2 * DAY)

    assert (order.ending, order.state, order.ended_at) == (joint, state, LATER + 2 * DAY)
    event = session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == order.id).order_by(CaseEvent.seq.desc())
    )
    newest = event.first()
    assert newest is not None
    assert (newest.verb, newest.reason) == (Verb.FOLLOW, "parts_ended")
    assert newest.detail == {"parts": [one.number, other.number]}
    hold(session)


@pytest.mark.parametrize(("second", "is_solved"), [(Ending.SOLVED, True), (Ending.EXPLAINED, False)])
def test_the_order_is_solved_only_if_the_citizen_says_so_of_every_part(
    session: Session, lead: Actor, order: Case, second: Ending, is_solved: bool
) -> None:
    one, other = cut(session, order, lead)
    end(session, one, lead, Ending.SOLVED)
    end(session, other, lead, second)

    assert order.is_solved is is_solved


def test_a_part_that_is_opened_again_opens_its_order(
    session: Session, lead: Actor, order: Case, office: Office
) -> None:
    one, other = cut(session, order, lead)
    end(session, one, lead, Ending.SOLVED)
    end(session, other, lead, Ending.SOLVED)

    carry_out(session, [closing.reopen(one, office, reason="又坏了", actor=lead, now=LATER + 2 * DAY)])

    assert (order.ending, order.state, order.tier_due_at) == (None, CaseState.IN_HANDLING, None)
    assert (other.ending, one.ending) == (Ending.SOLVED, None)
    hold(session)


def test_no_part_is_opened_of_an_order_that_was_put_away(
    session: Session, lead: Actor, order: Case, office: Office
) -> None:
    one, other = cut(session, order, lead)
    end(session, one, lead, Ending.SOLVED)
    end(session, other, lead, Ending.SOLVED)
    record(session, [closing.archive(order, actor=lead, now=LATER + DAY)])

    with pytest.raises(Conflict, match=order.number), session.begin_nested():
        carry_out(session, [closing.reopen(one, office, reason="又坏了", actor=lead, now=LATER + 2 * DAY)])


def test_a_split_order_is_not_acted_on_by_itself_but_may_be_noted(
    session: Session, lead: Actor, order: Case, office: Office
) -> None:
    one, other = cut(session, order, lead)

    with pytest.raises(Conflict):
        holding.sign_for(order, actor=lead, now=LATER)
    with pytest.raises(Conflict):
        closing.void(order, reason="重复", actor=lead, now=LATER)
    with pytest.raises(Conflict):
        split(session, order, office, (LAMP, NOISE), reason="再拆", actor=lead, now=LATER)
    record(session, [attention.note(order, text="已联系", actor=lead, now=LATER)])
    end(session, one, lead, Ending.SOLVED)
    end(session, other, lead, Ending.SOLVED)
    with pytest.raises(Conflict):
        closing.reopen(order, office, reason="又坏了", actor=lead, now=LATER + 2 * DAY)


def test_when_the_upstream_moves_the_deadline_the_open_parts_move_with_it(
    session: Session, lead: Actor, order: Case, office: Office
) -> None:
    one, other = cut(session, order, lead)
    end(session, one, lead, Ending.SOLVED)
    before, started = one.due_at, other.tier_due_at

    changes = clocks.upstream(due_moment(date(2020, 6, 20)), office.calendar)
    update = Step(case=order, verb=Verb.UPDATE, actor=OPERATOR, at=LATER + 2 * DAY, changes=changes)
    carry_out(session, [update])

    assert other.due_at == order.due_at
    assert (one.due_at, other.tier_due_at) == (before, started)
    hold(session)


def test_a_part_may_be_master_of_others_and_the_order_waits_for_it_alone(
    session: Session, tiny: TinyStreet, lead: Actor, order: Case
) -> None:
    one, other = cut(session, order, lead)
    (neighbour,) = some_cases(session, tiny, 1, kind=CaseKind.HOTLINE)
    decided(session, lead, neighbour, Verb.MERGE, one)
    end(session, other, lead, Ending.SOLVED)

    end(session, one, lead, Ending.EXPLAINED, LATER + 2 * DAY)

    assert (neighbour.ending, order.ending) == (Ending.EXPLAINED, Ending.EXPLAINED)
    hold(session)


def test_what_is_merged_under_a_split_order_ends_with_its_last_part(
    session: Session, tiny: TinyStreet, lead: Actor, order: Case
) -> None:
    (again,) = some_cases(session, tiny, 1, kind=CaseKind.HOTLINE)
    one, other = cut(session, order, lead)
    decided(session, lead, again, Verb.MERGE, order)
    end(session, one, lead, Ending.SOLVED)
    assert again.ended_at is None

    end(session, other, lead, Ending.SOLVED)

    assert again.ending is Ending.SOLVED
    hold(session)


def test_neither_a_part_nor_a_split_order_is_merged_under_another(
    session: Session, tiny: TinyStreet, lead: Actor, order: Case
) -> None:
    (master,) = some_cases(session, tiny, 1, kind=CaseKind.HOTLINE)
    one, _ = cut(session, order, lead)

    for case in (one, order):
        with pytest.raises(Conflict), session.begin_nested():
            decided(session, lead, case, Verb.MERGE, master)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ((LAMP,), "parts"),
        ((), "parts"),
        ((LAMP,) * (MOST_PARTS + 1), "parts"),
        ((LAMP, replace(NOISE, body="")), "part-1-body"),
        ((replace(LAMP, title="长" * 201), NOISE), "part-0-title"),
        ((replace(LAMP, address="长" * 301), NOISE), "part-0-address"),
    ],
)
def test_parts_that_cannot_be_are_refused_at_their_fields(
    session: Session, lead: Actor, order: Case, parts: tuple[Part, ...], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        cut(session, order, lead, parts)

    assert field in refused.value.fields
    assert parts_of(session, order) == []
    assert order.part_count == 0


def test_who_may_split_and_to_whom(session: Session, tiny: TinyStreet, order: Case) -> None:
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    lead_a = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)

    with pytest.raises(Forbidden):
        cut(session, order, worker)
    with pytest.raises(Forbidden):
        cut(session, order, lead_a, (LAMP, replace(NOISE, unit_id=tiny.b.id)))
    assert len(cut(session, order, lead_a)) == 2


@pytest.mark.parametrize("kind", [CaseKind.PETITION, CaseKind.DISPUTE])
def test_only_an_order_is_split(session: Session, tiny: TinyStreet, lead: Actor, kind: CaseKind) -> None:
    (case,) = some_cases(session, tiny, 1, kind=kind)

    with pytest.raises(AppError):
        cut(session, case, lead)


@pytest.mark.parametrize(
    "change",
    [
        "part_count = 3 WHERE id = {order}",
        "part_count = 0 WHERE id = {order}",
        "part_count = 1 WHERE id = {order}",
        "parent_id = NULL WHERE id = {part}",
        "state = 'closed', ending = 'solved', ended_at = now() WHERE id = {order}",
        "parent_id = {part} WHERE id = {other}",
    ],
)
def test_the_database_itself_refuses_half_a_split(
    session: Session, lead: Actor, order: Case, change: str
) -> None:
    part, other = cut(session, order, lead)
    keys = {"order": order.id, "part": part.id, "other": other.id}
    hold(session)

    with pytest.raises(IntegrityError):
        demand(session, f"UPDATE cases SET {change.format(**keys)}")


def test_a_part_that_still_waits_for_its_calendar_gets_the_date_of_the_order(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    """Both count from the same day by the same rule, whichever of them is reached first."""
    order = make_case(session, tiny.street.id, **HERE)
    one, other = cut(session, order, lead)

    assert one.due_started_on == other.due_started_on == order.due_started_on
    assert one.due_started_on is not None
    assert MORNING.date() == one.due_started_on

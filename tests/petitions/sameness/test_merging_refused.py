"""What is not merged, who may not, and what the database refuses whoever asks."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.errors import AppError, Conflict, Forbidden, Invalid
from petitions.handling import attention
from petitions.history import record
from petitions.models import Case
from petitions.vocabulary import CaseKind, Ending, Verb
from tests.factories.cases import make_case
from tests.factories.street import IN_A2, TinyStreet, make_actor, make_street
from tests.petitions.sameness.family import DAY, HERE, LATER, decided, demand, hold, settle, some_cases


def refused(
    session: Session, actor: Actor, case: Case, verb: Verb, other: Case | None, error: type[AppError]
) -> None:
    """The decision is refused and changes nothing."""
    count = case.event_count
    with pytest.raises(error), session.begin_nested():
        decided(session, actor, case, verb, other)
    session.refresh(case)
    assert case.event_count == count


def test_what_cannot_be_merged_is_refused(session: Session, tiny: TinyStreet, lead: Actor) -> None:
    ended, case, other = some_cases(session, tiny, 3)
    (petition,) = some_cases(session, tiny, 1, kind=CaseKind.PETITION)
    settle(session, ended, lead, LATER)

    refused(session, lead, case, Verb.MERGE, case, Invalid)
    refused(session, lead, case, Verb.MERGE, None, Invalid)
    refused(session, lead, case, Verb.MERGE, ended, Conflict)
    refused(session, lead, ended, Verb.MERGE, other, Conflict)
    refused(session, lead, petition, Verb.MERGE, other, Conflict)
    refused(session, lead, case, Verb.UNMERGE, None, Invalid)
    decided(session, lead, case, Verb.MERGE, other)
    refused(session, lead, case, Verb.MERGE, other, Conflict)
    refused(session, lead, case, Verb.MERGE, petition, Conflict)
    hold(session)


def test_merging_is_for_whoever_rules_over_the_holder_and_sees_the_master(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    worker, lead_a = (
        make_actor(session, tiny.a1, Role.GRID_WORKER),
        make_actor(session, tiny.a, Role.COMMUNITY_LEAD),
    )
    lead_b = make_actor(session, tiny.b, Role.COMMUNITY_LEAD)
    master, case = some_cases(session, tiny, 2)
    far = make_case(session, tiny.street.id, kind=CaseKind.DISPUTE, order_type=None, address="西湖社区")
    assert far.holder_id == tiny.b.id

    refused(session, worker, case, Verb.MERGE, master, Forbidden)
    refused(session, lead_a, case, Verb.MERGE, far, Invalid)
    with pytest.raises(AppError):
        decided(session, lead_b, case, Verb.MERGE, far)
    decided(session, lead_a, case, Verb.MERGE, master)
    hold(session)


def test_a_case_of_another_street_is_no_master(session: Session, tiny: TinyStreet) -> None:
    other = make_street(session, code="440799002", name="乙街道")
    (case,) = some_cases(session, tiny, 1)
    far = make_case(session, other.street.id, kind=CaseKind.DISPUTE, order_type=None)
    everywhere = Actor(None, "service", everywhere=True)

    refused(session, everywhere, case, Verb.MERGE, far, Invalid)


def test_the_database_itself_refuses_chains_and_halves(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    top, middle, low = some_cases(session, tiny, 3)
    decided(session, lead, middle, Verb.MERGE, top)
    hold(session)
    stopped = "tier_due_at = NULL, tier_warn_at = NULL"
    ended = "state = 'resolved', ending = 'solved', ended_at = now()"

    for statement in (
        f"UPDATE cases SET master_id = {middle.id}, {stopped} WHERE id = {low.id}",
        f"UPDATE cases SET master_id = {low.id}, {stopped} WHERE id = {top.id}",
        f"UPDATE cases SET master_id = {top.id} WHERE id = {low.id}",
        f"UPDATE cases SET master_id = {low.id}, {stopped} WHERE id = {low.id}",
        f"UPDATE cases SET {ended}, {stopped} WHERE id = {top.id}",
        f"UPDATE cases SET {ended} WHERE id = {middle.id}",
    ):
        with pytest.raises(IntegrityError):
            demand(session, statement)


def test_somebody_who_acted_later_on_the_child_is_not_overtaken(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    """An event of the child after the moment of the master's ending would make its history run backwards."""
    master, case = some_cases(session, tiny, 2)
    decided(session, lead, case, Verb.MERGE, master)
    record(session, [attention.note(case, text="已告知", actor=lead, now=LATER + 3 * DAY)])

    with pytest.raises(Conflict, match=case.number), session.begin_nested():
        settle(session, master, lead, LATER + 2 * DAY)
    session.expire_all()
    settle(session, master, lead, LATER + 3 * DAY)
    hold(session)


def test_cases_of_other_grids_are_merged_all_the_same(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    (master,) = some_cases(session, tiny, 1)
    (case,) = some_cases(session, tiny, 1, **{**HERE, "lon": IN_A2[0], "lat": IN_A2[1]})
    decided(session, lead, case, Verb.MERGE, master)

    settle(session, master, lead)

    assert (case.holder_id, case.ending) == (tiny.a2.id, Ending.SOLVED)
    hold(session)

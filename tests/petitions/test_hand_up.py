"""Up by hand, and who else is told when a case goes up: what the policy of the street says."""

from datetime import timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, SERVICE, Actor
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Forbidden, Invalid
from app.notices.labels import notice_text
from app.notices.models import Notice
from grid.models import Posting
from grid.vocabulary import Tier
from petitions.actions.table import act, offered
from petitions.escalation import hand_up
from petitions.handling import closing, holding
from petitions.history import record
from petitions.models import Case, CaseEvent
from petitions.office import load_office
from petitions.policy_changes import Terms, change
from petitions.states.edge import Edge
from petitions.verify import verify
from petitions.vocabulary import CaseKind, CaseState, Urgency, Verb
from tasks.escalate import sweep
from tests.factories.cases import MORNING, make_case
from tests.factories.street import FIRST_DAY, IN_A1, TinyStreet, make_actor

HOUR = timedelta(hours=1)


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """A hotline order that a grid has had since Monday morning."""
    return make_case(session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")


def verbs(edges: list[Edge]) -> set[Verb]:
    return {edge.verb for edge in edges}


def told(session: Session) -> set[tuple[int, str]]:
    rows = session.scalars(select(Notice).where(Notice.kind != "new_case"))
    return {(row.unit_id, row.kind) for row in rows}


@pytest.mark.parametrize(("place", "role"), [("a1", Role.GRID_WORKER), ("a", Role.COMMUNITY_LEAD)])
def test_the_holder_or_its_lead_hands_a_case_up_with_a_reason(
    session: Session, tiny: TinyStreet, case: Case, place: str, role: Role
) -> None:
    person, office = make_actor(session, getattr(tiny, place), role), load_office(session)
    statutory, state = case.due_at, case.state
    assert Verb.HAND_UP in verbs(offered(case, office, person, MORNING))

    record(
        session, [act(case, office, "hand_up", {"reason": "要几家一起办"}, actor=person, now=MORNING + HOUR)]
    )

    assert (case.holder_id, case.holder_tier, case.escalations) == (tiny.a.id, Tier.COMMUNITY, 1)
    assert (case.due_at, case.state, case.grid_id) == (statutory, state, tiny.a1.id)
    assert case.tier_started_at == MORNING + HOUR
    assert case.tier_due_at is not None
    assert told(session) == {(tiny.a.id, "handed_up")}
    event = session.scalars(select(CaseEvent).where(CaseEvent.verb == Verb.HAND_UP)).one()
    assert (event.actor_name, event.reason) == (person.name, "要几家一起办")
    assert verify(session).ok


def test_the_next_tiers_own_clock_runs_from_then_on(session: Session, tiny: TinyStreet, case: Case) -> None:
    office = load_office(session)
    record(session, [hand_up(case, office, reason="办不了", actor=SERVICE, now=MORNING + HOUR)])
    session.commit()
    assert case.tier_due_at is not None
    assert sweep(case.tier_due_at)["escalated"] == 1
    session.refresh(case)
    assert case.holder_id == tiny.street.id


def test_without_a_reason_at_the_street_or_once_ended_nothing_goes_up(
    session: Session, tiny: TinyStreet, case: Case
) -> None:
    office = load_office(session)
    with pytest.raises(Invalid):
        hand_up(case, office, reason=" ", actor=SERVICE, now=MORNING)
    with pytest.raises(Conflict):
        hand_up(make_case(session, tiny.street.id), office, reason="难", actor=SERVICE, now=MORNING)
    record(session, [holding.sign_for(case, actor=SERVICE, now=MORNING)])
    record(session, [closing.withdraw(case, reason="好", actor=SERVICE, now=MORNING)])
    with pytest.raises(Conflict):
        hand_up(case, office, reason="难", actor=SERVICE, now=MORNING)


def test_a_unit_beside_or_one_that_has_it_no_longer_hands_nothing_up(
    session: Session, tiny: TinyStreet, case: Case
) -> None:
    office, worker = load_office(session), make_actor(session, tiny.a1, Role.GRID_WORKER)
    beside = make_actor(session, tiny.a2, Role.GRID_WORKER)
    with pytest.raises(Forbidden):
        act(case, office, "hand_up", {"reason": "难"}, actor=beside, now=MORNING)
    record(session, [hand_up(case, office, reason="难", actor=worker, now=MORNING)])
    with pytest.raises(Forbidden):
        act(case, office, "hand_up", {"reason": "难"}, actor=worker, now=MORNING)
    assert Verb.HAND_UP not in verbs(offered(case, office, worker, MORNING))


def test_who_must_rule_on_a_hand_back_may_hand_the_question_up(
    session: Session, tiny: TinyStreet, case: Case
) -> None:
    office = load_office(session)
    record(session, [holding.hand_back(case, office, reason="不是我们的", actor=SERVICE, now=MORNING)])
    record(session, [hand_up(case, office, reason="请街道定", actor=SERVICE, now=MORNING)])
    assert (case.holder_id, case.state) == (tiny.street.id, CaseState.RETURN_REQUESTED)


@pytest.mark.parametrize(
    ("terms", "others"),
    [
        (Terms(limit_hours=5), set()),
        (Terms(limit_hours=5, tell_above=True), {"street"}),
        # Where somebody serves in the role on the line of the case, so not the other grid.
        (Terms(limit_hours=5, tell_role=Role.GRID_WORKER), {"a1"}),
        (Terms(limit_hours=5, tell_above=True, tell_role=Role.MEDIATOR), {"street"}),
        # The unit that gets the case is told that it has it, and nothing more.
        (Terms(limit_hours=5, tell_role=Role.COMMUNITY_LEAD), set()),
    ],
)
@pytest.mark.parametrize("by_hand", [True, False])
def test_the_policy_says_who_is_told_beside_the_unit_that_gets_the_case(
    session: Session, tiny: TinyStreet, case: Case, terms: Terms, others: set[str], by_hand: bool
) -> None:
    for place, role in (
        ("a1", Role.GRID_WORKER),
        ("a2", Role.GRID_WORKER),
        ("a", Role.COMMUNITY_LEAD),
        ("street", Role.MEDIATOR),
    ):
        make_actor(session, getattr(tiny, place), role)
    cell = (tiny.street.id, CaseKind.HOTLINE, Urgency.NORMAL, Tier.GRID)
    change(session, cell, terms, reason="改", actor=OPERATOR, now=MORNING)
    session.commit()
    if by_hand:
        record(session, [hand_up(case, load_office(session), reason="难", actor=SERVICE, now=MORNING)])
    else:
        assert case.tier_due_at is not None
        sweep(case.tier_due_at)
    kind = "handed_up" if by_hand else "escalated"
    expected = {(getattr(tiny, name).id, "gone_up") for name in others}
    assert told(session) == {(tiny.a.id, kind)} | expected


def test_who_served_in_the_role_once_is_told_no_more(session: Session, tiny: TinyStreet, case: Case) -> None:
    worker: Actor = make_actor(session, tiny.a1, Role.GRID_WORKER)
    session.execute(
        Posting.__table__.update()
        .where(Posting.user_id == worker.id)
        .values(days=Range(FIRST_DAY, MORNING.date()))
    )
    cell = (tiny.street.id, CaseKind.HOTLINE, Urgency.NORMAL, Tier.GRID)
    terms = Terms(limit_hours=5, tell_role=Role.GRID_WORKER)
    change(session, cell, terms, reason="改", actor=OPERATOR, now=MORNING)
    record(session, [hand_up(case, load_office(session), reason="难", actor=SERVICE, now=MORNING)])
    assert told(session) == {(tiny.a.id, "handed_up")}


def test_what_a_unit_is_told_names_whence_and_whither(session: Session, tiny: TinyStreet, case: Case) -> None:
    cell = (tiny.street.id, CaseKind.HOTLINE, Urgency.NORMAL, Tier.GRID)
    terms = Terms(limit_hours=5, tell_above=True)
    change(session, cell, terms, reason="改", actor=OPERATOR, now=MORNING)
    record(session, [hand_up(case, load_office(session), reason="难", actor=SERVICE, now=MORNING)])
    rows = session.scalars(select(Notice).where(Notice.kind == "gone_up")).all()
    with force_locale("en"):
        sentences = [notice_text(row.kind, row.params) for row in rows]
    assert sentences == [f"A case of {tiny.a1.name} has gone up to {tiny.a.name}."]

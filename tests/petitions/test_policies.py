"""The escalation policy of a street: versions of single cells, of which one is in force at any moment."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Forbidden, Invalid
from grid.vocabulary import Tier
from petitions.office import load_office
from petitions.policies import MAX_HOURS, Cell, TierPolicy, load_policies
from petitions.policy_changes import LATEST, Terms, change
from petitions.rules.tier_limits import TierLimits
from petitions.vocabulary import CaseKind, Urgency
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet, make_actor, make_street

HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
SHIPPED = TierLimits.shipped().get("hotline", "normal", "grid")


@pytest.fixture
def cell(tiny: TinyStreet) -> Cell:
    """Ordinary hotline orders at the grids of the tiny street."""
    return tiny.street.id, CaseKind.HOTLINE, Urgency.NORMAL, Tier.GRID


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    return make_actor(session, tiny.street, Role.STREET_LEADER)


def hours(session: Session, cell: Cell, at: datetime) -> int | None:
    limit = load_policies(session, [cell[0]]).limit(cell, at)
    assert limit is not None
    return limit.limit_hours


def count(session: Session) -> int:
    return session.query(TierPolicy).count()


def test_a_cell_without_a_version_follows_the_shipped_default(session: Session, cell: Cell) -> None:
    assert load_policies(session, [cell[0]]).limit(cell, MORNING) == SHIPPED


def test_a_version_is_in_force_from_its_moment_on_and_not_before(
    session: Session, cell: Cell, leader: Actor
) -> None:
    begins = MORNING + 3 * HOUR
    version = change(
        session, cell, Terms(limit_hours=5), reason="试行", in_force_from=begins, actor=leader, now=MORNING
    )
    assert hours(session, cell, begins - MOMENT) == SHIPPED.limit_hours
    assert hours(session, cell, begins) == 5
    assert (version.made_by, version.made_by_name, version.made_at) == (leader.id, leader.name, MORNING)


def test_a_later_version_follows_an_earlier_one_and_the_way_back_to_the_default_is_a_version_too(
    session: Session, cell: Cell, leader: Actor
) -> None:
    for number, terms in enumerate((Terms(limit_hours=5), Terms(), Terms(is_default=True)), 1):
        at = MORNING + number * HOUR
        change(session, cell, terms, reason="改", actor=leader, now=at)
    found = [hours(session, cell, MORNING + number * HOUR) for number in range(4)]
    assert found == [SHIPPED.limit_hours, 5, None, SHIPPED.limit_hours]
    assert count(session) == 3


def test_only_its_own_cell_of_its_own_street_is_replaced(session: Session, cell: Cell, leader: Actor) -> None:
    other = make_street(session, code="440799002", name="乙街道")
    change(session, cell, Terms(limit_hours=5), reason="改", actor=leader, now=MORNING)
    street_id, kind, urgency, tier = cell
    for beside in (
        (other.street.id, kind, urgency, tier),
        (street_id, CaseKind.DISPUTE, urgency, tier),
        (street_id, kind, Urgency.URGENT, tier),
        (street_id, kind, urgency, Tier.COMMUNITY),
    ):
        limit = load_policies(session, [street_id, other.street.id]).limit(beside, MORNING)
        assert limit == TierLimits.shipped().get(*beside[1:])


def test_a_street_has_no_limit_of_its_own(session: Session, cell: Cell) -> None:
    street_id, kind, urgency, _tier = cell
    assert load_policies(session, [street_id]).limit((street_id, kind, urgency, Tier.STREET), MORNING) is None
    with pytest.raises(Invalid) as refused:
        change(
            session,
            (street_id, kind, urgency, Tier.STREET),
            Terms(limit_hours=5),
            reason="改",
            actor=OPERATOR,
            now=MORNING,
        )
    assert list(refused.value.fields) == ["tier"]


@pytest.mark.parametrize(
    ("limit", "warning", "field"),
    [
        (0, 0, None),
        (-1, 0, "hours"),
        (MAX_HOURS, 0, None),
        (MAX_HOURS + 1, 0, "hours"),
        (10, 9, None),
        (10, 10, "warn"),
        (10, -1, "warn"),
        (0, 1, "warn"),
        (None, 0, None),
        (None, 1, "warn"),
    ],
)
def test_limits_are_sane_in_the_form_and_in_the_database(
    session: Session, cell: Cell, limit: int | None, warning: int, field: str | None
) -> None:
    row = TierPolicy(
        street_id=cell[0],
        kind=cell[1],
        urgency=cell[2],
        tier=cell[3],
        limit_hours=limit,
        warn_before_hours=warning,
        in_force_from=MORNING,
        made_at=MORNING,
        made_by_name="测试员",
        reason="改",
    )
    if field is None:
        assert Terms(limit_hours=limit, warn_before_hours=warning).limit_hours == limit
        session.add(row)
        session.flush()
        return
    with pytest.raises(Invalid) as refused:
        Terms(limit_hours=limit, warn_before_hours=warning)
    assert list(refused.value.fields) == [field]
    session.add(row)
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_administrators_office_is_no_role_to_tell() -> None:
    with pytest.raises(Invalid) as refused:
        Terms(limit_hours=5, tell_role=Role.AUDIT_ADMIN)
    assert list(refused.value.fields) == ["role"]


@pytest.mark.parametrize(
    ("begins", "is_taken"),
    [
        (MORNING - MOMENT, False),
        (MORNING, True),
        (MORNING + LATEST, True),
        (MORNING + LATEST + MOMENT, False),
    ],
)
def test_the_past_stays_as_it_was_and_nobody_plans_for_longer_than_a_year(
    session: Session, cell: Cell, leader: Actor, begins: datetime, is_taken: bool
) -> None:
    def save() -> TierPolicy:
        terms = Terms(limit_hours=5)
        return change(session, cell, terms, reason="改", in_force_from=begins, actor=leader, now=MORNING)

    if is_taken:
        assert save().in_force_from == begins
        return
    with pytest.raises(Invalid) as refused:
        save()
    assert list(refused.value.fields) == ["from"]


def test_the_database_refuses_two_versions_at_one_moment_one_in_the_past_and_every_change(
    session: Session, cell: Cell, leader: Actor
) -> None:
    change(session, cell, Terms(limit_hours=5), reason="改", actor=leader, now=MORNING)
    columns = "street_id, kind, urgency, tier, limit_hours, in_force_from, made_at, made_by_name, reason"
    earlier = columns.replace("in_force_from", "in_force_from - interval '1 hour'")
    same, past = (
        f"INSERT INTO tier_policies ({columns}) SELECT {read} FROM tier_policies"
        for read in (columns, earlier)
    )
    for statement, constraint in (
        (same, "uq_tier_policies"),
        (past, "not_backward"),
        ("UPDATE tier_policies SET limit_hours = 9", "append-only"),
        ("DELETE FROM tier_policies", "append-only"),
        ("TRUNCATE tier_policies CASCADE", "append-only"),
    ):
        with pytest.raises(IntegrityError, match=constraint), session.begin_nested():
            session.execute(text(statement))


def test_what_holds_already_is_not_written_again(session: Session, cell: Cell, leader: Actor) -> None:
    with pytest.raises(Conflict):
        change(session, cell, Terms(is_default=True), reason="改", actor=leader, now=MORNING)
    change(session, cell, Terms(limit_hours=5), reason="改", actor=leader, now=MORNING)
    with pytest.raises(Conflict):
        change(session, cell, Terms(limit_hours=5), reason="改", actor=leader, now=MORNING + HOUR)
    assert count(session) == 1


def test_who_has_read_an_older_page_does_not_write_over_what_somebody_else_has_decided(
    session: Session, cell: Cell, leader: Actor
) -> None:
    first = change(session, cell, Terms(limit_hours=5), reason="改", seen=0, actor=leader, now=MORNING)
    with pytest.raises(Conflict):
        change(session, cell, Terms(limit_hours=6), reason="改", seen=0, actor=leader, now=MORNING + HOUR)
    change(
        session,
        cell,
        Terms(limit_hours=6),
        reason="改",
        seen=first.id,
        actor=leader,
        now=MORNING + HOUR,
    )


@pytest.mark.parametrize("role", [role for role in Role if not role.value.endswith("_admin")])
def test_only_who_leads_the_street_changes_its_policy(
    session: Session, tiny: TinyStreet, cell: Cell, role: Role
) -> None:
    person = make_actor(session, tiny.street, role)
    if role is Role.STREET_LEADER:
        assert change(session, cell, Terms(limit_hours=5), reason="改", actor=person, now=MORNING)
        other = make_street(session, code="440799002", name="乙街道").street.id
        cell = (other, *cell[1:])
    with pytest.raises(Forbidden):
        change(session, cell, Terms(limit_hours=5), reason="改", actor=person, now=MORNING)


def test_a_reason_is_asked_for_and_kept_without_numbers_of_people(
    session: Session, cell: Cell, leader: Actor
) -> None:
    with pytest.raises(Invalid) as refused:
        change(session, cell, Terms(limit_hours=5), reason="  ", actor=leader, now=MORNING)
    assert list(refused.value.fields) == ["reason"]
    said = change(
        session, cell, Terms(limit_hours=5), reason="见证号999999190001019990", actor=leader, now=MORNING
    )
    assert "999999190001019990" not in said.reason


def test_a_new_case_gets_the_limit_in_force_and_keeps_which_version_it_was(
    session: Session, tiny: TinyStreet, cell: Cell, leader: Actor
) -> None:
    placed = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84"}
    before = make_case(session, tiny.street.id, **placed)
    version = change(session, cell, Terms(limit_hours=3), reason="改", actor=leader, now=MORNING)
    after = make_case(session, tiny.street.id, **placed)
    unplaced = make_case(session, tiny.street.id, address="不知何处")
    assert (before.policy_id, after.policy_id, unplaced.policy_id) == (None, version.id, None)
    assert after.tier_due_at == MORNING.astimezone(UTC) + 3 * HOUR
    assert before.due_at == after.due_at


def test_the_office_of_two_streets_keeps_them_apart(
    session: Session, tiny: TinyStreet, cell: Cell, leader: Actor
) -> None:
    other = make_street(session, code="440799002", name="乙街道")
    change(session, cell, Terms(limit_hours=3), reason="改", actor=leader, now=MORNING)
    policies = load_office(session, [tiny.a1.id, other.street.id]).policies
    found = [policies.limit((street, *cell[1:]), MORNING) for street in (cell[0], other.street.id)]
    assert [limit.limit_hours for limit in found if limit] == [3, SHIPPED.limit_hours]

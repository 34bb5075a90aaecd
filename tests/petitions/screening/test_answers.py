"""The answer of a grid: nothing is an answer, a finding is a dispute, and a change of mind is kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Forbidden, Invalid
from grid.models import Unit
from petitions.models import Case
from petitions.screening import answers, queries
from petitions.screening.coverage import Coverage, total
from petitions.screening.models import Screening, ScreeningEvent, ScreeningFinding
from petitions.screening.tallies import tally
from petitions.verify import verify
from petitions.vocabulary import CaseKind, Channel
from tests.factories.cases import MORNING
from tests.factories.screenings import asked_of, find_nothing, make_screening, report
from tests.factories.street import TinyStreet, make_actor, make_street


@pytest.fixture
def screening(session: Session, tiny: TinyStreet) -> Screening:
    """A round of the whole street."""
    return make_screening(session, tiny.street, make_actor(session, tiny.street, Role.STREET_LEADER))


@pytest.fixture
def worker(session: Session, tiny: TinyStreet) -> Actor:
    """The worker of grid A1."""
    return make_actor(session, tiny.a1, Role.GRID_WORKER)


def acts(session: Session, screening: Screening) -> list[str]:
    """What the grids did, in order."""
    query = select(ScreeningEvent.act).where(ScreeningEvent.grid_id.is_not(None))
    return [act.value for act in session.scalars(query.order_by(ScreeningEvent.id))]


def test_nothing_found_is_an_answer_and_said_twice_it_is_one(
    session: Session, tiny: TinyStreet, screening: Screening, worker: Actor
) -> None:
    find_nothing(session, screening, tiny.a1, worker)
    find_nothing(session, screening, tiny.a1, worker, now=MORNING + timedelta(hours=1))

    assert asked_of(session, screening, tiny.a1).answered_at == MORNING
    assert acts(session, screening) == ["find_nothing"]
    assert tally(session, screening.id) == Coverage(asked=3, answered=1)


def test_a_finding_becomes_a_dispute_of_the_patrol_and_stands_in_the_round(
    session: Session, tiny: TinyStreet, screening: Screening, worker: Actor
) -> None:
    key = report(session, screening, tiny.a1, worker, address="迎春路11号", kind=CaseKind.PETITION)

    case = session.get_one(Case, key)
    assert (case.kind, case.channel, case.grid_id) == (CaseKind.DISPUTE, Channel.GRID_PATROL, tiny.a1.id)
    assert tally(session, screening.id) == Coverage(asked=3, answered=1, found=1, findings=1)
    found = queries.screening_of(session, case)
    assert found is not None
    assert found[0].id == screening.id
    assert verify(session).first_bad is None


@pytest.mark.parametrize(
    ("place", "lies_in"), [({}, "a"), ({"address": "迎春路11号"}, "a1"), ({"address": "西湖社区"}, "b")]
)
def test_a_finding_without_a_place_lies_in_the_community_of_its_grid(
    session: Session,
    tiny: TinyStreet,
    screening: Screening,
    worker: Actor,
    place: dict[str, str],
    lies_in: str,
) -> None:
    case = session.get_one(Case, report(session, screening, tiny.a1, worker, **place))

    assert case.holder_id == getattr(tiny, lies_in).id
    # Wherever the dispute lies, the grid that found it has answered.
    assert asked_of(session, screening, tiny.a1).answered_at == MORNING


def test_an_answer_is_amended_while_the_round_is_open_and_every_change_is_kept(
    session: Session, tiny: TinyStreet, screening: Screening, worker: Actor
) -> None:
    find_nothing(session, screening, tiny.a1, worker)
    first = session.get_one(Case, report(session, screening, tiny.a1, worker))
    report(session, screening, tiny.a1, worker)
    with pytest.raises(Conflict):
        find_nothing(session, screening, tiny.a1, worker)
    assert tally(session, screening.id) == Coverage(asked=3, answered=1, found=1, findings=2)

    asked = asked_of(session, screening, tiny.a1)
    why = {"reason": "已结清，电话13800138000"}
    answers.retract(session, screening, asked, first, **why, actor=worker, now=MORNING)

    assert tally(session, screening.id).findings == 1
    assert acts(session, screening) == ["find_nothing", "report", "report", "retract"]
    last = session.scalars(select(ScreeningEvent).order_by(ScreeningEvent.id.desc())).first()
    assert last is not None
    assert (last.detail, last.reason) == ({"case": first.number}, "已结清，电话138****8000")
    with pytest.raises(Conflict):
        answers.retract(session, screening, asked, first, **why, actor=worker, now=MORNING)


def test_with_every_finding_taken_back_the_grid_has_found_nothing(
    session: Session, tiny: TinyStreet, screening: Screening, worker: Actor
) -> None:
    case = session.get_one(Case, report(session, screening, tiny.a1, worker))
    asked = asked_of(session, screening, tiny.a1)
    with pytest.raises(Invalid):
        answers.retract(session, screening, asked, case, reason=" ", actor=worker, now=MORNING)
    answers.retract(session, screening, asked, case, reason="误报", actor=worker, now=MORNING)

    assert tally(session, screening.id) == Coverage(asked=3, answered=1)
    assert case.ended_at is None
    assert session.scalars(select(ScreeningFinding)).one().retracted_at == MORNING


@pytest.mark.parametrize(
    ("now", "is_late"),
    [
        (datetime(2020, 6, 5, 15, 59, 59, 999999, tzinfo=UTC), 0),
        (datetime(2020, 6, 5, 16, 0, tzinfo=UTC), 1),
        (datetime(2020, 6, 6, 0, 0, tzinfo=UTC), 1),
    ],
    ids=["last moment in Shanghai", "midnight in Shanghai", "midnight in UTC"],
)
def test_an_answer_is_late_from_midnight_in_shanghai_after_the_last_day(
    session: Session, tiny: TinyStreet, screening: Screening, worker: Actor, now: datetime, is_late: int
) -> None:
    find_nothing(session, screening, tiny.a1, worker, now=now)

    assert tally(session, screening.id).late == is_late


def test_what_is_amended_after_the_last_day_makes_no_answer_late(
    session: Session, tiny: TinyStreet, screening: Screening, worker: Actor
) -> None:
    find_nothing(session, screening, tiny.a1, worker)
    report(session, screening, tiny.a1, worker, now=datetime(2020, 6, 8, tzinfo=UTC))

    assert tally(session, screening.id) == Coverage(asked=3, answered=1, found=1, findings=1)


@pytest.mark.parametrize(
    ("now", "has_begun"),
    [
        (datetime(2020, 6, 1, 15, 59, 59, tzinfo=UTC), False),
        (datetime(2020, 6, 1, 16, 0, tzinfo=UTC), True),
    ],
    ids=["23:59:59 in Shanghai", "midnight in Shanghai"],
)
def test_no_grid_answers_before_the_first_day(
    session: Session, tiny: TinyStreet, worker: Actor, now: datetime, has_begun: bool
) -> None:
    leader = make_actor(session, tiny.street, Role.STREET_LEADER)
    later = make_screening(session, tiny.street, leader, first_day=date(2020, 6, 2))
    if has_begun:
        find_nothing(session, later, tiny.a1, worker, now=now)
    else:
        with pytest.raises(Conflict):
            find_nothing(session, later, tiny.a1, worker, now=now)


@pytest.mark.parametrize(
    ("place", "role", "may_answer"),
    [
        ("a1", Role.GRID_WORKER, True),
        ("a", Role.COMMUNITY_LEAD, True),
        ("street", Role.HOTLINE_CLERK, True),
        ("a2", Role.GRID_WORKER, False),
        ("b", Role.COMMUNITY_LEAD, False),
    ],
)
def test_a_grid_answers_for_itself_or_is_answered_for_from_above(
    session: Session, tiny: TinyStreet, screening: Screening, place: str, role: Role, may_answer: bool
) -> None:
    person = make_actor(session, getattr(tiny, place), role, username="person")
    if may_answer:
        find_nothing(session, screening, tiny.a1, person)
    else:
        with pytest.raises(Forbidden):
            find_nothing(session, screening, tiny.a1, person)
        with pytest.raises(Forbidden):
            report(session, screening, tiny.a1, person)
        assert session.scalars(select(Case)).all() == []


def test_coverage_adds_up_on_every_axis_and_in_every_reach(
    session: Session, tiny: TinyStreet, screening: Screening
) -> None:
    leader = make_actor(session, tiny.street, Role.STREET_LEADER, username="other")
    late = datetime(2020, 6, 8, tzinfo=UTC)
    find_nothing(session, screening, tiny.a1, leader)
    report(session, screening, tiny.b1, leader)
    report(session, screening, tiny.b1, leader, now=late)
    report(session, screening, tiny.a2, leader, now=late)
    whole = tally(session, screening.id)
    assert whole == Coverage(asked=3, answered=3, late=1, found=2, findings=3)

    rows = queries.list_grids(session, leader, screening)
    assert total(row.coverage for row in rows) == whole
    parts = []
    for unit in (tiny.a, tiny.b):
        lead = make_actor(session, unit, Role.COMMUNITY_LEAD)
        own = queries.list_grids(session, lead, screening)
        assert {row.asked.community_id for row in own} == {unit.id}
        (listed,) = queries.list_screenings(session, lead, 1, is_closed=False).items
        assert listed[2] == total(row.coverage for row in own)
        parts.append(listed[2])
    assert total(parts) == whole
    for coverage in (whole, *parts):
        assert coverage.asked == coverage.nothing + coverage.found + coverage.unanswered
        assert coverage.late <= coverage.answered <= coverage.asked


def test_a_round_is_seen_where_it_asks_and_nowhere_else(
    session: Session, tiny: TinyStreet, screening: Screening
) -> None:
    lead_a = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    own = make_screening(session, tiny.a, lead_a)
    other = make_street(session, code="440799002", name="乙街道")

    def seen(unit: Unit, role: Role) -> set[int]:
        person = make_actor(session, unit, role, username=f"seen-{unit.id}")
        page = queries.list_screenings(session, person, 1, is_closed=False)
        assert page.total == len(page.items)
        return {row[0].id for row in page.items}

    assert seen(tiny.street, Role.STREET_LEADER) == {screening.id, own.id}
    assert seen(tiny.a2, Role.GRID_WORKER) == {screening.id, own.id}
    assert seen(tiny.b1, Role.GRID_WORKER) == {screening.id}
    assert seen(other.street, Role.STREET_LEADER) == set()

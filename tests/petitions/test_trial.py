"""A draft tried on past cases: who would have had what, how evenly, and which open cases would move."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.vocabulary import Role
from grid.drafting.edits import read_edit
from grid.drafting.land import Land
from grid.drafting.loading import load_land, revision_in_force
from petitions.handling import closing
from petitions.history import record
from petitions.period import Period
from petitions.trial import Load, Spread, spread, try_draft
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, IN_A2, TinyStreet, make_actor
from tests.grid.drafting.lands import line

JUNE = Period(date(2020, 6, 1), date(2020, 7, 1))


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    """Who leads the street."""
    return make_actor(session, tiny.street, Role.STREET_LEADER)


@pytest.fixture
def now(session: Session, tiny: TinyStreet) -> Land:
    """The land in force."""
    return load_land(session, tiny.street.id, revision_in_force(session, tiny.street.id))


def halved(land: Land, tiny: TinyStreet) -> Land:
    """A1 cut at 113.066: its west, where IN_A1 lies, is a new grid."""
    cut = line((113.066, 22.60), (113.066, 22.61))
    said = {"grid": tiny.a1.code, "line": cut, "code": tiny.a.code + "003", "name": "新", "larger": True}
    return read_edit("split", said).apply(land)


def at(place: tuple[float, float]) -> dict[str, object]:
    return {"lon": place[0], "lat": place[1], "datum": "wgs84"}


def test_each_case_is_counted_by_both_lands_and_open_ones_that_would_move_are_named(
    session: Session, tiny: TinyStreet, leader: Actor, now: Land
) -> None:
    west = make_case(session, tiny.street.id, **at(IN_A1))
    ended = make_case(session, tiny.street.id, **at(IN_A1))
    record(session, [closing.void(ended, reason="重复", actor=OPERATOR, now=MORNING)])
    make_case(session, tiny.street.id, **at((113.068, 22.605)))
    make_case(session, tiny.street.id, **at(IN_A2))
    make_case(session, tiny.street.id, address="不知何处")

    trial = try_draft(session, leader, tiny.street.id, now, halved(now, tiny), JUNE)

    assert (trial.cases, trial.unplaced) == (5, 1)
    assert trial.loads == [
        Load(tiny.a1.code, "东湖社区001网格", 3, 1),
        Load(tiny.a2.code, "东湖社区002网格", 1, 1),
        Load(tiny.a.code + "003", "新", None, 2),
        Load(tiny.b1.code, "西湖社区001网格", 0, 0),
    ]
    assert (trial.moving, [one.number for one in trial.shown]) == (1, [west.number])
    assert (trial.now.highest, trial.then.highest) == (3, 2)


def test_a_day_on_each_side_of_the_period_is_left_out(
    session: Session, tiny: TinyStreet, leader: Actor, now: Land
) -> None:
    for moment in (JUNE.starts_at - timedelta(microseconds=1), JUNE.starts_at, JUNE.ends_at):
        make_case(session, tiny.street.id, received_at=moment, now=moment, **at(IN_A1))
    assert try_draft(session, leader, tiny.street.id, now, now, JUNE).cases == 1


def test_a_case_without_a_point_follows_whoever_gets_the_land_of_its_grid(
    session: Session, tiny: TinyStreet, leader: Actor, now: Land
) -> None:
    make_case(session, tiny.street.id, **at(IN_A1))
    united = read_edit("merge", {"grids": [tiny.a2.code, tiny.a1.code]}).apply(now)
    trial = try_draft(session, leader, tiny.street.id, now, united, JUNE)
    assert trial.loads[0] == Load(tiny.a1.code, "东湖社区001网格", 1, None)
    assert (trial.loads[1].then, trial.moving) == (1, 1)


def test_whoever_does_not_see_a_case_does_not_count_it(session: Session, tiny: TinyStreet, now: Land) -> None:
    make_case(session, tiny.street.id, **at(IN_A1))
    other = make_actor(session, tiny.b1, Role.GRID_WORKER)
    assert try_draft(session, other, tiny.street.id, now, now, JUNE).cases == 0


@pytest.mark.parametrize(
    ("loads", "expected"),
    [
        ([], Spread(0, 0.0, 0, 0.0)),
        ([0, 0], Spread(2, 0.0, 0, 0.0)),
        ([5, 5, 5], Spread(3, 5.0, 5, 0.0)),
        ([0, 0, 0, 8], Spread(4, 0.0, 8, 0.75)),
        ([1, 3], Spread(2, 2.0, 3, 0.25)),
    ],
)
def test_how_even_a_spread_is(loads: list[int], expected: Spread) -> None:
    found = spread(loads)
    assert (found.grids, found.median, found.highest) == (expected.grids, expected.median, expected.highest)
    assert found.gini == pytest.approx(expected.gini)

"""Figures by unit as they were then, and by the boundaries of today; both open exactly their rows."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.vocabulary import Role
from grid.drafting import drafts
from grid.drafting.publishing import publish
from grid.outlines import is_redrawn_since
from grid.tree import load_tree
from mediation.indicators import Axis, figures_by
from petitions.cohort import Cohort
from petitions.handling import closing
from petitions.history import record
from petitions.models import Case
from petitions.period import Period
from petitions.places import Drawn, by_boundaries
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, PUBLISHED, TinyStreet, make_actor
from tests.grid.drafting.lands import line

YEAR = Period.year(2020)
LATER = MORNING + timedelta(days=1)
AFTER = LATER + timedelta(days=1)


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    """Who leads the street."""
    return make_actor(session, tiny.street, Role.STREET_LEADER)


def change(session: Session, tiny: TinyStreet, leader: Actor, kind: str, **said: object) -> None:
    draft = drafts.open_draft(session, tiny.street.id, name="调整", actor=leader, now=LATER)
    drafts.add_edit(session, draft, kind, said, actor=leader, now=LATER)
    publish(session, draft, actor=leader, now=LATER)


def ended_case(session: Session, tiny: TinyStreet) -> Case:
    """A case of A1 that has ended, and so is never moved."""
    case = make_case(session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")
    by = {"reason": "不再追究", "actor": OPERATOR, "now": MORNING}
    record(session, [closing.withdraw(case, **by)])
    return case


def received(session: Session, leader: Actor, axis: Axis, drawn: Drawn) -> dict[str, int]:
    place = by_boundaries(drawn, AFTER, load_tree(session))
    rows = figures_by(session, leader, YEAR, AFTER, axis, place)
    for row in rows:
        cohort = Cohort(YEAR, AFTER, drawn=drawn, **{axis.value: row.key})
        conditions = cohort.conditions(session, leader)
        opened = session.scalar(select(func.count()).select_from(Case).where(*conditions))
        assert opened == row.counts.received
    return {row.key: row.counts.received for row in rows if row.counts.received}


def test_a_split_leaves_the_past_with_the_grid_of_then_and_gives_it_to_the_new_one_of_today(
    session: Session, tiny: TinyStreet, leader: Actor
) -> None:
    ended_case(session, tiny)
    cut = line((113.066, 22.60), (113.066, 22.61))
    new = {"code": tiny.a.code + "003", "name": "新", "larger": True}
    change(session, tiny, leader, "split", grid=tiny.a1.code, line=cut, **new)
    assert received(session, leader, Axis.GRID, Drawn.THEN) == {tiny.a1.code: 1}
    assert received(session, leader, Axis.GRID, Drawn.NOW) == {tiny.a.code + "003": 1}
    assert received(session, leader, Axis.COMMUNITY, Drawn.NOW) == {tiny.a.code: 1}


@pytest.mark.parametrize("has_point", [True, False])
def test_a_unit_that_ended_keeps_its_row_of_then_and_its_heir_has_it_today(
    session: Session, tiny: TinyStreet, leader: Actor, has_point: bool
) -> None:
    case = ended_case(session, tiny)
    if not has_point:
        session.execute(Case.__table__.update().where(Case.id == case.id).values(point=None))
    change(session, tiny, leader, "move", grid=tiny.a1.code, code=tiny.b.code + "002")
    assert received(session, leader, Axis.GRID, Drawn.THEN) == {tiny.a1.code: 1}
    assert received(session, leader, Axis.GRID, Drawn.NOW) == {tiny.b.code + "002": 1}
    assert received(session, leader, Axis.COMMUNITY, Drawn.THEN) == {tiny.a.code: 1}
    assert received(session, leader, Axis.COMMUNITY, Drawn.NOW) == {tiny.b.code: 1}


def test_whether_boundaries_changed_since_is_known_to_whoever_serves_there(
    session: Session, tiny: TinyStreet, leader: Actor
) -> None:
    worker = make_actor(session, tiny.b1, Role.GRID_WORKER)
    assert not is_redrawn_since(session, leader, PUBLISHED - timedelta(days=1))
    change(session, tiny, leader, "merge", grids=[tiny.a2.code, tiny.a1.code])
    for person in (leader, worker):
        assert is_redrawn_since(session, person, LATER - timedelta(microseconds=1))
        assert not is_redrawn_since(session, person, LATER)

"""A case that moves changes no figure of the past, and the figures of the past still open their rows."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, SERVICE
from app.auth.vocabulary import Role
from mediation.indicators import Axis, figures, figures_by
from petitions.cohort import Cohort
from petitions.handling import holding
from petitions.history import record
from petitions.models import Case, CaseMove
from petitions.office import load_office
from petitions.period import Period
from petitions.verify import verify
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet, make_actor

YEAR = Period.year(2020)
MOVED = MORNING + timedelta(days=3)
TICK = timedelta(microseconds=1)


@pytest.fixture
def moved(session: Session, tiny: TinyStreet) -> Case:
    """A case of grid A1 which three days later is given to B1, of the other community."""
    case = make_case(session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")
    office = load_office(session)
    record(session, [holding.hand_back(case, office, reason="不在这里", actor=SERVICE, now=MORNING)])
    given = holding.rule(case, office, unit_id=tiny.b1.id, reason="在西湖", actor=SERVICE, now=MOVED)
    record(session, [given])
    return case


def received(session: Session, axis: Axis, as_of: datetime) -> dict[str, int]:
    rows = figures_by(session, OPERATOR, YEAR, as_of, axis)
    return {row.key: row.counts.received for row in rows if row.counts.received}


def test_until_it_moves_it_counts_where_it_lay(session: Session, tiny: TinyStreet, moved: Case) -> None:
    assert received(session, Axis.COMMUNITY, MOVED) == {tiny.a.code: 1}
    assert received(session, Axis.GRID, MOVED) == {tiny.a1.code: 1}
    assert received(session, Axis.COMMUNITY, MOVED + TICK) == {tiny.b.code: 1}
    assert received(session, Axis.GRID, MOVED + TICK) == {tiny.b1.code: 1}


@pytest.mark.parametrize(("as_of", "in_a", "in_b"), [(MOVED, 1, 0), (MOVED + TICK, 0, 1)])
def test_the_leads_count_what_lay_with_them(
    session: Session, tiny: TinyStreet, moved: Case, as_of: datetime, in_a: int, in_b: int
) -> None:
    for unit, count in ((tiny.a, in_a), (tiny.b, in_b)):
        lead = make_actor(session, unit, Role.COMMUNITY_LEAD)
        assert figures(session, lead, YEAR, as_of).counts.received == count


def test_a_figure_of_the_past_opens_the_rows_it_counted(
    session: Session, tiny: TinyStreet, moved: Case
) -> None:
    for as_of, code in ((MOVED, tiny.a.code), (MOVED + TICK, tiny.b.code)):
        for community in (tiny.a.code, tiny.b.code):
            cohort = Cohort(YEAR, as_of, community=community)
            conditions = cohort.conditions(session, OPERATOR)
            found = session.scalars(select(Case.id).where(*conditions)).all()
            assert found == ([moved.id] if community == code else [])


def test_moves_are_proved_and_cannot_be_changed(session: Session, moved: Case) -> None:
    session.expire_all()
    assert verify(session).ok
    session.execute(text("ALTER TABLE case_moves DISABLE TRIGGER USER"))
    session.execute(text("UPDATE case_moves SET grid_id = NULL"))
    session.expire_all()
    assert "where it lay" in str(verify(session).first_bad)
    assert session.scalars(select(CaseMove)).one().case_id == moved.id

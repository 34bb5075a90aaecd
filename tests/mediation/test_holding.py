"""Who held matters how long: spans cut to the period, charged to the unit that had the matter."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, SERVICE
from app.auth.vocabulary import Role
from app.core.bulk import insert_rows
from app.core.clock import SHANGHAI
from grid.models import Unit
from grid.vocabulary import Tier
from mediation.holding import Holding, held_by_unit
from petitions.escalation import hand_up
from petitions.handling import closing, holding
from petitions.history import record
from petitions.models import CaseEvent
from petitions.office import load_office
from petitions.period import Period
from petitions.tenures import CaseTenure, tenures
from petitions.vocabulary import Ending
from tests.factories.cases import MORNING, make_case
from tests.factories.counted import Counted, write
from tests.factories.street import IN_A1, TinyStreet, make_actor

MAY, JUNE, JULY = (datetime(2020, month, 1, tzinfo=SHANGHAI) for month in (5, 6, 7))
PERIOD = Period(JUNE.date(), JULY.date())
DAY, HOUR, MOMENT = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
NEVER = timedelta()


def write_spans(session: Session, case_id: int, spans: Sequence[tuple[Unit, datetime, datetime]]) -> None:
    rows = [
        {"case_id": case_id, "unit_id": unit.id, "from_at": start, "to_at": end, "is_lifted": False}
        for unit, start, end in spans
    ]
    insert_rows(session, CaseTenure, rows)


def of_units(rows: list[Holding]) -> dict[str, tuple[int, timedelta, int, timedelta]]:
    return {row.code: (row.matters, row.held, row.late_matters, row.late_held) for row in rows if row.code}


def test_a_span_is_cut_to_the_period_and_one_outside_it_is_not_there(
    session: Session, tiny: TinyStreet
) -> None:
    ended = ((Ending.SOLVED, JULY + DAY, None),)
    (case,) = write(session, [Counted(tiny.street, tiny.a, tiny.a1, MAY, endings=ended)])
    write_spans(
        session,
        case,
        [
            (tiny.a1, MAY, JUNE),  # not included: over at the first moment of the period
            (tiny.a2, MAY + DAY, JUNE + MOMENT),  # included with its last moment
            (tiny.a, JUNE + DAY, JUNE + 3 * DAY),  # included whole
            (tiny.b1, JULY - MOMENT, JULY + DAY),  # included with its first moment
            (tiny.b, JULY, JULY + DAY),  # not included: begins after the period
            (tiny.street, JUNE + DAY, JUNE + DAY),  # not included: held for no time
        ],
    )
    assert of_units(held_by_unit(session, OPERATOR, PERIOD, JULY + 9 * DAY)) == {
        tiny.a2.code: (1, MOMENT, 0, NEVER),
        tiny.a.code: (1, 2 * DAY, 0, NEVER),
        tiny.b1.code: (1, MOMENT, 0, NEVER),
    }


def test_what_is_held_still_counts_up_to_the_cut_off(session: Session, tiny: TinyStreet) -> None:
    write(session, [Counted(tiny.street, tiny.a, tiny.a1, JUNE + DAY)])
    for as_of, expected in ((JUNE + 4 * DAY, 3 * DAY), (JULY + DAY, 29 * DAY)):
        assert of_units(held_by_unit(session, OPERATOR, PERIOD, as_of)) == {
            tiny.a1.code: (1, expected, 0, NEVER)
        }
    assert held_by_unit(session, OPERATOR, PERIOD, JUNE + DAY) == []
    assert held_by_unit(session, OPERATOR, PERIOD, MAY) == []


@pytest.mark.parametrize(
    ("due_at", "ended_at", "is_late"),
    [
        (JUNE + 5 * DAY, JUNE + 5 * DAY + MOMENT, True),
        (JUNE + 5 * DAY, JUNE + 5 * DAY, False),
        (JUNE + 5 * DAY, None, True),
        (JUNE + 20 * DAY, None, False),
        (None, None, False),
    ],
)
def test_a_matter_ran_over_when_its_limit_passed_before_it_ended_or_before_the_cut_off(
    session: Session, tiny: TinyStreet, due_at: datetime | None, ended_at: datetime | None, is_late: bool
) -> None:
    endings = ((Ending.SOLVED, ended_at, None),) if ended_at else ()
    counted = Counted(tiny.street, tiny.a, tiny.a1, JUNE, endings=endings, due_at=due_at)
    (case,) = write(session, [counted])
    write_spans(session, case, [(tiny.a1, JUNE, ended_at)] if ended_at else [])
    (found,) = of_units(held_by_unit(session, OPERATOR, PERIOD, JUNE + 20 * DAY)).values()
    whole = (ended_at or JUNE + 20 * DAY) - JUNE
    assert found == ((1, whole, 1, whole) if is_late else (1, whole, 0, NEVER))


def test_a_tier_adds_up_its_units_and_counts_a_matter_once(session: Session, tiny: TinyStreet) -> None:
    ended = ((Ending.SOLVED, JUNE + 9 * DAY, None),)
    (case,) = write(session, [Counted(tiny.street, tiny.a, tiny.a1, JUNE, endings=ended)])
    spans = [
        (tiny.a1, JUNE, JUNE + DAY),
        (tiny.a2, JUNE + DAY, JUNE + 3 * DAY),
        (tiny.a1, JUNE + 3 * DAY, JUNE + 4 * DAY),
        (tiny.street, JUNE + 4 * DAY, JUNE + 9 * DAY),
    ]
    write_spans(session, case, spans)
    rows = held_by_unit(session, OPERATOR, PERIOD, JULY)
    tiers = {row.tier: (row.matters, row.held, row.average) for row in rows if row.code is None}
    assert tiers == {Tier.GRID: (1, 4 * DAY, 4 * DAY), Tier.STREET: (1, 5 * DAY, 5 * DAY)}
    assert of_units(rows)[tiny.a1.code][:2] == (1, 2 * DAY)


def test_a_community_lead_sees_what_its_own_units_held(session: Session, tiny: TinyStreet) -> None:
    write(
        session,
        [
            Counted(tiny.street, tiny.a, tiny.a1, JUNE),
            Counted(tiny.street, tiny.a, tiny.a1, JUNE, holder=tiny.street),
            Counted(tiny.street, tiny.b, tiny.b1, JUNE),
        ],
    )
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    assert list(of_units(held_by_unit(session, lead, PERIOD, JULY))) == [tiny.a1.code]
    leader = make_actor(session, tiny.street, Role.STREET_LEADER)
    assert len(of_units(held_by_unit(session, leader, PERIOD, JULY))) == 3


def test_the_figures_are_what_the_events_say(session: Session, tiny: TinyStreet) -> None:
    case = make_case(session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84")
    office, now = load_office(session), MORNING + 200 * HOUR
    record(session, [hand_up(case, office, reason="难", actor=SERVICE, now=MORNING + 5 * HOUR)])
    record(session, [holding.sign_for(case, actor=SERVICE, now=MORNING + 6 * HOUR)])
    settled = closing.withdraw(case, reason="好", actor=SERVICE, now=MORNING + 30 * HOUR)
    record(session, [settled])
    record(session, [closing.reopen(case, office, reason="又", actor=SERVICE, now=MORNING + 100 * HOUR)])
    session.flush()
    events = session.query(CaseEvent).order_by(CaseEvent.seq)
    said: dict[str, timedelta] = {}
    for span in tenures((event.at, event.verb, event.changes) for event in events):
        code = office.tree[span.unit_id].code
        said[code] = said.get(code, NEVER) + span.length(now)
    rows = of_units(held_by_unit(session, OPERATOR, PERIOD, now))
    assert {code: row[1] for code, row in rows.items()} == said
    assert sum(said.values(), NEVER) == 130 * HOUR

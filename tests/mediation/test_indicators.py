"""Which matters a figure counts, with rows on both sides of every boundary."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.auth.vocabulary import Role
from app.core.clock import SHANGHAI
from mediation.figures import Counts, total
from mediation.indicators import Axis, figures, figures_by, latest_year, year_line
from petitions.cohort import Cohort, Outcome, ending_at
from petitions.models import Case, CaseEnding
from petitions.period import Period
from petitions.vocabulary import EXCLUDED, SETTLED, CaseKind, Channel, ChannelGroup, Ending
from tests.factories.counted import JUNE, Counted, Stood, write
from tests.factories.street import TinyStreet, make_actor, make_street

TICK = timedelta(microseconds=1)
YEAR = Period.year(2020)
NEW_YEAR = datetime(2021, 1, 1, tzinfo=SHANGHAI)
LATER = datetime(2021, 6, 1, tzinfo=SHANGHAI)


def counted(session: Session, as_of: datetime = LATER, period: Period = YEAR) -> Counts:
    return figures(session, OPERATOR, period, as_of).counts


@pytest.mark.parametrize(
    ("received_at", "expected"),
    [
        (YEAR.starts_at - TICK, 0),
        (YEAR.starts_at, 1),
        (YEAR.ends_at - TICK, 1),
        (YEAR.ends_at, 0),
    ],
)
def test_a_matter_belongs_to_the_half_open_period_in_which_it_was_received(
    session: Session, tiny: TinyStreet, received_at: datetime, expected: int
) -> None:
    write(session, [Counted(tiny.street, received_at=received_at)])
    assert counted(session).received == expected


def test_the_year_begins_at_midnight_in_shanghai_not_in_greenwich() -> None:
    assert YEAR.starts_at == datetime(2019, 12, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize(("registered_at", "expected"), [(LATER - TICK, 1), (LATER, 0), (LATER + TICK, 0)])
def test_a_matter_counts_once_it_was_registered_before_the_cut_off(
    session: Session, tiny: TinyStreet, registered_at: datetime, expected: int
) -> None:
    write(session, [Counted(tiny.street, registered_at=registered_at)])
    assert counted(session).received == expected


@pytest.mark.parametrize(("ended_at", "settled"), [(LATER - TICK, 1), (LATER, 0), (LATER + TICK, 0)])
def test_a_matter_that_ended_at_the_cut_off_is_still_pending(
    session: Session, tiny: TinyStreet, ended_at: datetime, settled: int
) -> None:
    write(session, [Counted(tiny.street, endings=((Ending.SOLVED, ended_at, None),))])
    assert (counted(session).settled, counted(session).pending) == (settled, 1 - settled)


@pytest.mark.parametrize(("reopened_at", "settled"), [(LATER - TICK, 0), (LATER, 1), (LATER + TICK, 1)])
def test_a_matter_reopened_at_the_cut_off_was_still_settled(
    session: Session, tiny: TinyStreet, reopened_at: datetime, settled: int
) -> None:
    write(session, [Counted(tiny.street, endings=((Ending.SOLVED, JUNE, reopened_at),))])
    assert (counted(session).settled, counted(session).pending) == (settled, 1 - settled)


def test_an_earlier_ending_answers_for_an_earlier_cut_off(session: Session, tiny: TinyStreet) -> None:
    july, august, september = (datetime(2020, month, 1, tzinfo=SHANGHAI) for month in (7, 8, 9))
    endings = ((Ending.EXPLAINED, july, august), (Ending.VOID, september, None))
    write(session, [Counted(tiny.street, endings=endings)])
    assert counted(session, july).pending == 1
    assert counted(session, august).settled == 1
    assert counted(session, september).pending == 1
    assert counted(session).excluded == {Ending.VOID: 1}


def test_a_matter_of_the_last_day_settled_in_january_is_received_in_the_old_year(
    session: Session, tiny: TinyStreet
) -> None:
    received = datetime(2020, 12, 31, 17, tzinfo=SHANGHAI)
    settled = datetime(2021, 1, 4, 10, tzinfo=SHANGHAI)
    write(session, [Counted(tiny.street, received_at=received, endings=((Ending.SOLVED, settled, None),))])
    assert counted(session, NEW_YEAR) == Counts(pending=1, online_and_hotline=1)
    assert counted(session, datetime(2021, 2, 1, tzinfo=SHANGHAI)) == Counts(settled=1, online_and_hotline=1)
    assert counted(session, period=Period.year(2021)) == Counts()


def test_the_channel_decides_the_group(session: Session, tiny: TinyStreet) -> None:
    write(session, [Counted(tiny.street, channel=channel) for channel in Channel])
    counts = counted(session)
    assert (counts.online_and_hotline, counts.other_channels) == (10, 6)


def test_units_and_months_without_a_matter_are_listed_with_nothing(
    session: Session, tiny: TinyStreet
) -> None:
    write(session, [Counted(tiny.street, tiny.a, tiny.a1), Counted(tiny.street)])
    communities = figures_by(session, OPERATOR, YEAR, LATER, Axis.COMMUNITY)
    assert [(row.key, row.counts.received) for row in communities] == [
        (tiny.a.code, 1),
        (tiny.b.code, 0),
        ("none", 1),
    ]
    grids = figures_by(session, OPERATOR, YEAR, LATER, Axis.GRID)
    assert [row.counts.received for row in grids] == [1, 0, 0, 1]
    months = figures_by(session, OPERATOR, YEAR, LATER, Axis.MONTH)
    assert [row.key for row in months if row.counts.received] == ["2020-06"]
    assert len(months) == 12


def test_the_month_is_that_of_shanghai(session: Session, tiny: TinyStreet) -> None:
    write(session, [Counted(tiny.street, received_at=datetime(2020, 6, 30, 16, tzinfo=UTC))])
    months = figures_by(session, OPERATOR, YEAR, LATER, Axis.MONTH)
    assert [row.key for row in months if row.counts.received] == ["2020-07"]


def test_a_community_lead_reads_the_row_of_the_community(session: Session, tiny: TinyStreet) -> None:
    other = make_street(session, code="440799002", name="乙街道")
    settled: tuple[Stood, ...] = ((Ending.SOLVED, JUNE, None),)
    cases = [
        Counted(tiny.street, tiny.a, tiny.a1, endings=settled),
        Counted(tiny.street, tiny.a, holder=tiny.street),
        Counted(tiny.street, holder=tiny.a),  # not located: held by the community, counted by the street
        Counted(tiny.street, tiny.b, tiny.b1, holder=tiny.a),
        Counted(other.street, other.a, other.a1),
    ]
    write(session, cases)
    leader = make_actor(session, tiny.street, Role.STREET_LEADER)
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    row = figures_by(session, leader, YEAR, LATER, Axis.COMMUNITY)[0]
    assert row.key == tiny.a.code
    assert figures(session, lead, YEAR, LATER).counts == row.counts == Counts(1, 1, 2)
    assert figures(session, leader, YEAR, LATER).counts.received == 4
    assert figures(session, worker, YEAR, LATER).counts == Counts(1, 0, 1)
    assert [found.key for found in figures_by(session, lead, YEAR, LATER, Axis.GRID)] == [
        tiny.a1.code,
        tiny.a2.code,
        "none",
    ]


def test_a_person_without_a_posting_counts_nothing(session: Session, tiny: TinyStreet) -> None:
    write(session, [Counted(tiny.street)])
    nobody = replace(make_actor(session, tiny.a, Role.MEDIATOR), units=frozenset(), reach=frozenset())
    assert figures(session, nobody, YEAR, LATER).counts == Counts()


def test_the_latest_year_is_that_of_the_last_matter_received(session: Session, tiny: TinyStreet) -> None:
    assert latest_year(session, OPERATOR, LATER) == 2021
    write(session, [Counted(tiny.street, received_at=YEAR.ends_at - TICK)])
    assert latest_year(session, OPERATOR, LATER) == 2020


def test_the_line_of_the_year_says_every_number(session: Session, tiny: TinyStreet) -> None:
    endings = [Ending.SOLVED] * 3 + [Ending.VOID]
    write(session, [Counted(tiny.street, endings=((ending, JUNE, None),)) for ending in endings])
    write(session, [Counted(tiny.street, channel=Channel.VISIT)])
    assert year_line(session, OPERATOR, 2020, LATER) == (
        "2020: received 4 (3 online and hotline, 1 other), settled 3, pending 1, "
        "settlement rate 75.00 %; excluded: void 1"
    )


MOMENTS = st.integers(0, 8).map(lambda month: datetime(2020, 4, 1, tzinfo=SHANGHAI) + timedelta(30 * month))


@st.composite
def histories(draw: Callable) -> tuple[datetime, datetime, tuple[Stood, ...]]:
    """Received, registered, and the endings after it: all but the last reopened."""
    moments = sorted(draw(st.sets(MOMENTS, min_size=1, max_size=6)))
    received, *changes = moments
    registered = received + draw(st.sampled_from([timedelta(0), timedelta(30)]))
    changes = [moment for moment in changes if moment >= registered]
    endings = draw(st.lists(st.sampled_from(Ending), min_size=3, max_size=3))
    pairs = [(moment, *changes[place + 1 : place + 2]) for place, moment in enumerate(changes)][::2]
    stood = tuple(
        (ending, pair[0], pair[1] if len(pair) == 2 else None)
        for ending, pair in zip(endings, pairs, strict=False)
    )
    return received, registered, stood


def outcome_by_definition(case: Counted, as_of: datetime) -> Ending | None:
    """The definition in words, as slowly as one likes."""
    for ending, ended_at, reopened_at in case.endings:
        if ended_at < as_of and (reopened_at is None or reopened_at >= as_of):
            return ending
    return None


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=st.lists(
        st.tuples(histories(), st.sampled_from(CaseKind), st.sampled_from(Channel), st.integers(0, 5)),
        max_size=30,
    ),
    as_of=MOMENTS,
)
def test_figures_follow_the_definition_their_parts_add_up_and_open_into_their_rows(
    session: Session, tiny: TinyStreet, drawn: list, as_of: datetime
) -> None:
    places = [(), (tiny.a,), (tiny.b,), (tiny.a, tiny.a1), (tiny.a, tiny.a2), (tiny.b, tiny.b1)]
    cases = [
        Counted(
            tiny.street,
            *places[place],
            received_at=received,
            registered_at=registered,
            kind=kind,
            channel=channel,
            endings=stood,
        )
        for (received, registered, stood), kind, channel, place in drawn
    ]
    period = Period.month("2020-05") if len(drawn) % 2 else YEAR
    savepoint = session.begin_nested()
    try:
        write(session, cases)
        known = [
            case
            for case in cases
            if period.starts_at <= case.received_at < period.ends_at and case.registered_at < as_of
        ]
        outcomes = [outcome_by_definition(case, as_of) for case in known]
        whole = figures(session, OPERATOR, period, as_of).counts
        assert whole.settled == sum(outcome in SETTLED for outcome in outcomes)
        assert whole.pending == outcomes.count(None)
        assert whole.excluded_total == sum(outcome in EXCLUDED for outcome in outcomes)
        for axis in Axis:
            rows = figures_by(session, OPERATOR, period, as_of, axis)
            assert total(row.counts for row in rows) == whole
            for row in rows:
                opened = {
                    outcome: size(session, period, as_of, {axis.value: row.key, "outcome": outcome})
                    for outcome in Outcome
                }
                assert opened == {
                    Outcome.RECEIVED: row.counts.received,
                    Outcome.SETTLED: row.counts.settled,
                    Outcome.PENDING: row.counts.pending,
                    Outcome.EXCLUDED: row.counts.excluded_total,
                }
        for ending in Ending:
            assert size(session, period, as_of, {"outcome": ending}) == outcomes.count(ending)
        group = {"channel": ChannelGroup.ONLINE_AND_HOTLINE, "outcome": Outcome.RECEIVED}
        assert size(session, period, as_of, group) == whole.online_and_hotline
    finally:
        savepoint.rollback()


def size(session: Session, period: Period, as_of: datetime, narrow: dict[str, str]) -> int:
    """How many rows the query string behind a figure opens."""
    cohort = Cohort.from_args(Cohort(period, as_of).to_args(**narrow), now=LATER)
    assert cohort is not None
    return session.scalar(select(func.count()).select_from(cohort.ids(session, OPERATOR).subquery()))


def test_the_rows_own_ending_and_the_table_of_endings_say_the_same(
    session: Session, tiny: TinyStreet
) -> None:
    months = [datetime(2020, month, 1, tzinfo=SHANGHAI) for month in range(6, 12)]
    write(
        session,
        [
            Counted(tiny.street, endings=((Ending.SOLVED, months[1], months[3]),)),
            Counted(
                tiny.street,
                endings=((Ending.SOLVED, months[1], months[2]), (Ending.EXPLAINED, months[4], None)),
            ),
            Counted(tiny.street, endings=((Ending.VOID, months[2], None),)),
        ],
    )
    for as_of in [moment + shift for moment in months for shift in (-TICK, timedelta(0), TICK)]:
        stood = select(CaseEnding.case_id, CaseEnding.ending).where(
            CaseEnding.ended_at < as_of,
            CaseEnding.reopened_at.is_(None) | (CaseEnding.reopened_at >= as_of),
        )
        short = select(Case.id, ending_at(as_of)).where(ending_at(as_of).is_not(None))
        assert sorted(session.execute(short).all()) == sorted(session.execute(stood).all())

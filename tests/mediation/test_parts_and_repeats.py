"""An order that was split counts once, and repeats count as they stood at the cut-off."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.core.bulk import insert_rows
from app.core.clock import SHANGHAI
from mediation.indicators import Axis, count_repeats, figures, tables
from mediation.stock import stock
from petitions.cohort import Again, Cohort, Outcome
from petitions.models import CaseRepeat
from petitions.period import Period
from petitions.vocabulary import Ending
from tests.factories.counted import JUNE, Counted, write
from tests.factories.street import TinyStreet

YEAR = Period.year(2020)
LATER = datetime(2021, 6, 1, tzinfo=SHANGHAI)
TICK = timedelta(microseconds=1)


def split(session: Session, parent: int, parts: list[int]) -> None:
    """Make `parts` those of `parent`."""
    session.execute(
        text("UPDATE cases SET parent_id = :parent WHERE id = ANY(:parts)"),
        {"parent": parent, "parts": parts},
    )
    session.execute(text("UPDATE cases SET part_count = 2 WHERE id = :parent"), {"parent": parent})


def test_an_order_that_was_split_counts_once_in_every_figure(session: Session, tiny: TinyStreet) -> None:
    solved = ((Ending.SOLVED, JUNE, None),)
    write(session, [Counted(tiny.street, tiny.a, endings=solved)] * 3)
    parent, *parts = write(
        session,
        [
            Counted(tiny.street, tiny.a),
            Counted(tiny.street, tiny.a, endings=solved),
            Counted(tiny.street, tiny.b),
        ],
    )
    split(session, parent, parts)

    found = figures(session, OPERATOR, YEAR, LATER)
    by_place = tables(session, OPERATOR, YEAR, LATER, [Axis.COMMUNITY])[Axis.COMMUNITY]
    received = Cohort(YEAR, LATER, outcome=Outcome.RECEIVED)
    june = stock(session, OPERATOR, Period.month("2020-06"), LATER)[0]

    assert (found.counts.received, found.counts.settled, found.counts.pending) == (4, 3, 1)
    assert sum(row.counts.received for row in by_place) == 4
    assert parent in session.scalars(received.ids(session, OPERATOR)).all()
    assert set(parts).isdisjoint(session.scalars(received.ids(session, OPERATOR)))
    assert (june.registered, june.ended, june.closing, june.gap) == (4, 3, 1, 0)


def test_cases_merged_into_one_count_as_often_as_they_came(session: Session, tiny: TinyStreet) -> None:
    master, *merged = write(session, [Counted(tiny.street, tiny.a)] * 3)
    session.execute(text("UPDATE cases SET master_id = :m WHERE id = ANY(:c)"), {"m": master, "c": merged})

    assert figures(session, OPERATOR, YEAR, LATER).counts.received == 3


def test_a_repeat_counts_from_its_linking_until_it_is_undone(session: Session, tiny: TinyStreet) -> None:
    first, again, undone, void = write(
        session,
        [
            Counted(tiny.street, tiny.a),
            Counted(tiny.street, tiny.a),
            Counted(tiny.street, tiny.b),
            Counted(tiny.street, tiny.b, endings=((Ending.VOID, JUNE, None),)),
        ],
    )
    linked, broken = JUNE + timedelta(days=5), JUNE + timedelta(days=9)
    rows = [(again, None), (undone, broken), (void, None)]
    insert_rows(
        session,
        CaseRepeat,
        [
            {"case_id": case, "first_id": first, "linked_at": linked, "unlinked_at": until}
            for case, until in rows
        ],
    )

    def repeats(as_of: datetime) -> int:
        return count_repeats(session, OPERATOR, YEAR, as_of)

    assert [repeats(linked), repeats(linked + TICK), repeats(broken), repeats(broken + TICK)] == [0, 2, 2, 1]
    found = figures(session, OPERATOR, YEAR, LATER)
    assert (found.repeats, found.counts.received, str(found.repeat_rate)) == (1, 3, "0.3333")
    assert found.as_json()["repeat_rate"] == 0.3333


def test_the_figure_of_repeats_opens_its_rows(session: Session, tiny: TinyStreet) -> None:
    first, again = write(session, [Counted(tiny.street, tiny.a)] * 2)
    insert_rows(session, CaseRepeat, [{"case_id": again, "first_id": first, "linked_at": JUNE}])
    cohort = Cohort(YEAR, LATER, outcome=Outcome.RECEIVED, repeat=Again.REPEAT)

    read = Cohort.from_args(cohort.to_args(), now=LATER)

    assert read == cohort
    assert session.scalars(read.ids(session, OPERATOR)).all() == [again]


def test_no_repeat_rate_where_nothing_came_in(session: Session, tiny: TinyStreet) -> None:
    found = figures(session, OPERATOR, YEAR, LATER)

    assert found.repeat_rate is None

"""An order number that stands more than once in a file: its first row counts, and no other may change it.

A later row that says nothing new is unchanged; one that says something else is refused, because nobody but a
person can tell which of the two is right. A row that was refused or left out is no first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select
from sqlalchemy.orm import Session

from petitions.importing.outcome import Outcome, Verdict, contradicting
from petitions.importing.table import Table
from petitions.importing.waves import Taken, Wave
from petitions.models import ImportRow


def note(firsts: dict[str, int], taken: Mapping[str, Taken], outcomes: Iterable[Outcome]) -> None:
    """Remember in `firsts` the rows that were not refused, by number; a number has its first already."""
    done = {outcome.row for outcome in outcomes if outcome.verdict is not Verdict.REFUSED}
    for number, each in taken.items():
        if each.row in done:
            firsts.setdefault(number, each.row)


def firsts_before(session: Session, run_id: int, wave: Wave, taken: Mapping[str, Taken]) -> dict[str, int]:
    """The first rows that the run has done in earlier chunks, by the numbers of the orders."""
    numbers = {change.known.case.id: change.number for change in wave.changes if change.known.case}
    by_row = _numbers(taken)
    numbers |= {outcome.case_id: by_row[outcome.row] for outcome in wave.settled if outcome.case_id}
    if not numbers:
        return {}
    # Case by case, for the reason that `known` gives.
    given = func.unnest(bindparam("cases", list(numbers), ARRAY(BigInteger)))
    wanted = given.table_valued("case_id").render_derived()
    done = select(func.min(ImportRow.row)).where(ImportRow.run_id == run_id)
    # Grouped, so that the least is not looked for by walking through the rows of the run in their order.
    first = done.where(ImportRow.case_id == wanted.c.case_id).group_by(ImportRow.case_id).scalar_subquery()
    query = select(wanted.c.case_id, first)
    return {numbers[case_id]: row for case_id, row in session.execute(query) if row}


def held_to_firsts(wave: Wave, taken: Mapping[str, Taken], firsts: Mapping[str, int], table: Table) -> Wave:
    """The wave without changes by rows that are not the first of their number; those are settled.

    What is settled names its first row.
    """
    if not firsts:
        return wave
    by_row = _numbers(taken)
    settled = [replace(outcome, first_row=firsts.get(by_row[outcome.row])) for outcome in wave.settled]
    for change in wave.changes:
        if first := firsts.get(change.number):
            settled.append(contradicting(change.row, first, table.told(first), change.difference))
    first_ones = [change for change in wave.changes if change.number not in firsts]
    return Wave(wave.new, first_ones, settled)


def _numbers(taken: Mapping[str, Taken]) -> dict[int, str]:
    return {each.row: number for number, each in taken.items()}

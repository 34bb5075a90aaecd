"""What the rows say that a file goes in without, so that no other row of the file says it for them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy.orm import Session

from petitions.importing.compare import Facts, compare, facts_of
from petitions.importing.leaving_out import all_left_out
from petitions.importing.reading import ReadRow, RowReader
from petitions.models import ImportRun


@dataclass(frozen=True, slots=True)
class Without:
    """The rows left out of a file, and by order number which of them says what."""

    rows: frozenset[int]
    said: Mapping[str, Sequence[tuple[int, Facts]]]

    def goes_with(self, row: ReadRow) -> int | None:
        """The row left out, of the same number, beside which this one says nothing new."""
        if row.intake is None or row.number is None or row.number not in self.said:
            return None
        given = facts_of(row.intake, row.unsaid)
        said = self.said[row.number]
        return next((out for out, facts in said if not compare(facts, given, is_ended=False).names), None)


def load_without(session: Session, run: ImportRun, reader: RowReader, now: datetime) -> Without:
    """What was left out of the dry run which `run` is the going of, read from its file once more."""
    rows = all_left_out(session, run)
    said: dict[str, list[tuple[int, Facts]]] = defaultdict(list)
    if not rows:
        return Without(rows, said)
    last = max(rows)
    for number, cells in takewhile(lambda each: each[0] <= last, reader.rows()):
        if number in rows and (read := reader.read(number, cells, now)).intake:
            said[str(read.number)].append((number, facts_of(read.intake, read.unsaid)))
    return Without(rows, said)

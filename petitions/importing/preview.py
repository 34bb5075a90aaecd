"""How the first rows of a file would be read by a profile, before it is kept."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions.importing.header import recognise
from petitions.importing.profile import Profile
from petitions.importing.reading import ReadRow, RowReader
from petitions.importing.table import Table

READ = 2_000
SHOWN = 3
MOST_REASONS = 5

_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')


@dataclass(frozen=True, slots=True)
class Reason:
    """Why `count` rows are refused, in the words for the first of them, which a person finds at `row`."""

    count: int
    row: str
    told: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Some rows as they are read, how many can be and cannot be, and the commonest reasons why not."""

    rows: tuple[ReadRow, ...]
    readable: int
    refused: int
    reasons: tuple[Reason, ...]

    @property
    def looked(self) -> int:
        """How many rows were looked at."""
        return self.readable + self.refused


def preview(table: Table, file_name: str, profile: Profile, now: datetime) -> Preview:
    """The first rows of the table; raises Invalid where the profile does not fit its headings."""
    reader = RowReader(recognise([table], file_name, profile.code, {profile.code: profile}))
    rows = [reader.read(number, cells, now) for number, cells in islice(reader.rows(), READ)]
    readable = [row for row in rows if not row.refused]
    reasons = _reasons(table, rows)
    return Preview(tuple(readable[:SHOWN]), len(readable), len(rows) - len(readable), reasons[:MOST_REASONS])


def demand_readable(seen: Preview) -> None:
    """Raises Invalid where rows were looked at and none can be read: such a layout takes nothing in."""
    if seen.refused and not seen.readable:
        told = _(
            "By this layout none of the %(looked)s rows looked at can be read, so it is not kept. %(why)s",
            looked=seen.looked,
            why=_most(seen.reasons[0]),
        )
        raise Invalid(told)


def refusal_told(seen: Preview) -> str | None:
    """How many of the rows looked at are refused, and why most of them; None where none is."""
    if not seen.refused:
        return None
    told = _(
        "Of the %(looked)s rows looked at %(refused)s will be refused. %(why)s",
        looked=seen.looked,
        refused=seen.refused,
        why=_most(seen.reasons[0]),
    )
    return str(told)


def _most(reason: Reason) -> object:
    return _(
        "The commonest reason, in %(count)s of them, such as row %(row)s: %(reason)s",
        count=reason.count,
        row=reason.row,
        reason=reason.told,
    )


def _reasons(table: Table, rows: Iterable[ReadRow]) -> tuple[Reason, ...]:
    """The reasons, commonest first; those that differ in what they quote of a cell only are one."""
    found: dict[str, Reason] = {}
    for row in rows:
        if row.refused:
            first = Reason(0, table.told(row.row), row.refused)
            kept = found.get(_QUOTED.sub("", row.refused), first)
            found[_QUOTED.sub("", row.refused)] = replace(kept, count=kept.count + 1)
    return tuple(sorted(found.values(), key=lambda reason: -reason.count))

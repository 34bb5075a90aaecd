"""What a proof of cases is made of: spans of cases with their events, and checks that find faults in them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, Row, true
from sqlalchemy.orm import InstrumentedAttribute, Session

Event = Mapping[Any, Any]


class Fault(NamedTuple):
    """Something of a case that is not as its history says, in words."""

    case_id: int
    what: str


class Unproved(NamedTuple):
    """A case of which something stands there that was written before its events kept a digest of it."""

    case_id: int


Finding = Fault | Unproved


@dataclass(frozen=True)
class Span:
    """All cases with ids after `after` and up to `last` (None: up to any), and their events in order.

    Rows of any table that name a case in the span which is not there are faults too.
    """

    after: int
    last: int | None
    cases: Mapping[int, Row[Any]]
    events: Mapping[int, Sequence[Event]]

    def without(self, case_ids: Iterable[int]) -> "Span":
        """The span but for some cases."""
        gone = frozenset(case_ids)
        return replace(self, cases={key: row for key, row in self.cases.items() if key not in gone})


Check = Callable[[Session, Span], Iterator[Finding]]
"""Looks at one kind of rows of a span, whose events have been proved."""

Total = Callable[[Session], Iterator[str]]
"""Looks at something of which there is one for many cases, and tells its faults in words."""


@dataclass(frozen=True)
class Proof:
    """What one package adds to the proof of cases."""

    checks: tuple[Check, ...]
    totals: tuple[Total, ...] = ()


def between(case_id: InstrumentedAttribute[int], after: int, last: int | None) -> ColumnElement[bool]:
    """Whether `case_id` lies after `after` and, where `last` is one, not after it."""
    return (case_id > after) & (true() if last is None else case_id <= last)


def by_case(session: Session, query: Executable) -> Mapping[int, Sequence[Row[Any]]]:
    """The rows of `query`, which has a column `case_id`, in their order by case."""
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(query):
        found[row.case_id].append(row)
    return found


def orphans(span: Span, rows: Iterable[int], what: str) -> Iterator[Fault]:
    """The faults of rows whose case is not there."""
    for case_id in rows:
        if case_id not in span.cases:
            yield Fault(case_id, f"the case is gone, and {what} of it stand there")

"""Which of the notices that wait for one receiver go into its next message. Pure.

Of one case, a later notice never goes before an earlier one: it goes in the same message or waits. A
parked notice waits for a person and holds up nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

MOST = 500
"""How many notices one message carries; the rest follows in the next."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One delivery that waits; notices of a case are in the order of their ids."""

    id: int
    notice_id: int
    case_id: int | None
    urgent: bool
    attempts: int
    next_at: datetime


def next_batch(waiting: Sequence[Waiting], now: datetime, *, is_office_time: bool) -> list[Waiting]:
    """What goes at `now`, in the order of the notices; nothing where nothing may go.

    Urgent notices that are due go at once, and take what waits before them in their cases along. In office
    hours, once one of the others is due, all that have not failed before go as one digest.
    """
    lines = _by_case(waiting)
    chosen = [each for line in lines for each in _up_to_last_urgent(line, now)]
    if not chosen and is_office_time and any(_is_due(each, now) for each in waiting):
        chosen = [each for line in lines for each in takewhile(lambda each: _is_fit(each, now), line)]
        if not any(_is_due(each, now) for each in chosen):
            return []
    return sorted(chosen, key=lambda each: each.notice_id)[:MOST]


def _by_case(waiting: Iterable[Waiting]) -> list[list[Waiting]]:
    """The waiting notices of each case in order; a notice without a case stands by itself."""
    lines: dict[tuple[str, int], list[Waiting]] = {}
    for each in sorted(waiting, key=lambda each: each.notice_id):
        key = ("notice", each.notice_id) if each.case_id is None else ("case", each.case_id)
        lines.setdefault(key, []).append(each)
    return list(lines.values())


def _up_to_last_urgent(line: Sequence[Waiting], now: datetime) -> Sequence[Waiting]:
    pressing = [place for place, each in enumerate(line) if each.urgent and _is_due(each, now)]
    return line[: pressing[-1] + 1] if pressing else ()


def _is_due(each: Waiting, now: datetime) -> bool:
    return each.next_at <= now


def _is_fit(each: Waiting, now: datetime) -> bool:
    return _is_due(each, now) or each.attempts == 0

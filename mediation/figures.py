"""Counts and the settlement rate made of them. Pure: what was counted comes from `indicators`.

The rate is settled / received, rounded half up (四舍五入) to four decimals, that is two of a percentage;
there is none where nothing was received, and below `SMALL_SAMPLE` it should not be compared.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.core.clock import SHANGHAI
from petitions.cohort import DEFINITION
from petitions.period import Period
from petitions.vocabulary import EXCLUDED, SETTLED, Ending

SMALL_SAMPLE = 30

_FOUR_DECIMALS = Decimal("0.0001")
_NO_RATE = "—"


def rate(part: int, whole: int) -> Decimal | None:
    """part / whole to four decimals, half up; None where the whole is nothing."""
    if whole == 0:
        return None
    return (Decimal(part) / whole).quantize(_FOUR_DECIMALS, ROUND_HALF_UP)


def percent(share: Decimal | None) -> str:
    """A share of four decimals as a percentage of two: 0.9515 is “95.15 %”, none is “—”."""
    return _NO_RATE if share is None else f"{share * 100:.2f} %"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many matters of a cohort stand how; received is settled and pending together."""

    settled: int = 0
    pending: int = 0
    online_and_hotline: int = 0
    excluded: Mapping[Ending, int] = field(default_factory=dict)

    @property
    def received(self) -> int:
        """The denominator of the rate."""
        return self.settled + self.pending

    @property
    def other_channels(self) -> int:
        """Received, but neither online nor by the hotline."""
        return self.received - self.online_and_hotline

    @property
    def excluded_total(self) -> int:
        """All matters shown beside the rate."""
        return sum(self.excluded.values())

    @property
    def settlement_rate(self) -> Decimal | None:
        """settled / received."""
        return rate(self.settled, self.received)

    @property
    def is_small_sample(self) -> bool:
        """Whether the count says more than the rate."""
        return self.received < SMALL_SAMPLE

    def as_json(self) -> dict[str, Any]:
        """The counts under the names that programs read; every reason of exclusion is named."""
        share = self.settlement_rate
        return {
            "received": self.received,
            "online_and_hotline": self.online_and_hotline,
            "settled": self.settled,
            "pending": self.pending,
            "settlement_rate": None if share is None else float(share),
            "excluded": {
                ending.value: self.excluded.get(ending, 0) for ending in Ending if ending in EXCLUDED
            },
        }


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of one period at one cut-off; `repeats` are those of the received that were raised again."""

    period: Period
    as_of: datetime
    counts: Counts
    repeats: int = 0

    @property
    def repeat_rate(self) -> Decimal | None:
        """重复信访率: repeats / received."""
        return rate(self.repeats, self.counts.received)

    def as_json(self) -> dict[str, Any]:
        """The object that `dingfen figures --json` prints."""
        return {
            "from": self.period.first.isoformat(),
            "to": self.period.end.isoformat(),
            "as_of": self.as_of.astimezone(SHANGHAI).isoformat(),
            "definition": DEFINITION,
            **self.counts.as_json(),
            "repeats": self.repeats,
            "repeat_rate": None if self.repeat_rate is None else float(self.repeat_rate),
        }


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The counts of one kind, channel, unit or month; `key` is its code or name in a query string."""

    key: str
    label: str
    counts: Counts

    def as_json(self) -> dict[str, Any]:
        """One of the `rows` that `dingfen figures --by --json` prints."""
        return {"key": self.key, "label": self.label, **self.counts.as_json()}


def count(tallies: Iterable[tuple[Ending | None, bool, int]]) -> Counts:
    """Add up tallies of (ending at the cut-off, whether online or hotline, how many)."""
    settled = pending = online = 0
    excluded: dict[Ending, int] = {}
    for ending, is_online, number in tallies:
        if ending in EXCLUDED:
            excluded[ending] = excluded.get(ending, 0) + number
            continue
        settled += number if ending in SETTLED else 0
        pending += number if ending is None else 0
        online += number if is_online else 0
    return Counts(settled, pending, online, excluded)


def total(rows: Iterable[Counts]) -> Counts:
    """The counts of parts together."""
    parts = list(rows)
    excluded = {ending: sum(part.excluded.get(ending, 0) for part in parts) for ending in EXCLUDED}
    return Counts(
        sum(part.settled for part in parts),
        sum(part.pending for part in parts),
        sum(part.online_and_hotline for part in parts),
        {ending: number for ending, number in excluded.items() if number},
    )

"""What looks wrong in a calendar that was read, for a person to compare with the notice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class DoubtKind(StrEnum):
    """Why a calendar may have been read, or written, wrongly."""

    UNREAD = "unread"
    WEEKDAY = "weekday"
    TOTAL = "total"
    BOTH = "both"
    OUTSIDE = "outside"
    UNNAMED = "unnamed"
    MAKE_UP_ON_WEEKDAY = "make_up_on_weekday"
    HOLIDAY_MISSING = "holiday_missing"


# With these there is no calendar that a person could confirm.
BLOCKING = frozenset({DoubtKind.BOTH, DoubtKind.OUTSIDE, DoubtKind.UNNAMED})


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to look at; `params` fill the sentence of its kind."""

    kind: DoubtKind
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_blocking(self) -> bool:
        """Whether the calendar cannot be taken before this is mended."""
        return self.kind in BLOCKING

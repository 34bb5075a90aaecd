"""What a rule set is: a dated list of limits, each with its unit, its roll-over and its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Unit(StrEnum):
    """What a limit is counted in; each rule says its own, since 日 and 工作日 differ."""

    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"
    WORKING_HOUR = "working_hour"


class Roll(StrEnum):
    """What happens when the last day is a day off."""

    NEXT_WORKING_DAY = "next_working_day"
    NONE = "none"


@dataclass(frozen=True)
class Step:
    """One limit: `amount` units from the day of `counted_from`, which is itself not counted.

    `is_law` is false for a local default that no statute sets; such a step must be shown as one.
    """

    code: str
    amount: int
    unit: Unit
    roll: Roll
    counted_from: str
    source: str
    is_law: bool


@dataclass(frozen=True)
class RuleSet:
    """The limits of one kind of case, for cases registered in [valid_from, valid_to).

    `valid_to` is None while the rules are in force. No `order_types` means every order type. A set that is
    not `automatic` applies only when somebody decides so. `steps` is keyed by step code. After
    `max_hand_backs` hand-backs the ruling of the unit above is final; that number is a local default.
    """

    code: str
    name: str
    name_zh: str
    kind: str
    order_types: frozenset[str]
    automatic: bool
    valid_from: date
    valid_to: date | None
    steps: Mapping[str, Step]
    max_hand_backs: int = 2

    def covers(self, kind: str, order_type: str | None, registered_on: date) -> bool:
        """Whether it is for this kind and order type on that day of registration in Asia/Shanghai."""
        return (
            kind == self.kind
            and (not self.order_types or order_type in self.order_types)
            and self.valid_from <= registered_on
            and (self.valid_to is None or registered_on < self.valid_to)
        )

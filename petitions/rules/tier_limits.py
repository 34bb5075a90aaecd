"""How long a tier may keep a case before it goes up, in working hours, and how long before it is warned.

None of these is law: they are the defaults of an escalation policy, read once from data/tier_limits.toml,
which a street replaces by its own. No tier limit touches the statutory or upstream clock of the case.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Self

Cell = tuple[str, str, str]
"""Kind, urgency and tier."""

AT_ONCE = 0


@dataclass(frozen=True)
class TierLimit:
    """A local default, not law.

    `limit_hours` are working hours from arrival at the tier: 0 is at once, at whatever hour, and None is no
    limit. The warning comes `warn_before_hours` working hours before they end, with 0 not at all. Beside the
    unit that gets the case, `tell_above` tells the tiers above it, and `tell_role` the units of the case's
    line where somebody serves in that role. `policy_id` is the version of the street's policy that says so,
    None where there is none; `is_own` is false for what came with the program.
    """

    kind: str
    urgency: str
    tier: str
    limit_hours: int | None
    warn_before_hours: int
    source: str
    is_law: bool
    tell_above: bool = False
    tell_role: str | None = None
    policy_id: int | None = None
    is_own: bool = False

    def handed_down(self) -> "TierLimit":
        """The limit of a unit that was given the case by hand: at once would send it straight back."""
        return replace(self, limit_hours=handed_down_hours()) if self.limit_hours == AT_ONCE else self


@dataclass(frozen=True)
class TierLimits:
    """Limits by kind, urgency and tier."""

    by_cell: Mapping[Cell, TierLimit]

    @classmethod
    @cache
    def shipped(cls) -> Self:
        """The defaults that come with the program."""
        rows = [TierLimit(**row) for row in _data()["tier_limit"]]
        return cls({(row.kind, row.urgency, row.tier): row for row in rows})

    def get(self, kind: str, urgency: str, tier: str) -> TierLimit:
        """How long a tier may keep a case of a kind; a major matter has the limits of an urgent one.

        Raises LookupError where none is set.
        """
        pace = "normal" if urgency == "normal" else "urgent"
        try:
            return self.by_cell[kind, pace, tier]
        except KeyError:
            raise LookupError(f"no tier limit for {urgency} {kind} at {tier}") from None


def handed_down_hours() -> int:
    """Working hours for a matter that goes up at once, at a unit to which it was given by hand."""
    return int(_data()["handed_down_hours"])


@cache
def _data() -> dict[str, Any]:
    text = files("petitions.rules").joinpath("data/tier_limits.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)

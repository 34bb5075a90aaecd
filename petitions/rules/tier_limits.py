"""How long a tier may keep a case before it goes up, in working hours, and how long before it is warned.

None of these is law: they are the defaults of an escalation policy, read once from data/tier_limits.toml,
which a street replaces by its own. No tier limit touches the statutory or upstream clock of the case.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Self


@dataclass(frozen=True)
class TierLimit:
    """A local default, not law.

    `limit_hours` are working hours from arrival at the tier; the warning comes `warn_before_hours` working
    hours before they end.
    """

    kind: str
    urgency: str
    tier: str
    limit_hours: int
    warn_before_hours: int
    source: str
    is_law: bool


@dataclass(frozen=True, eq=False)
class TierLimits:
    """The limits in force, by kind, urgency and tier. Equal only to itself: clocks are cached by it."""

    by_cell: Mapping[tuple[str, str, str], TierLimit]

    @classmethod
    @cache
    def shipped(cls) -> Self:
        """The defaults that come with the program."""
        text = files("petitions.rules").joinpath("data/tier_limits.toml").read_text(encoding="utf-8")
        rows = [TierLimit(**row) for row in tomllib.loads(text)["tier_limit"]]
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

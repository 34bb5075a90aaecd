"""How long a tier may keep a case before it goes up, in working hours, and how long before it is warned.

None of these is law: they are the defaults of an escalation policy, read once from data/tier_limits.toml,
which a street replaces by its own. No tier limit touches the statutory or upstream clock of the case.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


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


def tier_limit(kind: str, tier: str, urgency: str = "normal") -> TierLimit:
    """The default for a kind of case at a tier (grid, community, street).

    Raises LookupError where none is set.
    """
    try:
        return tier_limits()[kind, urgency, tier]
    except KeyError:
        raise LookupError(f"no tier limit for {urgency} {kind} at {tier}") from None


@cache
def tier_limits() -> Mapping[tuple[str, str, str], TierLimit]:
    """All defaults by kind, urgency and tier."""
    text = files("petitions.rules").joinpath("data/tier_limits.toml").read_text(encoding="utf-8")
    rows = [TierLimit(**row) for row in tomllib.loads(text)["tier_limit"]]
    return {(row.kind, row.urgency, row.tier): row for row in rows}

"""How far a screening round has come: counts that add up on every axis. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_FOUR_DECIMALS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Grids asked and answered; `late` answered after the last day, `found` answered with a finding.

    `findings` counts the disputes themselves.
    """

    asked: int = 0
    answered: int = 0
    late: int = 0
    found: int = 0
    findings: int = 0

    @property
    def unanswered(self) -> int:
        """Grids that owe an answer."""
        return self.asked - self.answered

    @property
    def nothing(self) -> int:
        """Grids that answered and found nothing."""
        return self.answered - self.found

    @property
    def share(self) -> Decimal | None:
        """answered / asked to four decimals, half up; None where no grid was asked."""
        if not self.asked:
            return None
        return (Decimal(self.answered) / self.asked).quantize(_FOUR_DECIMALS, ROUND_HALF_UP)

    def counts(self) -> dict[str, int]:
        """The counts by name, as an event keeps them."""
        return {name: getattr(self, name) for name in ("asked", "answered", "late", "found", "findings")}


def total(parts: Iterable[Coverage]) -> Coverage:
    """The coverage of parts together."""
    rows = [part.counts() for part in parts]
    return Coverage(**{name: sum(row[name] for row in rows) for name in Coverage().counts()})

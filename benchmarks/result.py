"""What a benchmark says: ours against something plainer, measured in the same run."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Measure:
    """A number with its unit."""

    value: float
    unit: str


@dataclass(frozen=True)
class Result:
    """`ratio` is ours over the other, in the sense of `aim`: "at least" or "at most" a number."""

    name: str
    ours: Measure
    against: Measure
    ratio: float
    aim: str
    ok: bool

    def as_dict(self) -> dict[str, Any]:
        """The object that stands in var/bench.json."""
        return asdict(self)


def at_least(name: str, ours: Measure, against: Measure, aim: float) -> Result:
    """A rate of ours that must reach a share of the other's."""
    ratio = ours.value / against.value
    return Result(name, ours, against, round(ratio, 3), f"at least {aim:.3g}", ratio >= aim)


def at_most(name: str, ours: Measure, against: Measure, aim: float) -> Result:
    """A time of ours that must not pass a multiple of the other's."""
    ratio = ours.value / against.value
    return Result(name, ours, against, round(ratio, 3), f"at most {aim:.3g}", ratio <= aim)

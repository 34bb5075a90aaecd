"""The numbers that the principles are held to. No rule of ours names them: they are local defaults."""

from dataclasses import dataclass

Band = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Standards:
    """`households` and `residents`: the fewest and the most of a grid, both suitable.

    `lane_metres` is metres from a lane's middle within which a border follows it, `along_lanes` the share of
    a grid's border that ought to. A posting that ends within `days_ahead` days ends soon.
    """

    households: Band = (200, 1000)
    residents: Band = (400, 4000)
    lane_metres: float = 15.0
    along_lanes: float = 0.8
    days_ahead: int = 30

"""The answer to "whose is this place?". Pure: it knows no framework."""

from typing import NamedTuple

from grid.vocabulary import RouteMethod, Tier


class Route(NamedTuple):
    """Where a matter lies and how that was found.

    `street_id` is always known, `community_id` and `grid_id` only as far as the place is; `certainty` is
    0 to 1; `reason` is a code with a label in both languages; `candidates` are codes of units that were
    also possible; `point` is (longitude, latitude) in degrees of WGS-84 where the place became a point.
    A tuple, because points are routed by hundreds of thousands and a frozen dataclass is six times slower.
    """

    street_id: int
    community_id: int | None
    grid_id: int | None
    method: RouteMethod
    certainty: float
    reason: str
    candidates: tuple[str, ...] = ()
    point: tuple[float, float] | None = None

    @property
    def holder_id(self) -> int:
        """The most specific unit known, which takes the case."""
        return self.grid_id or self.community_id or self.street_id

    @property
    def holder_tier(self) -> Tier:
        """The tier of that unit."""
        if self.grid_id:
            return Tier.GRID
        return Tier.COMMUNITY if self.community_id else Tier.STREET

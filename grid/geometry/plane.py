"""A flat plane in metres around one place, good to a thousandth over the width of a street."""

import math
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import shapely

EQUATOR = 6378137.0
ECCENTRICITY_SQUARED = 0.00669437999014


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of `lon`, `lat` (degrees of WGS-84), with the ellipsoid's radii there."""

    lon: float
    lat: float

    @classmethod
    def around(cls, shapes: Any) -> Self:
        """The plane at the middle of `shapes`, one geometry or an array of them."""
        west, south, east, north = shapely.total_bounds(shapes)
        return cls((west + east) / 2, (south + north) / 2)

    @property
    def scale(self) -> tuple[float, float]:
        """Metres of one degree eastwards and northwards."""
        flattening = 1 - ECCENTRICITY_SQUARED * math.sin(math.radians(self.lat)) ** 2
        meridian = EQUATOR * (1 - ECCENTRICITY_SQUARED) / flattening**1.5
        parallel = EQUATOR / math.sqrt(flattening) * math.cos(math.radians(self.lat))
        return math.radians(parallel), math.radians(meridian)

    def to_metres(self, shapes: Any) -> Any:
        """Geometries in degrees, in metres."""
        origin, scale = np.array((self.lon, self.lat)), np.array(self.scale)
        return shapely.transform(shapes, lambda degrees: (degrees - origin) * scale)

    def to_degrees(self, metres: Any) -> Any:
        """An array of x and y in metres as longitude and latitude."""
        return np.asarray(metres) / np.array(self.scale) + np.array((self.lon, self.lat))

"""The offset of GCJ-02 from WGS-84, for the few made-up orders that carry a point of a Chinese map."""

import math

from shapely import Point

SEMI_MAJOR_AXIS = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323


def to_gcj02(point: Point) -> tuple[float, float]:
    """Longitude and latitude in GCJ-02 of a WGS-84 point in China, by the formula in public use."""
    east, north = point.x - 105.0, point.y - 35.0
    latitude = math.radians(point.y)
    flattening = 1 - ECCENTRICITY_SQUARED * math.sin(latitude) ** 2
    meridian = SEMI_MAJOR_AXIS * (1 - ECCENTRICITY_SQUARED) / flattening**1.5
    parallel = SEMI_MAJOR_AXIS / math.sqrt(flattening) * math.cos(latitude)
    ripple = 20 * math.sin(6 * east * math.pi) + 20 * math.sin(2 * east * math.pi)
    shift_north = -100 + 2 * east + 3 * north + 0.2 * north**2 + 0.1 * east * north
    shift_north += 0.2 * math.sqrt(abs(east)) + 2 / 3 * (ripple + _waves(north, 20, 40, 160, 320))
    shift_east = 300 + east + 2 * north + 0.1 * east**2 + 0.1 * east * north
    shift_east += 0.1 * math.sqrt(abs(east)) + 2 / 3 * (ripple + _waves(east, 20, 40, 150, 300))
    return (
        round(point.x + math.degrees(shift_east / parallel), 6),
        round(point.y + math.degrees(shift_north / meridian), 6),
    )


def _waves(value: float, whole: float, third: float, twelfth: float, thirtieth: float) -> float:
    return (
        whole * math.sin(value * math.pi)
        + third * math.sin(value / 3 * math.pi)
        + twelfth * math.sin(value / 12 * math.pi)
        + thirtieth * math.sin(value / 30 * math.pi)
    )

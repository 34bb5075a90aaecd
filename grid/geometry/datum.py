"""Declared datums to WGS-84 and back: GCJ-02 and BD-09 are offset by hundreds of metres, CGCS2000 by none.

The offset of GCJ-02 was never published; the polynomial here is the one in public use (eviltransform,
coordtransform), which public map services reproduce within a metre. BD-09 is a further rotation of GCJ-02.
CGCS2000 and WGS-84 agree within a few centimetres, so one passes for the other. Outside the rectangle around
China no offset is applied, as the public services do.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grid.vocabulary import Datum

Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

SEMI_MAJOR_AXIS = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east and north of the rectangle in which the offset applies, in degrees."""

BD_LON_OFFSET, BD_LAT_OFFSET = 0.0065, 0.006
BD_RIPPLE = math.pi * 3000.0 / 180.0
INVERSE_STEPS = 6
"""Each step of the inverse shrinks the error about a thousandfold; six reach the last bit of a double."""


def to_wgs84(lon: Any, lat: Any, datum: Datum) -> Pair:
    """Degrees in WGS-84 of degrees in `datum`; scalars or arrays in, arrays out, NaN stays NaN."""
    return _INTO[datum](np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))


def from_wgs84(lon: Any, lat: Any, datum: Datum) -> Pair:
    """Degrees in `datum` of degrees in WGS-84; scalars or arrays in, arrays out, NaN stays NaN."""
    return _OUT_OF[datum](np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))


def in_china(lon: Degrees, lat: Degrees) -> NDArray[np.bool_]:
    """Whether the offset applies there."""
    west, south, east, north = CHINA
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _same(lon: Degrees, lat: Degrees) -> Pair:
    return lon, lat


def _to_gcj02(lon: Degrees, lat: Degrees) -> Pair:
    inside = in_china(lon, lat)
    east, north = _offset(np.where(inside, lon, 105.0), np.where(inside, lat, 35.0))
    return np.where(inside, lon + east, lon), np.where(inside, lat + north, lat)


def _offset(lon: Degrees, lat: Degrees) -> Pair:
    """The shift in degrees at a WGS-84 position."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    metres_north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    metres_north += (ripple + _waves(y, 20.0, 40.0, 160.0, 320.0)) * 2.0 / 3.0
    metres_east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    metres_east += (ripple + _waves(x, 20.0, 40.0, 150.0, 300.0)) * 2.0 / 3.0
    flattening = 1.0 - ECCENTRICITY_SQUARED * np.sin(np.radians(lat)) ** 2
    meridian = SEMI_MAJOR_AXIS * (1.0 - ECCENTRICITY_SQUARED) / flattening**1.5
    parallel = SEMI_MAJOR_AXIS / np.sqrt(flattening) * np.cos(np.radians(lat))
    return np.degrees(metres_east / parallel), np.degrees(metres_north / meridian)


def _waves(value: Degrees, whole: float, third: float, twelfth: float, thirtieth: float) -> Degrees:
    angle = value * np.pi
    waves = whole * np.sin(angle) + third * np.sin(angle / 3.0)
    return waves + twelfth * np.sin(angle / 12.0) + thirtieth * np.sin(angle / 30.0)


def _gcj02_to_bd09(lon: Degrees, lat: Degrees) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BD_RIPPLE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BD_RIPPLE)
    return radius * np.cos(angle) + BD_LON_OFFSET, radius * np.sin(angle) + BD_LAT_OFFSET


def _to_bd09(lon: Degrees, lat: Degrees) -> Pair:
    inside = in_china(lon, lat)
    bd_lon, bd_lat = _gcj02_to_bd09(*_to_gcj02(lon, lat))
    return np.where(inside, bd_lon, lon), np.where(inside, bd_lat, lat)


def _inverse(forward: Callable[[Degrees, Degrees], Pair]) -> Callable[[Degrees, Degrees], Pair]:
    """Invert by fixed-point iteration: the offset hardly changes over its own length."""

    def inverted(lon: Degrees, lat: Degrees) -> Pair:
        guess_lon, guess_lat = lon, lat
        for _ in range(INVERSE_STEPS):
            there_lon, there_lat = forward(guess_lon, guess_lat)
            guess_lon, guess_lat = guess_lon + lon - there_lon, guess_lat + lat - there_lat
        return guess_lon, guess_lat

    return inverted


_OUT_OF = {Datum.WGS84: _same, Datum.CGCS2000: _same, Datum.GCJ02: _to_gcj02, Datum.BD09: _to_bd09}
_INTO = {
    Datum.WGS84: _same,
    Datum.CGCS2000: _same,
    Datum.GCJ02: _inverse(_to_gcj02),
    Datum.BD09: _inverse(_to_bd09),
}

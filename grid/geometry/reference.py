"""The reference system that coordinates are declared in: a datum in degrees, or a projection by EPSG code."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from app.core.errors import Invalid
from app.core.formats import listed
from app.core.i18n import lazy as _
from grid.geometry.datum import Pair, from_wgs84, to_wgs84
from grid.vocabulary import Datum

_EPSG = re.compile(r"(?:.*\bEPSG:+(?:[\d.]*:)?)?(\d{4,6})", re.IGNORECASE)
_CRS84 = re.compile(r".*\bCRS84$", re.IGNORECASE)
_DEGREES = {4326: Datum.WGS84, 4490: Datum.CGCS2000, 4979: Datum.WGS84, 4479: Datum.CGCS2000}
_CODES = {Datum.WGS84: "EPSG:4326", Datum.CGCS2000: "EPSG:4490"}


@dataclass(frozen=True, slots=True)
class Projection:
    """A reference system of the EPSG register, such as the Gauss-Krüger zones of CGCS2000."""

    code: int

    @property
    def value(self) -> str:
        """As it is declared and kept."""
        return f"EPSG:{self.code}"


Reference = Datum | Projection


def reference_of(text: str) -> Reference:
    """`wgs84`, `cgcs2000`, `gcj02`, `bd09`, or an EPSG code in one of its spellings; raises Invalid."""
    word = text.strip()
    if word.lower() in set(Datum):
        return Datum(word.lower())
    if _CRS84.fullmatch(word):
        return Datum.WGS84
    found = _EPSG.fullmatch(word)
    if found is None:
        names = listed(Datum)
        raise Invalid(_("%(text)s is none of %(names)s, nor EPSG:CODE", text=word[:40], names=names))
    code = int(found[1])
    if code in _DEGREES:
        return _DEGREES[code]
    _transformer(code, into=True)
    return Projection(code)


def reference_of_crs(crs: str) -> Reference:
    """The reference system that a file names, as WKT or by code; raises Invalid where it is unknown."""
    if _EPSG.fullmatch(crs):
        return reference_of(crs)
    try:
        code = CRS.from_user_input(crs).to_epsg(min_confidence=60)
    except CRSError:
        code = None
    if code is None:
        raise Invalid(_("the reference system of the file has no EPSG code; export it in one that has"))
    return reference_of(f"EPSG:{code}")


def crs_of(reference: Reference) -> str | None:
    """The code by which a file can name the system; the shifted datums GCJ-02 and BD-09 have none."""
    return reference.value if isinstance(reference, Projection) else _CODES.get(reference)


def into_wgs84(x: Any, y: Any, reference: Reference) -> Pair:
    """Degrees of WGS-84 of positions in `reference`; arrays in, arrays out."""
    if isinstance(reference, Datum):
        return to_wgs84(x, y, reference)
    lon, lat = _transformer(reference.code, into=True).transform(np.asarray(x), np.asarray(y))
    return lon, lat


def out_of_wgs84(lon: Any, lat: Any, reference: Reference) -> Pair:
    """The other way round."""
    if isinstance(reference, Datum):
        return from_wgs84(lon, lat, reference)
    x, y = _transformer(reference.code, into=False).transform(np.asarray(lon), np.asarray(lat))
    return x, y


@lru_cache(maxsize=32)
def _transformer(code: int, *, into: bool) -> Transformer:
    try:
        ends = (f"EPSG:{code}", "EPSG:4326") if into else ("EPSG:4326", f"EPSG:{code}")
        return Transformer.from_crs(*ends, always_xy=True)
    except CRSError:
        raise Invalid(_("EPSG:%(code)s is not in the register", code=code)) from None

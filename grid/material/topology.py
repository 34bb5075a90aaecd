"""Whether outlines cover a street without gap or overlap, each inside its parent. Pure.

Outlines are in degrees of WGS-84; areas and lengths are metres on a plane around the street.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.core.i18n import lazy as _
from grid.geometry.plane import Plane
from grid.material.defects import Defect
from grid.material.rows import OutlineRow
from grid.vocabulary import CODE_LENGTH, PARENT_TIER, Tier

NEGLIGIBLE_AREA = 0.01
"""Square metres below which a difference is rounding of shared corners, not a strip of land."""

SLIVER_WIDTH = 0.5
"""Metres below which a gap or overlap is an edge drawn twice rather than land left out."""

_LENGTHS = {length: tier for tier, length in CODE_LENGTH.items()}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found; blocking ones keep a revision from being published.

    `at` is longitude and latitude of the spot; `area_m2` or `length_m` its size where it has one.
    """

    check: str
    blocking: bool
    units: tuple[str, ...]
    message: object
    area_m2: float | None = None
    length_m: float | None = None
    at: tuple[float, float] | None = None


def tier_of(code: str) -> Tier | None:
    """The tier that the length of a code says."""
    return _LENGTHS.get(len(code))


def completed(shapes: Mapping[str, BaseGeometry], street_code: str) -> dict[str, BaseGeometry]:
    """`shapes` by code, with outlines of communities and of the street united from below where absent."""
    found = dict(shapes)
    for tier in (Tier.GRID, Tier.COMMUNITY):
        parts: dict[str, list[BaseGeometry]] = {}
        above = CODE_LENGTH[Tier.COMMUNITY] if tier is Tier.GRID else CODE_LENGTH[Tier.STREET]
        for code, shape in found.items():
            if tier_of(code) is tier and code.startswith(street_code):
                parts.setdefault(code[:above], []).append(shape)
        for code, below in parts.items():
            found.setdefault(code, shapely.union_all(below))
    return found


def coverage_findings(shapes: Mapping[str, BaseGeometry]) -> list[Finding]:
    """Gaps, overlaps and slivers between the grids, and units that leave or do not fill their parents."""
    if not shapes:
        return []
    plane = Plane.around(np.array(list(shapes.values()), dtype=object))
    metric = {code: plane.to_metres(shape) for code, shape in shapes.items()}
    checker = _Checker(metric, plane)
    grids = sorted(code for code in shapes if tier_of(code) is Tier.GRID)
    findings = [*checker.overlaps(grids), *checker.holes(grids), *checker.outside(), *checker.unfilled()]
    if not findings:
        findings += checker.unmatched_edges(grids, shapes)
    return findings


def missing_findings(shapes: Mapping[str, BaseGeometry], units: Mapping[str, Tier]) -> Iterator[Finding]:
    """Grids, and communities without grids, that have no outline."""
    leaves = {code for code in units if not any(other != code and other.startswith(code) for other in units)}
    for code in sorted(leaves - shapes.keys()):
        message = _("unit %(code)s has no boundary; draw it or remove the unit", code=code)
        yield Finding("unit_without_boundary", True, (code,), message)


def blocking_defects(rows: Sequence[OutlineRow], units: Mapping[str, Tier]) -> list[Defect]:
    """What keeps `rows` from being published as the boundaries of `units` (codes and tiers of one street)."""
    twice = _twice(rows)
    if twice:
        return twice
    shapes = {row.code: row.shape for row in rows}
    found = {row.code: row.row for row in rows}
    findings = [*missing_findings(shapes, units), *coverage_findings(shapes)]
    return [
        Defect(found.get(finding.units[0], 0) if finding.units else 0, "geometry", finding.message)
        for finding in findings
        if finding.blocking
    ]


class _Checker:
    """The comparisons, on the plane."""

    def __init__(self, metric: Mapping[str, BaseGeometry], plane: Plane) -> None:
        self._metric = metric
        self._plane = plane

    def overlaps(self, codes: Sequence[str]) -> Iterator[Finding]:
        """Land in two grids."""
        shapes = np.array([self._metric[code] for code in codes], dtype=object)
        if not len(shapes):
            return
        first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        ordered = first < second
        common = shapely.intersection(shapes[first[ordered]], shapes[second[ordered]])
        for one, other, shared in zip(first[ordered], second[ordered], common, strict=True):
            for part in _pieces(shared):
                yield self._finding("overlap", (codes[one], codes[other]), part)

    def holes(self, codes: Sequence[str]) -> Iterator[Finding]:
        """Land enclosed by grids and in none, where no outline of the street says what belongs to it."""
        if any(tier_of(code) is Tier.STREET for code in self._metric) or not codes:
            return
        union = shapely.union_all([self._metric[code] for code in codes])
        for polygon in shapely.get_parts(union):
            for ring in shapely.get_rings(polygon)[1:]:
                for part in _pieces(shapely.polygons(ring)):
                    yield self._finding("gap", self._beside(part, codes), part)

    def outside(self) -> Iterator[Finding]:
        """Parts of a unit beyond the outline of its parent."""
        for code, shape in sorted(self._metric.items()):
            parent = parent_code(code)
            if parent and parent in self._metric:
                for part in _pieces(shapely.difference(shape, self._metric[parent])):
                    yield self._finding("outside_parent", (code, parent), part)

    def unfilled(self) -> Iterator[Finding]:
        """Land of a parent that none of its units has."""
        children: dict[str, list[str]] = {}
        for code in sorted(self._metric):
            children.setdefault(parent_code(code) or "", []).append(code)
        for parent, codes in children.items():
            if parent in self._metric:
                union = shapely.union_all([self._metric[code] for code in codes])
                for part in _pieces(shapely.difference(self._metric[parent], union)):
                    yield self._finding("gap", self._beside(part, codes), part)

    def unmatched_edges(self, codes: Sequence[str], shapes: Mapping[str, BaseGeometry]) -> Iterator[Finding]:
        """Edges that should be one and are not, by less than any area shows."""
        grids = [shapes[code] for code in codes]
        if not grids or shapely.coverage_is_valid(grids):
            return
        for code, edges in zip(codes, shapely.coverage_invalid_edges(grids), strict=True):
            if not shapely.is_empty(edges):
                length = float(shapely.length(self._plane.to_metres(edges)))
                message = _(
                    "an edge of %(code)s of %(length).1f m does not meet its neighbour's corner by corner; "
                    "give both the same corners",
                    code=code,
                    length=length,
                )
                where = _spot(shapely.point_on_surface(edges))
                yield Finding("sliver", True, (code,), message, length_m=round(length, 1), at=where)

    def _beside(self, part: BaseGeometry, codes: Iterable[str]) -> tuple[str, ...]:
        near = shapely.buffer(part, SLIVER_WIDTH)
        return tuple(code for code in codes if shapely.intersects(near, self._metric[code]))

    def _finding(self, check: str, units: tuple[str, ...], part: BaseGeometry) -> Finding:
        area = float(shapely.area(part))
        if check != "outside_parent" and area / max(shapely.length(part) / 2, 1.0) < SLIVER_WIDTH:
            check = "sliver"
        inner = shapely.point_on_surface(part)
        lon, lat = self._plane.to_degrees((inner.x, inner.y)).tolist()
        message = _MESSAGES[check](
            units=", ".join(units), area=f"{area:.2f}", lon=f"{lon:.6f}", lat=f"{lat:.6f}"
        )
        return Finding(check, True, units, message, area_m2=round(area, 2), at=(lon, lat))


_MESSAGES: dict[str, Callable[..., object]] = {
    "overlap": lambda **said: _(
        "%(units)s overlap by %(area)s m² at %(lon)s, %(lat)s; give the land to one of them", **said
    ),
    "gap": lambda **said: _(
        "%(area)s m² beside %(units)s at %(lon)s, %(lat)s belong to no unit; give the land to one", **said
    ),
    "sliver": lambda **said: _(
        "%(units)s part or overlap in a strip of %(area)s m² at %(lon)s, %(lat)s; share one edge", **said
    ),
    "outside_parent": lambda **said: _(
        "%(area)s m² of %(units)s (unit, parent) lie outside the parent at %(lon)s, %(lat)s", **said
    ),
}


def parent_code(code: str) -> str | None:
    """The code of the unit above, by the lengths of codes."""
    tier = tier_of(code)
    above = PARENT_TIER[tier] if tier else None
    return code[: CODE_LENGTH[above]] if above else None


def _pieces(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    """The polygons of `shape` that are more than rounding."""
    for part in shapely.get_parts(shape):
        if shapely.area(part) > NEGLIGIBLE_AREA:
            yield part


def _twice(rows: Sequence[OutlineRow]) -> list[Defect]:
    seen: dict[str, int] = {}
    defects = []
    for row in rows:
        if row.code in seen:
            first = seen[row.code]
            message = _("unit %(code)s has an outline in feature %(row)s too", code=row.code, row=first)
            defects.append(Defect(row.row, "code", message))
        seen.setdefault(row.code, row.row)
    return defects


def _spot(point: BaseGeometry) -> tuple[float, float]:
    return float(point.x), float(point.y)

"""Mending a coverage: corners snapped, overlaps given to one unit, narrow gaps to a neighbour.

GEOS does it (CoverageCleaner, since 3.14): it nodes all edges together, so that neighbours share theirs to
the last bit afterwards. An overlap goes to the unit with which it shares the longest border, and so does a
gap that is narrower than a given width. Wider gaps stay: they may be land on which somebody has to decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from grid.checking.finding import Check, Finding
from grid.checking.ground import Ground
from grid.checking.seamless.coverage import coverage_findings
from grid.checking.seamless.land import Land, Shapes
from grid.checking.seamless.pieces import NEGLIGIBLE_AREA, pieces

GAP_WIDTH = 5.0
"""Metres below which a gap is closed unless told otherwise; about a lane's width."""

_MARGIN = 100.0


@dataclass(frozen=True, slots=True)
class Given:
    """Land of a finding that `unit` has now."""

    finding: Finding
    unit: str


@dataclass(frozen=True, slots=True)
class Repair:
    """The ground afterwards, what was given to whom, how far outlines changed, and what could not be mended.

    `moved` are square metres that a unit won or lost, for those where it is more than rounding.
    """

    ground: Ground
    given: tuple[Given, ...]
    moved: dict[str, float]
    left: tuple[Finding, ...]


def repaired(ground: Ground, gap_width: float = GAP_WIDTH) -> Repair:
    """Clean the lowest outlines and unite those above anew, closing gaps narrower than `gap_width` metres."""
    before = Land.of(ground)
    cleaned = _cleaned(before, gap_width)
    shapes = dict(zip(before.leaves, cleaned, strict=True))
    shapes |= _above(before, shapes)
    after = replace(ground, outlines={code: before.to_degrees(shape) for code, shape in shapes.items()})
    changed = shapely.area(shapely.symmetric_difference(cleaned, before.leaf_shapes)).tolist()
    moved = {
        code: round(area, 2)
        for code, area in zip(before.leaves, changed, strict=True)
        if area > NEGLIGIBLE_AREA
    }
    return Repair(
        after,
        tuple(_given(coverage_findings(ground), before.leaves, after.outlines)),
        moved,
        tuple(finding for finding in coverage_findings(after) if finding.blocking),
    )


def _cleaned(land: Land, gap_width: float) -> Shapes:
    """The leaves; what lies around the topmost outline takes part, so that gaps at its edge are enclosed."""
    around = [_around(land)] if land.below else []
    together = np.array([*land.leaf_shapes, *around], dtype=object)
    cleaned = shapely.coverage_clean(together, gap_width=gap_width, merge_strategy="longest_border")
    kept: Shapes = cleaned[: len(land.leaves)]
    return kept


def _around(land: Land) -> BaseGeometry:
    topmost = land.union([code for code in land.shapes if code not in land.above])
    return shapely.difference(shapely.envelope(shapely.buffer(topmost, _MARGIN)), topmost)


def _above(land: Land, shapes: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """The outlines above united from below; the topmost keep the land that nobody was given."""
    found = dict(shapes)
    for code in sorted(land.below, key=lambda one: -_depth(land, one)):
        below = np.array([found[child] for child in land.below[code]], dtype=object)
        found[code] = shapely.union_all(below)
        if code not in land.above:
            lost, _ = pieces([shapely.difference(land.shapes[code], found[code])])
            found[code] = shapely.union_all([found[code], *lost])
    return {code: found[code] for code in land.below}


def _depth(land: Land, code: str) -> int:
    above = land.above.get(code)
    return 1 + _depth(land, above) if above else 0


def _given(
    findings: Sequence[Finding], codes: list[str], outlines: Mapping[str, BaseGeometry]
) -> list[Given]:
    told = [
        finding
        for finding in findings
        if finding.at and {finding.check, finding.of} & {Check.GAP, Check.OVERLAP}
    ]
    if not told:
        return []
    tree = shapely.STRtree([outlines[code] for code in codes])
    spots = shapely.points([finding.at for finding in told])
    found, holders = tree.query(spots, predicate="intersects")
    return [Given(told[spot], codes[holder]) for spot, holder in zip(found, holders, strict=True)]

"""Seamless coverage (无缝覆盖): every place in one unit, each unit inside its parent. It blocks.

Areas and lengths are metres on a plane around the street.
"""

from collections.abc import Iterator

from app.core.i18n import lazy as _
from grid.checking.finding import Check, Finding
from grid.checking.ground import Ground
from grid.checking.seamless.crossings import crossings
from grid.checking.seamless.edges import unmatched_edges
from grid.checking.seamless.exclaves import exclaves
from grid.checking.seamless.gaps import gaps
from grid.checking.seamless.land import Land
from grid.checking.seamless.outside import outside
from grid.checking.seamless.overlaps import overlaps


def coverage_findings(ground: Ground) -> list[Finding]:
    """Crossing rings, gaps, overlaps and slivers between units, units outside their parents, and exclaves."""
    if not ground.outlines:
        return []
    land = Land.of(ground)
    findings = [*crossings(ground), *overlaps(land), *gaps(land), *outside(land)]
    return [*findings, *unmatched_edges(land, findings), *exclaves(land)]


def missing_findings(ground: Ground) -> Iterator[Finding]:
    """Units with none below them that have no outline."""
    leaves = ground.units.keys() - {unit.parent for unit in ground.units.values()}
    for code in sorted(leaves - ground.outlines.keys()):
        message = _("unit %(code)s has no boundary; draw it or remove the unit", code=code)
        yield Finding(Check.UNIT_WITHOUT_BOUNDARY, True, (code,), message)

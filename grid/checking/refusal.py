"""Outlines of a file that somebody wants to publish: what keeps them from it, with the feature. Pure."""

from collections.abc import Mapping, Sequence

from app.core.i18n import lazy as _
from grid.checking.ground import Ground, GroundUnit
from grid.checking.seamless.coverage import coverage_findings, missing_findings
from grid.material.defects import Defect
from grid.material.rows import OutlineRow
from grid.material.tiers import parent_code
from grid.vocabulary import Tier


def blocking_defects(rows: Sequence[OutlineRow], units: Mapping[str, Tier]) -> list[Defect]:
    """What keeps `rows` from being published as the boundaries of `units` (codes and tiers of one street)."""
    twice = _twice(rows)
    if twice:
        return twice
    ground = Ground(
        {code: GroundUnit(tier, parent_code(code)) for code, tier in units.items()},
        {row.code: row.shape for row in rows},
    )
    found = {row.code: row.row for row in rows}
    return [
        Defect(found.get(finding.units[0], 0) if finding.units else 0, "geometry", finding.message)
        for finding in [*missing_findings(ground), *coverage_findings(ground)]
        if finding.blocking
    ]


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

"""The four principles of grids on one state of a street (DOMAIN C.4)."""

from app.core.formats import listed
from app.core.i18n import lazy as _
from grid.checking.change import change_findings
from grid.checking.finding import Check, Finding
from grid.checking.ground import Ground
from grid.checking.lanes import border_findings
from grid.checking.seamless.coverage import coverage_findings, missing_findings
from grid.checking.size import size_findings
from grid.vocabulary import Tier


def check(ground: Ground) -> list[Finding]:
    """The findings, blocking ones first.

    Seamless coverage (无缝覆盖) blocks; borders along lanes, size and change are warnings. Pure: neither the
    clock nor a database is read.
    """
    findings = [*border_findings(ground), *size_findings(ground), *change_findings(ground)]
    if ground.outlines:
        findings = [*missing_findings(ground), *coverage_findings(ground), *findings]
    else:
        findings = [_nothing_drawn(ground), *findings]
    return sorted(findings, key=lambda finding: not finding.blocking)


def _nothing_drawn(ground: Ground) -> Finding:
    streets = tuple(code for code, unit in ground.units.items() if unit.tier is Tier.STREET)
    message = _("street %(code)s has no published boundaries; import them", code=listed(streets))
    return Finding(Check.NO_BOUNDARIES, True, streets, message)

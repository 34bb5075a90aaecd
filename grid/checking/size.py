"""Suitable size (规模适度): households and residents of a grid within the band. It warns and never blocks."""

from collections.abc import Iterator

from app.core.i18n import lazy as _
from grid.checking.finding import Check, Finding
from grid.checking.ground import Ground


def size_findings(ground: Ground) -> Iterator[Finding]:
    """Grids with fewer or more households or residents than the bands; an unknown number is not judged."""
    for code in ground.grids():
        unit, standards = ground.units[code], ground.standards
        fewest, most = standards.households
        if unit.households is not None and not fewest <= unit.households <= most:
            message = _(
                "%(code)s has %(households)s households; %(fewest)s to %(most)s are suitable",
                code=code,
                households=unit.households,
                fewest=fewest,
                most=most,
            )
            yield Finding(Check.SIZE, False, (code,), message)
        fewest, most = standards.residents
        if unit.residents is not None and not fewest <= unit.residents <= most:
            message = _(
                "%(code)s has %(residents)s residents; %(fewest)s to %(most)s are suitable",
                code=code,
                residents=unit.residents,
                fewest=fewest,
                most=most,
            )
            yield Finding(Check.SIZE, False, (code,), message)

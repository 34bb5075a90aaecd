"""A file of outlines whose units are not in the database, as ground that can be checked and repaired."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import Invalid
from app.core.formats import listed
from app.core.i18n import lazy as _
from grid.checking.ground import Ground, GroundUnit
from grid.geometry.reference import Reference
from grid.importing.files import Content, Feature, read_content
from grid.importing.reading import demand_corners, settled
from grid.importing.shapes import ShapeFault, drawn
from grid.material.defects import Defect, demand_none
from grid.vocabulary import Tier

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Bare:
    """The ground of a file, the system its coordinates are in, and the properties of each unit."""

    ground: Ground
    reference: Reference
    properties: Mapping[str, dict[str, Any]]


def read_bare(path: Path, declared: Reference | None, code: str, parent: str | None) -> Bare:
    """Read outlines by the property `code`; `parent` names the property of the unit above, if there is one.

    Capitals do not count in either, since formats differ in keeping them. Outlines that cross themselves are
    taken as they are: the check names them. Raises Invalid or Defective.
    """
    content = read_content(path)
    reference = settled(content, declared)
    features = [item for item in content.items if isinstance(item, Feature)]
    if not features:
        raise Invalid(_("%(file)s has no features with outlines", file=content.name))
    _demand_columns(content, code, parent)
    demand_corners(content)
    units: dict[str, GroundUnit] = {}
    outlines, properties, defects = {}, {}, []
    for feature in features:
        unit, above = _said(feature, code), _said(feature, parent) if parent else None
        if not unit or unit in outlines:
            message = _("a code of its own is needed; %(code)s is none", code=unit or "''")
            defects.append(Defect(feature.row, code, message))
            continue
        try:
            outlines[unit] = drawn(feature.geometry, ("Polygon", "MultiPolygon"), reference)
        except ShapeFault as fault:
            defects.append(Defect(feature.row, "geometry", fault.message))
            continue
        properties[unit] = feature.properties
        units[unit] = GroundUnit(Tier.GRID, above)
        if above:
            units.setdefault(above, GroundUnit(Tier.COMMUNITY))
    demand_none(content.name, defects)
    return Bare(Ground(units, outlines), reference, properties)


def _said(feature: Feature, column: str) -> str:
    values = {name.lower(): value for name, value in feature.properties.items()}
    value = values.get(column.lower())
    # Map programs write whole numbers as 9.0 where a column has gaps.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()[:_LONGEST]


def _demand_columns(content: Content, *columns: str | None) -> None:
    known = {column.lower() for column in content.columns}
    missing = [column for column in columns if column and column.lower() not in known]
    if missing:
        raise Invalid(
            _(
                "%(file)s has no property %(missing)s; it has %(columns)s",
                file=content.name,
                missing=listed(missing),
                columns=listed(sorted(content.columns)),
            )
        )

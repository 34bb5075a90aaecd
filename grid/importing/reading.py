"""The files of a street, told apart by their columns, as typed rows; every fault is named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from shapely import Point

from app.core.errors import Invalid
from app.core.formats import listed
from app.core.i18n import lazy as _
from grid.geometry.reference import Projection, Reference, into_wgs84
from grid.importing.cells import Cells
from grid.importing.files import Content, Feature, Line, read_content
from grid.importing.shapes import (
    ShapeFault,
    check_degrees,
    demand_few_vertices,
    positions_of,
    shape_of,
    vertex_count,
)
from grid.locating.wording import LONGEST_WORDING
from grid.material.defects import Defect, demand_none
from grid.material.numbering import numbering_defects
from grid.material.rows import AliasRow, LaneRow, OutlineRow, PlaceRow, UnitRow
from grid.vocabulary import Datum, PlaceKind, Tier

_NAME, _CODE, _ADDRESS = 60, 20, 200


class Subject(StrEnum):
    """What a file is about."""

    HIERARCHY = "hierarchy"
    BOUNDARIES = "boundaries"
    LANES = "lanes"
    PLACES = "places"
    ALIASES = "aliases"


@dataclass(frozen=True, slots=True)
class Material:
    """The rows of one file, ready for the verb of its subject."""

    source: str
    subject: Subject
    rows: Sequence[Any]
    reference: Reference = Datum.WGS84


def read_material(path: Path, declared: Reference | None = None) -> Material:
    """Read a file whose coordinates are in `declared`, else in what the file says, else in WGS-84.

    Raises Invalid where it is none of these files, Defective with every row or feature at fault.
    """
    content = read_content(path)
    reference = settled(content, declared)
    subject = _recognise(content)
    if not content.items:
        raise Invalid(_("%(file)s has a header and no rows", file=content.name))
    rows: list[Any] = []
    defects: list[Defect] = []
    if isinstance(content.items[0], Feature):
        demand_corners(content)
    for item in content.items:
        cells = Cells(item.row, item.cells if isinstance(item, Line) else item.properties)
        try:
            row = _READERS[subject](cells, item, reference)
        except ShapeFault as fault:
            cells.fault("geometry", fault.message)
        else:
            rows.append(row)
        defects += cells.defects
    demand_none(content.name, defects or _together(subject, rows))
    return Material(content.name, subject, rows, reference)


def demand_corners(content: Content) -> None:
    """Raise Invalid where the features have more corners than one file may."""
    count = sum(vertex_count(item.geometry) for item in content.items if isinstance(item, Feature))
    demand_few_vertices(content.name, count)


def settled(content: Content, declared: Reference | None) -> Reference:
    """What the coordinates of a file are in. A file cannot name GCJ-02 and BD-09, so these win over WGS-84.

    Raises Invalid where the file names a projection and something else is declared, or the reverse.
    """
    own = content.reference
    if declared is None or own is None or declared == own:
        return declared or own or Datum.WGS84
    if isinstance(declared, Projection) or isinstance(own, Projection):
        raise Invalid(
            _(
                "%(file)s says that it is in %(own)s, not %(declared)s; declare that or export it anew",
                file=content.name,
                own=own.value,
                declared=declared.value,
            )
        )
    return declared


_COLUMNS = {
    Subject.HIERARCHY: {"code", "name", "tier", "parent_code"},
    Subject.PLACES: {"name", "kind", "lon", "lat"},
    Subject.ALIASES: {"alias", "name"},
    Subject.LANES: {"lane", "left_from", "left_to", "right_from", "right_to"},
    Subject.BOUNDARIES: {"code"},
}
_TABLES = (Subject.HIERARCHY, Subject.PLACES, Subject.ALIASES)
_FEATURES = (Subject.LANES, Subject.BOUNDARIES)


def _recognise(content: Content) -> Subject:
    is_table = not content.items or isinstance(content.items[0], Line)
    possible = _TABLES if is_table else _FEATURES
    for subject in possible:
        if content.columns >= _COLUMNS[subject]:
            return subject
    nearest = max(possible, key=lambda subject: len(_COLUMNS[subject] & content.columns))
    missing = sorted(_COLUMNS[nearest] - content.columns)
    if len(missing) == len(_COLUMNS[nearest]):
        raise Invalid(_("%(file)s has none of the columns of a street's files", file=content.name))
    raise Invalid(
        _(
            "%(file)s looks like %(subject)s but lacks %(missing)s; see dingfen grid import --help",
            file=content.name,
            subject=nearest.value,
            missing=listed(missing),
        )
    )


def _unit(cells: Cells, _item: Line | Feature, _reference: Reference) -> UnitRow:
    return UnitRow(
        code=cells.required("code", _CODE),
        name=cells.required("name", _NAME),
        tier=cells.one_of("tier", Tier, Tier.GRID),
        parent_code=cells.optional("parent_code", _CODE),
        households=cells.count("households"),
        residents=cells.count("residents"),
        row=cells.row,
        owner=cells.optional("owner", _NAME),
    )


def _place(cells: Cells, _item: Line | Feature, reference: Reference) -> PlaceRow:
    lon, lat = cells.number("lon"), cells.number("lat")
    if np.isfinite([lon, lat]).all():
        check_degrees(positions_of(np.array([(lon, lat)]), reference))
    elif not cells.defects:
        cells.fault("lon", _("a point needs both longitude and latitude"))
    aliases = [alias.strip() for alias in cells.text("aliases").split("|")]
    if any(len(alias) > _NAME for alias in aliases):
        cells.fault("aliases", _("an alias is longer than %(limit)s characters", limit=_NAME))
    x, y = into_wgs84(lon, lat, reference)
    return PlaceRow(
        name=cells.required("name", _NAME),
        kind=cells.one_of("kind", PlaceKind, PlaceKind.BUILDING),
        point=Point(float(x), float(y)),
        address=cells.optional("address", _ADDRESS),
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias)),
        row=cells.row,
    )


def _outline(cells: Cells, item: Line | Feature, reference: Reference) -> OutlineRow:
    code = cells.required("code", _CODE)
    geometry = item.geometry if isinstance(item, Feature) else None
    shape = shape_of(geometry, ("Polygon", "MultiPolygon"), reference)
    is_moved = reference not in (Datum.WGS84, Datum.CGCS2000)
    return OutlineRow(code, shape, cells.row, geometry if is_moved else None)


def _lane(cells: Cells, item: Line | Feature, reference: Reference) -> LaneRow:
    geometry = item.geometry if isinstance(item, Feature) else None
    return LaneRow(
        cells.required("lane", _NAME),
        shape_of(geometry, ("LineString",), reference),
        cells.count("left_from"),
        cells.count("left_to"),
        cells.count("right_from"),
        cells.count("right_to"),
        cells.row,
    )


def _alias(cells: Cells, _item: Line | Feature, _reference: Reference) -> AliasRow:
    return AliasRow(cells.required("alias", LONGEST_WORDING), cells.required("name", _NAME), cells.row)


def _together(subject: Subject, rows: Sequence[Any]) -> list[Defect]:
    """What only shows when the rows are seen together and no database is needed to see it."""
    if subject is Subject.LANES:
        return numbering_defects(rows)
    return _namesakes(rows) if subject is Subject.PLACES else []


def _namesakes(rows: Sequence[PlaceRow]) -> list[Defect]:
    first: dict[str, int] = {}
    defects = []
    for row in rows:
        if row.name in first:
            message = _("%(name)s stands in row %(row)s too; keep one", name=row.name, row=first[row.name])
            defects.append(Defect(row.row, "name", message))
        first.setdefault(row.name, row.row)
    return defects


_READERS: dict[Subject, Callable[[Cells, Line | Feature, Reference], Any]] = {
    Subject.HIERARCHY: _unit,
    Subject.PLACES: _place,
    Subject.ALIASES: _alias,
    Subject.BOUNDARIES: _outline,
    Subject.LANES: _lane,
}

"""A file as a table or features: size, form and encoding checked before anything is believed.

GeoJSON is read here and not by GDAL, which closes open rings and drops what it cannot read without a word.
"""

import codecs
import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import Invalid
from app.core.formats import listed
from app.core.i18n import lazy as _
from grid.geometry.reference import Reference, reference_of
from grid.importing.layers import Format, format_of, read_layer
from grid.material.defects import Defect, Defective

MOST_BYTES = 32 * 1024 * 1024
"""Far more than a street's boundaries need; a larger file would fill the memory before it is refused."""

_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = ",;\t"
_SHAPE_FILE_CODE = b"\x00\x00\x27\x0a"
_BLANK = _DELIMITERS + '" \r\n'


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its number in the file from 1, blank ones counted, and its cells by column."""

    row: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its place in the file from 1, its properties, and its geometry as GeoJSON says it."""

    row: int
    properties: dict[str, Any]
    geometry: Any


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds: `columns` are the header or every property named, `items` the rows or features."""

    name: str
    columns: frozenset[str]
    items: tuple[Line, ...] | tuple[Feature, ...]
    reference: Reference | None = None


def read_content(path: Path) -> Content:
    """Read a CSV, GeoJSON, GeoPackage, KML or zipped shapefile; `reference` is what the file says of itself.

    Raises Invalid with what is wrong with the whole of it.
    """
    if path.stat().st_size > MOST_BYTES:
        limit = MOST_BYTES // (1024 * 1024)
        message = _("%(file)s is larger than %(limit)s MB; split it by street", file=path.name, limit=limit)
        raise Invalid(message)
    content = path.read_bytes()
    if content.startswith(_SHAPE_FILE_CODE):
        raise Invalid(_("%(file)s is a part of a shapefile; zip all its parts", file=path.name))
    form = format_of(content)
    if form is not None:
        return _layer(path, form)
    text = _decode(path.name, content)
    if text.lstrip()[:1] in ("{", "["):
        return _features(path.name, text)
    return _table(path.name, text)


def _layer(path: Path, form: Format) -> Content:
    layer = read_layer(path, form)
    found = tuple(Feature(number, *feature) for number, feature in enumerate(layer.features, start=1))
    columns = frozenset(column for feature in found for column in feature.properties)
    return Content(path.name, columns, found, layer.reference)


def _decode(name: str, content: bytes) -> str:
    # Without its mark, nearly every file of an even length could be UTF-16.
    marked = ("utf-16",) if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ()
    for encoding in (*_ENCODINGS, *marked):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid(_("%(file)s is neither UTF-8 nor GBK text; save it as CSV or GeoJSON in UTF-8", file=name))


def _table(name: str, text: str) -> Content:
    header = next((line for line in text.splitlines() if line.strip(_BLANK)), "")
    delimiter = max(_DELIMITERS, key=header.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Invalid(_("%(file)s is not a CSV table: %(fault)s", file=name, fault=str(error))) from None
    filled = [(number, cells) for number, row in enumerate(rows, start=1) if any(cells := _stripped(row))]
    if not filled:
        raise Invalid(_("%(file)s is empty", file=name))
    columns = [cell.lower() for cell in filled[0][1]]
    _demand_distinct(name, columns)
    lines = []
    defects = []
    for number, cells in filled[1:]:
        if len(cells) > len(columns):
            message = _("%(count)s cells under %(columns)s columns", count=len(cells), columns=len(columns))
            defects.append(Defect(number, "", message))
        lines.append(Line(number, dict(zip(columns, cells, strict=False))))
    if defects:
        raise Defective(name, defects)
    return Content(name, frozenset(columns), tuple(lines))


def _stripped(row: list[str]) -> list[str]:
    return [cell.strip() for cell in row]


def _demand_distinct(name: str, columns: list[str]) -> None:
    doubled = sorted({column for column in columns if column and columns.count(column) > 1})
    if doubled:
        raise Invalid(
            _("%(file)s has the column %(columns)s twice; keep one", file=name, columns=listed(doubled))
        )


def _features(name: str, text: str) -> Content:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(_("%(file)s is not JSON: %(fault)s", file=name, fault=str(error))) from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise Invalid(_("%(file)s is JSON but not a GeoJSON FeatureCollection", file=name))
    found = tuple(
        Feature(number, feature.get("properties") or {}, feature.get("geometry"))
        for number, feature in enumerate(features, start=1)
    )
    if not all(isinstance(feature.properties, dict) for feature in found):
        raise Invalid(_("%(file)s has features whose properties are not an object", file=name))
    columns = frozenset(column for feature in found for column in feature.properties)
    return Content(name, columns, found, _named_crs(document))


def _named_crs(document: dict[str, Any]) -> Reference | None:
    """The member `crs` of GeoJSON from before 2016, which map programs still write."""
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return reference_of(name) if isinstance(name, str) else None

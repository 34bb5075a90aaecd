"""Shapefile (zipped), GeoPackage and KML as features, read by GDAL after the file has shown what it is.

The format is told by the first bytes, and GDAL is asked for these three only, not for all that it knows. The
table of a shapefile is often in GBK and rarely says so: the first encoding in which all of it can be read is
taken.
"""

import json
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import read

from app.core.archives import DAMAGES
from app.core.errors import Invalid
from app.core.formats import listed
from app.core.i18n import lazy as _
from grid.geometry.reference import Reference, reference_of_crs
from grid.importing.shapes import demand_few_vertices

MOST_UNPACKED = 128 * 1024 * 1024
"""Bytes of a zipped shapefile when it is unpacked."""

MOST_FEATURES = 50_000
"""Of one file; a large city has 11,000 grids."""

_ENCODINGS = ("UTF-8", "GB18030")
_PARTS = (".shp", ".shx", ".dbf")
_KML_HEAD = 2_000


class Format(StrEnum):
    """What map files can be, by the usual ending of their names."""

    GEOJSON = "geojson"
    SHAPEFILE = "shp"
    GEOPACKAGE = "gpkg"
    KML = "kml"


@dataclass(frozen=True, slots=True)
class Layer:
    """Properties and geometry (as GeoJSON says it) of each feature, and the system the file itself names."""

    features: list[tuple[dict[str, Any], Any]]
    reference: Reference | None


def format_of(head: bytes) -> Format | None:
    """What the first bytes of a file say it is; None for a table, GeoJSON or anything else."""
    if head.startswith(b"PK\x03\x04"):
        return Format.SHAPEFILE
    if head.startswith(b"SQLite format 3\x00"):
        return Format.GEOPACKAGE
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and b"<kml" in head[:_KML_HEAD]:
        return Format.KML
    return None


def read_layer(path: Path, form: Format) -> Layer:
    """The features of the one layer of a file; raises Invalid with what is wrong with the whole of it."""
    # As bytes, because the ending of a name would mislead.
    source, encoding = _inside(path) if form is Format.SHAPEFILE else (path.read_bytes(), None)
    try:
        # What GDAL only warns of, such as rings that cross, is looked at afterwards.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            layer = _only_layer(path.name, source)
            meta, _fids, wkb, columns = read(
                source, layer=layer, encoding=encoding, force_2d=True, datetime_as_string=True
            )
    except (DataSourceError, DataLayerError) as error:
        raise Invalid(_("%(file)s cannot be read: %(fault)s", file=path.name, fault=_plain(error))) from None
    shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    demand_few_vertices(path.name, int(shapely.get_num_coordinates(shapes).sum()))
    names = [str(name).lower() for name in meta["fields"]]
    cells = zip(*(column.tolist() for column in columns), strict=True) if columns else [()] * len(shapes)
    features = [
        ({name: _cell(value) for name, value in zip(names, row, strict=True)}, _geojson(shape))
        for row, shape in zip(cells, shapes, strict=True)
    ]
    crs = meta["crs"]
    return Layer(features, reference_of_crs(crs) if crs else None)


def _only_layer(name: str, source: str | bytes) -> str:
    layers = pyogrio.list_layers(source)[:, 0].tolist()
    if len(layers) != 1:
        found = listed(layers)
        raise Invalid(_("%(file)s has the layers %(layers)s; export one of them", file=name, layers=found))
    count = pyogrio.read_info(source, layer=layers[0], force_feature_count=True)["features"]
    if count > MOST_FEATURES:
        raise Invalid(
            _(
                "%(file)s has %(count)s features, more than the %(limit)s of one file; split it",
                file=name,
                count=count,
                limit=MOST_FEATURES,
            )
        )
    return str(layers[0])


def _inside(path: Path) -> tuple[str, str]:
    """The shapefile in a zip archive, as GDAL names it, and the encoding of its table."""
    try:
        with zipfile.ZipFile(path) as archive:
            shape, table = _parts(path, archive.infolist())
            return f"/vsizip/{path.absolute()}/{shape}", _encoding(path.name, archive.read(table))
    except DAMAGES:
        raise Invalid(_("%(file)s is a damaged zip archive", file=path.name)) from None


def _encoding(name: str, table: bytes) -> str:
    """The first encoding in which all records can be read; their start stands at the ninth byte."""
    records = table[int.from_bytes(table[8:10], "little") :]
    for encoding in _ENCODINGS:
        try:
            records.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Invalid(_("the attributes of %(file)s are neither UTF-8 nor GBK; export it in UTF-8", file=name))


def _parts(path: Path, entries: Sequence[zipfile.ZipInfo]) -> tuple[str, str]:
    """The names of the shapes and of the table of the one shapefile among `entries`."""
    limit = MOST_UNPACKED // (1024 * 1024)
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        message = _("%(file)s unpacks to more than %(limit)s MB; split it", file=path.name, limit=limit)
        raise Invalid(message)
    names = [entry.filename for entry in entries]
    shapes = [one for one in names if PurePosixPath(one).suffix.lower() == ".shp"]
    if len(shapes) != 1:
        message = _("%(file)s holds %(count)s shapefiles; zip one", file=path.name, count=len(shapes))
        raise Invalid(message)
    stem = shapes[0][: -len(".shp")].lower()
    found = {one.lower(): one for one in names}
    missing = [part for part in _PARTS if stem + part not in found]
    if missing:
        raise Invalid(
            _("%(file)s lacks the %(parts)s of its shapefile; zip all its parts",
              file=path.name, parts=listed(missing))
        )  # fmt: skip
    return shapes[0], found[f"{stem}.dbf"]


def _geojson(shape: Any) -> Any:
    return None if shape is None or shapely.is_empty(shape) else json.loads(shapely.to_geojson(shape))


def _cell(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value


def _plain(error: Exception) -> str:
    return str(error).splitlines()[0].rsplit("/", 1)[-1]

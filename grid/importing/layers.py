"""Shapefile (zipped), GeoPackage and KML as features, read by GDAL after the file has shown what it is.

The format is told by the first bytes and only that driver is asked, so that a file cannot be taken for one
of the many others that GDAL knows. A shapefile's table is often in GBK and rarely says so: the encoding is
the first in which the whole table can be read.
"""

import json
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError
from pyogrio.raw import read

from app.core.errors import Invalid
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
    source = _inside(path) if form is Format.SHAPEFILE else str(path)
    try:
        layer = _only_layer(path.name, source)
        meta, shapes, columns = _read(path.name, source, layer, form)
    except (DataSourceError, DataLayerError) as error:
        raise Invalid(_("%(file)s cannot be read: %(fault)s", file=path.name, fault=_plain(error))) from None
    demand_few_vertices(path.name, int(shapely.get_num_coordinates(shapes).sum()))
    names = [str(name).lower() for name in meta["fields"]]
    cells = zip(*(column.tolist() for column in columns), strict=True) if columns else [()] * len(shapes)
    features = [
        ({name: _cell(value) for name, value in zip(names, row, strict=True)}, _geojson(shape))
        for row, shape in zip(cells, shapes, strict=True)
    ]
    crs = meta["crs"]
    return Layer(features, reference_of_crs(crs) if crs else None)


def _only_layer(name: str, source: str) -> str:
    layers = pyogrio.list_layers(source)[:, 0].tolist()
    if len(layers) != 1:
        found = ", ".join(layers)
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


def _read(
    name: str, source: str, layer: str, form: Format
) -> tuple[dict[str, Any], NDArray[np.object_], list[NDArray[Any]]]:
    for encoding in _ENCODINGS if form is Format.SHAPEFILE else (None,):
        try:
            meta, _fids, shapes, columns = read(
                source, layer=layer, encoding=encoding, force_2d=True, datetime_as_string=True
            )
        except UnicodeDecodeError:
            continue
        return meta, shapely.from_wkb(shapes, on_invalid="ignore"), columns
    raise Invalid(_("the attributes of %(file)s are neither UTF-8 nor GBK; export it in UTF-8", file=name))


def _inside(path: Path) -> str:
    """The shapefile in a zip archive, as GDAL names it."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError):
        raise Invalid(_("%(file)s is a damaged zip archive", file=path.name)) from None
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
    missing = [part for part in _PARTS if stem + part not in {one.lower() for one in names}]
    if missing:
        raise Invalid(
            _("%(file)s lacks the %(parts)s of its shapefile; zip all its parts",
              file=path.name, parts=", ".join(missing))
        )  # fmt: skip
    return f"/vsizip/{path.absolute()}/{shapes[0]}"


def _geojson(shape: Any) -> Any:
    return None if shape is None or shapely.is_empty(shape) else json.loads(shapely.to_geojson(shape))


def _cell(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value


def _plain(error: Exception) -> str:
    return str(error).splitlines()[0].rsplit("/", 1)[-1]

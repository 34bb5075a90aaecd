"""Map files as other programs write them."""

import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio.raw import write
from shapely.geometry.base import BaseGeometry

from grid.geometry.reference import Reference, crs_of, out_of_wgs84
from grid.vocabulary import Datum

DRIVERS = {".gpkg": "GPKG", ".kml": "KML", ".geojson": "GeoJSON", ".shp": "ESRI Shapefile"}

WEST, EAST = shapely.box(113.06, 22.60, 113.07, 22.61), shapely.box(113.07, 22.60, 113.08, 22.61)
CODES = ("440799001101001", "440799001101002")


def written(
    path: Path,
    shapes: list[BaseGeometry] | None = None,
    reference: Reference = Datum.WGS84,
    encoding: str | None = None,
    **columns: list[Any],
) -> Path:
    """Two grids, or `shapes`, with a code and `columns`, in the format of the ending; .zip is a shapefile."""
    shapes = shapes or [WEST, EAST]
    columns = {"code": list(CODES[: len(shapes)])} | columns
    moved = shapely.transform(
        np.array(shapes, dtype=object),
        lambda xy: np.column_stack(out_of_wgs84(xy[:, 0], xy[:, 1], reference)),
    )
    target = path.with_suffix(".shp") if path.suffix == ".zip" else path
    more = {"encoding": encoding} if encoding else {}
    with warnings.catch_warnings():
        # Some drivers warn of the faults that are put in on purpose.
        warnings.simplefilter("ignore", RuntimeWarning)
        write(
            str(target),
            geometry=shapely.to_wkb(moved),
            field_data=[np.array(values, dtype=object) for values in columns.values()],
            fields=list(columns),
            geometry_type="Polygon",
            crs=crs_of(reference),
            driver=DRIVERS[target.suffix],
            **more,
        )
    return zipped(path) if path.suffix == ".zip" else path


def zipped(path: Path, *without: str) -> Path:
    """The parts of the shapefile beside `path` in one archive, in a folder as people zip them."""
    with zipfile.ZipFile(path, "w") as archive:
        for ending in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
            part = path.with_suffix(ending)
            if ending not in without and part.exists():
                archive.write(part, f"边界/{part.name}")
    return path

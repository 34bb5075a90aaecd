"""Outlines as GeoJSON, Shapefile (zipped), GeoPackage or KML, in a declared system, whole or not at all."""

import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyogrio.raw import write
from shapely.geometry.base import BaseGeometry

from app.core.errors import Invalid
from app.core.formats import listed
from app.core.i18n import lazy as _
from grid.geometry.reference import Projection, Reference, crs_of, out_of_wgs84
from grid.importing.layers import Format
from grid.vocabulary import Datum

_DRIVERS = {
    Format.GEOJSON: "GeoJSON",
    Format.SHAPEFILE: "ESRI Shapefile",
    Format.GEOPACKAGE: "GPKG",
    Format.KML: "LIBKML",
}
_ENDINGS = {f".{form.value}": form for form in Format} | {".json": Format.GEOJSON, ".zip": Format.SHAPEFILE}
_TEMPORARY = {Format.SHAPEFILE: ".shz"}
_OPTIONS: dict[Format, dict[str, str]] = {Format.GEOJSON: {"COORDINATE_PRECISION": "12"}}


@dataclass(frozen=True, slots=True)
class Outline:
    """One feature to write: an outline in degrees of WGS-84 and what is said of it.

    `given` is the outline as a file had it in the system `given_in`: written again as it came, not moved
    there and back.
    """

    shape: BaseGeometry
    properties: Mapping[str, Any]
    given: BaseGeometry | None = None
    given_in: str = Datum.WGS84

    def shape_in(self, reference: Reference) -> BaseGeometry:
        """The outline in `reference`."""
        if self.given is not None and self.given_in == reference.value:
            return self.given
        return shapely.transform(
            self.shape, lambda xy: np.column_stack(out_of_wgs84(xy[:, 0], xy[:, 1], reference))
        )


def format_by_name(path: Path) -> Format:
    """The format that the ending of a name asks for; raises Invalid."""
    form = _ENDINGS.get(path.suffix.lower())
    if form is None:
        endings = listed(_ENDINGS)
        raise Invalid(_("%(file)s has none of the endings %(endings)s", file=path.name, endings=endings))
    return form


def write_outlines(
    outlines: Sequence[Outline], path: Path, form: Format, reference: Reference, encoding: str = "UTF-8"
) -> None:
    """Write the features to `path`, which is replaced only when all is written.

    `encoding` is that of a shapefile's attributes. No file can name GCJ-02 or BD-09, so a property `datum`
    says what the coordinates are in. Raises Invalid for KML in a projection.
    """
    if form is Format.KML and isinstance(reference, Projection):
        raise Invalid(_("KML holds degrees only; choose another format or datum"))
    columns = list(dict.fromkeys(name for outline in outlines for name in outline.properties))
    columns = [name for name in columns if name.lower() != "datum"]
    moved = np.array([outline.shape_in(reference) for outline in outlines], dtype=object)
    fields = [_column([outline.properties.get(name) for outline in outlines]) for name in columns]
    fields.append(_column([reference.value] * len(outlines)))
    more: dict[str, Any] = dict(_OPTIONS.get(form, {}))
    if form is Format.SHAPEFILE:
        more["encoding"] = encoding
    with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=".export-") as folder:
        unfinished = Path(folder) / f"{path.stem}{_TEMPORARY.get(form, f'.{form.value}')}"
        with warnings.catch_warnings():
            # That a shifted datum has no name in the file is said in its property.
            warnings.filterwarnings("ignore", message="'crs' was not provided")
            write(
                str(unfinished),
                geometry=shapely.to_wkb(_multi(moved)),
                field_data=fields,
                fields=[*columns, "datum"],
                geometry_type="MultiPolygon",
                crs=crs_of(reference) or (None if form is not Format.KML else crs_of(Datum.WGS84)),
                driver=_DRIVERS[form],
                **more,
            )
        unfinished.replace(path)


def _column(values: list[Any]) -> np.ndarray[Any, Any]:
    """One column: whole numbers where all are, else text."""
    if values and all(isinstance(value, int) for value in values):
        return np.array(values, dtype=np.int64)
    column = np.empty(len(values), dtype=object)
    column[:] = [None if value is None else str(value) for value in values]
    return column


def _multi(shapes: Any) -> Any:
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    shapes[single] = [shapely.multipolygons([shape]) for shape in shapes[single]]
    return shapes

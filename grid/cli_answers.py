"""What the commands of `dingfen grid` share: options, findings and defects as objects."""

import json
from collections.abc import Mapping
from typing import Any

import click
import shapely

from app.core.errors import AppError
from grid.checking.borders import Border
from grid.checking.finding import Finding
from grid.geometry.reference import Reference, reference_of
from grid.material.defects import Defective

DATUM_HELP = "wgs84, cgcs2000, gcj02, bd09 or EPSG:CODE."

STREET = click.option("--street", metavar="CODE", help="The street's nine digits, where there are several.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
DATUM = click.option(
    "--datum",
    metavar="D",
    help=f"Of the coordinates: {DATUM_HELP} Default: what the file says, else wgs84.",
)

_DECIMALS = 1e-7
"""Of a degree, about a centimetre: the finest that is said of an offending place."""


def declared(datum: str | None) -> Reference | None:
    """What --datum says, if anything; raises Invalid."""
    return None if datum is None else reference_of(datum)


def finding_object(finding: Finding) -> dict[str, Any]:
    """A finding with the keys of DESIGN, and its place as GeoJSON in degrees of WGS-84."""
    answer: dict[str, Any] = {
        "check": finding.check.value,
        "blocking": finding.blocking,
        "units": list(finding.units),
        "message": str(finding.message),
    }
    more = {
        "area_m2": finding.area_m2,
        "length_m": finding.length_m,
        "at": finding.at,
        "of": finding.of,
        "geometry": _geometry(finding),
    }
    return answer | {name: value for name, value in more.items() if value is not None}


def border_objects(borders: Mapping[str, Border]) -> list[dict[str, Any]]:
    """For each grid the share of its border along named lanes, and these lanes by side."""
    return [
        {
            "unit": code,
            "share": round(border.share, 3),
            "length_m": round(border.length_m, 1),
            "sides": {side.value: list(lanes) for side, lanes in border.sides.items()},
        }
        for code, border in borders.items()
    ]


def finding_line(finding: Finding) -> str:
    """The same as one line of text."""
    kind = "blocking" if finding.blocking else "warning"
    return f"{kind:<9} {finding.check.value:<22} {finding.message}"


def defect_objects(error: AppError) -> list[dict[str, Any]]:
    """Every fault of a refused file."""
    if not isinstance(error, Defective):
        return [{"row": None, "column": None, "message": error.message}]
    return [
        {"row": defect.row or None, "column": defect.column or None, "message": str(defect.message)}
        for defect in error.defects
    ]


def print_json(answer: dict[str, Any]) -> None:
    """One object on standard output."""
    click.echo(json.dumps(answer, ensure_ascii=False))


def _geometry(finding: Finding) -> Any:
    if finding.shape is None:
        return None
    rounded = shapely.set_precision(finding.shape, _DECIMALS, mode="pointwise")
    return json.loads(shapely.to_geojson(rounded))

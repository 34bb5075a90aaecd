"""`dingfen grid`: importing a street, finding a grid, checking the four principles."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.auth.actor import OPERATOR
from app.core.clock import local_day, now
from app.core.db import db, transaction
from app.core.errors import AppError, Invalid
from app.core.i18n import lazy as _
from grid.check import check_street, streets
from grid.checking.finding import Finding
from grid.drafting.checking import open_drafts
from grid.importing.apply import apply, find_street
from grid.importing.reading import read_material
from grid.locating.locate import Locator
from grid.material.defects import Defective
from grid.route import Route
from grid.tree import load_tree
from grid.vocabulary import Datum, RouteMethod, Tier

group = AppGroup("grid", help="The street, its communities and grids: import, locate, check.")

_DATUMS = click.Choice([datum.value for datum in Datum])
_STREET = click.option("--street", metavar="CODE", help="The street's nine digits, where there are several.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One object on standard output.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--datum", type=_DATUMS, default=Datum.WGS84.value, help="Of the coordinates. Default: wgs84.")
@_STREET
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@_JSON
def import_(file: Path, datum: str, street: str | None, dry_run: bool, as_json: bool) -> None:
    """Import one file of a street, all of it or nothing. What it is shows from its columns:

    \b
    hierarchy   CSV      code,name,tier,parent_code,households,residents
    boundaries  GeoJSON  property code; polygons of all grids of one street
    lanes       GeoJSON  lane,left_from,left_to,right_from,right_to; lines
    places      CSV      name,kind,lon,lat,address,aliases (aliases parted by |)

    \b
    Example: dingfen grid import boundaries.geojson --datum cgcs2000 --dry-run
    """
    try:
        with transaction():
            material = read_material(file, Datum(datum))
            outcome = apply(
                db.session(), material, datum=Datum(datum), street_code=street, actor=OPERATOR, now=now()
            )
            if dry_run:
                db.session.rollback()
    except AppError as error:
        if as_json:
            _print_json({"file": file.name, "ok": False, "defects": _defects(error)})
        raise
    answer = {
        "file": file.name,
        "ok": True,
        "subject": material.subject.value,
        "rows": len(material.rows),
        "created": outcome.created,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "dry_run": dry_run,
        "defects": [],
    }
    if as_json:
        _print_json(answer)
    else:
        done = "would be" if dry_run else "are"
        click.echo(
            f"{file.name}: {material.subject.value}, {len(material.rows)} rows; {outcome.created} {done} "
            f"new, {outcome.changed} changed, {outcome.unchanged} unchanged"
        )


@group.command("locate")
@click.option("--lon", type=float, help="Longitude in degrees.")
@click.option("--lat", type=float, help="Latitude in degrees.")
@click.option("--datum", type=_DATUMS, default=Datum.WGS84.value, help="Of the point. Default: wgs84.")
@click.option("--address", help="An address as people write it.")
@_STREET
@_JSON
def locate(
    lon: float | None,
    lat: float | None,
    datum: str,
    address: str | None,
    street: str | None,
    as_json: bool,
) -> None:
    """Say which grid a point or an address lies in, how that was found, and how sure it is.

    \b
    Example: dingfen grid locate --lon 113.0721 --lat 22.6034 --datum gcj02 --json
    """
    if (lon is None) != (lat is None):
        raise Invalid(_("A point needs both --lon and --lat."))
    if lon is None and not address:
        raise Invalid(_("Give a point with --lon and --lat, or an --address."))
    session = db.session()
    unit = find_street(session, street)
    route = Locator.load(session, unit.id).locate(address=address, lon=lon, lat=lat, datum=datum)
    codes = {node.id: node.code for node in load_tree(session, [unit.id]).nodes.values()}
    answer = _route(route, codes)
    if as_json:
        _print_json(answer)
    else:
        click.echo("\n".join(f"{key:<11}{_cell(value)}" for key, value in answer.items()))


@group.command("check")
@_JSON
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Check the four principles on the boundaries in force; ends 1 where a blocking one fails.

    \b
    Example: dingfen grid check --json
    """
    session, today = db.session(), local_day(now())
    findings = [
        finding
        for street in streets(session)
        for finding in check_street(session, street, today, open_drafts(session, street.id))
    ]
    is_ok = not any(finding.blocking for finding in findings)
    if as_json:
        _print_json({"ok": is_ok, "findings": [_finding(finding) for finding in findings]})
    else:
        for finding in findings:
            kind = "blocking" if finding.blocking else "warning"
            click.echo(f"{kind:<9} {finding.check:<22} {finding.message}")
        click.echo("ok" if is_ok else "not ok: a blocking principle fails")
    ctx.exit(0 if is_ok else 1)


def _route(route: Route, codes: dict[int, str]) -> dict[str, Any]:
    located = route.method is not RouteMethod.DESK
    return {
        Tier.GRID.value: codes.get(route.grid_id or 0),
        Tier.COMMUNITY.value: codes.get(route.community_id or 0),
        Tier.STREET.value: codes[route.street_id],
        "method": route.method.value,
        "certainty": round(route.certainty, 3) if located else 0.0,
        "candidates": list(route.candidates),
        "reason": str(route.reason),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "check": finding.check,
        "blocking": finding.blocking,
        "units": list(finding.units),
        "message": str(finding.message),
    }
    sizes = {"area_m2": finding.area_m2, "length_m": finding.length_m, "at": finding.at}
    return answer | {name: value for name, value in sizes.items() if value is not None}


def _defects(error: AppError) -> list[dict[str, Any]]:
    if not isinstance(error, Defective):
        return [{"row": None, "column": None, "message": error.message}]
    return [
        {"row": defect.row or None, "column": defect.column or None, "message": str(defect.message)}
        for defect in error.defects
    ]


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "-"
    return "-" if value is None else str(value)


def _print_json(answer: dict[str, Any]) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False))

"""`dingfen grid import` and `dingfen grid export`: a street from files, and its boundaries into one."""

from pathlib import Path

import click

from app.auth.actor import OPERATOR
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import AppError
from grid.cli_answers import AS_JSON, DATUM, DATUM_HELP, STREET, declared, defect_objects, print_json
from grid.exporting import boundaries_of
from grid.geometry.reference import reference_of
from grid.importing.apply import apply, find_street
from grid.importing.layers import Format
from grid.importing.reading import read_material
from grid.importing.writing import write_outlines

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=_FILE)
@DATUM
@STREET
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@AS_JSON
def import_(file: Path, datum: str | None, street: str | None, dry_run: bool, as_json: bool) -> None:
    """Import one file of a street, all of it or nothing. What it is shows from its columns:

    \b
    hierarchy   table   code,name,tier,parent_code,households,residents; owner, if wanted: a login name
    boundaries  map     property code; polygons of all grids of one street
    lanes       map     lane,left_from,left_to,right_from,right_to; lines
    places      table   name,kind,lon,lat,address,aliases (aliases parted by |)
    aliases     table   alias,name (an old name or a misspelling, and what it is called now)

    A table is CSV; a map is GeoJSON, a zipped shapefile, GeoPackage or KML.

    \b
    Example: dingfen grid import boundaries.zip --datum EPSG:4547 --dry-run
    """
    try:
        with transaction():
            material = read_material(file, declared(datum))
            outcome = apply(db.session(), material, street_code=street, actor=OPERATOR, now=now())
            if dry_run:
                db.session.rollback()
    except AppError as error:
        if as_json:
            print_json({"file": file.name, "ok": False, "defects": defect_objects(error)})
        raise
    answer = {
        "file": file.name,
        "ok": True,
        "subject": material.subject.value,
        "datum": material.reference.value,
        "rows": len(material.rows),
        "created": outcome.created,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "dry_run": dry_run,
        "defects": [],
    }
    if as_json:
        print_json(answer)
    else:
        done = "would be" if dry_run else "are"
        click.echo(
            f"{file.name}: {material.subject.value}, {len(material.rows)} rows; {outcome.created} {done} "
            f"new, {outcome.changed} changed, {outcome.unchanged} unchanged"
        )


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice([form.value for form in Format]), required=True)
@click.option("--datum", metavar="D", default="wgs84", help=f"Of the coordinates: {DATUM_HELP}")
@click.option(
    "--encoding", type=click.Choice(["utf-8", "gbk"]), default="utf-8", help="Of a shapefile's attributes."
)
@STREET
@AS_JSON
def export(out: Path, form: str, datum: str, encoding: str, street: str | None, as_json: bool) -> None:
    """Write the boundaries in force with code, name, tier, parent, households and residents.

    A shapefile is written as one zip archive.

    \b
    Example: dingfen grid export --format gpkg --datum cgcs2000 boundaries.gpkg
    """
    reference = reference_of(datum)
    session = db.session()
    outlines = boundaries_of(session, find_street(session, street))
    write_outlines(outlines, out, Format(form), reference, encoding)
    if as_json:
        print_json({"file": out.name, "format": form, "datum": reference.value, "features": len(outlines)})
    else:
        click.echo(f"{out.name}: {len(outlines)} outlines in {reference.value}")

"""`dingfen grid check` and `dingfen grid repair`: the four principles, in the database or in a file."""

from pathlib import Path
from typing import Any

import click

from app.core.clock import local_day, now
from app.core.db import db
from grid.check import borders_in_force, check_street, streets
from grid.checking.finding import Check
from grid.checking.principles import check as check_ground
from grid.checking.repair import GAP_WIDTH, Repair, repaired
from grid.cli_answers import (
    AS_JSON,
    DATUM,
    border_objects,
    declared,
    finding_line,
    finding_object,
    print_json,
)
from grid.drafting.checking import open_drafts
from grid.importing.bare import read_bare
from grid.importing.writing import Outline, format_by_name, write_outlines

_UNKNOWN = (Check.BORDER,)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_CODE = click.option("--code-property", default="code", help="Property with a unit's code. Default: code.")
_PARENT = click.option("--parent-property", help="Property with the code of the unit above, if there is one.")


@click.command()
@click.option("--file", type=_FILE, help="Check the outlines of a map file instead of the database.")
@DATUM
@_CODE
@_PARENT
@AS_JSON
@click.pass_context
def check(
    ctx: click.Context,
    file: Path | None,
    datum: str | None,
    code_property: str,
    parent_property: str | None,
    as_json: bool,
) -> None:
    """Check the four principles on the boundaries in force; ends 1 where a blocking one fails.

    With --file the coverage of any map file is checked; its units need not be in the database.

    \b
    Example: dingfen grid check --json
             dingfen grid check --file streets.geojson --parent-property parentCode
    """
    more: dict[str, Any] = {}
    if file is None:
        today = local_day(now())
        session = db.session()
        findings = [
            finding
            for street in streets(session)
            for finding in check_street(session, street, today, open_drafts(session, street.id))
        ]
        if as_json:
            more["borders"] = border_objects(borders_in_force(db.session(), today))
    else:
        ground = read_bare(file, declared(datum), code_property, parent_property).ground
        # Lanes stand in no such file.
        findings = [finding for finding in check_ground(ground) if finding.check not in _UNKNOWN]
    is_ok = not any(finding.blocking for finding in findings)
    if as_json:
        print_json({"ok": is_ok, "findings": [finding_object(finding) for finding in findings], **more})
    else:
        for finding in findings:
            click.echo(finding_line(finding))
        click.echo("ok" if is_ok else "not ok: a blocking principle fails")
    ctx.exit(0 if is_ok else 1)


@click.command()
@click.argument("source", metavar="IN", type=_FILE)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--gap-width",
    type=click.FloatRange(min=0),
    default=GAP_WIDTH,
    show_default=True,
    help="Metres; narrower gaps are given to the neighbour with the longest common border.",
)
@DATUM
@_CODE
@_PARENT
@AS_JSON
@click.pass_context
def repair(
    ctx: click.Context,
    source: Path,
    out: Path,
    gap_width: float,
    datum: str | None,
    code_property: str,
    parent_property: str | None,
    as_json: bool,
) -> None:
    """Write a copy of a map file in which outlines share their edges; ends 1 where something is left.

    Corners are snapped; an overlap goes to the unit with which it has the longest border, and so does a
    narrow gap. What was given to whom and what could not be mended is printed. OUT's ending is its format.

    \b
    Example: dingfen grid repair streets.geojson mended.geojson --gap-width 50
    """
    form = format_by_name(out)
    bare = read_bare(source, declared(datum), code_property, parent_property)
    repair = repaired(bare.ground, gap_width)
    outlines = [
        Outline(repair.ground.outlines[code], properties) for code, properties in bare.properties.items()
    ]
    write_outlines(outlines, out, form, bare.reference)
    if as_json:
        print_json({"file": out.name, **_repair_object(repair)})
    else:
        for line in _repair_lines(repair):
            click.echo(line)
    ctx.exit(1 if repair.left else 0)


def _repair_object(repair: Repair) -> dict[str, Any]:
    return {
        "ok": not repair.left,
        "given": [finding_object(given.finding) | {"unit": given.unit} for given in repair.given],
        "moved_m2": repair.moved,
        "left": [finding_object(finding) for finding in repair.left],
    }


def _repair_lines(repair: Repair) -> list[str]:
    given = [
        f"given     {given.finding.area_m2:.2f} m² to {given.unit}: {given.finding.message}"
        for given in repair.given
    ]
    left = [f"left      {finding.message}" for finding in repair.left]
    summary = f"{len(given)} pieces given, {len(repair.moved)} outlines changed, {len(left)} findings left"
    return [*given, *left, summary]

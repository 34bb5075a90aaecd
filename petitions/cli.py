"""`dingfen petitions`: bring in exports; `dingfen verify`: prove the history."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from app.auth.actor import OPERATOR
from app.core import clock
from app.core.db import committed, database_now, db, transaction
from app.core.errors import AppError, Conflict, Invalid, NotFound
from app.core.formats import span
from app.core.i18n import lazy as _
from grid.models import Unit
from grid.vocabulary import Tier
from petitions.importing.earlier import before_words, brought_in_before
from petitions.importing.export_file import ExportFile, open_export
from petitions.importing.listing import pace_of
from petitions.importing.members import is_archive, members
from petitions.importing.outcome import Verdict
from petitions.importing.profile import Profile
from petitions.importing.profiles import load_profiles
from petitions.importing.requests import get_import, open_run, verdicts
from petitions.importing.run import Progress, fail, run_import
from petitions.importing.undoings import carry_out_undoing, take_undoing
from petitions.models import ImportRun
from petitions.state_tables import markdown
from petitions.verify import Verdict as Proved
from petitions.verify import hold_still
from petitions.verify import verify as prove

INTERRUPTED = 130
"""How a program ends that Ctrl-C has stopped."""

group = AppGroup("petitions", help="Bring in exports of hotline, online petitions or a ledger.")


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--profile", help="What the columns mean. Default: recognised by the headings, save demo_export."
)
@click.option("--street", help="Code of the street. Default: the only one there is.")
@click.option("--dry-run", is_flag=True, help="Tell what would happen; nothing is written.")
@click.option("--json", "as_json", is_flag=True, help="One object on standard output, with every verdict.")
def import_file(file: Path, profile: str | None, street: str | None, dry_run: bool, as_json: bool) -> None:
    """Bring in FILE: XLSX, XLS, ODS, CSV or TSV in UTF-8, UTF-16 or GB18030, or a ZIP of such files.

    A file that cannot be read as a whole changes nothing. A row that cannot be taken is refused with its
    reason and the rest is imported. An order that is known already is compared, never doubled, so the same
    file may be imported again; one that was broken off, with Ctrl-C as well, goes on where it was.

    \b
    Example: dingfen petitions import orders.xlsx --profile wide --dry-run
    """
    with file.open("rb") as stream:
        if not is_archive(stream):
            said = _bring_in(stream, file.name, str(file), profile, street, dry_run)
        else:
            for member in members(stream, file.name):
                _open(io.BytesIO(member.content), member.name, profile, street_named(street))
            each = (
                _bring_in(io.BytesIO(member.content), member.name, member.name, profile, street, dry_run)
                for member in members(stream, file.name)
            )
            said = _together(str(file), list(each))
    click.echo(json.dumps(said, ensure_ascii=False) if as_json else _told(said))


def _bring_in(
    stream: BinaryIO, name: str, shown: str, profile: str | None, street: str | None, dry_run: bool
) -> dict[str, Any]:
    with nullcontext() if dry_run else transaction():
        street_id = street_named(street)
        export = _open(stream, name, profile, street_id)
        run = open_run(
            db.session(),
            export,
            street_id=street_id,
            dry_run=dry_run,
            actor=OPERATOR,
            now=clock.now(),
            resume=not dry_run,
        )
    _work(run, export)
    said = _summary(run, shown)
    if dry_run:
        db.session.rollback()
    return said


def _open(stream: BinaryIO, name: str, profile: str | None, street_id: int) -> ExportFile:
    """The file, read by one of the program's profiles or of the street's own."""
    return open_export(stream, name, profile, load_profiles(db.session(), [street_id]))


def _together(name: str, files: list[dict[str, Any]]) -> dict[str, Any]:
    """What came of the files of an archive: the sums, and each verdict with the file that its row is in."""
    return {
        "file": name,
        "profile": ", ".join(dict.fromkeys(said["profile"] for said in files)),
        **{key: sum(said[key] for said in files) for key in ("rows", *(each.value for each in Verdict))},
        "before": [f"{said['file']}: {told}" for said in files for told in said["before"]],
        "verdicts": [{**told, "file": said["file"]} for said in files for told in said["verdicts"]],
    }


@group.command("undo")
@click.argument("run_id", type=int, metavar="IMPORT")
@click.option("--reason", required=True, help="Why; it stands in the history of every case.")
def undo_import(run_id: int, reason: str) -> None:
    """Take back all that an import has done, by its number on the page of imports, or nothing of it.

    New cases become void and changed ones say again what they said before. It is refused, naming the cases,
    once somebody has gone on with one of them.

    \b
    Example: dingfen petitions undo 17 --reason "the file of another street"
    """
    with transaction():
        session = db.session()
        wish = take_undoing(session, run_id, reason=reason, actor=OPERATOR, now=clock.now())
        cases = carry_out_undoing(session, wish, actor=OPERATOR, clock=lambda: database_now(session))
        file = get_import(session, run_id, OPERATOR).file_name
    click.echo(f"{file}: {cases} cases are as they were before it")


@group.command("states")
def states() -> None:
    """Print the tables of states: who may step from where to where, what it needs, and its source.

    \b
    Example: dingfen petitions states > docs/states.md
    """
    click.echo(markdown(), nl=False)


@group.command("profiles")
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
def profiles(as_json: bool) -> None:
    """List the profiles of the program and of the streets with the columns that each needs.

    \b
    Example: dingfen petitions profiles
    """
    streets = db.session().scalars(select(Unit.id).where(Unit.tier == Tier.STREET)).all()
    known = load_profiles(db.session(), streets)
    needed = {profile.name: _needed(profile) for profile in known.values()}
    if as_json:
        click.echo(json.dumps(needed, ensure_ascii=False))
        return
    for name, columns in needed.items():
        click.echo(f"{name}: {', '.join(columns)}")


def _needed(profile: Profile) -> list[str]:
    return [headings[0] for role, headings in profile.columns.items() if role in profile.required]


def street_named(code: str | None) -> int:
    """The key of the street with that code, or of the only one; raises NotFound or Invalid."""
    streets = select(Unit.id).where(Unit.tier == Tier.STREET)
    found = db.session().scalars(streets.where(Unit.code == code) if code else streets.limit(2)).all()
    if not found and code:
        raise NotFound(_("There is no street with the code %(code)s.", code=code))
    if not found:
        raise NotFound(_("There is no street yet. Import the hierarchy first: dingfen grid import FILE."))
    if len(found) > 1:
        raise Invalid(_("There are several streets. Name one with --street CODE."))
    return found[0]


def _work(run: ImportRun, export: ExportFile) -> None:
    """Do the run, a transaction to a chunk; a dry run is one transaction that is never committed."""
    steps = run_import(db.session(), run, export, actor=OPERATOR, clock=clock.now)
    try:
        for step in steps if run.is_dry_run else committed(steps):
            _show(run, step)
    except KeyboardInterrupt:
        _told_to_stop(run)
    except AppError as error:
        if not run.is_dry_run:
            with transaction():
                fail(db.session(), run, error.message, clock.now())
        raise
    if run.finished_at is None:
        raise Conflict(_("%(file)s is being imported by somebody else at this moment.", file=run.file_name))


def _told_to_stop(run: ImportRun) -> None:
    """Say what stays, and end as a program does that was interrupted; the chunk in hand is rolled back."""
    rows = 0 if run.is_dry_run else db.session.get_one(ImportRun, run.id, populate_existing=True).rows
    stays = (
        _("What the first %(rows)s rows brought in stays.", rows=rows) if rows else _("Nothing was changed.")
    )
    again = _("Import the file again to go on.")
    click.echo(f"\n{run.file_name}: {stays} {again}", err=True)
    raise SystemExit(INTERRUPTED)


def _show(run: ImportRun, step: Progress) -> None:
    """One line that counts up, with the pace and the time left, where somebody watches."""
    if not sys.stderr.isatty():
        return
    now, is_last = pace_of(run, clock.now()), step.reached == step.last
    told = f"{run.file_name}: {step.reached}/{step.last}"
    if now and now.rate and now.left is not None and not is_last:
        told += f", {now.rate:,.0f} rows/s, {span(now.left)}"
    click.echo(f"\r\x1b[K{told}", err=True, nl=is_last)


def _summary(run: ImportRun, file: str) -> dict[str, Any]:
    rows = db.session().execute(verdicts(run))
    before = brought_in_before(db.session(), run, OPERATOR)
    return {
        "file": file,
        "profile": run.profile,
        "rows": run.rows,
        **{verdict.value: getattr(run, verdict) for verdict in Verdict},
        "before": [before_words(before)] if before else [],
        "verdicts": [
            {
                "row": row.row,
                "verdict": row.verdict,
                "case": row.number,
                "reason": row.reason,
                **({"place": row.place} if row.place else {}),
            }
            for row in rows
        ],
    }


def _told(said: dict[str, Any]) -> str:
    counts = ", ".join(f"{said[verdict.value]} {verdict.value}" for verdict in Verdict)
    refused = [
        f"{_line(each)}: {each['reason']}" for each in said["verdicts"] if each["verdict"] == Verdict.REFUSED
    ]
    before = said["before"]
    return "\n".join(
        [f"{said['file']} ({said['profile']}): {said['rows']} rows, {counts}", *before, *refused]
    )


def _line(told: dict[str, Any]) -> str:
    within = f"{told['file']}, " if "file" in told else ""
    return f"{within}row {told.get('place') or told['row']}"


def _proved(found: Proved) -> Iterator[str]:
    yield f"{found.cases} cases and {found.events} events hold"
    if found.last_seal:
        yield f"{found.seals} seals hold, the last is {found.last_seal}"
    if found.unproved:
        yield f"{found.unproved} cases have parties or mediations older than their digests"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
@click.pass_context
@with_appcontext
def verify(ctx: click.Context, as_json: bool) -> None:
    """Replay every case from its events and compare; exit 1 and the first bad case where one differs.

    \b
    Example: dingfen verify --json
    """
    hold_still(db.session())
    found = prove(db.session())
    if as_json:
        click.echo(json.dumps({"ok": found.ok, **asdict(found)}))
    else:
        click.echo("\n".join(_proved(found)) if found.ok else found.first_bad)
    ctx.exit(0 if found.ok else 1)

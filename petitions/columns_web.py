"""The page on which a person says what the columns of a file mean, and keeps it under a name."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.vocabulary import Datum
from petitions.importing.assigning import assign_profile
from petitions.importing.definition import check_definition
from petitions.importing.glimpse import glimpse
from petitions.importing.going import demand_here, lock_run
from petitions.importing.header import Unrecognised, recognise
from petitions.importing.picking import (
    Picks,
    dates_two_ways,
    define,
    left_out,
    likely,
    unknown_words,
    with_order,
)
from petitions.importing.pieces import open_kept
from petitions.importing.preview import Preview, demand_readable, preview, refusal_told
from petitions.importing.profile import Profile, build
from petitions.importing.profiles import load_profiles, profile_of, save_profile
from petitions.importing.requests import get_import
from petitions.importing.roles import CODES, ROLES
from petitions.importing.sight import Sight, look
from petitions.importing.table import Table
from petitions.importing.tables import open_tables
from petitions.labels import label
from petitions.models import ImportRun
from petitions.models.profile import LONGEST_NAME
from petitions.picks_form import UNSAID, joined, read_picks
from petitions.vocabulary import CaseKind, Channel
from petitions.words import profile_name

bp = Blueprint("columns", __name__, template_folder="templates", url_prefix="/imports/<int:run_id>/columns")

Answer = Response | str | tuple[str, int]


@bp.get("")
@requires(Permission.CASE_IMPORT)
def show(run_id: int) -> Answer:
    """The columns with what they are likely to mean, or what the profile named by `as` says."""
    run, tables = _file(run_id)
    sight = _sight(run, tables, request.args)
    known = load_profiles(db.session(), [run.street_id])
    told, fits = ("", ()) if run.profile else _why(tables, run, known)
    named = request.args.get("as") or (fits[0] if len(fits) == 1 else "")
    chosen = profile_of(db.session(), run) if run.profile and not named else known.get(named)
    name = chosen.name if chosen and chosen.key else PurePosixPath(run.file_name).stem[:LONGEST_NAME]
    picks = likely(sight, name, chosen)
    return render_template(
        "petitions/columns.html",
        told=told,
        fits=[known[code] for code in fits if len(fits) > 1],
        name=name,
        **_shown(run, sight, picks, name),
    )


@bp.post("/look")
@requires(Permission.CASE_IMPORT)
def look_again(run_id: int) -> Answer:
    """What is still open, and how the first rows would be read; nothing is kept."""
    run, tables = _file(run_id)
    sight = _sight(run, tables, request.form)
    picks = with_order(sight, read_picks(request.form))
    name = request.form.get("name", "")
    # What was refused before is not what stands there now.
    return render_template(
        "petitions/_columns.html", name=name, renewed=True, **_shown(run, sight, picks, name)
    )


@bp.post("")
@requires(Permission.CASE_IMPORT)
def save(run_id: int) -> Answer:
    """Keep what was said under its name, and have the file brought in by it."""
    run, tables = _file(run_id)
    sight, name = _sight(run, tables, request.form), request.form.get("name", "")
    picks = with_order(sight, read_picks(request.form))
    session, me = db.session(), actor()
    try:
        with transaction():
            profile = save_profile(
                session,
                street_id=run.street_id,
                name=name,
                definition=define(sight, picks),
                actor=me,
                now=now(),
            )
            seen = preview(sight.table, run.file_name, profile, now())
            demand_readable(seen)
            run = assign_profile(session, lock_run(session, run_id, me), profile, actor=me, now=now())
    except Invalid as error:
        page = _shown(run, sight, picks, name)
        faults = {**page.pop("faults"), **error.fields}
        return render_template(
            "petitions/columns.html", told=error.message, fits=[], name=name, faults=faults, **page
        ), error.status
    flash(
        _("The layout is kept as %(name)s; such a file is recognised from now on.", name=profile.name),
        "success",
    )
    if told := refusal_told(seen):
        flash(told, "warning")
    return redirect(url_for("imports.show", run_id=run.id))


def _file(run_id: int) -> tuple[ImportRun, Sequence[Table]]:
    """The run and the sheets of its file, of a text table no more than is looked at.

    Raises NotFound outside the reach, Conflict where it is kept no longer.
    """
    run = get_import(db.session(), run_id, actor())
    demand_here(run)
    return run, open_tables(open_kept(db.session(), run.id), run.file_name, beginning=True)


def _sight(run: ImportRun, tables: Sequence[Table], given: Mapping[str, str]) -> Sight:
    sheet, row = given.get("sheet", "0"), given.get("row", "")
    numbers = [int(text) if text.isdecimal() and len(text) < 8 else None for text in (sheet, row)]
    return look(tables, run.file_name, numbers[0] or 0, numbers[1])


def _why(
    tables: Sequence[Table], run: ImportRun, known: Mapping[str, Profile]
) -> tuple[str, tuple[str, ...]]:
    """Why the file was not recognised, and the codes of the profiles between which a person has to choose."""
    try:
        recognise(tables, run.file_name, None, known)
    except Unrecognised as error:
        if error.fits:
            return error.message, error.fits
    return str(_("No layout is known yet that this file fits.")), ()


def _shown(run: ImportRun, sight: Sight, picks: Picks, name: str) -> dict[str, Any]:
    """What both the page and its renewed part show."""
    roles = picks.roles
    faults: Mapping[str, Any] = {}
    seen: Preview | None = None
    try:
        definition = define(sight, picks)
        check_definition(definition)
        with suppress(Unrecognised):
            seen = preview(sight.table, run.file_name, build(name or run.file_name, definition, 0), now())
    except Invalid as error:
        faults = error.fields or {"name": error.message}
    asked = {role: at for role, at in sight.suggested.questions.items() if role not in roles.values()}
    return {
        "run": run,
        "sight": sight,
        "picks": picks,
        "roles": ROLES,
        "codes": {role: _options(kind) for role, kind in CODES.items()},
        "unsaid": UNSAID,
        "joined": joined,
        "unknown": unknown_words(sight, picks),
        "doubtful_date": dates_two_ways(sight, picks),
        "asked": {role: [sight.column(at) for at in places] for role, places in asked.items()},
        "faults": faults,
        "preview": seen,
        "glimpse": [] if seen else glimpse(sight, picks),
        "left": left_out(sight, picks),
        "looked": sight.looked,
        "kinds": _options(CaseKind),
        "channels": _options(Channel),
        "datums": _options(Datum),
        "sources": _sources(run),
    }


def _options(codes: type[StrEnum]) -> list[tuple[str, object]]:
    """Each code with what it is called."""
    return [(member.value, label(member)) for member in codes]


def _sources(run: ImportRun) -> list[tuple[str, str]]:
    """Whose numbers are known already, each with the profiles whose files bear them."""
    bearing: dict[str, list[str]] = {}
    for profile in load_profiles(db.session(), [run.street_id]).values():
        if not profile.registered:
            bearing.setdefault(profile.source, []).append(profile_name(profile.name))
    return [(source, " / ".join(map(str, names))) for source, names in sorted(bearing.items())]

"""The import page: hand in a file, watch it, read the verdict on every row."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from app.core.keeping import import_keep_time
from app.core.pages import page_number
from grid.tree import Node
from petitions.importing import suspecting, words
from petitions.importing.earlier import before_words, brought_in_before
from petitions.importing.leaving_out import rest_of
from petitions.importing.listing import SHOWN, chosen, count_of, list_rows, list_runs, listed_run, pace_of
from petitions.importing.mending import has_rows_to_mend
from petitions.importing.profile import Profile
from petitions.importing.profiles import load_profiles
from petitions.importing.requests import get_import, going_of, list_streets, request_imports
from petitions.importing.splits import count_splits
from petitions.importing.undoing import can_be_undone
from petitions.importing.undoings import last_undoing
from petitions.models.imports import RunState

bp = Blueprint("imports", __name__, template_folder="templates", url_prefix="/imports")

Answer = Response | str | tuple[str, int]


@bp.get("")
@requires(Permission.CASE_IMPORT)
def index() -> Answer:
    """The form and a page of the runs, newest first."""
    return _list(None)


@bp.post("")
@requires(Permission.CASE_IMPORT)
def upload() -> Answer:
    """Take the file; the next tick brings it in."""
    session, me, form = db.session(), actor(), request.form
    try:
        with transaction():
            file = request.files.get("file")
            if file is None or not file.filename:
                raise Invalid(_("Choose a file."), fields={"file": _("Choose a file.")})
            runs = request_imports(
                session,
                street_id=form.get("street", 0, type=int),
                file_name=file.filename,
                content=file.stream,
                profile=form.get("profile") or None,
                dry_run=form.get("how") != "go",
                actor=me,
                now=now(),
                may_ask=True,
            )
    except Invalid as error:
        return _list(error), error.status
    failed = sum(run.error is not None for run in runs)
    asking = [run for run in runs if run.state is RunState.ASKING]
    if asking and len(runs) == 1:
        return redirect(url_for("columns.show", run_id=asking[0].id))
    if asking:
        flash(
            _(
                "%(asking)s of %(all)s files wait until you have said what their columns mean.",
                asking=len(asking),
                all=len(runs),
            ),
            "warning",
        )
    if failed:
        flash(
            _("%(failed)s of %(all)s files cannot be read; each says why.", failed=failed, all=len(runs)),
            "danger",
        )
    elif not asking:
        flash(_("The file is taken and will be read within seconds."), "success")
    one = url_for("imports.show", run_id=runs[0].id)
    return redirect(one if len(runs) == 1 else url_for("imports.index"))


@bp.get("/<int:run_id>")
@requires(Permission.CASE_IMPORT)
def show(run_id: int) -> Answer:
    """One run with the verdict on every row."""
    session, me = db.session(), actor()
    run = get_import(session, run_id, me)
    only = chosen(request.args.get("verdict", ""))
    return render_template(
        "petitions/import.html",
        run=run,
        listed=listed_run(session, run),
        went=going_of(session, run),
        before=brought_in_before(session, run, me),
        before_words=before_words,
        rest=rest_of(session, run) if run.state is RunState.TRIED else None,
        split=count_splits(session, run),
        page=list_rows(session, run, me, only, page_number()),
        chosen=only,
        pills=[(each, words.ROWS[each], count_of(run, each)) for each in SHOWN],
        names=words.ROWS,
        can_correct=run.state is RunState.TRIED and me.may(Permission.CASE_IMPORT, run.street_id),
        pace=pace_of(run, now()),
        looked_at=suspecting.MOST,
        last=last_undoing(session, run),
        can_be_undone=can_be_undone(run) and me.may(Permission.CASE_EXCLUDE, run.street_id),
        has_rows_to_mend=has_rows_to_mend(run),
        state_name=words.STATES[run.state],
        state_light=words.LIGHTS.get(run.state, "grey"),
    )


@bp.get("/<int:run_id>/progress")
@requires(Permission.CASE_IMPORT)
def progress(run_id: int) -> Answer:
    """The counts of a run, asked for every second until it has finished."""
    run = get_import(db.session(), run_id, actor())
    page = render_template("petitions/_progress.html", run=run, pace=pace_of(run, now()))
    # The page reloads once more at the end, to show the verdicts.
    return Response(page, headers={"HX-Refresh": "true"}) if run.finished_at else page


def _list(error: Invalid | None) -> str:
    session, me = db.session(), actor()
    streets = list_streets(session, me)
    asked = request.args.get("state", "")
    state = RunState(asked) if asked in set(RunState) else None
    return render_template(
        "petitions/imports.html",
        page=list_runs(session, me, state, page_number()),
        state=state,
        states=words.STATES,
        lights=words.LIGHTS,
        streets=streets,
        profiles=_profiles(streets),
        keep_days=import_keep_time().days,
        error=error,
    )


def _profiles(streets: Sequence[Node]) -> list[Profile]:
    """Those to choose from, the streets' own first."""
    found = load_profiles(db.session(), [street.id for street in streets]).values()
    return sorted(found, key=lambda profile: profile.key is None)

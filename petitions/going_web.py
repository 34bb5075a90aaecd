"""What a person decides about an import: it goes, is dropped, cancelled or undone; refused rows are taken."""

import re
from collections.abc import Iterable
from tempfile import TemporaryFile

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy as _
from petitions.importing import going, mending
from petitions.importing.leaving_out import has_hanging, leave_out, rest_of
from petitions.importing.requests import get_import
from petitions.importing.splits import choose_split, count_splits
from petitions.importing.undoings import ask_undo, last_undoing, undone_among
from petitions.models import ImportRun
from petitions.queries import visible_among

bp = Blueprint("going", __name__, template_folder="templates", url_prefix="/imports/<int:run_id>")

_NUMBER = re.compile(r"(\d{9}-[A-Z]\d{4}-\d{6,}(?:-\d+)?)")
MIME = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@bp.post("/go")
@requires(Permission.CASE_IMPORT)
def go(run_id: int) -> Response:
    """Bring in the file of a dry run; the next tick does it."""
    session, me = db.session(), actor()
    with transaction():
        run = going.let_go(session, going.lock_run(session, run_id, me), actor=me, now=now())
    flash(_("The file goes in; it is compared once more with what is here now."), "success")
    return _to(run.id)


@bp.post("/drop")
@requires(Permission.CASE_IMPORT)
def drop(run_id: int) -> Response:
    """Keep the file of a dry run no longer."""
    session, me = db.session(), actor()
    with transaction():
        going.drop(session, going.lock_run(session, run_id, me), actor=me, now=now())
    flash(_("The file was dropped; nothing was changed."), "success")
    return _to(run_id)


@bp.post("/cancel")
@requires(Permission.CASE_IMPORT)
def cancel(run_id: int) -> Response:
    """End a run at its next chunk."""
    session, me = db.session(), actor()
    with transaction():
        run = going.lock_run(session, run_id, me)
        going.call_off(session, run, actor=me, now=now())
    flash(_("Cancelled after %(rows)s rows; what they brought in stays.", rows=run.rows), "success")
    return _to(run_id)


@bp.post("/undo")
@requires(Permission.CASE_EXCLUDE)
def undo_all(run_id: int) -> Response:
    """Ask that all be taken back that an import has done; the next tick does it, or nothing."""
    session, me = db.session(), actor()
    try:
        with transaction():
            ask_undo(session, run_id, reason=request.form.get("reason", ""), actor=me, now=now())
    except (Conflict, Invalid) as error:
        flash(error.message, "danger")
    return _to(run_id)


@bp.get("/undo")
@requires(Permission.CASE_IMPORT)
def undoing(run_id: int) -> str | Response:
    """How far an undoing is, asked for every second until it has ended."""
    session = db.session()
    run = get_import(session, run_id, actor())
    last = last_undoing(session, run)
    page = render_template("petitions/_undoing.html", run=run, last=last)
    is_open = last is not None and last[0].finished_at is None
    # The page reloads once more at the end, to show what came of it.
    return page if is_open else Response(page, headers={"HX-Refresh": "true"})


@bp.post("/rows/<int:row>")
@requires(Permission.CASE_IMPORT)
def choose(run_id: int, row: int) -> Response:
    """Leave a row of a dry run out of its going, or take it in again; answers with what will go."""
    session, me = db.session(), actor()
    with transaction():
        run = going.lock_run(session, run_id, me)
        leave_out(session, run, row, is_out=bool(request.form.get("out")))
    # What becomes of rows that hang on this one is told beside them, on the page.
    return Response(_what_goes(run), headers={"HX-Refresh": "true"} if has_hanging(session, run, row) else {})


@bp.post("/rows/<int:row>/split")
@requires(Permission.CASE_IMPORT)
def split(run_id: int, row: int) -> str:
    """Let an order of a dry run become several cases when it goes, or one; answers with what will go."""
    session, me = db.session(), actor()
    with transaction():
        run = going.lock_run(session, run_id, me)
        choose_split(session, run, row, is_split=bool(request.form.get("split")))
    return _what_goes(run)


@bp.get("/refused")
@requires(Permission.CASE_IMPORT)
def refused(run_id: int) -> Response:
    """The refused rows in the form they came in, to be mended and handed in again."""
    session, me = db.session(), actor()
    # Whoever sends the file closes it.
    stream = TemporaryFile()  # noqa: SIM115
    try:
        with transaction():
            run = get_import(session, run_id, me)
            me.demand_at(Permission.CASE_IMPORT, run.street_id)
            mending.write_refused(session, run, stream, actor=me, now=now())
    except BaseException:
        stream.close()
        raise
    suffix = mending.suffix_of(run)
    stem = run.file_name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    name = f"{stem}-{_('refused')}.{suffix}"
    stream.seek(0)
    return send_file(stream, mimetype=MIME[suffix], as_attachment=True, download_name=name)


@bp.app_template_filter()
def with_case_links(text: str) -> Markup:
    """The text with the numbers of cases in it as links, as far as whoever reads it may see them."""
    seen = visible_among(db.session(), actor(), set(_NUMBER.findall(text)))
    parts = (
        (part, url_for("petitions.show", number=part) if part in seen else None)
        for part in _NUMBER.split(text)
    )
    return Markup("").join(
        Markup('<a href="{}">{}</a>').format(url, part) if url else part for part, url in parts
    )


@bp.app_template_global()
def being_undone(runs: Iterable[ImportRun]) -> frozenset[int]:
    """The keys of those of the imports that somebody has asked to be undone and that are not yet."""
    return undone_among(db.session(), [run.id for run in runs])


def _what_goes(run: ImportRun) -> str:
    session = db.session()
    rest, split = rest_of(session, run), count_splits(session, run)
    return render_template("petitions/_go.html", run=run, rest=rest, split=split)


def _to(run_id: int) -> Response:
    return redirect(url_for("imports.show", run_id=run_id))

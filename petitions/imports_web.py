"""The import page: hand in a file, watch it, read the verdict on every row."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from app.core.pages import PAGE_SIZE, Page, clamped, page_number
from grid.tree import Node, load_tree
from grid.vocabulary import Tier
from petitions.importing.outcome import Verdict
from petitions.importing.profile import Profile
from petitions.importing.profiles import load_profiles
from petitions.importing.requests import get_import, list_imports, request_imports, verdicts
from petitions.models import ImportRun

bp = Blueprint("imports", __name__, template_folder="templates", url_prefix="/imports")

Answer = Response | str | tuple[str, int]


@bp.get("")
@requires(Permission.CASE_IMPORT)
def index() -> Answer:
    """The form and the latest runs."""
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
                content=file.read(),
                profile=form.get("profile") or None,
                dry_run=bool(form.get("dry_run")),
                actor=me,
                now=now(),
                may_ask=True,
            )
    except Invalid as error:
        return _list(error), error.status
    failed = sum(run.error is not None for run in runs)
    asking = [run for run in runs if run.awaits_columns]
    if asking and len(runs) == 1:
        return redirect(url_for("columns.show", run_id=asking[0].id))
    if asking:
        told = _("%(asking)s of %(all)s files wait until you have said what their columns mean.")
        flash(told % {"asking": len(asking), "all": len(runs)}, "warning")
    if failed:
        flash(
            _("%(failed)s of %(all)s files cannot be read; each says why.", failed=failed, all=len(runs)),
            "danger",
        )
    elif not asking:
        flash(_("The file is taken and will be brought in within seconds."), "success")
    one = url_for("imports.show", run_id=runs[0].id)
    return redirect(one if len(runs) == 1 else url_for("imports.index"))


@bp.get("/<int:run_id>")
@requires(Permission.CASE_IMPORT)
def show(run_id: int) -> Answer:
    """One run with the verdict on every row."""
    session = db.session()
    run = get_import(session, run_id, actor())
    only = request.args.get("verdict", "")
    chosen = Verdict(only) if only in {member.value for member in Verdict} else None
    return render_template("petitions/import.html", run=run, page=_rows(run, chosen), chosen=chosen)


@bp.get("/<int:run_id>/progress")
@requires(Permission.CASE_IMPORT)
def progress(run_id: int) -> Answer:
    """The counts of a run, asked for every second until it has finished."""
    run = get_import(db.session(), run_id, actor())
    page = render_template("petitions/_progress.html", run=run)
    # The page reloads once more at the end, to show the verdicts.
    return Response(page, headers={"HX-Refresh": "true"}) if run.finished_at else page


def _list(error: Invalid | None) -> str:
    session, me = db.session(), actor()
    tree = load_tree(session, me.units)
    streets = _streets(list(tree.nodes.values()))
    return render_template(
        "petitions/imports.html",
        runs=list_imports(session, me),
        streets=streets,
        profiles=_profiles(streets),
        error=error,
    )


def _profiles(streets: Sequence[Node]) -> list[Profile]:
    """Those to choose from, the streets' own first."""
    found = load_profiles(db.session(), [street.id for street in streets]).values()
    return sorted(found, key=lambda profile: profile.key is None)


def _streets(nodes: list[Node]) -> list[Node]:
    me = actor()
    return [node for node in nodes if node.tier is Tier.STREET and me.covers(node.id)]


def _rows(run: ImportRun, only: Verdict | None) -> Page:
    session, query, number = db.session(), verdicts(run, only=only), page_number()
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = clamped(number, total)
    rows = session.execute(query.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return Page(rows, total, number)

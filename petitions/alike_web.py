"""Cases that may be the same as earlier ones, noticed when they came in: on lists, imports and a page."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template, request
from markupsafe import Markup

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.db import db
from app.core.pages import page_number
from grid.tree import load_tree
from petitions.importing.requests import get_import
from petitions.models import Case, ImportRun
from petitions.sameness.allowed import allowed
from petitions.sameness.noticing import (
    Alike,
    alike_of,
    comparison_of,
    count_alike,
    list_alike,
    reasons_of,
)

bp = Blueprint("alike", __name__, template_folder="templates", url_prefix="/alike")


@bp.get("")
@requires(Permission.CASE_VIEW)
def index() -> str:
    """Pairs that nobody has decided, of one import where it is named."""
    session, me = db.session(), actor()
    run_id = request.args.get("run", type=int)
    run = get_import(session, run_id, me) if run_id else None
    page = list_alike(session, me, page_number(), run_id=run_id)
    may = {own.id: allowed(own, me) for own, _old, _likeness in page.items}
    tree = load_tree(session, me.units)
    return render_template(
        "petitions/alike.html", page=page, run=run, may=may, tree=tree, reasons_of=reasons_of
    )


@bp.app_template_global()
def alike_in(cases: Sequence[Case]) -> Mapping[int, Alike]:
    """For the cases of a list what they may be the same as, by key."""
    return alike_of(db.session(), actor(), [case.id for case in cases])


@bp.app_template_global()
def alike_panel(run: ImportRun) -> Markup:
    """What of an import may be the same as an earlier matter, or is still to be compared."""
    session = db.session()
    if run.is_dry_run or not run.created:
        return Markup()
    count, by_person = count_alike(session, actor(), run.id)
    page = render_template(
        "petitions/_noticed.html",
        run=run,
        count=count,
        by_person=by_person,
        compared=comparison_of(session, run),
    )
    return Markup(page)  # noqa: S704  # rendered with escaping just above

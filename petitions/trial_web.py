"""The page that tries a draft of boundaries on past cases; beside the editor, which knows no case."""

from flask import Blueprint, render_template, request

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import local_day, now
from app.core.db import db
from app.core.errors import AppError, Invalid
from grid.drafting.drafts import get_draft
from grid.drafting.loading import edited_land, load_land, revision_in_force
from petitions.period import Period, parse_day
from petitions.trial import Load, try_draft

bp = Blueprint("trial", __name__, template_folder="templates", url_prefix="/drafts")

Page = str | tuple[str, int]


@bp.get("/<int:draft_id>/trial")
@requires(Permission.GRID_DRAW)
def show(draft_id: int) -> Page:
    """Who would have had what in the year before, or in the days that are asked for."""
    session, me = db.session(), actor()
    draft = get_draft(session, me, draft_id)
    period, error = _period()
    try:
        then = edited_land(session, draft)
    except AppError as conflict:
        return render_template("petitions/trial.html", draft=draft, error=conflict), conflict.status
    base = load_land(session, draft.street_id, revision_in_force(session, draft.street_id))
    trial = try_draft(session, me, draft.street_id, base, then, period)
    shades = {load.code: _shade(load) for load in trial.loads if load.then is not None}
    page = render_template(
        "petitions/trial.html", draft=draft, trial=trial, period=period, error=error, shades=shades
    )
    return (page, error.status) if error else page


def _shade(load: Load) -> str:
    before, after = load.now or 0, load.then or 0
    return "same" if before == after else "more" if after > before else "fewer"


def _period() -> tuple[Period, AppError | None]:
    """The days that are asked for, or the year up to today; with what was wrong with those asked for."""
    today = local_day(now())
    usual = Period(today.replace(year=today.year - 1, day=min(today.day, 28)), today)
    first, end = request.args.get("first", "").strip(), request.args.get("end", "").strip()
    if not (first or end):
        return usual, None
    try:
        return Period(parse_day(first), parse_day(end)), None
    except Invalid as error:
        return usual, error

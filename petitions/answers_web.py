"""The answer of a grid to a screening round: nothing found, or what was found, or a finding taken back."""

import uuid
from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import local_day, now
from app.core.db import db, transaction, violated
from app.core.errors import AppError
from app.core.http import shown_again
from app.core.i18n import lazy as _
from grid.tree import load_tree
from petitions.queries import get_case
from petitions.screening import answers, queries
from petitions.screening.forms import read_finding
from petitions.screening.models import Screening, ScreeningGrid

bp = Blueprint(
    "answers", __name__, template_folder="templates", url_prefix="/screenings/<int:screening_id>/grids/<code>"
)

Page = Response | str | tuple[str, int]

SENT_TWICE = "uq_cases_source_source_number"


@bp.get("")
@requires(Permission.CASE_VIEW)
def show(screening_id: int, code: str) -> Page:
    """The answer of one grid, and the forms to give or amend it."""
    return _page(screening_id, code, {"key": uuid.uuid4().hex})


@bp.post("/nothing")
@requires(Permission.CASE_HANDLE)
def nothing(screening_id: int, code: str) -> Page:
    """Answer that nothing was found."""

    def verb(found: Screening, asked: ScreeningGrid) -> None:
        answers.find_nothing(db.session(), found, asked, actor=actor(), now=now())

    return _answer(screening_id, code, "nothing", verb)


@bp.post("/report")
@requires(Permission.CASE_HANDLE)
def report(screening_id: int, code: str) -> Page:
    """Report a finding, which becomes a dispute."""
    session, me, form = db.session(), actor(), request.form

    def verb(found: Screening, asked: ScreeningGrid) -> None:
        if queries.find_reported(session, found, form.get("key", "").strip()[:60]):
            return
        moment = now()
        tree = load_tree(session, [found.street_id])
        answers.report(session, found, asked, read_finding(form, now=moment), tree, actor=me, now=moment)

    return _answer(screening_id, code, "report", verb)


@bp.post("/retract")
@requires(Permission.CASE_HANDLE)
def retract(screening_id: int, code: str) -> Page:
    """Take a finding back."""
    session, me, form = db.session(), actor(), request.form

    def verb(found: Screening, asked: ScreeningGrid) -> None:
        case = get_case(session, me, form.get("case", ""))
        reason = form.get("reason", "")
        answers.retract(session, found, asked, case, reason=reason, actor=me, now=now())

    return _answer(screening_id, code, "retract", verb)


def _answer(
    screening_id: int, code: str, name: str, verb: Callable[[Screening, ScreeningGrid], None]
) -> Page:
    session, me = db.session(), actor()
    try:
        with transaction():
            found = queries.get_screening(session, me, screening_id, hold=True)
            verb(found, queries.get_asked(session, me, found, code, lock=True))
    except IntegrityError as error:
        if violated(error) != SENT_TWICE:
            raise
    except AppError as error:
        return shown_again(error, lambda wrong: _page(screening_id, code, request.form, name, wrong))
    flash(_("The answer is kept. Thank you."), "success")
    return redirect(url_for("answers.show", screening_id=screening_id, code=code))


def _page(
    screening_id: int,
    code: str,
    form: Mapping[str, str],
    sent: str | None = None,
    error: AppError | None = None,
) -> str:
    session, me = db.session(), actor()
    found = queries.get_screening(session, me, screening_id)
    asked = queries.get_asked(session, me, found, code)
    today = local_day(now())
    findings = queries.list_findings(session, me, found, asked.grid_id)
    may_answer = me.may(Permission.CASE_HANDLE, asked.grid_id)
    return render_template(
        "screening/grid.html",
        screening=found,
        asked=asked,
        tree=load_tree(session, [found.street_id]),
        findings=findings,
        stands=[case for finding, case in findings if finding.retracted_at is None],
        events=queries.list_events(session, me, found, asked.grid_id),
        may_answer=may_answer and found.closed_at is None and today >= found.first_day,
        form=form,
        sent=sent,
        error=error,
        today=today,
    )

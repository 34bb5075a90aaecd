"""On the page of a case that a person had to place: what its address teaches."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy as _
from grid.aliases import named
from petitions.models import Case
from petitions.queries import get_case
from petitions.teaching import lesson_of, teach
from petitions.web import Refused, case_page

FORM = "alias"

bp = Blueprint("teaching", __name__, template_folder="templates", url_prefix="/cases/<number>/alias")


@bp.app_template_global()
def teaching_panel(case: Case, refused: Refused | None = None) -> Markup | str:
    """The form by which the address of the case teaches another name; nothing where it teaches none."""
    session = db.session()
    lesson = lesson_of(session, case, actor=actor())
    if lesson is None:
        return ""
    mine = refused if refused and refused.name == FORM else None
    page = render_template(
        "petitions/_teaching.html",
        case=case,
        said=mine.draft if mine else {"wording": lesson.wording, "name": lesson.name},
        faults=mine.error.fields if mine else {},
        names=sorted({one.name for one in named(session, case.street_id)}),
    )
    return Markup(page)  # noqa: S704  # rendered with escaping just above


@bp.post("")
@requires(Permission.CASE_RULE)
def propose(number: str) -> Any:
    """Propose the wording; another person confirms it on the page of other names."""
    session, me, form = db.session(), actor(), request.form
    try:
        with transaction():
            case = get_case(session, me, number)
            said = {"wording": form.get("wording", ""), "name": form.get("name", "")}
            teach(session, case, **said, actor=me, now=now())
    except (Invalid, Conflict) as error:
        return case_page(number, Refused(FORM, _("Propose another name"), error)), error.status
    flash(_("Proposed. It counts once another person confirms it."), "success")
    return redirect(url_for("petitions.show", number=number))

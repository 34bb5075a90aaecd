"""The list of a unit's open work, to print and sign when somebody hands it over."""

from flask import Blueprint, render_template
from sqlalchemy import select

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.i18n import lazy as _
from grid.models import Unit
from grid.tree import in_scope
from petitions.queries import held_now

bp = Blueprint("handover", __name__, template_folder="templates")


@bp.get("/units/<code>/handover")
@requires(Permission.CASE_VIEW)
def show(code: str) -> str:
    """What the unit holds now, nearest limit first."""
    session, me = db.session(), actor()
    unit = session.scalar(select(Unit).where(in_scope(me, Unit.id), Unit.code == code))
    if unit is None:
        raise NotFound(_("There is no unit of this code in your area."))
    return render_template(
        "petitions/handover.html", unit=unit, cases=held_now(session, me, unit.id), now=now()
    )

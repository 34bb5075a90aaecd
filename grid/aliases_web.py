"""The page of other names: what waits for a second person, what counts, a form to propose one."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from app.auth.actor import Actor
from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import AppError, Conflict, Invalid, NotFound
from app.core.i18n import lazy as _
from grid.aliases import decide, may_decide, named, propose
from grid.labels import alias_label
from grid.models import Alias, Lane, Place, Unit
from grid.tree import Node, load_tree
from grid.vocabulary import AliasState, Tier

bp = Blueprint("aliases", __name__, template_folder="templates", url_prefix="/aliases")
bp.add_app_template_filter(alias_label)

MOST_SHOWN = 500
"""Aliases on the page: those that wait first, then the newest."""

_DECISIONS = {"confirm": True, "refuse": False}
_DONE = {
    "confirm": _("Confirmed: addresses find their way by it from now on."),
    "refuse": _("Refused."),
}

Page = Answer | str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Row:
    """One alias on the page, with what it means now and what the asker may do."""

    alias: Alias
    name: str
    may_confirm: bool
    may_refuse: bool


@bp.get("")
@requires(Permission.CASE_RULE)
def index(error: AppError | None = None) -> Page:
    """Every other name of the asker's streets."""
    session, me = db.session(), actor()
    streets = _streets(session, me)
    page = render_template(
        "grid/aliases.html",
        rows=_rows(session, me, streets),
        streets=[(street.code, street.name) for street in streets],
        names=sorted({one.name for street in streets for one in named(session, street.id)}),
        form=request.form if error else {},
        error=error,
        faults=error.fields if error else {},
    )
    return (page, error.status) if error else page


@bp.post("")
@requires(Permission.CASE_RULE)
def add() -> Page:
    """Propose another name that the asker knows of."""
    session, me, form = db.session(), actor(), request.form
    try:
        with transaction():
            street = _street(session, me, form.get("street"))
            said = {"wording": form.get("wording", ""), "name": form.get("name", "")}
            propose(session, street.id, **said, actor=me, now=now())
    except (Invalid, Conflict) as error:
        return index(error)
    flash(_("Proposed. It counts once another person confirms it."), "success")
    return redirect(url_for("aliases.index"))


@bp.post("/<int:alias_id>/<decision>")
@requires(Permission.CASE_RULE)
def settle(alias_id: int, decision: str) -> Page:
    """Confirm or refuse what somebody proposed."""
    if decision not in _DECISIONS:
        raise NotFound(_("There is no such action."))
    try:
        with transaction():
            decide(db.session(), alias_id, confirmed=_DECISIONS[decision], actor=actor(), now=now())
    except Conflict as error:
        return index(error)
    flash(_DONE[decision], "success")
    return redirect(url_for("aliases.index"))


def _streets(session: Session, me: Actor) -> list[Node]:
    """The streets that the asker's units are or lie in."""
    return [node for node in load_tree(session, me.units).standing if node.tier is Tier.STREET]


def _street(session: Session, me: Actor, code: str | None) -> Node:
    """The street that the form names, or the only one there is to name."""
    streets = _streets(session, me)
    found = streets if len(streets) == 1 else [street for street in streets if street.code == code]
    if not found:
        raise Invalid(_("Choose a street."), fields={"street": _("Choose a street.")})
    return found[0]


def _rows(session: Session, me: Actor, streets: Sequence[Node]) -> list[Row]:
    query = (
        select(Alias, func.coalesce(Lane.name, Place.name, Unit.name))
        .outerjoin(Lane, Lane.id == Alias.lane_id)
        .outerjoin(Place, Place.id == Alias.place_id)
        .outerjoin(Unit, Unit.id == Alias.unit_id)
        .where(Alias.street_id.in_([street.id for street in streets]))
        .order_by(Alias.state != AliasState.PROPOSED, Alias.proposed_at.desc(), Alias.id.desc())
        .limit(MOST_SHOWN)
    )
    return [
        Row(
            alias,
            name,
            alias.state is AliasState.PROPOSED and may_decide(me, alias),
            alias.state is AliasState.PROPOSED and may_decide(me, alias, confirmed=False),
        )
        for alias, name in session.execute(query)
    ]

"""The pages of units and their outlines, and the postings of people to them."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from app.auth.actor import Actor
from app.auth.login import actor, requires
from app.auth.people import find_user
from app.auth.vocabulary import Permission
from app.core.clock import local_day, now
from app.core.db import db, transaction
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy as _
from grid.labels import duty_label
from grid.leaves import Leave, take_leave
from grid.models import Unit
from grid.notice import grid_notice, put_telephone
from grid.outlines import outline_of, outlines
from grid.roster import BUSINESS_ROLES, end_posting, people_of, post_person, postings_of
from grid.service import street_of
from grid.tree import Node, in_scope, load_tree
from grid.vocabulary import Duty, Tier

bp = Blueprint("grid", __name__, template_folder="templates")
bp.add_app_template_filter(duty_label)


@bp.get("/units")
@requires(Permission.GRID_VIEW)
def units() -> str:
    """The communities and grids in reach, on a map and as a list."""
    session, me = db.session(), actor()
    seen = set(session.scalars(select(Unit.id).where(in_scope(me, Unit.id))))
    tree = load_tree(session, me.units)
    nodes = [node for node in tree.standing if node.id in seen]
    return render_template("grid/units.html", groups=_by_community(nodes), count=len(nodes))


@bp.get("/units/outlines.geojson")
@requires(Permission.GRID_VIEW)
def all_outlines() -> Response:
    """The outlines of one tier (`?tier=grid`, community or street) in reach."""
    tier = request.args.get("tier", Tier.GRID.value)
    if tier not in {member.value for member in Tier}:
        raise Invalid(_("There is no tier of this name; ask for street, community or grid."))
    return _geojson(outlines(db.session(), actor(), Tier(tier)))


@bp.get("/units/<code>")
@requires(Permission.GRID_VIEW)
def unit(code: str) -> str:
    """One unit: where it is, who serves it, what lies below."""
    session, me = db.session(), actor()
    found = session.scalar(select(Unit).where(in_scope(me, Unit.id), Unit.code == code))
    if found is None:
        raise NotFound(_("There is no unit of this code in your area."))
    tree = load_tree(session, [found.id])
    return render_template(
        "grid/unit.html",
        unit=found,
        line=list(reversed(tree.line(found.id)))[:-1],
        below=[node for node in tree.standing if node.parent_id == found.id],
        people=people_of(session, found.id, local_day(now())),
    )


@bp.get("/units/<code>/notice")
@requires(Permission.GRID_VIEW)
def notice(code: str) -> str:
    """The public notice of a grid, to print and hang up."""
    session, me, today = db.session(), actor(), local_day(now())
    return render_template(
        "grid/notice.html",
        notice=grid_notice(session, _grid(session, me, code), today),
        today=today,
        may_keep=me.can(Permission.GRID_DRAW),
    )


@bp.post("/units/<code>/telephone")
@requires(Permission.GRID_DRAW)
def keep_telephone(code: str) -> Answer:
    """Keep the telephone of supervision, which stands on the notices of the whole street."""
    session = db.session()
    with transaction():
        street = street_of(session, _grid(session, actor(), code))
        put_telephone(session, street, request.form.get("telephone", ""), actor=actor())
    return redirect(url_for("grid.notice", code=code))


def _grid(session: Session, me: Actor, code: str) -> Unit:
    found = session.scalar(
        select(Unit).where(in_scope(me, Unit.id), Unit.code == code, Unit.tier == Tier.GRID)
    )
    if found is None:
        raise NotFound(_("There is no grid of this code in your area."))
    return found


@bp.get("/units/<code>/outline.geojson")
@requires(Permission.GRID_VIEW)
def outline(code: str) -> Response:
    """The outline of one unit in reach."""
    return _geojson(outline_of(db.session(), actor(), code))


@bp.post("/people/<int:user_id>/postings")
@requires(Permission.PEOPLE_MANAGE)
def add_posting(user_id: int) -> Answer:
    """Post a person to a unit."""
    form = request.form
    with transaction():
        post_person(
            db.session(),
            user_id=user_id,
            unit_code=form.get("unit", "").split(" ")[0],
            role=form.get("role", ""),
            first_day=_day("first_day") or local_day(now()),
            last_day=_day("last_day"),
            duty=form.get("duty") or None,
            is_backup=bool(form.get("is_backup")),
            actor=actor(),
            now=now(),
        )
    flash(_("The person is posted."), "success")
    return redirect(url_for("auth.person", user_id=user_id))


@bp.post("/people/<int:user_id>/postings/<int:posting_id>/end")
@requires(Permission.PEOPLE_MANAGE)
def finish_posting(user_id: int, posting_id: int) -> Answer:
    """End a posting with the day given, today where none is."""
    with transaction():
        moment = now()
        last_day = _day("last_day") or local_day(moment)
        end_posting(db.session(), posting_id, user_id=user_id, last_day=last_day, actor=actor(), now=moment)
    flash(_("The posting ends."), "success")
    return redirect(url_for("auth.person", user_id=user_id))


@bp.post("/people/<int:user_id>/postings/<int:posting_id>/leave")
@requires(Permission.PEOPLE_MANAGE)
def leave(user_id: int, posting_id: int) -> Answer:
    """Have a person away for some days, and another serve meanwhile."""
    session, username = db.session(), request.form.get("stand_in", "").strip()
    first, last = _day("first_day"), _day("last_day")
    if first is None or last is None:
        raise Invalid(_("A leave has its first and its last day."))
    with transaction():
        stand_in = find_user(session, username) if username else None
        if username and stand_in is None:
            raise NotFound(_("There is no account %(username)s.", username=username))
        days = Leave(first, last, stand_in.id if stand_in else None)
        take_leave(session, posting_id, days, user_id=user_id, actor=actor(), now=now())
    flash(_("The leave is entered."), "success")
    return redirect(url_for("auth.person", user_id=user_id))


@bp.app_template_global()
def postings_panel(user_id: int) -> Markup:
    """Where a person serves, with the form to change it; shown on the account's page."""
    session = db.session()
    every = [(node.code, node.name) for node in load_tree(session).standing]
    found, today = postings_of(session, user_id), local_day(now())
    page = render_template(
        "grid/_postings.html",
        user_id=user_id,
        postings=found,
        units=every,
        roles=BUSINESS_ROLES,
        duties=list(Duty),
        today=today,
    )
    return Markup(page)  # noqa: S704  # rendered with escaping just above


@bp.app_template_global()
def my_postings() -> Markup:
    """Where the asker serves today."""
    today = local_day(now())
    current = [row for row in postings_of(db.session(), actor().id or 0) if today in row[0].days]
    return Markup(render_template("grid/_my_postings.html", postings=current))  # noqa: S704  # likewise


def _by_community(nodes: list[Node]) -> list[tuple[Node, list[Node]]]:
    grids = [node for node in nodes if node.tier is Tier.GRID]
    heads = [node for node in nodes if node.tier is not Tier.GRID]
    groups = [(head, [grid for grid in grids if grid.parent_id == head.id]) for head in heads]
    known = {head.id for head in heads}
    return groups + [(grid, []) for grid in grids if grid.parent_id not in known]


def _geojson(collection: dict[str, Any]) -> Response:
    response = jsonify(collection)
    response.mimetype = "application/geo+json"
    # Outlines change with a published revision only, and the browser asks again after five minutes.
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


def _day(name: str) -> date | None:
    text = request.form.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(_("“%(text)s” is not a date such as 2020-12-31.", text=text)) from None

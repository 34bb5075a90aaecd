"""The pages of drafts of boundaries: the list, the editor with what it asks for, publishing."""

import json
from typing import Any

import shapely
from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from app.auth.actor import Actor
from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import local_day, now
from app.core.db import db, transaction
from app.core.errors import AppError, Conflict, Forbidden, Invalid
from app.core.i18n import lazy as _
from grid.check import named_lanes
from grid.drafting import drafts
from grid.drafting.checking import draft_findings
from grid.drafting.land import differing
from grid.drafting.loading import base_land, shown_land
from grid.drafting.publishing import Broken, publish
from grid.drafting.view import draft_state, finding_view, land_view
from grid.labels import draft_label
from grid.models import Draft, DraftEdit, Unit
from grid.tree import Node, in_scope, load_tree
from grid.vocabulary import Tier

bp = Blueprint("drafts", __name__, template_folder="templates", url_prefix="/drafts")
bp.add_app_template_filter(draft_label)

Page = Answer | str | tuple[str, int]


@bp.get("")
@requires(Permission.GRID_DRAW)
def index(error: AppError | None = None) -> Page:
    """Every draft of the person's streets, the open ones first."""
    session, me = db.session(), actor()
    streets = _streets(session, me)
    edits = select(func.count()).where(DraftEdit.draft_id == Draft.id, DraftEdit.undone_at.is_(None))
    query = (
        select(Draft, Unit.name, edits.scalar_subquery())
        .join(Unit, Unit.id == Draft.street_id)
        .where(in_scope(me, Draft.street_id), Draft.street_id.in_([node.id for node in streets]))
        .order_by(Draft.ended_at.is_not(None), Draft.made_at.desc(), Draft.id.desc())
    )
    page = render_template(
        "grid/drafts.html",
        drafts=session.execute(query).all(),
        streets=[(street.code, street.name) for street in streets],
        form=request.form if error else {},
        faults=error.fields if error else {},
        error=error,
    )
    return (page, error.status) if error else page


@bp.post("")
@requires(Permission.GRID_DRAW)
def begin() -> Page:
    """Begin a draft on what is in force."""
    session, me = db.session(), actor()
    try:
        with transaction():
            street = _street(session, me, request.form.get("street"))
            name = request.form.get("name", "")
            draft = drafts.open_draft(session, street.id, name=name, actor=me, now=now())
    except (Invalid, Conflict) as error:
        return index(error)
    return redirect(url_for("drafts.show", draft_id=draft.id))


@bp.get("/<int:draft_id>")
@requires(Permission.GRID_DRAW)
def show(draft_id: int) -> Page:
    """The editor."""
    session = db.session()
    draft = drafts.get_draft(session, actor(), draft_id)
    street = session.get_one(Unit, draft.street_id)
    return render_template("grid/draft.html", draft=draft, street=street)


@bp.get("/<int:draft_id>/state.json")
@requires(Permission.GRID_DRAW)
def state(draft_id: int) -> Response:
    """The draft as the editor reads it."""
    return jsonify(draft_state(db.session(), drafts.get_draft(db.session(), actor(), draft_id)))


@bp.get("/<int:draft_id>/land.geojson")
@requires(Permission.GRID_DRAW)
def land(draft_id: int) -> Response:
    """The grids as the draft has them."""
    session = db.session()
    draft = drafts.get_draft(session, actor(), draft_id)
    base = base_land(session, draft)
    drawn = shown_land(session, draft)
    return jsonify(land_view(drawn, differing(base, drawn)))


@bp.get("/<int:draft_id>/lanes.geojson")
@requires(Permission.GRID_DRAW)
def lanes(draft_id: int) -> Response:
    """The named lanes of the street, along which borders are drawn."""
    draft = drafts.get_draft(db.session(), actor(), draft_id)
    features = [
        {
            "type": "Feature",
            "properties": {"name": lane.name},
            "geometry": json.loads(shapely.to_geojson(lane.line)),
        }
        for lane in named_lanes(db.session(), draft.street_id)
    ]
    return jsonify({"type": "FeatureCollection", "features": features})


@bp.get("/<int:draft_id>/findings.json")
@requires(Permission.GRID_DRAW)
def findings(draft_id: int) -> Response | tuple[Response, int]:
    """What the checks say of the draft, blocking ones first."""
    session = db.session()
    draft = drafts.get_draft(session, actor(), draft_id)
    street = session.get_one(Unit, draft.street_id)
    try:
        found = draft_findings(session, street, shown_land(session, draft), local_day(now()))
    except AppError as error:
        return jsonify(message=str(error.message)), error.status
    ordered = sorted(found, key=lambda finding: not finding.blocking)
    is_ok = not any(finding.blocking for finding in found)
    return jsonify(ok=is_ok, findings=[finding_view(finding) for finding in ordered])


@bp.post("/<int:draft_id>/edits")
@requires(Permission.GRID_DRAW)
def edit(draft_id: int) -> Response | tuple[Response, int]:
    """Add an edit, sent as JSON: `kind`, `said` and `seen`, the last edit that the editor knew."""
    sent = _sent()
    return _changed(
        draft_id,
        lambda session, draft, me: drafts.add_edit(
            session, draft, sent.get("kind", ""), _said(sent), seen=_seen(sent), actor=me, now=now()
        ),
    )


@bp.post("/<int:draft_id>/undo")
@requires(Permission.GRID_DRAW)
def undo(draft_id: int) -> Response | tuple[Response, int]:
    """Take the last edit back."""
    seen = _seen(_sent())
    return _changed(
        draft_id, lambda session, draft, me: drafts.undo(session, draft, seen=seen, actor=me, now=now())
    )


@bp.post("/<int:draft_id>/discard")
@requires(Permission.GRID_DRAW)
def discard(draft_id: int) -> Answer:
    """Give the draft up."""
    session, me = db.session(), actor()
    with transaction():
        drafts.discard(session, drafts.get_draft(session, me, draft_id, lock=True), actor=me, now=now())
    flash(_("The draft was given up; nothing was published."), "success")
    return redirect(url_for("drafts.index"))


@bp.post("/<int:draft_id>/publish")
@requires(Permission.GRID_DRAW)
def put_in_force(draft_id: int) -> Answer:
    """Publish the draft; open cases follow with the next tick."""
    session, me = db.session(), actor()
    try:
        with transaction():
            draft = drafts.get_draft(session, me, draft_id, lock=True)
            publish(session, draft, seen=request.form.get("seen", type=int), actor=me, now=now())
    except (Broken, Invalid, Conflict) as error:
        flash(error.message, "danger")
        return redirect(url_for("drafts.show", draft_id=draft_id))
    flash(_("The new boundaries are in force. Open cases follow within a minute."), "success")
    return redirect(url_for("grid.units"))


def _changed(draft_id: int, verb: Any) -> Response | tuple[Response, int]:
    session, me = db.session(), actor()
    try:
        with transaction():
            draft = drafts.get_draft(session, me, draft_id, lock=True)
            verb(session, draft, me)
    except AppError as error:
        return jsonify(message=str(error.message)), error.status
    return jsonify(draft_state(session, draft))


def _sent() -> dict[str, Any]:
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Invalid(_("This edit is not understood; open the draft anew."))
    return sent


def _said(sent: dict[str, Any]) -> dict[str, Any]:
    said = sent.get("said")
    return said if isinstance(said, dict) else {}


def _seen(sent: dict[str, Any]) -> int | None:
    seen = sent.get("seen")
    return seen if isinstance(seen, int) else None


def _streets(session: Session, me: Actor) -> list[Node]:
    tree = load_tree(session, None if me.everywhere else me.units)
    return [n for n in tree.standing if n.tier is Tier.STREET and me.may(Permission.GRID_DRAW, n.id)]


def _street(session: Session, me: Actor, code: str | None) -> Node:
    streets = _streets(session, me)
    found = [node for node in streets if node.code == code] if code else streets[:1]
    if not found:
        raise Forbidden(_("The grids of a street are drawn by its leaders."))
    return found[0]

"""The intake form: one page, three kinds, and the answer where the matter goes."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction, violated
from app.core.errors import AppError, Forbidden, Invalid
from app.core.i18n import lazy as _
from app.core.i18n import now_text
from grid.locating.locate import Locator, Where
from grid.tree import Node, Tree, load_tree
from grid.vocabulary import Tier
from petitions.categories.knowing import demand_known
from petitions.forms import read_intake
from petitions.people import FURTHER, people_rows
from petitions.queries import find_form
from petitions.register import Registered, register
from petitions.sameness.near import near_open
from petitions.vocabulary import CaseKind, Channel, OrderType, Urgency

SENT_TWICE = "uq_cases_source_source_number"

bp = Blueprint("intake", __name__, template_folder="templates", url_prefix="/cases/new")

Page = Response | str | tuple[str, int]


@bp.get("")
@requires(Permission.CASE_REGISTER)
def new() -> Page:
    """The empty form, with a key of its own so that sending it twice makes one case."""
    return _form({"key": uuid.uuid4().hex, "kind": request.args.get("kind", CaseKind.DISPUTE.value)}, None)


@bp.post("")
@requires(Permission.CASE_REGISTER)
def create() -> Page:
    """Register the matter."""
    session, me, present = db.session(), actor(), now()
    tree = load_tree(session, me.units)
    street = _street(tree)
    sent = find_form(session, me, request.form.get("key", ""))
    if sent:
        return redirect(url_for("petitions.show", number=sent.number))
    try:
        with transaction():
            intake = read_intake(request.form, now=present)
            demand_known(session, street.id, intake.category, sure=request.form.get("sure"))
            done = register(session, [intake], street_id=street.id, actor=me, now=present)[0]
    except Invalid as error:
        return _form(request.form, error)
    except IntegrityError as error:
        if violated(error) != SENT_TWICE:
            raise
        # The same form, sent twice at once: the other request has registered it.
        sent = find_form(session, me, request.form.get("key", ""))
        return redirect(url_for("petitions.show", number=sent.number) if sent else url_for("intake.new"))
    flash(_told(done, tree), "success")
    seen = me.reach & {done.route.street_id, done.route.community_id, done.route.grid_id}
    return redirect(url_for("petitions.show", number=done.number) if seen else url_for("intake.new"))


@bp.post("/place")
@requires(Permission.CASE_REGISTER)
def place() -> Page:
    """Where the matter would go, while the address is typed; a POST, so that no address stands in a log."""
    form, session = request.form, db.session()
    tree = load_tree(session, actor().units)
    lon, lat = form.get("lon", type=float), form.get("lat", type=float)
    address = form.get("address", "").strip() or None
    if not address and lon is None:
        return ""
    where = Where(address, lon, lat, "wgs84" if lon is not None else None)
    route = Locator.load(session, _street(tree).id).locate_many([where])[0]
    known = near_open(session, actor(), **_sort_of(form), address=address, point=route.point, now=now())
    return render_template("petitions/_place.html", route=route, tree=tree, known=known, now=now())


def _sort_of(form: Mapping[str, str]) -> dict[str, Any]:
    """The kind and type chosen so far; what is no choice is none here, and told when the form is sent."""
    kind, order_type = form.get("kind"), form.get("order_type")
    return {
        "kind": CaseKind(kind) if kind in set(CaseKind) else CaseKind.DISPUTE,
        "order_type": OrderType(order_type) if order_type in set(OrderType) else None,
    }


def _form(form: Mapping[str, str], error: AppError | None) -> Page:
    page = render_template(
        "petitions/new.html",
        form=form,
        faults=error.fields if error else {},
        error=error,
        kinds=list(CaseKind),
        channels=list(Channel),
        order_types=list(OrderType),
        urgencies=list(Urgency),
        roles=FURTHER,
        rows=list(people_rows(form)),
    )
    return (page, error.status) if error else page


def _street(tree: Tree) -> Node:
    """The street whose desk takes the matter: the one the person is posted in."""
    streets = sorted((node for node in tree.nodes.values() if node.tier is Tier.STREET), key=lambda n: n.code)
    if not streets:
        raise Forbidden(_("You are posted to no unit today, so no street can take the matter in."))
    return streets[0]


def _told(done: Registered, tree: Tree) -> str:
    holder = tree[done.route.holder_id].name
    return now_text("%(number)s is registered and has gone to %(holder)s.", number=done.number, holder=holder)

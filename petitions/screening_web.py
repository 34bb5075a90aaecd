"""The pages of screening rounds: what is asked, the answer of a grid, and how far the round has come."""

import uuid
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import local_day, now
from app.core.db import db, transaction
from app.core.errors import AppError, Invalid
from app.core.http import shown_again
from app.core.i18n import lazy as _
from app.core.pages import page_number
from grid.tree import Node, Tree, load_tree
from grid.vocabulary import Tier
from petitions.models import Case
from petitions.screening import queries, rounds
from petitions.screening.coverage import Coverage, total
from petitions.screening.forms import read_order
from petitions.screening.labels import screening_label
from petitions.screening.queries import GridRow

bp = Blueprint("screening", __name__, template_folder="templates", url_prefix="/screenings")
bp.add_app_template_filter(screening_label)

Page = Response | str | tuple[str, int]


@bp.app_template_global()
def screening_panel(case: Case) -> Markup:
    """The round in which a case was found."""
    found = queries.screening_of(db.session(), case)
    page = render_template("screening/_panel.html", found=found) if found else ""
    return Markup(page)  # noqa: S704  # rendered with escaping just above


@bp.get("")
@requires(Permission.CASE_VIEW)
def index() -> Page:
    """The rounds that ask grids in reach; one's own grid answers from here."""
    session, me, moment = db.session(), actor(), now()
    is_closed = request.args.get("show") == "closed"
    page = queries.list_screenings(session, me, page_number(), is_closed=is_closed)
    return render_template(
        "screening/index.html",
        page=page,
        is_closed=is_closed,
        owing={} if is_closed else queries.owing_grids(session, me, [row[0].id for row in page.items]),
        may_open=me.can(Permission.SCREENING_MANAGE),
        today=local_day(moment),
    )


@bp.get("/new")
@requires(Permission.SCREENING_MANAGE)
def new() -> Page:
    """The empty form, with a key of its own so that sending it twice opens one round."""
    return _form({"key": uuid.uuid4().hex, "first_day": local_day(now()).isoformat()}, None)


@bp.post("/new")
@requires(Permission.SCREENING_MANAGE)
def create() -> Page:
    """Open the round."""
    session, me, form = db.session(), actor(), request.form
    key = form.get("key", "").strip()[:60] or None
    tree = load_tree(session, me.units)
    try:
        with transaction():
            opened = queries.find_sent(session, me, key) or rounds.open_round(
                session, read_order(form), tree, unit_id=_unit(tree), key=key, actor=me, now=now()
            )
    except (AppError, IntegrityError) as error:
        # The same form, sent twice at once: the other request has opened the round.
        sent = queries.find_sent(session, me, key)
        if sent is None:
            return shown_again(error, lambda wrong: _form(form, wrong))
        opened = sent
    return redirect(url_for("screening.show", screening_id=opened.id))


@bp.get("/<int:screening_id>")
@requires(Permission.CASE_VIEW)
def show(screening_id: int) -> Page:
    """One round: who has answered, what was found, what is left."""
    return _round_page(screening_id)


@bp.post("/<int:screening_id>/close")
@requires(Permission.SCREENING_MANAGE)
def close(screening_id: int) -> Page:
    """Take no more answers."""
    session, me, reason = db.session(), actor(), request.form.get("reason", "")
    try:
        with transaction():
            found = queries.get_screening(session, me, screening_id, lock=True)
            rounds.close_round(session, found, reason=reason, actor=me, now=now())
    except AppError as error:
        return shown_again(error, lambda wrong: _round_page(screening_id, wrong))
    flash(_("The round is closed."), "success")
    return redirect(url_for("screening.show", screening_id=screening_id))


def _round_page(screening_id: int, error: AppError | None = None) -> str:
    session, me, moment = db.session(), actor(), now()
    found = queries.get_screening(session, me, screening_id)
    rows = queries.list_grids(session, me, found)
    tree = load_tree(session, {found.unit_id, *(row.asked.community_id for row in rows)})
    return render_template(
        "screening/round.html",
        screening=found,
        tree=tree,
        whole=total(row.coverage for row in rows),
        groups=_by_community(rows, tree),
        shades={row.grid.code: _shade(row) for row in rows},
        owing=queries.owing_grids(session, me, [found.id]).get(found.id, []),
        findings=queries.list_findings(session, me, found),
        events=queries.list_events(session, me, found),
        may_close=found.closed_at is None and me.may(Permission.SCREENING_MANAGE, found.unit_id),
        today=local_day(moment),
        error=error,
    )


def _form(form: Mapping[str, Any], error: AppError | None) -> str:
    tree = load_tree(db.session(), actor().units)
    return render_template(
        "screening/new.html",
        form=form,
        faults=error.fields if error else {},
        error=error,
        units=_units(tree),
    )


def _units(tree: Tree) -> list[Node]:
    """The streets and communities that the person may ask."""
    may = actor().may
    return [n for n in tree.standing if n.tier is not Tier.GRID and may(Permission.SCREENING_MANAGE, n.id)]


def _unit(tree: Tree) -> int:
    node = tree.by_code.get(request.form.get("unit", ""))
    if node is None or node not in _units(tree):
        raise Invalid(_("Choose a unit."), fields={"unit": _("Choose a unit.")})
    return node.id


def _by_community(rows: Sequence[GridRow], tree: Tree) -> list[tuple[Node, Coverage, list[GridRow]]]:
    groups = [
        (tree[key], list(grids)) for key, grids in groupby(rows, key=lambda row: row.asked.community_id)
    ]
    return [(node, total(row.coverage for row in grids), grids) for node, grids in groups]


def _shade(row: GridRow) -> str:
    """What the map shows of a grid."""
    if row.asked.answered_at is None:
        return "owing"
    return "found" if row.coverage.findings else "nothing"

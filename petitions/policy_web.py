"""The pages of the escalation policy: the table of limits, and one limit with its changes."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import ADMIN_ROLES, Permission, Role
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import AppError, NotFound
from app.core.i18n import lazy as _
from grid.tree import Node, load_tree
from grid.vocabulary import Tier
from petitions.office import Office, load_office
from petitions.policies import MAX_HOURS, Cell, limit_of
from petitions.policy_changes import change, propose
from petitions.policy_forms import Rule, fingerprint, read_cell, read_start, read_terms
from petitions.policy_table import cell_row, cell_rows, changes
from petitions.policy_words import limit_words, told_words, warning_words
from petitions.replanning import Forecast, count_replanned, count_stale, forecast
from petitions.rules.tier_limits import handed_down_hours

bp = Blueprint("policy", __name__, template_folder="templates", url_prefix="/policy")
bp.add_app_template_filter(limit_words)
bp.add_app_template_filter(warning_words)
bp.add_app_template_filter(told_words)

Page = Response | str | tuple[str, int]

CHANGES_SHOWN = 50


@bp.get("")
@requires(Permission.POLICY_MANAGE)
def index() -> Page:
    """Every limit of a street beside the shipped default, and what was changed."""
    session, moment = db.session(), now()
    streets = _streets()
    street = _street(streets, request.args["street"]) if request.args.get("street") else streets[0]
    policies = load_office(session, [street.id]).policies
    made = list(changes(policies, street.id))[:CHANGES_SHOWN]
    return render_template(
        "petitions/policy.html",
        street=street,
        streets=streets,
        rows=list(cell_rows(policies, street.id, moment)),
        changes=made,
        replanned=count_replanned(session, [each.version.id for each in made]),
        stale=count_stale(session, street.id, moment),
        at_once_hours=handed_down_hours(),
        now=moment,
    )


@bp.get("/<code>/<kind>/<urgency>/<tier>")
@requires(Permission.POLICY_MANAGE)
def show(code: str, kind: str, urgency: str, tier: str) -> Page:
    """One limit and the form to change it."""
    street = _street(_streets(), code)
    return _cell_page(street, read_cell(street.id, kind, urgency, tier))


@bp.post("/<code>/<kind>/<urgency>/<tier>")
@requires(Permission.POLICY_MANAGE)
def save(code: str, kind: str, urgency: str, tier: str) -> Page:
    """Tell what a change would do; save it once the person has read that."""
    street, form, session = _street(_streets(), code), request.form, db.session()
    cell = read_cell(street.id, kind, urgency, tier)
    try:
        said: dict[str, Any] = {
            "reason": form.get("reason", ""),
            "in_force_from": read_start(form),
            "seen": form.get("seen", type=int),
            "actor": actor(),
            "now": now(),
        }
        if form.get("checked") != fingerprint(form):
            version = propose(session, cell, read_terms(form), **said)
            office = load_office(session, [street.id])
            foretold = forecast(session, office, cell, limit_of(version), now())
            return _cell_page(street, cell, office=office, foretold=foretold)
        with transaction():
            change(session, cell, read_terms(form), **said)
    except AppError as error:
        if error.status in (403, 404):
            raise
        return _cell_page(street, cell, error=error), error.status
    flash(_("The limit is changed. Open cases follow within a minute."), "success")
    return redirect(url_for("policy.index", street=street.code))


def _cell_page(
    street: Node,
    cell: Cell,
    *,
    office: Office | None = None,
    foretold: Forecast | None = None,
    error: AppError | None = None,
) -> str:
    session, moment = db.session(), now()
    policies = (office or load_office(session, [street.id])).policies
    form: dict[str, Any] = dict(request.form)
    made = [each for each in changes(policies, street.id) if each.version.cell == cell]
    return render_template(
        "petitions/policy_cell.html",
        street=street,
        row=cell_row(policies, cell, moment),
        seen=form.get("seen", policies.newest(cell)),
        form=form,
        foretold=foretold,
        checked=fingerprint(form) if foretold else "",
        error=error,
        changes=made,
        replanned=count_replanned(session, [each.version.id for each in made]),
        rules=list(Rule),
        roles=[role for role in Role if role not in ADMIN_ROLES],
        most=MAX_HOURS,
        at_once_hours=handed_down_hours(),
        now=moment,
    )


def _streets() -> list[Node]:
    """The streets whose policy the person may change."""
    me = actor()
    nodes = load_tree(db.session(), me.units).nodes.values()
    found = [node for node in nodes if node.tier is Tier.STREET and me.may(Permission.POLICY_MANAGE, node.id)]
    if not found:
        raise NotFound(_("You lead no street whose policy you could change."))
    return sorted(found, key=lambda node: node.code)


def _street(streets: list[Node], code: str) -> Node:
    for street in streets:
        if street.code == code:
            return street
    raise NotFound(_("There is no street with the code %(code)s.", code=code))

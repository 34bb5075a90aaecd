"""The pages of leaders' reception days: what comes, what is owed, one day and its slots."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.auth.actor import Actor
from app.auth.login import actor, requires
from app.auth.models import User
from app.auth.vocabulary import Permission
from app.core.clock import local_day, now
from app.core.db import db, transaction
from app.core.errors import AppError, Forbidden
from app.core.http import shown_again
from app.core.i18n import lazy as _
from app.core.pages import page_number
from grid.tree import Node, load_tree
from grid.vocabulary import Tier
from petitions.models import Case
from petitions.reception import days, queries
from petitions.reception.forms import read_plan
from petitions.reception.labels import reception_label
from petitions.reception.models import Reception
from petitions.reception.queries import DAYS, Show
from petitions.reception.slots import is_over
from petitions.reception.vocabulary import DayState, ReceptionKind

bp = Blueprint("reception", __name__, template_folder="templates", url_prefix="/receptions")
bp.add_app_template_filter(reception_label)
bp.add_app_template_global(is_over)
bp.add_app_template_global(local_day, "today_of")

Page = Response | str | tuple[str, int]


@bp.app_template_global()
def reception_panel(case: Case) -> Markup:
    """The reception that a case comes from: who received, who is responsible, what was promised."""
    found = queries.reception_of(db.session(), case)
    page = render_template("reception/_panel.html", found=found) if found else ""
    return Markup(page)  # noqa: S704  # rendered with escaping just above


@bp.get("")
@requires(Permission.RECEPTION_VIEW)
def index() -> Page:
    """The days to come or past, or the bookings that somebody must act on."""
    asked = request.args.get("show", "")
    show = Show(asked) if asked in {member.value for member in Show} else Show.COMING
    session, me, moment = db.session(), actor(), now()
    listed = queries.list_days if show in DAYS else queries.list_duties
    return render_template(
        "reception/index.html",
        show=show,
        shows=list(Show),
        is_days=show in DAYS,
        page=listed(session, me, show, moment, page_number()),
        duties=queries.count_duties(session, me, moment),
        may_plan=_may_plan(me),
        now=moment,
    )


@bp.post("/search")
@requires(Permission.RECEPTION_VIEW)
def search() -> Page:
    """The bookings of a telephone number, which never stands in an address."""
    phone = request.form.get("phone", "").strip()
    found = queries.find_by_phone(db.session(), actor(), phone)
    return render_template("reception/search.html", found=found, phone=phone, now=now())


@bp.get("/new")
@requires(Permission.RECEPTION_MANAGE)
def new() -> Page:
    """The empty form, with a key of its own so that sending it twice plans one day."""
    return _form({"key": uuid.uuid4().hex, "opens": "09:00", "closes": "12:00", "capacity": "6"})


@bp.post("/new")
@requires(Permission.RECEPTION_MANAGE)
def create() -> Page:
    """Plan a day."""
    session, me, form = db.session(), actor(), request.form
    key = form.get("key", "").strip()[:60] or None
    try:
        with transaction():
            sent = queries.find_sent(session, me, Reception, key)
            day = sent or days.plan(
                session, read_plan(form), street_id=_street(session, me).id, key=key, actor=me, now=now()
            )
    except (AppError, IntegrityError) as error:
        # The same form, sent twice at once: the other request has planned it.
        day = queries.find_sent(session, me, Reception, key)
        if day is None:
            return shown_again(error, lambda wrong: _form(form, wrong))
    return redirect(url_for("reception.show", reception_id=day.id))


@bp.get("/<int:reception_id>")
@requires(Permission.RECEPTION_VIEW)
def show(reception_id: int) -> Page:
    """One day: its slots, who has them, and what was done."""
    return _day_page(reception_id)


@bp.get("/<int:reception_id>/plan")
@requires(Permission.RECEPTION_MANAGE)
def plan(reception_id: int) -> Page:
    """The form of a day that is not published yet."""
    day = queries.get_reception(db.session(), actor(), reception_id)
    wish = days.plan_of(day)
    opens, closes = (at.isoformat("minutes") for at in (wish.opens, wish.closes))
    form = {"leader": wish.leader_id, "kind": wish.kind, "place": wish.place, "day": wish.day.isoformat()}
    return _form({**form, "opens": opens, "closes": closes, "capacity": wish.capacity}, day=day)


@bp.post("/<int:reception_id>/plan")
@requires(Permission.RECEPTION_MANAGE)
def replan(reception_id: int) -> Page:
    """Change a day that is not published yet."""
    session, me, form = db.session(), actor(), request.form
    try:
        with transaction():
            day = queries.get_reception(session, me, reception_id, lock=True)
            days.replan(session, day, read_plan(form), actor=me, now=now())
    except AppError as error:
        day = queries.get_reception(session, me, reception_id)
        return shown_again(error, lambda wrong: _form(form, wrong, day=day))
    return redirect(url_for("reception.show", reception_id=reception_id))


@bp.post("/<int:reception_id>/publish")
@requires(Permission.RECEPTION_MANAGE)
def publish(reception_id: int) -> Page:
    """Open the day for bookings."""
    return _do(reception_id, lambda day: days.publish(db.session(), day, actor=actor(), now=now()))


@bp.post("/<int:reception_id>/cancel")
@requires(Permission.RECEPTION_MANAGE)
def cancel(reception_id: int) -> Page:
    """Cancel the day; its bookings are kept."""
    reason = request.form.get("reason", "")
    return _do(
        reception_id, lambda day: days.cancel(db.session(), day, reason=reason, actor=actor(), now=now())
    )


def _do(reception_id: int, verb: Callable[[Reception], None]) -> Page:
    try:
        with transaction():
            verb(queries.get_reception(db.session(), actor(), reception_id, lock=True))
    except AppError as error:
        return shown_again(error, lambda wrong: _day_page(reception_id, wrong))
    return redirect(url_for("reception.show", reception_id=reception_id))


def _day_page(reception_id: int, error: AppError | None = None) -> str:
    session, me, moment = db.session(), actor(), now()
    day = queries.get_reception(session, me, reception_id)
    may_manage = me.may(Permission.RECEPTION_MANAGE, day.street_id)
    is_open = may_manage and moment < day.ends_at
    places = queries.places_of(session, day)
    return render_template(
        "reception/day.html",
        day=day,
        leader=session.get_one(User, day.leader_id),
        places=places,
        slots={place.booking.id: place.slot.number for place in places if place.booking},
        events=queries.list_events(session, day.id),
        may_book=may_manage and day.state is DayState.PUBLISHED,
        may_publish=is_open and day.state is DayState.PLANNED,
        may_cancel=is_open and day.state is not DayState.CANCELLED,
        error=error,
        now=moment,
    )


def _form(form: Mapping[str, Any], error: AppError | None = None, *, day: Reception | None = None) -> str:
    session, me = db.session(), actor()
    street_id = day.street_id if day else _street(session, me).id
    return render_template(
        "reception/plan.html",
        form=form,
        faults=error.fields if error else {},
        error=error,
        day=day,
        kinds=list(ReceptionKind),
        leaders=queries.leaders_of(session, street_id, local_day(now())),
    )


def _street(session: Session, me: Actor) -> Node:
    """The street whose receptions the person keeps: the first one."""
    for node in load_tree(session, me.units).standing:
        if node.tier is Tier.STREET and me.may(Permission.RECEPTION_MANAGE, node.id):
            return node
    raise Forbidden(_("The receptions of this street are kept by another office."))


def _may_plan(me: Actor) -> bool:
    return any(me.may(Permission.RECEPTION_MANAGE, unit) for unit in me.units)

"""The pages of a booking: taken for a visitor, and all that can be done to it."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.models import User
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import AppError, Conflict, Invalid, NotFound
from app.core.http import shown_again
from app.core.i18n import lazy as _
from petitions.models import Case
from petitions.queries import get_case, visible_cases
from petitions.reception import bookings, outcomes, queries
from petitions.reception.forms import read_matter, read_said, read_target, read_visit
from petitions.reception.labels import reception_label
from petitions.reception.models import MOST_REPRESENTATIVES, Booking, Reception
from petitions.reception.offers import offered
from petitions.reception.vocabulary import ReceptionAct

bp = Blueprint("bookings", __name__, template_folder="templates")

Page = Response | str | tuple[str, int]


@bp.app_template_global()
def is_collective(booking: Booking) -> bool:
    """Whether so many come that it is a collective visit (集体访)."""
    return bool(booking.persons >= current_app.config["COLLECTIVE_FROM"])


@bp.get("/receptions/<int:reception_id>/book")
@requires(Permission.RECEPTION_MANAGE)
def new(reception_id: int) -> Page:
    """The empty form for a slot, with a key of its own so that sending it twice takes one slot."""
    form = {"key": uuid.uuid4().hex, "slot": request.args.get("slot", ""), "persons": "1"}
    return _form(reception_id, form, None)


@bp.post("/receptions/<int:reception_id>/book")
@requires(Permission.RECEPTION_MANAGE)
def create(reception_id: int) -> Page:
    """Take the slot."""
    session, me, form = db.session(), actor(), request.form
    key = form.get("key", "").strip()[:60] or None
    try:
        with transaction():
            day = queries.get_reception(session, me, reception_id, hold=True)
            if not queries.find_sent(session, me, Booking, key):
                visit, slot = read_visit(form)
                case = _named_case(form.get("case", ""))
                bookings.book(session, day, visit, slot, case=case, key=key, actor=me, now=now())
                flash(_("The slot is booked."), "success")
    except (AppError, IntegrityError) as error:
        # The same form, sent twice at once: the other request has taken the slot.
        if not queries.find_sent(session, me, Booking, key):
            return shown_again(error, lambda wrong: _form(reception_id, form, wrong))
    return redirect(url_for("reception.show", reception_id=reception_id))


@bp.get("/bookings/<int:booking_id>")
@requires(Permission.RECEPTION_VIEW)
def show(booking_id: int) -> Page:
    """One booking: the visitor, the matter, what came of it, and what was done."""
    return _page(booking_id)


@bp.post("/bookings/<int:booking_id>/<act>")
@requires(Permission.RECEPTION_MANAGE)
def do(booking_id: int, act: str) -> Page:
    """Do one thing to the booking, unless it has changed since the person read it."""
    chosen = next((known for known in ACTS if known.value == act), None)
    if chosen is None:
        raise NotFound(_("There is no such action."))
    try:
        with transaction():
            booking, day = queries.get_booking(db.session(), actor(), booking_id, lock=True)
            if not _was_sent(booking, chosen):
                ACTS[chosen](booking, day)
                flash(_("Done: %(verb)s.", verb=reception_label(chosen)), "success")
    except AppError as error:
        return shown_again(error, lambda wrong: _page(booking_id, chosen, wrong))
    return redirect(url_for("bookings.show", booking_id=booking_id))


def _answer(booking: Booking, day: Reception) -> None:
    outcomes.answer(db.session(), booking, day, read_said(request.form), actor=actor(), now=now())


def _register(booking: Booking, day: Reception) -> None:
    matter, said = read_matter(request.form), read_said(request.form)
    outcomes.become_case(db.session(), booking, day, matter, said, actor=actor(), now=now())


def _link(booking: Booking, day: Reception) -> None:
    case = _named_case(request.form.get("case", ""), lock=True)
    if case is None:
        raise Invalid(_("Name the case."), fields={"case": _("Name the case.")})
    outcomes.link(db.session(), booking, day, case, read_said(request.form), actor=actor(), now=now())


def _move(booking: Booking, day: Reception) -> None:
    target_id, slot = read_target(request.form)
    target = queries.get_reception(db.session(), actor(), target_id, hold=True)
    bookings.move(db.session(), booking, day, target, slot, actor=actor(), now=now())


def _withdraw(booking: Booking, day: Reception) -> None:
    reason = request.form.get("reason", "")
    bookings.withdraw(db.session(), booking, day, reason=reason, actor=actor(), now=now())


def _plain(verb: Callable[..., None]) -> Callable[[Booking, Reception], None]:
    return lambda booking, day: verb(db.session(), booking, day, actor=actor(), now=now())


ACTS: dict[ReceptionAct, Callable[[Booking, Reception], None]] = {
    ReceptionAct.KEEP_PROMISE: _plain(outcomes.keep_promise),
    ReceptionAct.REOPEN: _plain(outcomes.reopen),
    ReceptionAct.ANSWER: _answer,
    ReceptionAct.REGISTER: _register,
    ReceptionAct.LINK: _link,
    ReceptionAct.NOTE_ABSENT: _plain(outcomes.note_absent),
    ReceptionAct.TELL: _plain(bookings.tell),
    ReceptionAct.MOVE: _move,
    ReceptionAct.WITHDRAW: _withdraw,
}


def _was_sent(booking: Booking, act: ReceptionAct) -> bool:
    """Whether this very form was carried out already; raises Conflict where something else was done since."""
    seen = request.form.get("version", -1, type=int)
    if booking.event_count == seen:
        return False
    if not queries.was_sent(db.session(), booking, act, seen=seen, actor=actor()):
        raise Conflict(_("Somebody else has changed this booking since you opened the page. Read it again."))
    return True


def _named_case(number: str, *, lock: bool = False) -> Case | None:
    if not number.strip():
        return None
    try:
        return get_case(db.session(), actor(), number.strip(), lock=lock)
    except NotFound as error:
        raise Invalid(error.message, fields={"case": error.message}) from None


def _page(booking_id: int, act: ReceptionAct | None = None, error: AppError | None = None) -> str:
    session, me, moment = db.session(), actor(), now()
    booking, day = queries.get_booking(session, me, booking_id)
    may_manage = me.may(Permission.RECEPTION_MANAGE, day.street_id)
    offers = offered(booking, day, moment) if may_manage else []
    return render_template(
        "reception/booking.html",
        booking=booking,
        day=day,
        slot=outcomes.slot_of(booking, day),
        leader=session.get_one(User, day.leader_id),
        case=session.scalar(visible_cases(me).where(Case.id == booking.case_id)),
        events=queries.list_events(session, day.id, booking),
        offers=offers,
        kinds=outcomes.KINDS,
        free=queries.free_slots(session, day, moment) if ReceptionAct.MOVE in offers else [],
        sent=act,
        error=error,
        draft=request.form,
        now=moment,
    )


def _form(reception_id: int, form: Mapping[str, Any], error: AppError | None) -> str:
    session, me = db.session(), actor()
    day = queries.get_reception(session, me, reception_id)
    places = queries.places_of(session, day)
    return render_template(
        "reception/book.html",
        form=form,
        faults=error.fields if error else {},
        error=error,
        day=day,
        leader=session.get_one(User, day.leader_id),
        free=[place.slot for place in places if place.booking is None and place.slot.ends_at > now()],
        most=MOST_REPRESENTATIVES,
    )

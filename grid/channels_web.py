"""The pages of channels: which unit's group robot is told what, and what could not be delivered.

They stand here because a channel is a unit's, and belong to the administrator, who sees no case in them.
"""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.calendar_store import load_calendar
from app.core.clock import local_day, now
from app.core.db import db, transaction
from app.core.errors import AppError, Invalid
from app.core.i18n import lazy as _
from app.core.pages import page_number
from app.notices import parked, receivers
from app.notices.labels import fault_label, receiver_kind_label
from app.notices.vocabulary import WEBHOOKS, DeliveryState
from grid.models import Unit

bp = Blueprint("channels", __name__, template_folder="templates")
bp.add_app_template_filter(receiver_kind_label)
bp.add_app_template_filter(fault_label)

Page = Response | str | tuple[str, int]


@bp.get("/channels")
@requires(Permission.CHANNELS_MANAGE)
def index() -> Page:
    """How notices leave the house: the mail server, and the webhook of each unit that has one."""
    return _page(None)


@bp.post("/channels")
@requires(Permission.CHANNELS_MANAGE)
def set_channel() -> Page:
    """Give a unit its webhook, or change it."""
    try:
        with transaction():
            unit = _unit(request.form.get("unit", "").split(" ")[0])
            receivers.set_webhook(
                db.session(),
                unit_id=unit.id,
                unit_code=unit.code,
                form=request.form,
                allow_local=current_app.config["WEBHOOK_LOCAL"],
                actor=actor(),
                now=now(),
            )
    except Invalid as error:
        return _page(error)
    flash(_("The channel is set. Notices of this unit go there from now on."), "success")
    return redirect(url_for("channels.index", _anchor="top"))


@bp.post("/channels/<int:receiver_id>/off")
@requires(Permission.CHANNELS_MANAGE)
def turn_off(receiver_id: int) -> Page:
    """Send nothing to this channel from now on."""
    session = db.session()
    with transaction():
        unit = session.get_one(Unit, receivers.get_webhook(session, receiver_id, actor=actor()).unit_id)
        receivers.turn_off_webhook(session, receiver_id, unit_code=unit.code, actor=actor(), now=now())
    flash(_("The channel is off; what waited for it is not sent."), "success")
    return redirect(url_for("channels.index"))


@bp.get("/channels/parked")
@requires(Permission.CHANNELS_MANAGE)
def list_parked() -> Page:
    """What could not be delivered, and why."""
    page = parked.list_parked(db.session(), page_number(), actor=actor())
    return render_template("grid/parked.html", page=page, units=_units())


@bp.post("/channels/parked/again")
@requires(Permission.CHANNELS_MANAGE)
def send_again() -> Page:
    """Have one parked message sent again, or all of them."""
    with transaction():
        count = parked.send_again(
            db.session(), request.form.get("delivery", type=int), actor=actor(), now=now()
        )
    if count:
        flash(
            _("%(count)s will be sent again; what is not urgent waits for office hours.", count=count),
            "success",
        )
    else:
        flash(_("Nothing is sent again: it is on its way already, or its channel is off."), "warning")
    return redirect(url_for("channels.list_parked"))


def _page(error: AppError | None) -> Page:
    session, config = db.session(), current_app.config
    year = local_day(now()).year
    page = render_template(
        "grid/channels.html",
        hooks=receivers.list_webhooks(session, actor=actor()),
        units=_units(),
        kinds=sorted(WEBHOOKS),
        waiting=receivers.count_by_receiver(session, DeliveryState.WAITING),
        parked=receivers.count_by_receiver(session, DeliveryState.PARKED),
        mailboxes=receivers.count_mailboxes(session),
        mail_server=config["SMTP_HOST"] and f"{config['SMTP_HOST']}:{config['SMTP_PORT']}",
        mail_from=config["MAIL_FROM"],
        missing_year=None if year in load_calendar(db.session()).years else year,
        faults=error.fields if error else {},
        form=request.form if error else {},
    )
    return (page, error.status) if error else page


def _units() -> dict[int, Unit]:
    """Every unit by key, in the order of their codes; the hierarchy is no secret, cases are."""
    return {unit.id: unit for unit in db.session.scalars(select(Unit).order_by(Unit.code))}


def _unit(code: str) -> Unit:
    unit = db.session.scalar(select(Unit).where(Unit.code == code))
    if unit is None:
        unknown = _("There is no unit of this code.")
        raise Invalid(unknown, fields={"unit": unknown})
    return unit

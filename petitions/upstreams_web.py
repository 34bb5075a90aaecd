"""The page of upstreams, for the system administrator: who may send, and new secrets, shown once."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.models import Unit
from grid.vocabulary import Tier
from petitions.importing.profile import shipped
from petitions.importing.profiles import load_profiles
from petitions.upstreams import keeping
from petitions.words import profile_name

bp = Blueprint("upstreams", __name__, template_folder="templates", url_prefix="/upstreams")

Page = Response | str | tuple[str, int]


@bp.get("")
@requires(Permission.CHANNELS_MANAGE)
def index() -> Page:
    """Who may send, and the form for another."""
    return _page({})


@bp.post("")
@requires(Permission.CHANNELS_MANAGE)
def add() -> Page:
    """Let another send; its secret stands on this one answer."""
    form = request.form
    try:
        with transaction():
            row, secret = keeping.create_upstream(
                db.session(),
                code=form.get("code", ""),
                name=form.get("name", ""),
                street_code=form.get("street", ""),
                profile=form.get("profile") or None,
                actor=actor(),
                now=now(),
            )
    except Invalid as error:
        return _page(form, error), error.status
    return _page({}, told=(row.code, secret))


@bp.post("/<code>/rotate")
@requires(Permission.CHANNELS_MANAGE)
def rotate(code: str) -> Page:
    """Make a new secret, which stands on this one answer."""
    with transaction():
        secret = keeping.rotate(db.session(), code, actor=actor(), now=now())
    return _page({}, told=(code, secret))


@bp.post("/<code>/turn")
@requires(Permission.CHANNELS_MANAGE)
def turn(code: str) -> Page:
    """Turn one on or off."""
    is_on = bool(request.form.get("on"))
    with transaction():
        keeping.turn(db.session(), code, is_on=is_on, actor=actor(), now=now())
    flash(_("What it sends is taken again.") if is_on else _("Nothing more is taken from it."), "success")
    return redirect(url_for("upstreams.index"))


def _layouts(streets: Sequence[Unit]) -> list[tuple[str, str]]:
    """What may be chosen: the program's layouts, and each street's own by its name."""
    own = [
        (profile.name, f"{profile.name} · {street.name}")
        for street in streets
        for profile in load_profiles(db.session(), [street.id]).values()
        if profile.key is not None
    ]
    return [(name, profile_name(name)) for name, profile in shipped().items() if not profile.registered] + own


def _page(form: Mapping[str, str], error: Invalid | None = None, told: tuple[str, str] | None = None) -> str:
    session = db.session()
    streets = session.scalars(select(Unit).where(Unit.tier == Tier.STREET).order_by(Unit.code)).all()
    return render_template(
        "petitions/upstreams.html",
        upstreams=keeping.list_upstreams(session, actor=actor()),
        streets={street.id: street for street in streets},
        layouts=_layouts(streets),
        form=form,
        error=error,
        faults=error.fields if error else {},
        told=told,
    )

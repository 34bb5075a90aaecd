"""Logging in and out, one's own password and language, and the accounts."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from app.auth import people as accounts
from app.auth import session_life
from app.auth.actor import Actor
from app.auth.entry import Throttled, log_in, log_out
from app.auth.labels import role_label
from app.auth.login import actor, public, requires, requires_login
from app.auth.navigation import start_url
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import AppError
from app.core.i18n import LANGUAGES
from app.core.i18n import lazy as _

bp = Blueprint("auth", __name__, template_folder="templates")
bp.add_app_template_filter(role_label)

Page = Response | str | tuple[str, int]


@bp.get("/login")
@public
def login() -> Page:
    """The form; a person who is logged in already goes on."""
    if current_user.is_authenticated:
        return redirect(start_url(actor()))
    return render_template("auth/login.html")


@bp.post("/login")
@public
def enter() -> Page:
    """Check the password; a wrong name and a wrong password get the same answer."""
    form, moment = request.form, now()
    name, secret = form.get("username", ""), form.get("password", "")
    try:
        with transaction():
            user = log_in(db.session(), name, secret, address=request.remote_addr or "", now=moment)
    except Throttled as error:
        return render_template("auth/login.html", throttled=error.message), error.status
    if user is None:
        return render_template("auth/login.html", refused=True), 422
    language = session.get("language")
    session.clear()
    session.permanent = True
    if language:
        session["language"] = language
    session_life.begin(session, moment)
    login_user(Actor(user.id, user.name, session_epoch=user.session_epoch))
    return redirect(_local(request.args.get("next")) or url_for("auth.start"))


@bp.get("/start")
@requires_login
def start() -> Response:
    """The first page of this person's menu."""
    return redirect(start_url(actor()))


@bp.post("/logout")
@requires_login
def logout() -> Response:
    """End the person's sessions and forget everything this one held."""
    with transaction():
        log_out(db.session(), actor=actor(), now=now())
    logout_user()
    session.clear()
    return redirect(url_for("auth.login"))


@bp.post("/language/<code>")
@public
def language(code: str) -> Response:
    """Keep the language for this session."""
    if code not in LANGUAGES:
        abort(404)
    session["language"] = code
    return redirect(_local(request.form.get("next")) or url_for("auth.login"))


@bp.get("/password")
@requires_login
def password() -> Page:
    """One's own account: name, language, password."""
    return render_template("auth/password.html", faults={})


@bp.post("/password")
@requires_login
def change_password() -> Page:
    """Change one's own password."""
    form = request.form
    try:
        with transaction():
            user = accounts.change_password(
                db.session(), old=form.get("old", ""), new=form.get("password", ""), actor=actor(), now=now()
            )
    except AppError as error:
        return render_template("auth/password.html", faults=error.fields), error.status
    if user is None:
        faults = {"old": _("The present password is not right, or the account is locked.")}
        return render_template("auth/password.html", faults=faults), 422
    login_user(Actor(user.id, user.name, session_epoch=user.session_epoch))
    flash(_("Your password is changed."), "success")
    return redirect(url_for("auth.password"))


@bp.get("/people")
@requires(Permission.PEOPLE_MANAGE)
def people() -> Page:
    """Every account."""
    return render_template("auth/people.html", people=accounts.list_people(db.session()))


@bp.get("/people/new")
@requires(Permission.PEOPLE_MANAGE)
def new_person() -> Page:
    """The form for a new account."""
    return _new_person({}, None)


@bp.post("/people/new")
@requires(Permission.PEOPLE_MANAGE)
def create_person() -> Page:
    """Open an account."""
    form = request.form
    try:
        with transaction():
            user = accounts.create_user(
                db.session(),
                username=form.get("username", ""),
                name=form.get("name", ""),
                password=form.get("password", ""),
                office=form.get("office"),
                actor=actor(),
                now=now(),
            )
    except AppError as error:
        return _new_person(form, error)
    flash(_("The account is open. Post the person to a unit next."), "success")
    return redirect(url_for("auth.person", user_id=user.id))


@bp.get("/people/<int:user_id>")
@requires(Permission.PEOPLE_MANAGE)
def person(user_id: int) -> Page:
    """One account and where the person serves."""
    return render_template(
        "auth/person.html",
        user=accounts.get_user(db.session(), user_id),
        is_kept_at_server=accounts.holds_office(db.session(), user_id),
        now=now(),
    )


@bp.post("/people/<int:user_id>/password")
@requires(Permission.PEOPLE_MANAGE)
def reset_password(user_id: int) -> Page:
    """Give the person a new password."""
    with transaction():
        accounts.reset_password(
            db.session(), user_id, password=request.form.get("password", ""), actor=actor(), now=now()
        )
    flash(_("The new password is set. Tell it to the person in private."), "success")
    return redirect(url_for("auth.person", user_id=user_id))


@bp.post("/people/<int:user_id>/close")
@requires(Permission.PEOPLE_MANAGE)
def close_account(user_id: int) -> Page:
    """Close the account."""
    with transaction():
        accounts.close_account(db.session(), user_id, actor=actor(), now=now())
    flash(_("The account is closed."), "success")
    return redirect(url_for("auth.person", user_id=user_id))


def _new_person(form: Mapping[str, str], error: AppError | None) -> Page:
    faults = error.fields if error else {}
    page = render_template("auth/new_person.html", faults=faults, form=form)
    return (page, error.status) if error else page


def _local(address: str | None) -> str | None:
    """`address` where it stays on this service; a link from outside must not lead a person away."""
    if not address or "\\" in address or not address.startswith("/") or address.startswith("//"):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address

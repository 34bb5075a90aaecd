"""The session, and the guard on every page."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from flask import Flask, current_app, session
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect

from app.auth import session_life
from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.i18n import lazy as _

csrf = CSRFProtect()
_manager = LoginManager()
_manager.login_view = "auth.login"
_manager.login_message = _("Please log in first.")


LoadActor = Callable[[int, int], Actor | None]


def init_app(app: Flask, load_actor: LoadActor) -> None:
    """Bind sessions to the application; `load_actor` brings a person of that epoch with today's postings."""
    _manager.init_app(app)
    _manager.user_loader(lambda key: _load(key, load_actor))
    csrf.init_app(app)


def _load(key: str, load_actor: LoadActor) -> Actor | None:
    moment = now()
    idle = timedelta(seconds=current_app.config["SESSION_IDLE_SECONDS"])
    longest = current_app.permanent_session_lifetime
    user_id, _dot, epoch = key.partition(".")
    if not epoch or session_life.is_over(session, moment, longest=longest, idle=idle):
        return None
    session_life.touch(session, moment)
    return load_actor(int(user_id), int(epoch))


def actor() -> Actor:
    """The person behind the present request."""
    return cast(Actor, current_user._get_current_object())


View = Callable[..., Any]


def requires(permission: Permission) -> Callable[[View], View]:
    """Guard a view: the person is logged in and one of their roles grants `permission`."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return _manager.unauthorized()
            actor().demand(permission)
            return view(*args, **kwargs)

        guarded.guard = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def requires_login(view: View) -> View:
    """Guard a view that every person who is logged in may see."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return _manager.unauthorized()
        return view(*args, **kwargs)

    guarded.guard = "login"  # type: ignore[attr-defined]
    return guarded


def signed(view: View) -> View:
    """Mark a view that asks for no login, because each request carries the signature of a known sender."""
    view.guard = "signed"  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Mark a view that anyone may see, so that a forgotten guard can be told from a wanted one."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view

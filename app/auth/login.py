"""The session, and the guard on every page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import Flask
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.i18n import lazy as _

csrf = CSRFProtect()
_manager = LoginManager()
_manager.login_view = "auth.login"
_manager.login_message = _("Please log in first.")


def init_app(app: Flask, load_actor: Callable[[int], Actor | None]) -> None:
    """Bind sessions to the application; `load_actor` brings a person with today's postings."""
    _manager.init_app(app)
    _manager.user_loader(lambda key: load_actor(int(key)))
    csrf.init_app(app)


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


def public(view: View) -> View:
    """Mark a view that anyone may see, so that a forgotten guard can be told from a wanted one."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view

"""Translations: English message ids in the code, both languages complete in `app/translations`."""

from flask import Flask, current_app, has_request_context, request, session
from flask_babel import Babel, gettext, lazy_gettext, ngettext

LANGUAGES = ("zh", "en")

lazy = lazy_gettext
now_text = gettext
plural = ngettext

_babel = Babel()


def _language() -> str:
    """What the person chose, else what the browser prefers, else the service's own."""
    default: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    if not has_request_context():
        return default
    chosen = session.get("language")
    return chosen or request.accept_languages.best_match(LANGUAGES) or default


def init_app(app: Flask) -> None:
    """Bind Babel to the application."""
    _babel.init_app(app, locale_selector=_language)

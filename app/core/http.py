"""Answers to errors, in HTML or JSON, decided in one place."""

import errno
import logging
from collections.abc import Callable

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from app.core.db import db
from app.core.errors import AppError, Unavailable
from app.core.i18n import lazy as _
from app.core.logs import kind_and_place

_log = logging.getLogger(__name__)

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

_HTTP_MESSAGES = {
    400: _("The request could not be understood. Go back and try again."),
    403: _("You may not see this page."),
    404: _("There is nothing at this address, or it lies outside your area."),
    405: _("This address does not take that action."),
}


def wants_json() -> bool:
    """Whether the asker is a program."""
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def register_error_handlers(app: Flask) -> None:
    """Turn what is refused, what cannot be and a lost database into an answer in the user's language."""
    app.register_error_handler(AppError, _app_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DataError, _unkeepable)
    app.register_error_handler(OperationalError, _lost_database)
    app.register_error_handler(OSError, _full_disk)
    if not app.testing:
        app.register_error_handler(Exception, _unknown)


def shown_again(error: Exception, page: Callable[[AppError], str]) -> tuple[str, int]:
    """The form again, with what is wrong; what is forbidden, not there or not foreseen stays an error."""
    if not isinstance(error, AppError) or error.status in (403, 404):
        raise error
    return page(error), error.status


def _answer(status: int, code: str, message: str, fields: dict[str, str]) -> tuple[Response | str, int]:
    db.session.rollback()
    if wants_json():
        return jsonify(code=code, message=message, fields=fields), status
    return render_template("errors/error.html", status=status, message=message, fields=fields), status


def _app_error(error: AppError) -> tuple[Response | str, int]:
    fields = {name: str(text) for name, text in error.fields.items()}
    return _answer(error.status, error.code, error.message, fields)


def _csrf_error(_error: CSRFError) -> tuple[Response | str, int]:
    return _answer(
        400, "csrf", str(_("The form is too old. Go back, reload the page and send it again.")), {}
    )


def _http_error(error: HTTPException) -> tuple[Response | str, int]:
    status = error.code or 500
    if status == 413:
        return _answer(status, "too_large", str(_too_large()), {})
    message = _HTTP_MESSAGES.get(status, _("The service could not answer. Try again in a minute."))
    return _answer(status, "http", str(message), {})


def _too_large() -> object:
    limit = current_app.config["MAX_CONTENT_LENGTH"] >> 20
    return _(
        "More than %(limit)s MiB were sent, the most that this service takes at once. Send the file in parts,"
        " or have the limit raised (DINGFEN_MAX_UPLOAD_MB).",
        limit=limit,
    )


def _unkeepable(_error: DataError) -> tuple[Response | str, int]:
    """The database has no such number or text, so nothing is kept under it, nor can be."""
    if request.method in ("GET", "HEAD"):
        return _answer(404, "not_found", str(_HTTP_MESSAGES[404]), {})
    return _answer(422, "invalid", str(_("A number or a text that was sent cannot be kept. Mend it.")), {})


def _lost_database(error: OperationalError) -> tuple[Response | str, int]:
    _log.error("the database did not answer: %s", type(error.orig).__name__)
    lost = Unavailable(_("The database does not answer. Nothing was changed; try again in a minute."))
    return _answer(lost.status, lost.code, lost.message, {})


def _full_disk(error: OSError) -> tuple[Response | str, int]:
    """A file that is too large for where it is kept meanwhile: one that is taken in or one that is made."""
    if error.errno not in _FULL:
        if current_app.testing:
            raise error
        return _unknown(error)
    _log.error("no room on the disk: %s", kind_and_place(error))
    told = _("The disk of the service is full. Nothing was changed; tell the people who look after it.")
    return _answer(507, "full", str(told), {})


def _unknown(error: Exception) -> tuple[Response | str, int]:
    _log.error("unexpected %s for %s %s", kind_and_place(error), request.method, request.endpoint)
    return _answer(500, "unexpected", str(_("Something went wrong on our side. Nothing was changed.")), {})

"""The inbox page and the number beside its name."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.auth.login import actor, requires_login
from app.core.clock import now
from app.core.db import db, transaction
from app.core.pages import page_number
from app.notices.inbox import PAGE_SIZE, count_unread, list_notices, mark_read
from app.notices.labels import notice_icon, notice_text

bp = Blueprint("notices", __name__, template_folder="templates")
bp.add_app_template_global(notice_text)
bp.add_app_template_global(notice_icon)


@bp.app_template_global()
def unread_notices() -> int:
    """The number on the badge."""
    return count_unread(db.session(), actor()) if current_user.is_authenticated else 0


@bp.get("/inbox")
@requires_login
def inbox() -> str:
    """What the units of this person were told; unread first to be seen."""
    page, unread_only = page_number(), request.args.get("show") != "all"
    found = list_notices(db.session(), actor(), page, unread_only=unread_only)
    return render_template(
        "notices/inbox.html",
        notices=found[:PAGE_SIZE],
        page=page,
        has_more=len(found) > PAGE_SIZE,
        unread_only=unread_only,
    )


@bp.post("/inbox/read")
@requires_login
def read() -> Response:
    """Mark one notice read, or all that were there."""
    chosen = request.form.get("notice", type=int)
    with transaction():
        mark_read(db.session(), actor(), None if chosen is None else [chosen], now=now())
    return redirect(url_for("notices.inbox"))

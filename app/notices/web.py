"""The inbox page with the number beside its name, and where a person's mail goes."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.auth.login import actor, requires_login
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from app.core.pages import page_number
from app.notices import receivers
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
    """What the units of this person were told; what the person has not read is shown first."""
    page, unread_only = page_number(), request.args.get("show") != "all"
    found = list_notices(db.session(), actor(), page, unread_only=unread_only)
    return render_template(
        "notices/inbox.html",
        rows=found[:PAGE_SIZE],
        newest=max((notice.id for notice, _is_unread in found), default=None),
        page=page,
        has_more=len(found) > PAGE_SIZE,
        unread_only=unread_only,
    )


@bp.post("/inbox/read")
@requires_login
def read() -> Response:
    """Mark one notice read, or all that the page showed or would have shown further down."""
    chosen = request.form.get("notice", type=int)
    with transaction():
        mark_read(
            db.session(),
            actor(),
            None if chosen is None else [chosen],
            now=now(),
            newest_seen=request.form.get("newest", type=int),
        )
    return redirect(url_for("notices.inbox"))


@bp.post("/password/mail")
@requires_login
def set_mailbox() -> Response | tuple[str, int]:
    """Keep one's own address and whether mail goes there."""
    form = request.form
    try:
        with transaction():
            receivers.set_mailbox(
                db.session(),
                address=form.get("address", ""),
                language=form.get("language", ""),
                is_on=bool(form.get("is_on")),
                actor=actor(),
                now=now(),
            )
    except Invalid as error:
        g.mailbox_faults = error.fields
        return render_template("auth/password.html", faults={}), error.status
    flash(_("Your choice is saved."), "success")
    return redirect(url_for("auth.password", _anchor="top"))


@bp.app_template_global()
def my_mailbox() -> Markup:
    """Where the asker's mail goes, with the form to change it; shown on the account's page."""
    faults = g.get("mailbox_faults", {})
    page = render_template(
        "notices/_mailbox.html",
        box=receivers.own_mailbox(db.session(), actor()),
        is_mail_on=bool(current_app.config["SMTP_HOST"]),
        faults=faults,
        form=request.form if faults else {},
    )
    return Markup(page)  # noqa: S704  # rendered with escaping just above

"""The page of the audit administrator: what was done with accounts."""

from flask import Blueprint, render_template

from app.auth.account_log import list_events
from app.auth.labels import account_act_label
from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.db import db
from app.core.pages import page_number

bp = Blueprint("audit", __name__, template_folder="templates")
bp.add_app_template_filter(account_act_label)


@bp.get("/account-events")
@requires(Permission.AUDIT_VIEW)
def events() -> str:
    """Who did what to whose account and when, the newest first."""
    page = list_events(db.session(), page_number(), actor=actor())
    return render_template("auth/account_events.html", page=page)

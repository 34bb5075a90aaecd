"""What roles and acts upon accounts are called; the one place for their labels."""

from typing import Any

from app.auth.vocabulary import AccountAct, Role
from app.core.i18n import lazy as _

ROLE: dict[Role, Any] = {
    Role.GRID_WORKER: _("Grid worker"),
    Role.HOTLINE_CLERK: _("Hotline clerk"),
    Role.MEDIATOR: _("Mediator"),
    Role.COMMUNITY_LEAD: _("Community lead"),
    Role.STREET_LEADER: _("Street leader"),
    Role.SYSTEM_ADMIN: _("System administrator"),
    Role.SECURITY_ADMIN: _("Security administrator"),
    Role.AUDIT_ADMIN: _("Audit administrator"),
}


ACCOUNT_ACT: dict[AccountAct, Any] = {
    AccountAct.OPENED: _("opened the account"),
    AccountAct.CLOSED: _("closed the account"),
    AccountAct.PASSWORD_RESET: _("set a new password"),
    AccountAct.PASSWORD_CHANGED: _("changed the own password"),
    AccountAct.PASSWORD_REFUSED: _("gave a wrong present password"),
    AccountAct.LOGGED_IN: _("logged in"),
    AccountAct.LOGIN_REFUSED: _("was refused the login"),
    AccountAct.LOGGED_OUT: _("logged out"),
    AccountAct.POSTED: _("posted to a unit"),
    AccountAct.POSTING_ENDED: _("ended a posting"),
    AccountAct.MAIL_CHANGED: _("changed where mail goes"),
    AccountAct.CHANNEL_SET: _("set a channel"),
    AccountAct.CHANNEL_OFF: _("turned a channel off"),
    AccountAct.CASES_EXPORTED: _("took cases out as a file"),
}


def role_label(role: Role) -> Any:
    """The lazy label of a role."""
    return ROLE[role]


def account_act_label(act: AccountAct) -> Any:
    """The lazy label of an act upon an account."""
    return ACCOUNT_ACT[act]

"""Roles and what each may do."""

from enum import StrEnum


class Role(StrEnum):
    """What a person does; business roles come with a posting, the three administrators' do not."""

    GRID_WORKER = "grid_worker"
    HOTLINE_CLERK = "hotline_clerk"
    MEDIATOR = "mediator"
    COMMUNITY_LEAD = "community_lead"
    STREET_LEADER = "street_leader"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


class Permission(StrEnum):
    """What a page, a verb or a command asks for."""

    CASE_VIEW = "case_view"
    CASE_REGISTER = "case_register"
    CASE_HANDLE = "case_handle"
    CASE_RULE = "case_rule"
    CASE_EXCLUDE = "case_exclude"
    CASE_APPROVE = "case_approve"
    CASE_SUPERVISE = "case_supervise"
    CASE_MEDIATE = "case_mediate"
    CASE_IMPORT = "case_import"
    RECEPTION_VIEW = "reception_view"
    RECEPTION_MANAGE = "reception_manage"
    SCREENING_MANAGE = "screening_manage"
    FIGURES_VIEW = "figures_view"
    POLICY_MANAGE = "policy_manage"
    GRID_VIEW = "grid_view"
    GRID_DRAW = "grid_draw"
    PEOPLE_MANAGE = "people_manage"
    AUDIT_VIEW = "audit_view"
    CALENDAR_VIEW = "calendar_view"
    CALENDAR_KEEP = "calendar_keep"
    CHANNELS_MANAGE = "channels_manage"


class AccountAct(StrEnum):
    """What was done to or with an account, as the log of accounts names it."""

    OPENED = "opened"
    CLOSED = "closed"
    PASSWORD_RESET = "password_reset"  # noqa: S105  # the name of an act
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # likewise
    PASSWORD_REFUSED = "password_refused"  # noqa: S105  # likewise
    LOGGED_IN = "logged_in"
    LOGIN_REFUSED = "login_refused"
    LOGGED_OUT = "logged_out"
    POSTED = "posted"
    POSTING_ENDED = "posting_ended"
    MAIL_CHANGED = "mail_changed"
    CHANNEL_SET = "channel_set"
    CHANNEL_OFF = "channel_off"
    CASES_EXPORTED = "cases_exported"


ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})

_FIELD = {
    Permission.CASE_VIEW,
    Permission.CASE_REGISTER,
    Permission.GRID_VIEW,
    Permission.FIGURES_VIEW,
    Permission.CALENDAR_VIEW,
}
_OF_ADMINISTRATORS = {
    Permission.PEOPLE_MANAGE,
    Permission.AUDIT_VIEW,
    Permission.CALENDAR_KEEP,
    Permission.CHANNELS_MANAGE,
}

# The books of a leaders' reception lie at the street's desk; the tiers below neither read nor keep them.
_DESK = {Permission.RECEPTION_VIEW, Permission.RECEPTION_MANAGE}
# None of the three administrators sees case data by that role (DESIGN §1).
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.GRID_WORKER: frozenset(_FIELD | {Permission.CASE_HANDLE, Permission.CASE_MEDIATE}),
    Role.MEDIATOR: frozenset(
        _FIELD | {Permission.CASE_HANDLE, Permission.CASE_MEDIATE, Permission.RECEPTION_VIEW}
    ),
    Role.HOTLINE_CLERK: frozenset(
        _FIELD
        | _DESK
        | {
            Permission.CASE_IMPORT,
            Permission.CASE_HANDLE,
            Permission.CASE_RULE,
            Permission.CASE_EXCLUDE,
            Permission.CASE_SUPERVISE,
        }
    ),
    Role.COMMUNITY_LEAD: frozenset(
        _FIELD
        | {Permission.CASE_HANDLE, Permission.CASE_RULE, Permission.CASE_MEDIATE}
        | {Permission.SCREENING_MANAGE}
    ),
    Role.STREET_LEADER: frozenset(set(Permission) - _OF_ADMINISTRATORS),
    Role.SYSTEM_ADMIN: frozenset(
        {
            Permission.PEOPLE_MANAGE,
            Permission.GRID_VIEW,
            Permission.CALENDAR_VIEW,
            Permission.CALENDAR_KEEP,
            Permission.CHANNELS_MANAGE,
        }
    ),
    Role.SECURITY_ADMIN: frozenset({Permission.CALENDAR_VIEW}),
    Role.AUDIT_ADMIN: frozenset({Permission.AUDIT_VIEW, Permission.CALENDAR_VIEW}),
}

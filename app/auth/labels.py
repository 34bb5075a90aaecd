"""What roles are called; the one place for their labels."""

from typing import Any

from app.auth.vocabulary import Role
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


def role_label(role: Role) -> Any:
    """The lazy label of a role."""
    return ROLE[role]

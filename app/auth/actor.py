"""Who acts: a person with postings, or the service itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_login import UserMixin

from app.auth.vocabulary import GRANTS, Permission, Role
from app.core.errors import Forbidden
from app.core.i18n import lazy as _


@dataclass(frozen=True)
class Actor(UserMixin):
    """A person as the verbs and queries see them, at one moment.

    `units` are those the person is posted to, `reach` those and all below them, `held` the reach of each
    role by itself: a lead of one community who also mediates for the street leads no other community.
    `everywhere` is true only for the service's own ticks and for the command line, which whoever owns the
    machine may use.
    """

    id: int | None
    name: str
    roles: frozenset[Role] = frozenset()
    units: frozenset[int] = frozenset()
    reach: frozenset[int] = frozenset()
    held: Mapping[Role, frozenset[int]] = field(default_factory=dict, compare=False)
    session_epoch: int = field(default=0, kw_only=True)
    everywhere: bool = field(default=False, kw_only=True)

    def get_id(self) -> str:
        """What the session cookie carries: whose it is, and of which epoch of that person's sessions."""
        return f"{self.id}.{self.session_epoch}"

    def can(self, permission: Permission) -> bool:
        """Whether one of the roles grants `permission`; where it holds is another question."""
        return self.everywhere or any(permission in GRANTS[role] for role in self.roles)

    def may(self, permission: Permission, unit_id: int) -> bool:
        """Whether a role that grants `permission` is held at `unit_id` or above it; acting asks this."""
        return self.everywhere or any(
            unit_id in reach for role, reach in self.held.items() if permission in GRANTS[role]
        )

    def covers(self, unit_id: int) -> bool:
        """Whether `unit_id` is one of the actor's units or lies below one; seeing asks this."""
        return self.everywhere or unit_id in self.reach

    def demand(self, permission: Permission) -> None:
        """Raise Forbidden where no role grants `permission`."""
        if not self.can(permission):
            raise Forbidden(_("Your role does not include this action. Ask your system administrator."))

    def demand_at(self, permission: Permission, unit_id: int) -> None:
        """Raise Forbidden where no role that grants `permission` is held at `unit_id` or above it."""
        if not self.may(permission, unit_id):
            raise Forbidden(_("Your role does not include this action. Ask your system administrator."))


SERVICE = Actor(id=None, name="service", everywhere=True)
OPERATOR = Actor(id=None, name="command line", everywhere=True)

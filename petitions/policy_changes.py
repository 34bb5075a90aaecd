"""Changing a cell of a street's escalation policy: always a new version, with who, from when and why."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import ADMIN_ROLES, Permission, Role
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.i18n import lazy as _
from app.core.secrecy import mask_numbers
from grid.models import Unit
from petitions.policies import MAX_HOURS, TIERS, Cell, Policies, TierPolicy, load_policies

LATEST = timedelta(days=366)
"""How far ahead a version may begin. A local default."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a version says; with `is_default` nothing of its own. The columns are those of `TierPolicy`."""

    is_default: bool = False
    limit_hours: int | None = None
    warn_before_hours: int = 0
    tell_above: bool = False
    tell_role: Role | None = None

    def __post_init__(self) -> None:
        """Raise Invalid, with the field at fault, for a limit that is not sane."""
        if self.limit_hours is not None and not 0 <= self.limit_hours <= MAX_HOURS:
            raise _refused(
                "hours",
                _("A limit lies between 0 and %(most)s working hours; 0 is at once.", most=MAX_HOURS),
            )
        if self.warn_before_hours and not 0 < self.warn_before_hours < (self.limit_hours or 0):
            raise _refused(
                "warn", _("The warning comes inside the limit: 0 for none, else less than the limit.")
            )
        if self.tell_role in ADMIN_ROLES:
            raise _refused("role", _("An administrator's office sees no case. Choose another role."))


def propose(
    session: Session,
    cell: Cell,
    terms: Terms,
    *,
    reason: str,
    in_force_from: datetime | None = None,
    seen: int | None = None,
    actor: Actor,
    now: datetime,
) -> TierPolicy:
    """A version of `cell` with `terms`, not added yet; it begins at `in_force_from` or, without one, `now`.

    `seen` is the version made last that a person had before them, 0 for none. Raises Forbidden for a street
    that is not the actor's, Invalid for a moment that cannot be taken, Conflict where the terms hold already
    or somebody else has changed the cell since `seen`.
    """
    street_id, kind, urgency, tier = cell
    _demand(cell, reason, actor)
    starts_at = in_force_from or now
    if not now <= starts_at <= now + LATEST:
        raise _refused("from", _("A version begins now or within a year; the past stays as it was."))
    # One after the other, so that a version is compared with the one before it.
    session.execute(select(Unit.id).where(Unit.id == street_id).with_for_update(key_share=True))
    _demand_new(load_policies(session, [street_id]), cell, terms, starts_at, seen)
    return TierPolicy(
        street_id=street_id,
        kind=kind,
        urgency=urgency,
        tier=tier,
        **asdict(terms),
        in_force_from=starts_at,
        made_at=now,
        made_by=actor.id,
        made_by_name=actor.name,
        reason=mask_numbers(reason.strip()),
    )


def change(
    session: Session,
    cell: Cell,
    terms: Terms,
    *,
    reason: str,
    in_force_from: datetime | None = None,
    seen: int | None = None,
    actor: Actor,
    now: datetime,
) -> TierPolicy:
    """Add the version that `propose` makes of these; the open cases follow with the next sweep."""
    version = propose(
        session, cell, terms, reason=reason, in_force_from=in_force_from, seen=seen, actor=actor, now=now
    )
    session.add(version)
    session.flush()
    return version


def _demand(cell: Cell, reason: str, actor: Actor) -> None:
    street_id, _kind, _urgency, tier = cell
    if not actor.may(Permission.POLICY_MANAGE, street_id):
        raise Forbidden(_("You can only change the policy of a street that you lead."))
    if tier not in TIERS:
        raise _refused("tier", _("The street is the last tier: it keeps what has come up to it."))
    if not reason.strip():
        raise _refused("reason", _("Say why."))


def _demand_new(policies: Policies, cell: Cell, terms: Terms, starts_at: datetime, seen: int | None) -> None:
    if seen is not None and seen != policies.newest(cell):
        raise Conflict(_("Somebody else has changed this limit since you opened the page. Read it anew."))
    before = policies.version(cell, starts_at)
    if before and before.in_force_from == starts_at:
        raise Conflict(_("Another version begins at this very moment. Choose a later one."))
    if (_terms_of(before) if before else Terms(is_default=True)) == terms:
        raise Conflict(_("This is what holds at that moment already; nothing was changed."))


def _terms_of(version: TierPolicy) -> Terms:
    return Terms(**{each.name: getattr(version, each.name) for each in fields(Terms)})


def _refused(field: str, message: object) -> Invalid:
    return Invalid(message, fields={field: message})

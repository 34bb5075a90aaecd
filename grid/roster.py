"""Who serves where: read for pages, opened and ended by the system administrator."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import User
from app.auth.vocabulary import ADMIN_ROLES, Permission, Role
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import lazy as _
from grid.models import Posting, Unit
from grid.postings import post

BUSINESS_ROLES = tuple(role for role in Role if role not in ADMIN_ROLES)


def people_of(session: Session, unit_id: int, day: date) -> Sequence[Row[Posting, User]]:
    """Who serves the unit on `day`, the first before the backup."""
    query = select(Posting, User).join(User, User.id == Posting.user_id)
    query = query.where(Posting.unit_id == unit_id, Posting.days.contains(day), User.is_active)
    return session.execute(query.order_by(Posting.is_backup, User.name)).all()


def postings_of(session: Session, user_id: int) -> Sequence[Row[Posting, Unit]]:
    """Every posting of a person, the latest first."""
    query = select(Posting, Unit).join(Unit, Unit.id == Posting.unit_id).where(Posting.user_id == user_id)
    return session.execute(query.order_by(Posting.created_at.desc(), Posting.id.desc())).all()


def post_person(
    session: Session,
    *,
    user_id: int,
    unit_code: str,
    role: str,
    first_day: date,
    last_day: date | None = None,
    is_backup: bool = False,
    actor: Actor,
) -> Posting:
    """Post a person to a unit in a role from `first_day` to `last_day`, both served, or without an end."""
    actor.demand(Permission.PEOPLE_MANAGE)
    if session.get(User, user_id) is None:
        raise NotFound(_("There is no such person."))
    unit_id = session.scalar(select(Unit.id).where(Unit.code == unit_code.strip()))
    if unit_id is None:
        unknown = _("There is no unit of this code.")
        raise Invalid(unknown, fields={"unit": unknown})
    if role not in BUSINESS_ROLES:
        raise Invalid(_("Choose a role."), fields={"role": _("Choose a role.")})
    if last_day and last_day < first_day:
        raise Invalid(_("The posting ends before it begins."), fields={"last_day": _("Check the days.")})
    try:
        with session.begin_nested():
            posting = post(session, user_id=user_id, unit_id=unit_id, role=Role(role), first_day=first_day)
            posting.is_backup = is_backup
            if last_day:
                posting.days = Range(first_day, date.fromordinal(last_day.toordinal() + 1))
            session.flush()
    except IntegrityError:
        raise Conflict(_("The person serves this unit in this role already on some of these days.")) from None
    return posting


def end_posting(session: Session, posting_id: int, *, last_day: date, actor: Actor) -> Posting:
    """End a posting with `last_day`, which is still served."""
    actor.demand(Permission.PEOPLE_MANAGE)
    posting = session.get(Posting, posting_id)
    if posting is None:
        raise NotFound(_("There is no such posting."))
    first = posting.days.lower
    if first and last_day < first:
        raise Invalid(_("The posting ends before it begins."), fields={"last_day": _("Check the days.")})
    posting.days = Range(first, date.fromordinal(last_day.toordinal() + 1))
    return posting

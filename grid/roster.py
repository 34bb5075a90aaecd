"""Who serves where: read for pages, opened and ended by the system administrator."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Row, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.auth import account_log
from app.auth.actor import Actor
from app.auth.models import User
from app.auth.people import holds_office
from app.auth.vocabulary import ADMIN_ROLES, AccountAct, Permission, Role
from app.core.clock import local_day
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.i18n import lazy as _
from grid.models import Posting, Unit, UnitEnd
from grid.postings import post
from grid.vocabulary import Duty

LAST_YEAR = 2100
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
    duty: str | None = None,
    is_backup: bool = False,
    actor: Actor,
    now: datetime,
) -> Posting:
    """Post a person to a unit in a role from `first_day` to `last_day`, both served, or without an end.

    `duty` is what a grid worker does there; a grid has one head at a time, beside a backup. Nobody posts
    themselves, and holders of an administrator's office serve no unit: raises Forbidden. Raises Conflict
    where the person serves there already, or the grid has another head on some of the days.
    """
    actor.demand(Permission.PEOPLE_MANAGE)
    if session.get(User, user_id) is None:
        raise NotFound(_("There is no such person."))
    if user_id == actor.id or holds_office(session, user_id):
        raise Forbidden(_("Administrators serve no unit, and nobody posts themselves."))
    unit_id = _standing(session, unit_code.strip())
    if role not in BUSINESS_ROLES:
        raise Invalid(_("Choose a role."), fields={"role": _("Choose a role.")})
    if duty and (duty not in set(Duty) or role != Role.GRID_WORKER):
        wrong = _("Only a grid worker is head, full-time or part-time.")
        raise Invalid(wrong, fields={"duty": wrong})
    days_of(first_day, last_day)
    try:
        with session.begin_nested():
            posting = post(
                session,
                user_id=user_id,
                unit_id=unit_id,
                role=Role(role),
                first_day=first_day,
                last_day=last_day,
                duty=Duty(duty) if duty else None,
                is_backup=is_backup,
            )
    except IntegrityError as error:
        raise _clash(error) from None
    detail = {"unit": unit_code.strip(), "role": role, "first_day": first_day.isoformat()}
    if last_day:
        detail["last_day"] = last_day.isoformat()
    account_log.write(session, AccountAct.POSTED, user_id=user_id, actor=actor, now=now, detail=detail)
    return posting


def end_posting(
    session: Session, posting_id: int, *, user_id: int, last_day: date, actor: Actor, now: datetime
) -> Posting:
    """End a posting of `user_id` with `last_day`, which is still served; what has ended stays as it was."""
    actor.demand(Permission.PEOPLE_MANAGE)
    posting = session.get(Posting, posting_id, with_for_update=True)
    if posting is None or posting.user_id != user_id:
        raise NotFound(_("There is no such posting."))
    first, upper = posting.days.lower, posting.days.upper
    if upper and (upper <= local_day(now) or last_day >= upper):
        raise Conflict(_("The posting ends before that day already; open a new one."))
    posting.days = days_of(first, last_day)
    detail = {"role": posting.role.value, "last_day": last_day.isoformat()}
    detail["unit"] = session.get_one(Unit, posting.unit_id).code
    account_log.write(session, AccountAct.POSTING_ENDED, user_id=user_id, actor=actor, now=now, detail=detail)
    return posting


def _clash(error: IntegrityError) -> Conflict:
    if "postings_one_head" in str(error.orig):
        return Conflict(_("The grid has another head on some of these days; end that posting first."))
    return Conflict(_("The person serves this unit in this role already on some of these days."))


def _standing(session: Session, code: str) -> int:
    query = select(Unit.id, UnitEnd.unit_id).outerjoin(UnitEnd, UnitEnd.unit_id == Unit.id)
    rows = session.execute(query.where(or_(Unit.code == code, Unit.name == code))).all()
    # A name that several units bear says no unit; the code does.
    found = rows[0] if len(rows) == 1 else None
    if found is None or found[1]:
        wrong = _("This unit is there no more.") if found else _("There is no unit of this code.")
        raise Invalid(wrong, fields={"unit": wrong})
    return found[0]


def days_of(first: date | None, last: date | None) -> Range[date]:
    """The half-open period of days from `first` to `last`, both served; raises Invalid for a reversed one."""
    if last and last.year > LAST_YEAR:
        late = _("The posting ends after the year %(year)s.", year=LAST_YEAR)
        raise Invalid(late, fields={"last_day": late})
    if first and last and last < first:
        raise Invalid(_("The posting ends before it begins."), fields={"last_day": _("Check the days.")})
    return Range(first, date.fromordinal(last.toordinal() + 1) if last else None)

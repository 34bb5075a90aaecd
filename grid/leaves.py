"""Leave: somebody is away for some days, and somebody else serves in their place."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.auth import account_log
from app.auth.actor import Actor
from app.auth.vocabulary import AccountAct, Permission
from app.core.clock import local_day
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy as _
from grid.models import Posting, Unit
from grid.roster import days_of, post_person

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Leave:
    """The days of a leave, both of them away, and who serves meanwhile, where somebody does."""

    first_day: date
    last_day: date
    stand_in_id: int | None = None


def take_leave(
    session: Session, posting_id: int, leave: Leave, *, user_id: int, actor: Actor, now: datetime
) -> None:
    """Part the posting of `user_id` around the leave, since nobody serves while away.

    Cases belong to the unit, so whoever stands in has the open work from the first day on. Raises Invalid
    for days outside the posting or in the past, Conflict where the stand-in serves there already.
    """
    actor.demand(Permission.PEOPLE_MANAGE)
    posting = session.get(Posting, posting_id, with_for_update=True)
    if posting is None or posting.user_id != user_id:
        raise NotFound(_("There is no such posting."))
    days_of(leave.first_day, leave.last_day)
    if leave.stand_in_id == user_id:
        wrong = _("Somebody else stands in for whoever is away.")
        raise Invalid(wrong, fields={"stand_in": wrong})
    whole = posting.days
    if leave.first_day < local_day(now) or not (leave.first_day in whole and leave.last_day in whole):
        wrong = _("The leave lies in the past, or outside the posting.")
        raise Invalid(wrong, fields={"first_day": wrong})
    unit = session.get_one(Unit, posting.unit_id).code
    spans = list(_served_by(leave, user_id, whole))
    if whole.lower is None or whole.lower < leave.first_day:
        posting.days = Range(whole.lower, leave.first_day)
    else:
        # Away from the first day on: of this posting nothing is left.
        session.delete(posting)
    session.flush()
    detail = {"unit": unit, "role": posting.role.value, "last_day": (leave.first_day - _DAY).isoformat()}
    account_log.write(session, AccountAct.POSTING_ENDED, user_id=user_id, actor=actor, now=now, detail=detail)
    for person, first, last in spans:
        post_person(
            session,
            user_id=person,
            unit_code=unit,
            role=posting.role.value,
            first_day=first,
            last_day=last,
            duty=posting.duty,
            is_backup=posting.is_backup,
            actor=actor,
            now=now,
        )


def _served_by(leave: Leave, user_id: int, whole: Range[date]) -> Iterator[tuple[int, date, date | None]]:
    """Who serves from when to when in and after the leave; None is without an end."""
    if leave.stand_in_id is not None:
        yield leave.stand_in_id, leave.first_day, leave.last_day
    back = leave.last_day + _DAY
    if whole.upper is None or back < whole.upper:
        yield user_id, back, whole.upper - _DAY if whole.upper else None

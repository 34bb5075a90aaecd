"""Owners named in the file of a hierarchy: each heads the grid of its row from today on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth import login_names
from app.auth.actor import Actor
from app.auth.models import User
from app.auth.vocabulary import Role
from app.core.clock import local_day
from app.core.errors import AppError
from app.core.i18n import lazy as _
from grid.material.defects import Defect, demand_none
from grid.material.rows import UnitRow
from grid.models import Posting, Unit
from grid.roster import post_person
from grid.vocabulary import Duty, Tier


def post_owners(
    session: Session, rows: Sequence[UnitRow], *, source: str, actor: Actor, now: datetime
) -> None:
    """Post the owners of the grids whose units are there by now; who heads a grid already stays its head.

    Raises Defective for an owner without an account, one of a unit that is no grid, and a grid with another
    head; nothing is posted then.
    """
    named = [row for row in rows if row.owner]
    people = _people(session, named)
    defects = []
    for row in named:
        person = people.get(login_names.plain(row.owner or ""))
        if row.tier is not Tier.GRID:
            defects.append(Defect(row.row, "owner", _("only a grid has an owner; leave the cell empty")))
        elif person is None:
            message = _("there is no account %(username)s; open it first", username=row.owner)
            defects.append(Defect(row.row, "owner", message))
        elif not defects:
            defects += _post(session, row, person, actor, now)
    demand_none(source, defects)


def _post(session: Session, row: UnitRow, person: User, actor: Actor, now: datetime) -> list[Defect]:
    today = local_day(now)
    heads = select(Posting.id).join(Unit, Unit.id == Posting.unit_id)
    heads = heads.where(Unit.code == row.code, Posting.user_id == person.id, Posting.days.contains(today))
    if session.scalar(heads.where(Posting.duty == Duty.GRID_HEAD)):
        return []
    try:
        post_person(
            session,
            user_id=person.id,
            unit_code=row.code,
            role=Role.GRID_WORKER.value,
            first_day=today,
            duty=Duty.GRID_HEAD,
            actor=actor,
            now=now,
        )
    except AppError as error:
        return [Defect(row.row, "owner", error.message)]
    return []


def _people(session: Session, rows: Sequence[UnitRow]) -> dict[str, User]:
    names = {login_names.plain(row.owner or "") for row in rows}
    return {user.username: user for user in session.scalars(select(User).where(User.username.in_(names)))}

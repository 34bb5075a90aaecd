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
from app.core.i18n import lazy as _
from grid.material.defects import Defect, demand_none
from grid.material.rows import UnitRow
from grid.models import Posting, Unit
from grid.roster import post_person
from grid.vocabulary import Duty, Tier


def demand_owners(session: Session, rows: Sequence[UnitRow], *, source: str, now: datetime) -> None:
    """Raise Defective for an owner without an account, of no grid, or of one that another heads."""
    people, heads = _people(session, rows), _heads(session, rows, now)
    defects = []
    for row in _named(rows):
        person = people.get(_login(row))
        head = heads.get(row.code)
        if row.tier is not Tier.GRID:
            defects.append(Defect(row.row, "owner", _("only a grid has an owner; leave the cell empty")))
        elif person is None:
            message = _("there is no account %(username)s; open it first", username=row.owner)
            defects.append(Defect(row.row, "owner", message))
        elif head not in (None, person.id):
            defects.append(Defect(row.row, "owner", _("the grid has another head; end that posting first")))
    demand_none(source, defects)


def post_owners(session: Session, rows: Sequence[UnitRow], *, actor: Actor, now: datetime) -> None:
    """Post the owners of grids that are there by now; who heads a grid already goes on doing so."""
    people, heads = _people(session, rows), _heads(session, rows, now)
    for row in _named(rows):
        if row.code not in heads:
            post_person(
                session,
                user_id=people[_login(row)].id,
                unit_code=row.code,
                role=Role.GRID_WORKER.value,
                first_day=local_day(now),
                duty=Duty.GRID_HEAD,
                actor=actor,
                now=now,
            )


def _named(rows: Sequence[UnitRow]) -> list[UnitRow]:
    return [row for row in rows if row.owner]


def _login(row: UnitRow) -> str:
    return login_names.plain(row.owner or "")


def _heads(session: Session, rows: Sequence[UnitRow], now: datetime) -> dict[str, int]:
    """Who heads the grids of the rows today, by the code of the grid."""
    query = select(Unit.code, Posting.user_id).join(Unit, Unit.id == Posting.unit_id)
    is_head = (Posting.duty == Duty.GRID_HEAD) & Posting.is_backup.is_(False)
    query = query.where(Unit.code.in_([row.code for row in _named(rows)]), is_head)
    return dict(session.execute(query.where(Posting.days.contains(local_day(now)))).all())


def _people(session: Session, rows: Sequence[UnitRow]) -> dict[str, User]:
    names = {_login(row) for row in _named(rows)}
    return {user.username: user for user in session.scalars(select(User).where(User.username.in_(names)))}

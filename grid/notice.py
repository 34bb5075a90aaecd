"""The public notice of a grid (公示): its name, its range in lanes, who works there, whom to call.

A grid's name, range, worker and the telephone of supervision are to be posted and updated at once
(滨州市社会治理网格化服务管理条例 Art 6); elsewhere it is a local default.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import User
from app.auth.vocabulary import Permission
from app.core.errors import Forbidden, Invalid
from app.core.i18n import lazy as _
from app.core.settings import get_setting, put_setting
from grid.check import ground_in_force
from grid.checking.borders import Side, borders
from grid.models import Posting, Unit
from grid.roster import people_of
from grid.service import street_of

LONGEST_TELEPHONE = 40
_TELEPHONE = re.compile(rf"[0-9+\-() ]{{0,{LONGEST_TELEPHONE}}}")
_SUPERVISION = "supervision:"


@dataclass(frozen=True, slots=True)
class GridNotice:
    """What stands on the notice; `sides` are the lanes along each side of the grid, longest first."""

    unit: Unit
    community: str
    street: str
    sides: dict[Side, tuple[str, ...]]
    people: Sequence[Row[Posting, User]]
    telephone: str


def grid_notice(session: Session, unit: Unit, today: date) -> GridNotice:
    """The notice of a grid as it is on `today`; what is not known is left empty."""
    street = street_of(session, unit)
    border = borders(ground_in_force(session, street, today)).get(unit.code)
    community = session.get_one(Unit, unit.parent_id)
    return GridNotice(
        unit=unit,
        community=community.name,
        street=street.name,
        sides=border.sides if border else {},
        people=people_of(session, unit.id, today),
        telephone=get_setting(session, _SUPERVISION + street.code, ""),
    )


def put_telephone(session: Session, street: Unit, telephone: str, *, actor: Actor) -> None:
    """Keep the telephone of supervision of a street, which its leaders say; empty where there is none.

    Raises Forbidden for anybody else, Invalid for a text that is too long to be one.
    """
    if not actor.may(Permission.GRID_DRAW, street.id):
        raise Forbidden(_("The telephone of supervision is kept by the leaders of the street."))
    if not _TELEPHONE.fullmatch(telephone.strip()):
        raise Invalid(
            _("A telephone has digits, spaces, + and - only, %(most)s at most.", most=LONGEST_TELEPHONE)
        )
    put_setting(session, _SUPERVISION + street.code, telephone.strip())

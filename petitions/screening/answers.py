"""The answer of a grid: nothing found, or what was found; amended while the round is open."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.clock import local_day
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy as _
from grid.tree import Tree
from petitions.intake import Intake
from petitions.models import Case
from petitions.register import Registered, register
from petitions.screening.history import demand, demand_open, write
from petitions.screening.models import Screening, ScreeningFinding, ScreeningGrid
from petitions.screening.vocabulary import ScreeningAct
from petitions.vocabulary import CaseKind, Channel

SOURCE = "screening"


def find_nothing(
    session: Session, screening: Screening, asked: ScreeningGrid, *, actor: Actor, now: datetime
) -> None:
    """Answer that the grid found nothing; said twice, it is one answer.

    Raises Conflict where findings stand against it, or the round is not open or has not begun.
    """
    _demand_answerable(screening, asked, actor, now)
    if _has_findings(session, asked):
        raise Conflict(_("The grid has reported findings. Take them back first, each with its reason."))
    if asked.answered_at is None:
        _answered(asked, now)
        act = ScreeningAct.FIND_NOTHING
        write(session, screening, act, grid_id=asked.grid_id, actor=actor, now=now)


def report(
    session: Session,
    screening: Screening,
    asked: ScreeningGrid,
    intake: Intake,
    tree: Tree,
    *,
    actor: Actor,
    now: datetime,
) -> Registered:
    """Register what was found as a dispute, and answer with it.

    What names no place lies in the community of the grid. The database holds that one form, by the source
    number of its intake, makes one case.
    """
    _demand_answerable(screening, asked, actor, now)
    is_placed = intake.address or intake.lon is not None
    found = replace(
        intake,
        kind=CaseKind.DISPUTE,
        channel=Channel.GRID_PATROL,
        order_type=None,
        source=SOURCE,
        community=None if is_placed else tree[asked.community_id].name,
    )
    done = register(session, [found], street_id=screening.street_id, actor=actor, now=now)[0]
    session.add(
        ScreeningFinding(screening_id=screening.id, grid_id=asked.grid_id, case_id=done.case_id, found_at=now)
    )
    _answered(asked, now)
    detail = {"case": done.number}
    act = ScreeningAct.REPORT
    write(session, screening, act, grid_id=asked.grid_id, actor=actor, now=now, detail=detail)
    return done


def retract(
    session: Session,
    screening: Screening,
    asked: ScreeningGrid,
    case: Case,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Take back a finding that was none; with no other left, the grid has found nothing."""
    _demand_answerable(screening, asked, actor, now)
    if not reason.strip():
        raise Invalid(_("Say why."), fields={"reason": _("Say why.")})
    finding = session.scalar(
        select(ScreeningFinding).where(
            ScreeningFinding.screening_id == asked.screening_id,
            ScreeningFinding.grid_id == asked.grid_id,
            ScreeningFinding.case_id == case.id,
            ScreeningFinding.retracted_at.is_(None),
        )
    )
    if finding is None:
        raise Conflict(_("This finding has been taken back already."))
    finding.retracted_at = now
    detail, said = {"case": case.number}, reason.strip()
    act = ScreeningAct.RETRACT
    write(session, screening, act, grid_id=asked.grid_id, actor=actor, now=now, detail=detail, reason=said)


def _demand_answerable(screening: Screening, asked: ScreeningGrid, actor: Actor, now: datetime) -> None:
    demand(actor, Permission.CASE_HANDLE, asked.grid_id)
    demand_open(screening)
    if local_day(now) < screening.first_day:
        raise Conflict(_("The round begins on %(day)s.", day=screening.first_day.isoformat()))


def _answered(asked: ScreeningGrid, now: datetime) -> None:
    asked.answered_at = asked.answered_at or now


def _has_findings(session: Session, asked: ScreeningGrid) -> bool:
    stands = exists().where(
        ScreeningFinding.screening_id == asked.screening_id,
        ScreeningFinding.grid_id == asked.grid_id,
        ScreeningFinding.retracted_at.is_(None),
    )
    return bool(session.scalar(select(stands)))

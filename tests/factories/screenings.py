"""A screening round with no more than it needs."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from grid.models import Unit
from grid.tree import load_tree
from petitions.intake import Intake
from petitions.screening import answers, rounds
from petitions.screening.models import Screening, ScreeningGrid
from petitions.screening.rounds import Order
from tests.factories.cases import MORNING, an_intake

# Monday to Friday of the week of MORNING.
FIRST, LAST = date(2020, 6, 1), date(2020, 6, 5)


def an_order(**given: Any) -> Order:
    """Wages in that week, with what `given` says instead."""
    return replace(Order("节前欠薪排查", "逐户核实有无拖欠工资。", FIRST, LAST), **given)


def make_screening(
    session: Session, unit: Unit, actor: Actor, *, now: datetime = MORNING, **given: Any
) -> Screening:
    """Ask every grid of the unit."""
    tree = load_tree(session, [unit.id])
    return rounds.open_round(session, an_order(**given), tree, unit_id=unit.id, actor=actor, now=now)


def asked_of(session: Session, screening: Screening, grid: Unit) -> ScreeningGrid:
    """The row of one asked grid."""
    return session.get_one(ScreeningGrid, (screening.id, grid.id))


def find_nothing(
    session: Session, screening: Screening, grid: Unit, actor: Actor, *, now: datetime = MORNING
) -> None:
    """Answer for a grid that there is nothing."""
    answers.find_nothing(session, screening, asked_of(session, screening, grid), actor=actor, now=now)


def report(
    session: Session,
    screening: Screening,
    grid: Unit,
    actor: Actor,
    *,
    now: datetime = MORNING,
    **given: Any,
) -> int:
    """Report a finding of a grid; the key of its case."""
    asked, tree = asked_of(session, screening, grid), load_tree(session, [screening.street_id])
    intake: Intake = an_intake(title="欠薪", body="某餐馆拖欠工资。", **given)
    return answers.report(session, screening, asked, intake, tree, actor=actor, now=now).case_id

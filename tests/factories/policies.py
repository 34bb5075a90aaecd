"""Changes of the escalation policy with no more than they need."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from grid.vocabulary import Tier
from petitions.policies import Cell, TierPolicy
from petitions.policy_changes import Terms, change
from petitions.vocabulary import CaseKind, Urgency
from tests.factories.cases import MORNING
from tests.factories.street import TinyStreet


def grid_cell(tiny: TinyStreet) -> Cell:
    """Ordinary hotline orders at the grids of the tiny street."""
    return tiny.street.id, CaseKind.HOTLINE, Urgency.NORMAL, Tier.GRID


def decide(
    session: Session, cell: Cell, limit: int | None, warn: int = 0, at: datetime = MORNING
) -> TierPolicy:
    """Give the cell a limit from the morning or `at` on."""
    terms = Terms(limit_hours=limit, warn_before_hours=warn)
    made = change(session, cell, terms, reason="改", actor=OPERATOR, now=at)
    session.commit()
    return made

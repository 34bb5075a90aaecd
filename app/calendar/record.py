"""Who loaded which year and who decided which day, for the page and the command."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.auth.models import User
from app.core.calendar_models import CalendarYear, LocalDay

Loading = Row[CalendarYear, User | None]
Decision = Row[LocalDay, User | None]


def loadings(session: Session, year: int) -> Sequence[Loading]:
    """Every loading of a year with who did it (None for the command line), the version in force first."""
    query = select(CalendarYear, User).outerjoin(User, User.id == CalendarYear.loaded_by)
    return session.execute(query.where(CalendarYear.year == year).order_by(CalendarYear.version.desc())).all()


def decisions(session: Session, year: int) -> Sequence[Decision]:
    """Every local decision on a day of the year with who took it, the latest first."""
    query = select(LocalDay, User).outerjoin(User, User.id == LocalDay.decided_by)
    is_of_year = LocalDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return session.execute(query.where(is_of_year).order_by(LocalDay.id.desc())).all()

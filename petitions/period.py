"""Half-open periods of days, as every figure names them. Days and months are those of Asia/Shanghai."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from app.core.clock import SHANGHAI, start_of
from app.core.errors import Invalid
from app.core.i18n import lazy as _

_Day = TypeVar("_Day", bound=date)

_FIRST_YEAR, _LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to the day before `end`."""

    first: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.first:
            raise Invalid(_("The period ends before it begins: the last day named is not counted."))

    @classmethod
    def year(cls, year: int) -> "Period":
        """The calendar year; raises Invalid outside 1990 to 2100, where no case can lie."""
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise Invalid(_("The year %(year)s is not between 1990 and 2100.", year=year))
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def month(cls, text: str) -> "Period":
        """The month written as 2020-03; raises Invalid for anything else."""
        try:
            first = _plausible(date.fromisoformat(f"{text}-01"))
        except ValueError:
            raise Invalid(_("“%(text)s” is not a month such as 2020-03.", text=text)) from None
        return cls(first, _month_after(first))

    @property
    def starts_at(self) -> datetime:
        """The first moment inside."""
        return start_of(self.first)

    @property
    def ends_at(self) -> datetime:
        """The first moment after."""
        return start_of(self.end)

    @property
    def is_year(self) -> bool:
        """Whether it is exactly one calendar year."""
        return self == Period(date(self.first.year, 1, 1), date(self.first.year + 1, 1, 1))

    def months(self) -> Iterator[str]:
        """The months it touches, as 2020-03, in order."""
        day = self.first.replace(day=1)
        while day < self.end:
            yield f"{day:%Y-%m}"
            day = _month_after(day)


def parse_day(text: str) -> date:
    """A day written as 2020-12-31; raises Invalid for anything else."""
    try:
        return _plausible(date.fromisoformat(text))
    except ValueError:
        raise Invalid(_("“%(text)s” is not a date such as 2020-12-31.", text=text)) from None


def parse_moment(text: str) -> datetime:
    """A day (its 00:00) or an ISO moment, of Asia/Shanghai where no offset is given; raises Invalid."""
    try:
        moment = _plausible(datetime.fromisoformat(text))
    except ValueError:
        message = _("“%(text)s” is neither a date such as 2021-01-01 nor a moment in ISO form.", text=text)
        raise Invalid(message) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _plausible(day: _Day) -> _Day:
    # A mistyped year would otherwise be a moment that the database or the time zone cannot hold.
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(day.year)
    return day


def _month_after(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)

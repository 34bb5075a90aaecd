"""The statutory holidays: how notices call them, and how many days each has by law in a year."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

BETWEEN = "、"


@dataclass(frozen=True)
class Holiday:
    """One statutory holiday; `since` pairs a year with the number of days from that year on, in order."""

    name: str
    words: tuple[str, ...]
    since: tuple[tuple[int, int], ...]
    first: tuple[int, int] | None

    def days_in(self, year: int) -> int:
        """How many days the law gives it in `year`."""
        return next((days for begins, days in reversed(self.since) if begins <= year), 0)

    def fixed_dates(self, year: int) -> set[date]:
        """Its days of `year` where the law fixes them by date; none where they follow the moon."""
        if not self.first:
            return set()
        first = date(year, *self.first)
        return {first + timedelta(days=offset) for offset in range(self.days_in(year))}


@cache
def holidays() -> tuple[Holiday, ...]:
    """Those of `data/holidays.toml`."""
    text = files("app.calendar").joinpath("data/holidays.toml").read_text(encoding="utf-8")
    return tuple(
        Holiday(
            name=row["name"],
            words=(row["name"], *row["also"]),
            since=tuple((begins, days) for begins, days in row["days"]),
            first=_month_day(row["first"]) if "first" in row else None,
        )
        for row in tomllib.loads(text)["holiday"]
    )


def named_in(text: str) -> list[str]:
    """The names of the holidays that `text` mentions, in the order in which it does."""
    places = {
        holiday.name: min(place for word in holiday.words if (place := text.find(word)) >= 0)
        for holiday in holidays()
        if any(word in text for word in holiday.words)
    }
    return sorted(places, key=lambda name: places[name])


def plain_name(text: str) -> str:
    """What a heading calls a holiday, in the words of the law; any other occasion as it is written."""
    return BETWEEN.join(named_in(text)) or text


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)

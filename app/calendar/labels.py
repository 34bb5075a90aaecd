"""What the calendar's kinds of days and doubts are called; the one place for their words."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.calendar.doubts import Doubt, DoubtKind
from app.core.calendar import DayKind
from app.core.i18n import lazy as _

KIND = {DayKind.HOLIDAY: _("day off"), DayKind.WORKDAY: _("make-up working day")}

WEEKDAY = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))

_SAID: dict[DoubtKind, Callable[[Mapping[str, Any]], Any]] = {
    DoubtKind.UNREAD: lambda said: _("Not understood, so left out: “%(text)s”.", **said),
    DoubtKind.WEEKDAY: lambda said: _(
        "%(date)s is a %(weekday)s, but the text says %(said)s.",
        date=said["date"],
        weekday=WEEKDAY[said["date"].weekday()],
        said=WEEKDAY[said["said"]],
    ),
    DoubtKind.TOTAL: lambda said: _(
        "%(name)s: the text says %(said)s days, but names %(found)s days off.", **said
    ),
    DoubtKind.BOTH: lambda said: _("%(date)s is named a day off and a working day.", **said),
    DoubtKind.OUTSIDE: lambda said: _("%(date)s does not belong to the calendar of %(year)s.", **said),
    DoubtKind.UNNAMED: lambda said: _(
        "%(date)s belongs to no holiday: write the holiday's name and a colon before it.", **said
    ),
    DoubtKind.MAKE_UP_ON_WEEKDAY: lambda said: _(
        "%(date)s is a %(weekday)s, a working day without being made up.",
        date=said["date"],
        weekday=WEEKDAY[said["date"].weekday()],
    ),
    DoubtKind.HOLIDAY_MISSING: lambda said: _(
        "%(name)s: the law gives %(law)s days off, here are %(found)s.", **said
    ),
}


def doubt_text(doubt: Doubt) -> str:
    """The sentence of a doubt in the user's language."""
    return str(_SAID[doubt.kind](doubt.params))


def day_kind_label(kind: DayKind) -> Any:
    """The lazy label of a kind of day."""
    return KIND[kind]


def weekday_label(day: date) -> Any:
    """The lazy name of the weekday of `day`."""
    return WEEKDAY[day.weekday()]

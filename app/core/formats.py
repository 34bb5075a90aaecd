"""How moments and spans are written for people: Asia/Shanghai, in the language of the page."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from flask_babel import get_locale

from app.core.clock import SHANGHAI
from app.core.i18n import now_text as _
from app.core.i18n import plural

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def moment(value: datetime | None) -> str:
    """2020-03-05 14:30 in Asia/Shanghai, a dash where there is none."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if value else "—"


def day(value: date | datetime | None) -> str:
    """2020-03-05; of a moment, the day in Asia/Shanghai on which it falls."""
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).date()
    return value.isoformat() if value else "—"


def span(value: timedelta) -> str:
    """The length of `value` in its one or two largest units, without a sign."""
    seconds = int(abs(value.total_seconds()))
    days, hours, minutes = seconds // _DAY, seconds % _DAY // _HOUR, seconds % _HOUR // _MINUTE
    if days:
        text = plural("%(num)s day", "%(num)s days", days)
        return _joined(text, _hours(hours)) if hours and days < 10 else text
    if hours:
        return _joined(_hours(hours), _minutes(minutes)) if minutes else _hours(hours)
    return _minutes(minutes) if minutes else _("less than a minute")


def listed(names: Iterable[Any]) -> str:
    """Several names within a sentence, such as "title, phone"; other languages part them otherwise."""
    return _(", ").join(map(str, names))


def language_tag() -> str:
    """The language of the page as HTML names it."""
    locale = get_locale()
    return "en" if locale and locale.language == "en" else "zh-CN"


def init_app(app: Flask) -> None:
    """Give the templates these filters."""
    app.add_template_filter(moment)
    app.add_template_filter(day)
    app.add_template_filter(span)
    app.add_template_global(language_tag)


def _joined(large: str, small: str) -> str:
    return _("%(large)s %(small)s", large=large, small=small)


def _hours(count: int) -> str:
    return plural("%(num)s hour", "%(num)s hours", count)


def _minutes(count: int) -> str:
    return plural("%(num)s minute", "%(num)s minutes", count)

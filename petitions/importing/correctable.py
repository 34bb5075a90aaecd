"""Which reasons of refused rows may go away once a person says anew what the columns mean."""

import re
from functools import cache

from flask_babel import force_locale

from app.core.i18n import LANGUAGES
from petitions.importing.fault import (
    ambiguous_date,
    no_such_month,
    unknown_word,
    unreadable_date,
)

_ANY = "\0"
_REASONS = (
    lambda: unknown_word(_ANY, _ANY),
    lambda: unreadable_date(_ANY, _ANY, _ANY),
    lambda: ambiguous_date(_ANY, _ANY),
    lambda: no_such_month(_ANY, _ANY, ("month", "day", "year"), 0),
    lambda: no_such_month(_ANY, _ANY, ("day", "month", "year"), 0),
)


def is_correctable(reason: str | None) -> bool:
    """Whether a reason, kept in whatever language, is of a word or a date that the layout does not read."""
    return reason is not None and any(pattern.search(reason) for pattern in _patterns())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(language, at) for language in LANGUAGES for at in range(len(_REASONS)))


def _pattern(language: str, at: int) -> re.Pattern[str]:
    with force_locale(language):
        told = str(_REASONS[at]())
    return re.compile(re.escape(told).replace(_ANY, ".*").replace("0", r"\d+"), re.DOTALL)

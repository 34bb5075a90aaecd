"""What a limit of a tier says in words."""

from typing import Any

from app.auth.labels import role_label
from app.auth.vocabulary import Role
from app.core.i18n import now_text as _
from app.core.i18n import plural
from petitions.rules.tier_limits import AT_ONCE, TierLimit


def limit_words(limit: TierLimit) -> Any:
    """13 working hours, at once, no limit."""
    if limit.limit_hours is None:
        return _("no limit")
    if limit.limit_hours == AT_ONCE:
        return _("goes up at once")
    return plural("%(num)s working hour", "%(num)s working hours", limit.limit_hours)


def warning_words(limit: TierLimit) -> Any:
    """When the holder is warned; nothing where it is not."""
    if not limit.warn_before_hours:
        return ""
    return plural("warned %(num)s hour before", "warned %(num)s hours before", limit.warn_before_hours)


def told_words(limit: TierLimit) -> list[Any]:
    """Who is told beside the unit that gets the case."""
    above = [_("the tiers above it")] if limit.tell_above else []
    return above + ([role_label(Role(limit.tell_role))] if limit.tell_role else [])

"""Why two matters may be the same, in words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.core.formats import span
from app.core.i18n import now_text as _
from petitions.rules.sameness import Likeness
from petitions.sameness.score import Part


def likeness_words(part: Part) -> str:
    """What is alike, with what was measured."""
    return _WORDS[part.likeness](part.measure)


def _apart(metres: Any) -> str:
    if metres < 1000:
        return _("%(metres)s m apart", metres=round(metres))
    return _("%(km)s km apart", km=f"{metres / 1000:.1f}")


_WORDS: dict[Likeness, Callable[[Any], str]] = {
    Likeness.PERSON: lambda _none: _("the same telephone or identity number"),
    Likeness.ADDRESS: lambda _none: _("the same address"),
    Likeness.DISTANCE: _apart,
    Likeness.PLACE: lambda _metres: _("in the same compound or place"),
    Likeness.ELSEWHERE: _apart,
    Likeness.TITLE: lambda _share: _("alike in title"),
    Likeness.BODY: lambda _share: _("alike in text"),
    Likeness.CATEGORY: lambda _none: _("the same category"),
    Likeness.ORDER_TYPE: lambda _none: _("the same type of order"),
    Likeness.TIME: lambda days: _("received %(span)s later", span=span(timedelta(days=days))),
}

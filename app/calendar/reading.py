"""What is handed in as the calendar of a year: a notice's text, a table of days, the JSON of holiday-cn."""

import codecs
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.calendar.doubts import Doubt, DoubtKind
from app.calendar.notice import notice_number, read_notice, years_named
from app.calendar.tables import looks_like_csv, looks_like_json, read_csv, read_json
from app.core.calendar import CalendarDay, notice_year
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from app.core.plain_text import plain

MOST_CHARACTERS = 64 * 1024
"""A notice has two thousand; the longest table of a year stays far below this."""

MOST_BYTES = 4 * MOST_CHARACTERS
LONGEST_NOTICE = 300
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Reading:
    """The days that were read, in order, with the year they are the calendar of and what was not understood.

    `notice` is the number or address of the notice as a whole; each day has its own beside it.
    """

    year: int
    notice: str
    days: tuple[CalendarDay, ...]
    doubts: tuple[Doubt, ...] = ()


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or GB18030; raises Invalid for anything else."""
    if len(content) > MOST_BYTES:
        raise _too_long()
    marked = ("utf-16",) if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ()
    for encoding in ("utf-8-sig", *marked, "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _at_text(_("This is no text. Hand in the text of the notice, a CSV table or JSON."))


def read(text: str, *, year: int | None = None, notice: str = "") -> Reading:
    """Read the calendar of one year; `year` and `notice` say what the text itself leaves open.

    Raises Invalid, with the field at fault, where the year or the notice cannot be told, where nothing is
    read, and where `year` is not that of the text.
    """
    text, notice = plain(text).strip(), notice.strip()
    if len(text) > MOST_CHARACTERS:
        raise _too_long()
    if year is not None and not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise _at_year(_("The year %(year)s is not between 2000 and 2100.", year=year))
    if len(notice) > LONGEST_NOTICE:
        message = _("At most %(limit)s characters are kept.", limit=LONGEST_NOTICE)
        raise Invalid(message, fields={"notice": message})
    if looks_like_json(text):
        said, days = read_json(text, notice)
        return _listed(days, notice, {said} if said else set(), year)
    if looks_like_csv(text):
        return _listed(read_csv(text, notice), notice, set(), year)
    return _announced(text, notice, year)


def _announced(text: str, notice: str, asked: int | None) -> Reading:
    year = _one_year(years_named(text), asked)
    source = notice or notice_number(text)
    said = read_notice(text, year)
    days = [day for arrangement in said for day in arrangement.days(source or "")]
    if not days:
        raise _at_text(_("No holiday was found in the text. It names days as “1月1日至3日放假”."))
    if not source:
        message = _("The text has no number of its notice. Give the number or the address.")
        raise Invalid(message, fields={"notice": message})
    doubts = [doubt for arrangement in said for doubt in arrangement.doubts]
    return _reading(year, source, days, doubts)


def _listed(days: Sequence[CalendarDay], notice: str, said: Collection[int], asked: int | None) -> Reading:
    if not days:
        raise _at_text(_("The table names no day."))
    year = _one_year(said or {notice_year(day) for day in days}, asked)
    cited = Counter(day.notice for day in days).most_common(1)[0][0]
    return _reading(year, notice or cited, days, [])


def _reading(year: int, notice: str, days: Sequence[CalendarDay], doubts: list[Doubt]) -> Reading:
    kinds: dict[object, CalendarDay] = {}
    for day in days:
        before = kinds.setdefault(day.date, day)
        if before.kind is not day.kind:
            doubts.append(Doubt(DoubtKind.BOTH, {"date": day.date}))
    unnamed = [Doubt(DoubtKind.UNNAMED, {"date": day.date}) for day in kinds.values() if not day.name]
    ordered = tuple(sorted(kinds.values(), key=lambda day: day.date))
    return Reading(year, notice, ordered, (*doubts, *unnamed))


def _one_year(said: Collection[int], asked: int | None) -> int:
    years = ", ".join(map(str, sorted(said)))
    if asked is not None:
        if said and asked not in said:
            raise _at_year(_("The text is about %(years)s and not %(asked)s.", years=years, asked=asked))
        return asked
    if len(said) > 1:
        raise _at_year(_("The text names several years: %(years)s. Say which it is for.", years=years))
    if not said:
        raise _at_year(_("The text does not say its year. Say which it is for."))
    return next(iter(said))


def _too_long() -> Invalid:
    return _at_text(_("This is far longer than the calendar of a year. Hand in one notice or one table."))


def _at_text(message: object) -> Invalid:
    return Invalid(message, fields={"text": message})


def _at_year(message: object) -> Invalid:
    return Invalid(message, fields={"year": message})

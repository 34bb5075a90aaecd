"""A notice of the State Council on the holidays of a year, read as text. Pure.

Its paragraphs name a holiday each ("二、春节：") and say in clauses which days are off (放假, 补休, 公休,
法定) and which are worked (上班). A day off that is moved (调至) leaves a working day where it was, unless
that day is off by another clause, and a day off where it goes. A clause with dates and none of these words
is not read and is reported: nothing is guessed.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from app.calendar.doubts import Doubt, DoubtKind
from app.calendar.holidays import named_in, plain_name
from app.core.calendar import CalendarDay, DayKind

_WEEKDAYS = "一二三四五六日"
_NUMBER = re.compile(r"国[务院办发函明电]{1,7}[〔\[(【]\d{4}[〕\])】]\d+号")
# "2027年元旦", but not "2026年11月4日".
_YEAR = re.compile(r"(\d{4})年(?!\d)")
_BRACKET = re.compile(r"\(([^()]*)\)")
_WEEKDAY = re.compile(rf"(?:星期|周)([{_WEEKDAYS}天])")
_HEADING = re.compile(r"([一二三四五六七八九十]+、)?([^:,;]{2,40}):(.+)")
_DAY = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:<(\d)>)?")
_TO = re.compile(r"[至到~\-\u2013\u2014]+")
_ISSUED = re.compile(r"\D*\d{4}年\d{1,2}月\d{1,2}日")
_TOTAL = re.compile(r"(?:共|放假)(\d+)天")
_OFF = re.compile(r"放假|补休|公休|调休|休息|法定")
_WORKED, _MOVED = "上班", "调至"
# "2月3日起正常上班" names the day from which work goes on, not one that is made up.
_FROM_THEN = re.compile(r"日(?:<\d>)?起")
_DECEMBER = 12
_LONGEST = 31


class Date(NamedTuple):
    """A day as the text writes it, and the weekday in brackets behind it, Monday being 0."""

    day: date
    weekday: int | None


@dataclass
class Arrangement:
    """What the paragraph on one holiday says."""

    name: str
    off: set[date] = field(default_factory=set)
    worked: set[date] = field(default_factory=set)
    moved: set[date] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)

    def days(self, notice: str) -> list[CalendarDay]:
        """The days it names, in order."""
        kinds = dict.fromkeys((self.worked | self.moved) - self.off, DayKind.WORKDAY)
        kinds |= dict.fromkeys(self.off, DayKind.HOLIDAY)
        return [CalendarDay(day, kinds[day], self.name, notice) for day in sorted(kinds)]


def notice_number(text: str) -> str | None:
    """The number of the notice, such as 国办发明电〔2025〕7号, where the text gives one."""
    found = _NUMBER.search(_plain(text))
    return found[0] if found else None


def years_named(text: str) -> set[int]:
    """The years whose arrangement the text announces; the date of issue is none."""
    return {int(year) for year in _YEAR.findall(_plain(text))}


def read_notice(text: str, year: int) -> list[Arrangement]:
    """What the notice of `year` says about each holiday, in its order."""
    return [_arrangement(name, sentences, year) for name, sentences in _paragraphs(text) if sentences]


def _plain(text: str) -> str:
    """Full-width signs made plain, blanks within lines gone, of brackets only the weekday kept: `<0>`."""
    lines = unicodedata.normalize("NFKC", text).splitlines()
    return "\n".join("".join(line.split()) for line in lines)


def _paragraphs(text: str) -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = [("", [])]
    for sentence in re.split(r"[。\n]+", _BRACKET.sub(_weekday, _plain(text))):
        heading = _HEADING.fullmatch(sentence)
        if heading and (heading[1] or named_in(heading[2])):
            found.append((plain_name(heading[2]), [heading[3]]))
        elif not heading and not _DAY.search(sentence) and len(named_in(sentence)) == 1:
            found.append((plain_name(sentence), []))
        elif _DAY.search(sentence) and not _ISSUED.fullmatch(sentence):
            found[-1][1].append(sentence)
    return found


def _weekday(bracket: re.Match[str]) -> str:
    named = _WEEKDAY.search(bracket[1])
    return f"<{_WEEKDAYS.index(named[1].replace('天', '日'))}>" if named else ""


def _arrangement(name: str, sentences: list[str], year: int) -> Arrangement:
    said = Arrangement(name)
    dates = _Dates(year, "".join(sentences))
    for sentence in sentences:
        pending = ""
        for clause in re.split(r"[,;]", sentence):
            pending = "" if _take(said, dates, pending + clause) else f"{pending}{clause}、"
        if _DAY.search(pending):
            said.doubts.append(Doubt(DoubtKind.UNREAD, {"text": _shown(pending)}))
    both = said.off & said.worked
    said.doubts += [Doubt(DoubtKind.BOTH, {"date": day}) for day in sorted(both)]
    total = _TOTAL.search("".join(sentences))
    if total and int(total[1]) != len(said.off):
        counts = {"name": name, "said": int(total[1]), "found": len(said.off)}
        said.doubts.append(Doubt(DoubtKind.TOTAL, counts))
    return said


def _take(said: Arrangement, dates: "_Dates", clause: str) -> bool:
    """Take what the clause says; false where it says nothing that is understood of the dates it has."""
    left, moved, right = clause.partition(_MOVED)
    if _FROM_THEN.search(clause):
        return False
    if moved:
        parts = [(said.moved, left), (said.off, right)]
    elif _WORKED in clause:
        parts = [(said.worked, clause)]
    elif _OFF.search(clause):
        parts = [(said.off, clause)]
    else:
        return False
    try:
        read = [(days, dates.read(part)) for days, part in parts]
    except ValueError:
        return False
    for days, found in read:
        days.update(date.day for date in found)
        said.doubts += [_misnamed(date) for date in found if date.weekday not in (None, date.day.weekday())]
    return True


class _Dates:
    """Dates as one paragraph writes them: a day takes over the month and the year named before it.

    A month without a year is one of the notice's year; but where the paragraph also names January, its
    December is that before it.
    """

    def __init__(self, year: int, paragraph: str) -> None:
        self._notice_year = year
        self._year_of_december = year - 1 if re.search(r"(?<!\d)1月", paragraph) else year
        self._year, self._month = year, 0

    def read(self, clause: str) -> list[Date]:
        """The days the clause names; raises ValueError for a day or a span that there is not."""
        found: list[Date] = []
        end = 0
        for match in _DAY.finditer(clause):
            day = self._day(match)
            if found and _TO.fullmatch(clause[end : match.start()]):
                found += [Date(between, None) for between in _between(found[-1].day, day)]
            found.append(Date(day, int(match[4]) if match[4] else None))
            end = match.end()
        return found

    def _day(self, match: re.Match[str]) -> date:
        year, month, day = match.groups()[:3]
        if month:
            self._month = int(month)
            self._year = self._year_of_december if self._month == _DECEMBER else self._notice_year
        if year:
            self._year = int(year)
        return date(self._year, self._month, int(day))


def _between(first: date, last: date) -> list[date]:
    length = (last - first).days
    if not 0 < length <= _LONGEST:
        raise ValueError("a span that ends before it begins, or lasts longer than any holiday")
    return [first + timedelta(days=offset) for offset in range(1, length)]


def _misnamed(said: Date) -> Doubt:
    return Doubt(DoubtKind.WEEKDAY, {"date": said.day, "said": said.weekday})


def _shown(clause: str) -> str:
    return re.sub(r"<\d>", lambda mark: f"（周{_WEEKDAYS[int(mark[0][1])]}）", clause).rstrip("、")

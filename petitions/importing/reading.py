"""A row of a file as an intake, by its profile; or the reason why it is none."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from app.core.clock import local_day
from app.core.errors import Invalid
from grid.vocabulary import Datum
from petitions.importing import fault, isolation
from petitions.importing.cells import clean, degrees, narrow, number_text
from petitions.importing.dates import read_moment
from petitions.importing.fault import RowFault, Unread
from petitions.importing.header_words import heading_of
from petitions.importing.layout import Layout
from petitions.importing.totals import LONGEST_FIGURE, is_total
from petitions.importing.upstream_status import LONGEST, UpstreamStatus
from petitions.intake import Intake, PartyIntake, check, title_from
from petitions.models.imports import Mark
from petitions.rules.deadlines import due_moment
from petitions.tabular import unapostrophed
from petitions.vocabulary import CaseKind, Channel, OrderType, Urgency

Row = Sequence[Any]
Word = TypeVar("Word", bound=StrEnum)

LAST_MINUTE = time(23, 59)
"""From it on a deadline means the whole of its day, as one of 00:00 does."""

SUPPLIED = ("urgency", "channel", "received_at")
ROLES = {"upstream_due_at": "due_on", "registered_at": "received_at"}
LIMITS = {"number": 60, "category": 60, "name": 100, "phone": 100, "community": 100}


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of the file: its number there, and either its intake or why it is refused, with its marks.

    `unsaid` names the roles of the intake that the row left blank, and for which something was supplied;
    `status` is the state of the order upstream, where the row tells it in a known word.
    """

    row: int
    intake: Intake | None = None
    refused: str | None = None
    marks: tuple[Mark, ...] = ()
    unsaid: frozenset[str] = frozenset()
    status: UpstreamStatus | None = None

    @property
    def number(self) -> str | None:
        """The source number, where the row has an intake."""
        return self.intake.source_number if self.intake else None


class RowReader:
    """Reads the rows of one layout."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._places = layout.places
        # What stands in a column of upstream states is shown, and refuses nothing.
        self._told_by = [
            (role, place) for role, places in layout.places.items() if role != "status" for place in places
        ]
        self._profile = layout.profile
        self._nothing = {"", "None", *layout.profile.blank}
        self._codes: dict[tuple[str, Any] | None, str | None] = {None: None}
        self._address = _label_pattern(layout.profile.address_labels, layout.profile.text_labels)

    def rows(self, after: int = 0) -> Iterator[tuple[int, Row]]:
        """Every row below the headings and below row `after` that holds anything, with its number."""
        first = max(self._layout.row, after)
        for number, cells in self._layout.table.rows():
            if number > first and self._holds_order(cells):
                yield number, cells

    def read(self, number: int, cells: Row, now: datetime) -> ReadRow:
        """One row as it comes in at `now`; a fault of the row is kept as its reason."""
        try:
            self._demand_own_number(number)
            self._demand_no_error(cells)
            intake = self._intake(cells, now)
            check(intake, now)
        except RowFault as refused:
            return ReadRow(number, refused=refused.reason, marks=refused.marks)
        except Invalid as refused:
            told = (self._told(name, text) for name, text in refused.fields.items())
            return ReadRow(number, refused=" ".join(told))
        except Exception as error:
            return ReadRow(number, refused=isolation.refused(number, error).reason)
        return ReadRow(number, intake, unsaid=self._unsaid(cells), status=self._status(cells))

    def _intake(self, cells: Row, now: datetime) -> Intake:
        body = self._text(cells, "body") or self._text(cells, "title")
        received_at = self._moment(cells, "received_at") or now
        lon, lat = self._degrees(cells, "lon"), self._degrees(cells, "lat")
        return Intake(
            kind=self._word(cells, "kind", CaseKind, lenient=True) or self._profile.kind,
            channel=self._word(cells, "channel", Channel) or self._profile.channel,
            title=self._text(cells, "title") or title_from(body),
            body=body,
            received_at=received_at,
            source=self._profile.source,
            source_number=self._number(cells),
            order_type=self._word(cells, "order_type", OrderType),
            category=self._text(cells, "category") or None,
            urgency=self._word(cells, "urgency", Urgency) or Urgency.NORMAL,
            address=self._place(cells, body),
            lon=lon,
            lat=lat,
            datum=None if lon is None else self._word(cells, "datum", Datum) or self._profile.datum,
            community=self._text(cells, "community") or None,
            upstream_due_at=self._due_at(cells),
            registered_at=self._registered_at(cells, received_at),
            persons_present=self._count(cells, "persons"),
            parties=self._parties(cells),
        )

    def _holds_order(self, cells: Row) -> bool:
        """Whether a row is not blank, of totals or signatures below the orders, or the headings once more."""
        at = self._places["number"][0]
        number = cells[at] if at < len(cells) else ""
        if isinstance(number, str) and len(number) > LONGEST_FIGURE and number.isdigit():
            return True
        said = [text for text in map(clean, cells) if text]
        return bool(said) and heading_of(number) != self._layout.headings[at] and not is_total(said)

    def _demand_own_number(self, row: int) -> None:
        begins = self._layout.table.continues(row, self._layout.places["number"][0])
        if begins:
            raise RowFault(fault.merged_number(self._layout.heading("number"), begins))

    def _told(self, name: str, fault_: object) -> str:
        """A fault of an intake's field with the heading that a person sees above it."""
        role = ROLES.get(name, name)
        places = self._layout.places
        return str(fault.in_column(self._layout.heading(role), fault_) if role in places else fault_)

    def _status(self, cells: Row) -> UpstreamStatus | None:
        places = self._places.get("status")
        word = clean(cells[places[0]]) if places and places[0] < len(cells) else ""
        code = self._profile.words.get("status", {}).get(word)
        return UpstreamStatus(word[:LONGEST], code == "ended") if code else None

    def _unsaid(self, cells: Row) -> frozenset[str]:
        return frozenset(
            role
            for role in SUPPLIED
            if all(str(cell).strip() in self._nothing for cell in self._cells(cells, role))
        )

    def _cells(self, cells: Row, role: str) -> list[Any]:
        places = self._places.get(role)
        if places is None:
            return []
        return [cells[place] for place in places if place < len(cells)]

    def _demand_no_error(self, cells: Row) -> None:
        """Refuse the row for a formula of the spreadsheet that failed, in a column that is read."""
        for role, place in self._told_by:
            cell = cells[place] if place < len(cells) else None
            if isinstance(cell, str) and cell[:1] in fault.BEGINS_ERROR and fault.is_formula_error(cell):
                raise RowFault(fault.failed_formula(self._layout.heading(role)))

    def _text(self, cells: Row, role: str) -> str:
        found = self._cells(cells, role)
        text = self._said(found[0]) if len(found) == 1 else "".join(map(self._said, found))
        limit = LIMITS.get(role)
        if limit and len(text) > limit:
            raise RowFault(fault.too_long(self._layout.heading(role), limit))
        return text

    def _said(self, cell: Any) -> str:
        text = unapostrophed(clean(cell))
        return "" if text in self._profile.blank else text

    def _number(self, cells: Row) -> str:
        number = self._digits(cells, "number")
        if not number:
            raise RowFault(fault.missing(self._layout.heading("number")))
        return number

    def _digits(self, cells: Row, role: str) -> str:
        found = self._cells(cells, role)
        if not found:
            return ""
        text = number_text(found[0], self._layout.heading(role))
        if len(text) > LIMITS[role]:
            raise RowFault(fault.too_long(self._layout.heading(role), LIMITS[role]))
        return "" if text in self._profile.blank else text

    def _moment(self, cells: Row, role: str) -> datetime | None:
        if role not in self._layout.places:
            return None
        found = self._cells(cells, role)
        moment = read_moment(found[0], self._profile.dates, self._layout.heading(role)) if found else None
        if moment is None and role == "received_at" and role in self._profile.required:
            raise RowFault(fault.missing(self._layout.heading(role)))
        return moment

    def _due_at(self, cells: Row) -> datetime | None:
        """The end of the deadline: its hour, or of its whole day where it names none or the last minute."""
        due = self._moment(cells, "due_on")
        if due is None or time(0) < due.time() < LAST_MINUTE:
            return due
        return due_moment(local_day(due))

    def _registered_at(self, cells: Row, received_at: datetime) -> datetime | None:
        role = self._profile.registered
        if role is None:
            return None
        return received_at if role == "received_at" else self._moment(cells, role)

    def _word(self, cells: Row, role: str, kind: type[Word], *, lenient: bool = False) -> Word | None:
        found = self._cells(cells, role)
        key = (role, found[0]) if found else None
        # A file of thousands of rows has a dozen words.
        if key not in self._codes:
            self._codes[key] = self._code(cells, role, lenient)
        code = self._codes[key]
        return kind(code) if code else None

    def _code(self, cells: Row, role: str, lenient: bool) -> str | None:
        word = self._text(cells, role)
        code = self._profile.words.get(role, {}).get(word)
        if word and code is None and not lenient:
            raise Unread(fault.unknown_word(self._layout.heading(role), word))
        return code

    def _degrees(self, cells: Row, role: str) -> float | None:
        found = self._cells(cells, role)
        try:
            value = degrees(found[0]) if found else None
        except ValueError:
            raise RowFault(fault.bad_point(self._layout.heading(role))) from None
        return value

    def _count(self, cells: Row, role: str) -> int | None:
        text = narrow(self._text(cells, role)).removesuffix("人")
        if text and not text.isdecimal():
            raise RowFault(fault.no_count(self._layout.heading(role), text))
        return int(text) if text else None

    def _place(self, cells: Row, body: str) -> str | None:
        stated = self._text(cells, "address")
        if not stated and self._address and (found := self._address.search(body)):
            stated = found["place"].strip()
        return stated or None

    def _parties(self, cells: Row) -> tuple[PartyIntake, ...]:
        name, phone = self._text(cells, "name") or None, self._digits(cells, "phone") or None
        anonymous = name in self._profile.anonymous_names
        word = self._text(cells, "anonymous")
        said = self._profile.words["anonymous"].get(word)
        if word and said is None:
            name = word
        if anonymous or said == "yes":
            name, anonymous = None, True
        if not (name or phone or anonymous):
            return ()
        return (PartyIntake(name=name, phone=phone, is_anonymous=anonymous),)


def _label_pattern(labels: Sequence[str], others: Sequence[str]) -> re.Pattern[str] | None:
    """What stands behind one of `labels` in a text, up to the next label or the end of its line."""
    if not labels:
        return None
    ordinal = "[一二三四五六七八九十1-9]?[：:]"
    one_of, any_of = ("|".join(map(re.escape, words)) for words in (labels, (*labels, *others)))
    return re.compile(rf"(?:{one_of}){ordinal}(?P<place>.*?)(?=(?:{any_of}){ordinal}|\n|$)")

"""What a person said of an unknown file's columns, as a definition; and what they have still to say. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.core.errors import Invalid
from app.core.formats import listed
from app.core.i18n import lazy as _
from petitions.importing.dates import orders_of, reads
from petitions.importing.definition import Definition
from petitions.importing.fault import in_column
from petitions.importing.profile import Profile, common
from petitions.importing.roles import CODES, JOINED, ROLES
from petitions.importing.sight import Column, Sight
from petitions.importing.suggesting import date_forms
from petitions.importing.written import date_form, headings_of, words_of

DATED = ("received_at", "due_on")
KNOWN_BY = ("number", "received_at", "title", "body", "address")
"""Roles by whose headings such a file is known again; an upstream may leave out any other column."""


SHOWN_BY = 3
"""Dates that only one order reads, from which on it is filled in; a single one may be mistyped."""


@dataclass(frozen=True, slots=True)
class Picks:
    """What the columns of a file mean.

    `roles` are by the place of the column. `words` has by role and word a code, "" for none of them, and
    lacks what nobody has said yet. `order` is "month" or "day", whichever comes first in a date that can be
    read both ways. With `untimed` a row without a moment of receipt counts as received with the import.
    """

    source: str
    kind: str = "hotline"
    channel: str = "hotline"
    datum: str | None = None
    order: str | None = None
    untimed: bool = False
    roles: Mapping[int, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    address_labels: Sequence[str] = ()
    text_labels: Sequence[str] = ()

    def columns(self, sight: Sight) -> dict[str, list[Column]]:
        """The columns of each role, as they stand in the file."""
        found: dict[str, list[Column]] = {}
        for role in ROLES:
            columns = [column for column in sight.columns if self.roles.get(column.at) == role]
            if columns:
                found[role] = columns
        return found


def likely(sight: Sight, source: str, profile: Profile | None) -> Picks:
    """What is likely before a person has said anything: by the headings, or as the profile says."""
    if profile is None:
        return with_order(sight, Picks(source, roles=sight.suggested.roles))
    places = {
        column.at: role
        for role, headings in profile.columns.items()
        for column in _held(sight, headings, role)
    }
    return Picks(
        source=profile.source,
        kind=profile.kind,
        channel=profile.channel,
        datum=profile.datum,
        order=orders_of(profile.dates),
        untimed="received_at" not in profile.required,
        roles=places,
        words=profile.words,
        address_labels=profile.address_labels,
        text_labels=profile.text_labels,
    )


def with_order(sight: Sight, picks: Picks) -> Picks:
    """The picks with the order that the dates show, where nobody has said one."""
    return picks if picks.order else replace(picks, order=order_shown(sight, picks))


def left_out(sight: Sight, picks: Picks) -> list[Column]:
    """The columns that hold something and are not taken, but for those that say nothing of an order."""
    ignored = common()["ignored"]
    return [
        column
        for column in sight.columns
        if column.filled and not picks.roles.get(column.at) and column.heading not in ignored
    ]


def unknown_words(sight: Sight, picks: Picks) -> dict[str, dict[str, int]]:
    """By role the words of its column that neither the picks nor the common ones give a code to."""
    unknown: dict[str, dict[str, int]] = {}
    for role, (column, *_more) in picks.columns(sight).items():
        if role in CODES:
            known = words_known(role, picks)
            left = {
                word: count
                for word, count in (column.words or {}).items()
                if word not in known and word not in common()["blank"]
            }
            if left:
                unknown[role] = left
    return unknown


def words_known(role: str, picks: Picks) -> Mapping[str, str]:
    """The words of a role with the code of each: those that the picks explain, and those that all know."""
    return {**common()["words"].get(role, {}), **picks.words.get(role, {})}


def forms_of(sight: Sight, picks: Picks) -> list[str]:
    """The forms in which dates are read: the common ones, and the file's in the order that was said."""
    found = date_forms([cell for column in _dated(sight, picks) for cell in column.samples])
    wanted = [form for form in found if orders_of([form]) in (None, picks.order) or not picks.order]
    return list(dict.fromkeys([*common()["dates"], *wanted]))


def dates_two_ways(sight: Sight, picks: Picks) -> str | None:
    """A date that can be read with the month or with the day first, if there is one."""
    return next((str(cell) for cell, orders in _orders_read(sight, picks) if len(orders) > 1), None)


def order_shown(sight: Sight, picks: Picks) -> str | None:
    """The order that all dates show that can be read in one order only, where they are several; else None.

    It is filled in where it is asked, for a person to see.
    """
    shown = [orders for _cell, orders in _orders_read(sight, picks) if len(orders) == 1]
    return next(iter(shown[0])) if len(shown) >= SHOWN_BY and len(set(shown)) == 1 else None


def define(sight: Sight, picks: Picks) -> Definition:
    """The definition that the picks make for the file; raises Invalid naming all that is missing."""
    faults = dict(_faults(sight, picks))
    if faults:
        raise Invalid(next(iter(faults.values())), fields=faults)
    columns = picks.columns(sight)
    forms = forms_of(sight, picks)
    # Lists are sent back in the order of the file.
    in_order = sorted(columns.items(), key=lambda item: item[1][0].at)
    loose = {"received_at"} if picks.untimed else set()
    said: dict[str, Any] = {
        "source": picks.source.strip(),
        "kind": picks.kind,
        "channel": picks.channel,
        "required": [role for role in KNOWN_BY if role in columns and role not in loose],
        "columns": {role: [column.heading for column in found] for role, found in in_order},
        "dates": forms,
        "words": {role: dict(words) for role, words in picks.words.items() if role in columns},
        "address_labels": list(picks.address_labels),
        "text_labels": list(picks.text_labels),
        "headings": headings_of(sight.columns),
        "written_dates": {
            role: form
            for role in DATED
            for column in columns.get(role, ())[:1]
            if (form := date_form(column, forms))
        },
        "written_words": {
            role: words
            for role in CODES
            for column in columns.get(role, ())[:1]
            if (words := words_of(role, column, words_known(role, picks)))
        },
    }
    if picks.datum and "datum" not in columns:
        said["datum"] = picks.datum
    return said


def _faults(sight: Sight, picks: Picks) -> Iterator[tuple[str, object]]:
    columns = picks.columns(sight)
    if not picks.source.strip():
        yield "name", _("Give the layout a name.")
    if "number" not in columns:
        yield "number", _("Choose the column with the number of the order: by it an order is known again.")
    if not columns.keys() & {"title", "body"}:
        yield "body", _("Choose the column with the text of the matter, or with its title.")
    yield from _doubts(sight, picks)
    if {"lon", "lat"} & columns.keys() and not {"lon", "lat"} <= columns.keys():
        yield "lon", _("A point needs longitude and latitude.")
    if "lon" in columns and "datum" not in columns and not picks.datum:
        yield "datum", _("Say in which datum the points are: in another one they lie half a kilometre away.")


def _doubts(sight: Sight, picks: Picks) -> Iterator[tuple[str, object]]:
    """What the file leaves open and a person has to decide."""
    for role, found in picks.columns(sight).items():
        if len(found) > 1 and role not in JOINED:
            told = _("These columns are all chosen for it: %(columns)s. Choose one.", columns=_named(found))
            yield f"role-{role}", in_column(str(ROLES[role]), told)
    for role, words in unknown_words(sight, picks).items():
        yield f"words-{role}", _("Say what these words mean: %(words)s.", words=listed(words))
    if not picks.order and (doubtful := dates_two_ways(sight, picks)):
        yield "order", _('Say which comes first in "%(date)s", the month or the day.', date=doubtful)


def _dated(sight: Sight, picks: Picks) -> list[Column]:
    return [column for role, found in picks.columns(sight).items() if role in DATED for column in found]


def _orders_read(sight: Sight, picks: Picks) -> Iterator[tuple[Any, frozenset[str]]]:
    """Each dated cell that does not begin with the year, with the orders that read it: "month", "day"."""
    cells = [cell for column in _dated(sight, picks) for cell in column.samples]
    forms = date_forms(cells)
    ways = {order: [form for form in forms if orders_of([form]) == order] for order in ("month", "day")}
    for cell in cells:
        if orders := frozenset(order for order, written in ways.items() if _any_reads(cell, written)):
            yield cell, orders


def _any_reads(cell: Any, forms: Sequence[str]) -> bool:
    return isinstance(cell, str) and any(reads(cell, form) for form in forms)


def _held(sight: Sight, headings: Sequence[str], role: str) -> list[Column]:
    by_heading = {column.heading: column for column in reversed(sight.columns)}
    found = [by_heading[heading] for heading in headings if heading in by_heading]
    return found if role in JOINED else found[:1]


def _named(columns: Sequence[Column]) -> str:
    return listed(column.heading for column in columns)

"""What a profile's file may say. Whatever else it says is named with its place."""

import json
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from app.core.errors import Invalid
from app.core.formats import listed
from app.core.i18n import lazy as _
from grid.vocabulary import Datum
from petitions.importing.dates import SERIAL, is_form
from petitions.importing.profile import common
from petitions.importing.roles import CODES, ROLES
from petitions.vocabulary import CaseKind, Channel

MAX_BYTES = 256 * 1024
MOST = 400
"""Headings of one role, or words of one column."""
MOST_FORMS = 30
LONGEST = 200
LONGEST_SOURCE = 40

Definition = Mapping[str, Any]


def read_definition(content: bytes) -> Definition:
    """The definition in a file of JSON or TOML; raises Invalid for what is neither, or far too large."""
    if len(content) > MAX_BYTES:
        raise Invalid(_("A profile has at most %(limit)s KiB.", limit=MAX_BYTES // 1024))
    for load in (json.loads, tomllib.loads):
        try:
            said = load(content.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            continue
        if isinstance(said, dict):
            return said
    raise Invalid(_("This is no profile: it is neither JSON nor TOML in UTF-8."))


def check_definition(said: Definition) -> None:
    """Raises Invalid at the first thing that is missing, unknown or of the wrong kind."""
    for key in ("source", "kind", "channel", "columns", "required"):
        if key not in said:
            raise Invalid(_('The profile lacks "%(key)s".', key=key))
    for key, value in said.items():
        if key not in _CHECKS:
            raise _wrong(key, _("this is not known"))
        _CHECKS[key](key, value)
    missing = [role for role in said["required"] if role not in said["columns"]]
    if missing:
        raise _wrong("required", _("%(role)s has no column", role=missing[0]))
    if "number" not in said["columns"]:
        raise _wrong("columns", _("the number of the order has no column"))
    if not said["columns"].keys() & {"body", "title"}:
        raise _wrong("columns", _("neither text nor title has a column"))


def _wrong(place: str, fault: object) -> Invalid:
    return Invalid(_("The profile, at %(place)s: %(fault)s.", place=place, fault=fault))


def _text(place: str, value: Any) -> None:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise _wrong(place, _("a text of at most %(limit)s characters must stand here", limit=LONGEST))


def _source(place: str, value: Any) -> None:
    _text(place, value)
    if len(value) > LONGEST_SOURCE:
        raise _wrong(place, _("a text of at most %(limit)s characters must stand here", limit=LONGEST_SOURCE))


def _flag(place: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise _wrong(place, _("true or false must stand here"))


def _member(of: Any) -> Callable[[str, Any], None]:
    def check(place: str, value: Any) -> None:
        if not isinstance(value, str) or value not in set(of):
            raise _wrong(place, _("one of %(codes)s must stand here", codes=listed(of)))

    return check


def _texts(place: str, value: Any) -> None:
    if not isinstance(value, list) or len(value) > MOST:
        raise _wrong(place, _("a list of texts must stand here"))
    for at, text in enumerate(value):
        _text(f"{place}[{at}]", text)


def _roles(place: str, value: Any) -> None:
    _texts(place, value)
    for role in value:
        _role(place, role)


def _role(place: str, role: str) -> None:
    if role not in ROLES:
        raise _wrong(place, _("%(role)s is no meaning of a column", role=role))


def _dates(place: str, value: Any) -> None:
    _texts(place, value)
    if len(value) > MOST_FORMS or not any(form != SERIAL for form in value):
        raise _wrong(place, _("1 to %(limit)s forms must stand here, one of them written", limit=MOST_FORMS))
    for form in value:
        if not is_form(form):
            raise _wrong(place, _("%(form)s is no form of dates", form=form))


def _table(place: str, value: Any) -> None:
    if not isinstance(value, dict) or len(value) > MOST:
        raise _wrong(place, _("a table must stand here"))


def _columns(place: str, value: Any) -> None:
    _table(place, value)
    for role, headings in value.items():
        _role(place, role)
        _texts(f"{place}.{role}", headings)
        if not headings:
            raise _wrong(f"{place}.{role}", _("at least one heading must stand here"))


def _words(place: str, value: Any) -> None:
    _table(place, value)
    for role, words in value.items():
        if role not in CODES:
            raise _wrong(place, _("%(role)s has no words", role=role))
        _table(f"{place}.{role}", words)
        for word, code in words.items():
            if code != "":
                _member(CODES[role])(f"{place}.{role}.{word}", code)


def _returned(place: str, value: Any) -> None:
    _table(place, value)
    for role, heading in value.items():
        if role not in common()["returned"]:
            raise _wrong(place, _("%(role)s is nothing that is sent back", role=role))
        _text(f"{place}.{role}", heading)


def _written_dates(place: str, value: Any) -> None:
    _table(place, value)
    for role, form in value.items():
        _role(place, role)
        _text(f"{place}.{role}", form)
        if form == SERIAL or not is_form(form):
            raise _wrong(f"{place}.{role}", _("%(form)s is no form of dates", form=form))


def _written_words(place: str, value: Any) -> None:
    _table(place, value)
    for role, words in value.items():
        if role not in CODES:
            raise _wrong(place, _("%(role)s has no words", role=role))
        _table(f"{place}.{role}", words)
        for code, word in words.items():
            _member(CODES[role])(f"{place}.{role}", code)
            _text(f"{place}.{role}.{code}", word)


def _not_here(place: str, _value: Any) -> None:
    raise _wrong(place, _("only a profile of the program may write into the past"))


_CHECKS: Mapping[str, Callable[[str, Any], None]] = {
    "name": _text,
    "source": _source,
    "kind": _member(CaseKind),
    "channel": _member(Channel),
    "datum": _member(Datum),
    "columns": _columns,
    "required": _roles,
    "ignored": _texts,
    "exact": _flag,
    "form": _flag,
    "registered": _not_here,
    "dates": _dates,
    "words": _words,
    "blank": _texts,
    "anonymous_names": _texts,
    "address_labels": _texts,
    "text_labels": _texts,
    "returned": _returned,
    "headings": _texts,
    "written_dates": _written_dates,
    "written_words": _written_words,
}

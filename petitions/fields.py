"""The fields of a form one by one: what each says, or its fault told under its name."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from app.core.clock import SHANGHAI
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions.period import parse_day

Form = Mapping[str, str]
Faults = dict[str, object]

_PHONE = re.compile(r"\+?\d{5,20}")
MAX_NAME = 60


def read_choice(form: Form, name: str, vocabulary: type[StrEnum], faults: Faults) -> Any:
    """A member of the vocabulary, None where nothing was chosen."""
    text = form.get(name, "")
    if text and text not in {member.value for member in vocabulary}:
        faults[name] = _("Choose from the list.")
    return vocabulary(text) if text and name not in faults else None


def read_name(form: Form, name: str, faults: Faults) -> str | None:
    """A person's name, None where it is blank."""
    text = form.get(name, "").strip()
    if len(text) > MAX_NAME:
        faults[name] = _("A name has at most 60 characters.")
    return text or None


def read_phone(form: Form, name: str, faults: Faults) -> str | None:
    """A telephone number without blanks and hyphens, None where it is blank."""
    text = re.sub(r"[\s\-]", "", form.get(name, ""))
    if text and not _PHONE.fullmatch(text):
        faults[name] = _("A telephone number has 5 to 20 digits.")
    return text or None


def read_text(form: Form, name: str, limit: int, faults: Faults) -> str | None:
    """A text of at most `limit` characters, None where it is blank."""
    text = form.get(name, "").strip()
    if len(text) > limit:
        faults[name] = _("This is longer than %(limit)s characters.", limit=limit)
    return text or None


def read_number(form: Form, name: str, least: int, most: int, faults: Faults) -> int | None:
    """A whole number from `least` to `most`, None where it is blank."""
    text = form.get(name, "").strip()
    if not text:
        return None
    number = int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else -1
    if not least <= number <= most:
        faults[name] = _("Write a whole number from %(least)s to %(most)s.", least=least, most=most)
        return None
    return number


def read_moment(form: Form, name: str, faults: Faults) -> datetime | None:
    """A moment written in Asia/Shanghai, None where it is blank."""
    text = form.get(name, "").strip()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) if text else None
    except ValueError:
        faults[name] = _("Write the time as 2020-12-31 14:30.")
        return None


def read_day(form: Form, name: str, faults: Faults) -> date | None:
    """A day of the years in which a case can lie, None where it is blank."""
    text = form.get(name, "").strip()
    try:
        return parse_day(text) if text else None
    except Invalid as error:
        faults[name] = error.message
        return None


def read_time(form: Form, name: str, faults: Faults) -> time | None:
    """A time of the day to the minute, None where it is blank."""
    text = form.get(name, "").strip()
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None) if text else None
    except ValueError:
        faults[name] = _("Write the time of the day as 14:30.")
        return None


def demand(faults: Faults, **needed: Any) -> dict[str, Any]:
    """`needed` as it was read; raises Invalid naming every field that is missing or at fault."""
    missing = {name: _("This is needed.") for name, value in needed.items() if value is None}
    if missing or faults:
        raise Invalid(_("Some fields need mending."), fields={**missing, **faults})
    return needed

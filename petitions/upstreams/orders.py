"""Orders sent as JSON, turned into the table that an import reads; a fault is named by order and field."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from app.core.plain_text import plain
from petitions.importing.profile import Profile

LONGEST_VALUE = 100_000
"""Characters; no order is as long, and a table takes cells of little more."""
MOST_FIELDS = 200


def as_table(body: bytes, profile: Profile | None) -> tuple[str, bytes]:
    """A CSV in UTF-8 of the orders in `body`: an array of objects, or an object whose "orders" is one.

    The first is what the object calls it as its "file", blank where it does not.

    A field is a heading as the platform calls it or, where the profile is known, a role such as "number".
    A number is written as it stands. Raises Invalid.
    """
    said = _said(body)
    orders = _orders(said)
    headings = list(dict.fromkeys(name for order in orders for name in order))
    if len(headings) > MOST_FIELDS:
        raise Invalid(_("More than %(most)s different fields were sent.", most=MOST_FIELDS))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_heading(name, profile) for name in headings])
    for number, order in enumerate(orders, start=1):
        writer.writerow([_cell(order.get(name), number, name) for name in headings])
    return _file_name(said), text.getvalue().encode("utf-8", "replace")


def _said(body: bytes) -> Any:
    try:
        # A number stays the text it is: a long order number must not be rounded.
        return json.loads(body, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise Invalid(
            _("The body is not JSON in UTF-8; it cannot be read from line %(line)s on.", line=line)
        ) from None


def _file_name(said: Any) -> str:
    name = said.get("file") if isinstance(said, dict) else None
    if name is not None and not isinstance(name, str):
        raise Invalid(_('The name of the file, "file", must be a text.'))
    return plain(name or "").strip()


def _orders(said: Any) -> list[Mapping[str, Any]]:
    orders = said.get("orders") if isinstance(said, dict) else said
    if not isinstance(orders, list) or not orders:
        raise Invalid(_('Send an array of orders, or an object with such an array as "orders".'))
    for number, order in enumerate(orders, start=1):
        if not isinstance(order, dict) or not order:
            raise Invalid(_("Order %(number)s is not an object with fields.", number=number))
    return orders


def _heading(name: str, profile: Profile | None) -> str:
    choices = profile.columns.get(name) if profile else None
    return choices[0] if choices else name


def _cell(value: Any, number: int, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str):
        raise Invalid(
            _(
                "Order %(number)s, %(field)s: only texts and numbers are taken.",
                number=number,
                field=name[:40],
            )
        )
    if len(value) > LONGEST_VALUE:
        raise Invalid(
            _(
                "Order %(number)s, %(field)s: longer than %(limit)s characters.",
                number=number,
                field=name[:40],
                limit=LONGEST_VALUE,
            )
        )
    return value.replace("\0", "")

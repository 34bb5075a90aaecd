"""JSON in one form: the same value is always the same text, so a text can be hashed, compared and copied."""

from collections.abc import Callable
from typing import Any

import orjson


def canonical(value: Any, forms: Callable[[Any], Any] | None = None) -> str:
    """`value` as JSON with sorted keys and no blanks; bytes in it as PostgreSQL writes them in hex.

    `forms` says what stands for a moment, a day and whatever else JSON has no form for; without it moments
    and days are written in ISO 8601 as they are.
    """
    option = orjson.OPT_SORT_KEYS | (orjson.OPT_PASSTHROUGH_DATETIME if forms else 0)
    try:
        return orjson.dumps(value, default=forms or _bytea, option=option).decode()
    except orjson.JSONEncodeError as error:
        # Whatever comes up while a form is asked for, orjson tells as this, an interruption too.
        if error.__cause__ and not isinstance(error.__cause__, Exception):
            raise error.__cause__ from None
        raise


def json_text(value: Any) -> str:
    """`value` in canonical form; a str is such a text already and stays as it is."""
    return value if isinstance(value, str) else canonical(value)


def _bytea(value: Any) -> str:
    if not isinstance(value, bytes):
        raise TypeError(f"JSON has no form for {type(value).__name__}")
    return "\\x" + value.hex()

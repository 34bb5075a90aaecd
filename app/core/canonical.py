"""JSON in one form: the same value is always the same text, so a text can be hashed, compared and copied."""

from collections.abc import Callable
from typing import Any

import orjson


def canonical(value: Any, forms: Callable[[Any], Any] | None = None) -> str:
    """`value` as JSON with sorted keys and no blanks; bytes in it as PostgreSQL writes them in hex.

    `forms` says what stands for a moment, a day and whatever else JSON has no form for; without it moments
    and days are written in ISO 8601 as they are.
    """
    if forms:
        option = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME
        return orjson.dumps(value, default=forms, option=option).decode()
    return orjson.dumps(value, default=_bytea, option=orjson.OPT_SORT_KEYS).decode()


def json_text(value: Any) -> str:
    """`value` in canonical form; a str is such a text already and stays as it is."""
    return value if isinstance(value, str) else canonical(value)


def _bytea(value: Any) -> str:
    if not isinstance(value, bytes):
        raise TypeError(f"JSON has no form for {type(value).__name__}")
    return "\\x" + value.hex()

"""JSON in one form: the same value is always the same text, so a text can be hashed, compared and copied."""

from typing import Any

import orjson


def canonical(value: Any) -> str:
    """`value` as JSON with sorted keys and no blanks; bytes in it as PostgreSQL writes them in hex."""
    return orjson.dumps(value, default=_bytea, option=orjson.OPT_SORT_KEYS).decode()


def json_text(value: Any) -> str:
    """`value` in canonical form; a str is such a text already and stays as it is."""
    return value if isinstance(value, str) else canonical(value)


def _bytea(value: Any) -> str:
    if not isinstance(value, bytes):
        raise TypeError(f"JSON has no form for {type(value).__name__}")
    return "\\x" + value.hex()

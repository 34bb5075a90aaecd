"""Text as people mean it: what is sent is freed of characters that nobody types and no table keeps."""

import re
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

# Tabs and line ends are text; a byte order mark is none where it does not begin a file.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


def plain(text: str) -> str:
    """The text without control characters."""
    return _UNPRINTABLE.sub("", text)


class PlainValues(ImmutableMultiDict[str, Any]):
    """The values of a form or a query string; files pass as they are."""

    def __init__(self, mapping: Any = None) -> None:
        given = MultiDict(mapping).items(multi=True)
        super().__init__([(name, plain(value) if isinstance(value, str) else value) for name, value in given])


class PlainRequest(Request):
    """A request all of whose form fields and arguments are plain text."""

    parameter_storage_class = PlainValues

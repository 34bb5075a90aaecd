"""Headings and labels as they are compared. Pure."""

from typing import Any

from petitions.importing.cells import clean, narrow

REASON = "未收原因"
"""Above the reasons that we write beside refused rows; handed in again, the column is none."""


def heading_of(cell: Any) -> str:
    """What a cell says as a heading: without blanks, line ends, and the marks of a required column."""
    heading = "".join(narrow(clean(cell)).split()).strip("*:")
    return "" if heading == REASON else heading

"""Headings and labels as they are compared. Pure."""

from typing import Any

from petitions.importing.cells import clean, narrow
from petitions.tabular import unapostrophed


def heading_of(cell: Any) -> str:
    """What a cell says as a heading: without blanks, line ends, and the marks of a required column."""
    return "".join(narrow(unapostrophed(clean(cell))).split()).strip("*:")

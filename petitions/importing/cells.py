"""What a cell says, as text: line ends, widths, numbers that a spreadsheet has spoilt. Pure."""

import re
import unicodedata
from datetime import datetime
from typing import Any

from app.core.plain_text import plain
from petitions.importing.fault import RowFault, spoilt_number

# Above fifteen digits a spreadsheet's number has lost its last ones.
EXACT_BELOW = 1e15

_LINE_ENDS = re.compile(r"_x000[dD]_\n?|\r\n?")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")


def clean(cell: Any) -> str:
    """The cell as text, with one kind of line end, without control characters and outer blanks."""
    if isinstance(cell, str):
        if not cell.isprintable() or "_x000" in cell:
            cell = plain(_LINE_ENDS.sub("\n", cell))
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_BELOW:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return str(cell)


def narrow(text: str) -> str:
    """Full-width digits, letters and signs in their ordinary width."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def number_text(cell: Any, column: str) -> str:
    """An order, phone or identity number as written; raises RowFault where a spreadsheet has rounded it."""
    if isinstance(cell, float) and not (cell.is_integer() and abs(cell) < EXACT_BELOW):
        raise RowFault(spoilt_number(column))
    text = narrow(clean(cell)).strip("' \t")
    if _SCIENTIFIC.fullmatch(text):
        raise RowFault(spoilt_number(column))
    return text


def degrees(cell: Any) -> float | None:
    """A coordinate in degrees; None for a blank cell, ValueError for anything else that is no number."""
    if isinstance(cell, float):
        return cell
    text = narrow(clean(cell))
    return float(text) if text else None

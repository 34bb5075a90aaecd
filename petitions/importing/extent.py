"""How large the sheets of an XLSX file would be, told from its XML a piece at a time."""

import re
import zipfile
from collections.abc import Iterator

PIECE = 1 << 16

# A row and a cell both carry their place in `r`: "7" and "C7". A place that is cut by the end of a piece is
# read with the next one; none is longer than this.
_PLACE = re.compile(rb"""r=["']([A-Z]{0,3})([0-9]{1,7})["']""")
_LONGEST = 16
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)

# The standard lets a place be left out; it then follows from all that stands before.
_UNPLACED = re.compile(rb"""<(?:\w+:)?(?:c|row)(?! r=)(?![\w:])(?:(?!\sr=)[^<>])*>""")

# Beyond Z9999; a sheet without such a place is not worth adding up.
_LARGE = re.compile(rb"""r=["'](?:[A-Z]{2,3}|[A-Z]?[0-9]{5})""")
_SMALL = 26 * 9_999


def most_cells(archive: zipfile.ZipFile) -> int:
    """At most how many cells the largest sheet has, blank ones among them: its last row by its last column.

    A sheet is unpacked as a full rectangle, however few of its cells are filled, so one stray cell in its
    last corner would take gigabytes. 0 where the archive has no sheet in XML. Raises ValueError for a sheet
    with rows or cells that do not say their place.
    """
    names = [name for name in archive.namelist() if _SHEET.fullmatch(name)]
    return max((_cells(archive, name) for name in names), default=0)


def _cells(archive: zipfile.ZipFile, name: str) -> int:
    is_large = False
    for text in _windows(archive, name):
        if _UNPLACED.search(text):
            raise ValueError(name)
        is_large = is_large or _LARGE.search(text) is not None
    if not is_large:
        return _SMALL
    rows = columns = 0
    for text in _windows(archive, name):
        for letters, digits in _PLACE.findall(text):
            rows = max(rows, int(digits))
            columns = max(columns, _column(letters))
    return rows * columns


def _windows(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The sheet's text in pieces, each with the end of the one before."""
    end = b""
    with archive.open(name) as sheet:
        while piece := sheet.read(PIECE):
            yield end + piece
            end = piece[-_LONGEST:]


def _column(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number

"""How far the sheets of an XLSX file reach and where formulas failed, told from its XML piece by piece."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from posixpath import join, normpath
from xml.etree import ElementTree

from petitions.importing.survey import Survey

PIECE = 1 << 16

NOT_WORTH_ADDING = 100 << 20
"""Bytes of shared texts that a sheet cannot exceed, or they are added up."""

LONGEST_ROW = 1 << 20
"""A row of more bytes is looked at in parts."""

# A row and a cell both carry their place in `r`: "7" and "C7".
_PLACE = re.compile(rb"""r=["']([A-Z]{0,3})([0-9]{1,7})["']""")

# The standard lets a place be left out; it then follows from all that stands before.
_UNPLACED = re.compile(rb"""<(?:\w+:)?(?:c|row)(?! r=)(?![\w:])(?:(?!\sr=)[^<>])*>""")

# Beyond Z9999; a sheet without such a place is not worth adding up.
_LARGE = re.compile(rb"""r=["'](?:[A-Z]{2,3}|[A-Z]?[0-9]{5})""")
_SMALL = 26 * 9_999

_FAILED = re.compile(rb"""<(?:\w+:)?c\s[^<>]*\bt=["']e["'][^<>]*>""")
_SHARED = re.compile(rb"""\bt=["']s["'][^<>]*>\s*<(?:\w+:)?v>([0-9]{1,9})<""")
_ITEM = re.compile(rb"<(?:\w+:)?si[\s>/]")

_BOOK, _LINKS, _STRINGS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

# A list of sheets is some kilobytes.
_LONGEST_LIST = 1 << 20


class Unplaced(ValueError):
    """Rows or cells do not say where they stand."""


def survey_sheets(archive: zipfile.ZipFile) -> list[Survey]:
    """The survey of each sheet in the order of the tabs, whatever its part of the archive is called.

    A sheet is unpacked as a full rectangle, however few of its cells are filled, so one stray cell in its
    last corner would take gigabytes; so would a long text that many cells share. Empty where the archive has
    no workbook in XML. Raises Unplaced for a sheet with rows or cells that do not say their place.
    """
    parts = {name.lower(): name for name in archive.namelist()}
    if _BOOK not in parts or _LINKS not in parts:
        return []
    links = {link.get("Id"): link.get("Target", "") for link in _elements(archive, parts[_LINKS])}
    strings = _sizes(archive, parts[_STRINGS.lower()]) if _STRINGS.lower() in parts else ()
    sheets = [each for each in _elements(archive, parts[_BOOK]) if each.tag.endswith("}sheet")]
    places = [parts.get(_part(links.get(sheet.get(_LINK), ""))) for sheet in sheets]
    return [survey(archive, place, strings) if place else Survey() for place in places]


def survey(archive: zipfile.ZipFile, part: str, strings: Sequence[int] = ()) -> Survey:
    """The survey of the sheet in one part of the archive; `strings` are the sizes of the shared texts."""
    found, is_large, sharing = Survey(), False, 0
    for text in _windows(archive, part):
        if not _is_placed(text):
            raise Unplaced(part)
        is_large = is_large or _LARGE.search(text) is not None
        sharing += text.count(b't="s"') + text.count(b"t='s'")
        _note_errors(found, text)
    found.cells = _extent(archive, part) if is_large else _SMALL
    if sharing * max(strings, default=0) > NOT_WORTH_ADDING:
        found.text = _shared_text(archive, part, strings)
    return found


def _is_placed(text: bytes) -> bool:
    """Whether every row and cell says its place; counting what most programs write spares the search."""
    marks = text.count(b"<c") + text.count(b"<row") + text.count(b":c") + text.count(b":row")
    return marks == text.count(b'<c r="') + text.count(b'<row r="') or not _UNPLACED.search(text)


def _note_errors(found: Survey, text: bytes) -> None:
    if b't="e"' not in text and b"t='e'" not in text:
        return
    for tag in _FAILED.findall(text):
        letters, digits = _PLACE.findall(tag)[0]
        found.add_error(int(digits) - 1, _column(letters) - 1)


def _extent(archive: zipfile.ZipFile, part: str) -> int:
    rows = columns = 0
    for text in _windows(archive, part):
        for letters, digits in _PLACE.findall(text):
            rows = max(rows, int(digits))
            columns = max(columns, _column(letters))
    return rows * columns


def _shared_text(archive: zipfile.ZipFile, part: str, strings: Sequence[int]) -> int:
    places = (int(place) for text in _windows(archive, part) for place in _SHARED.findall(text))
    return sum(strings[place] for place in places if place < len(strings))


def _sizes(archive: zipfile.ZipFile, part: str) -> list[int]:
    """The bytes of each text that cells share, its marks included."""
    starts, length = [], 0
    for text in _windows(archive, part, end=b"si>"):
        starts += [length + found.start() for found in _ITEM.finditer(text)]
        length += len(text)
    return [end - start for start, end in zip(starts, [*starts[1:], length], strict=True)]


def _windows(archive: zipfile.ZipFile, part: str, end: bytes = b"row>") -> Iterator[bytes]:
    """The part's text in pieces, each up to an `end`, so that no mark is cut."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(PIECE):
            rest += piece
            cut = rest.rfind(end) + len(end)
            if cut < len(end):
                cut = rest.rfind(b"<") if len(rest) > LONGEST_ROW else 0
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
    if rest:
        yield rest


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[ElementTree.Element]:
    with archive.open(part) as stream:
        text = stream.read(_LONGEST_LIST + 1)
    if len(text) > _LONGEST_LIST or b"<!DOCTYPE" in text:
        raise zipfile.BadZipFile(part)
    yield from ElementTree.fromstring(text).iter()  # noqa: S314  # without a document type it has no entities


def _part(target: str) -> str:
    inside = target.lstrip("/")
    return (inside if inside.startswith("xl/") else normpath(join("xl", inside))).lower()


def _column(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number

"""What an XLS file holds, told from its records; and whether an OLE file is a locked workbook."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

import olefile

from petitions.importing.survey import Survey

_STREAMS = ("Workbook", "Book")
_LOCKED = ("EncryptedPackage", "EncryptionInfo")

_BEGIN, _LOCK, _SHEET = 0x0809, 0x002F, 0x0085
_FORMULA, _ERROR = 0x0006, 0x0205
_CELLS = {_FORMULA, _ERROR, 0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6}
_ROWS_OF_CELLS = {0x00BD, 0x00BE}

# Cells and sheets begin with numbers of two bytes; a record is never longer than this.
_LONGEST = 0x2020


def is_locked(stream: BinaryIO) -> bool:
    """Whether an OLE file can be read with a password only; raises OSError for what is damaged."""
    with olefile.OleFileIO(stream) as container:
        if any(container.exists(name) for name in _LOCKED):
            return True
        return any(kind == _LOCK for kind, _body, _at in _records(container))


def survey_records(stream: BinaryIO) -> list[Survey]:
    """The survey of each sheet in the order of the tabs; raises OSError or struct.error where damaged."""
    with olefile.OleFileIO(stream) as container:
        surveys: dict[int, Survey] = {}
        now, rows, columns = Survey(), 0, 0
        for kind, body, at in _records(container):
            if kind == _SHEET:
                surveys[struct.unpack_from("<I", body)[0]] = Survey()
            elif kind == _BEGIN and at in surveys:
                now, rows, columns = surveys[at], 0, 0
            elif kind in _CELLS or kind in _ROWS_OF_CELLS:
                row, column = struct.unpack_from("<HH", body)
                last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind in _ROWS_OF_CELLS else column
                rows, columns = max(rows, row + 1), max(columns, last + 1)
                now.cells = rows * columns
                if _is_error(kind, body):
                    now.add_error(row, column)
        return list(surveys.values())


def _is_error(kind: int, body: bytes) -> bool:
    if kind == _ERROR:
        return body[7] == 1
    return kind == _FORMULA and body[6] == 2 and body[12:14] == b"\xff\xff"


def _records(container: olefile.OleFileIO) -> Iterator[tuple[int, bytes, int]]:
    """Each record of the workbook: its kind, its content and where it begins."""
    name = next((each for each in _STREAMS if container.exists(each)), None)
    if name is None:
        return
    with container.openstream(name) as stream:
        content, at = stream.read(), 0
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        if length > _LONGEST:
            raise OSError(name)
        yield kind, content[at + 4 : at + 4 + length], at
        at += 4 + length

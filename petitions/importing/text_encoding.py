"""Which encoding a text file is in; decided by the whole file, a piece at a time."""

import codecs
from dataclasses import dataclass
from typing import BinaryIO

from app.core.errors import Invalid
from app.core.i18n import lazy as _

PIECE = 1 << 20

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Chinese text of GB18030 does not pass as UTF-8 for this many characters by chance.
SURELY_UTF8 = 20


@dataclass(frozen=True, slots=True)
class _Fault:
    """Where decoding failed: the line, and how many characters beyond ASCII came before."""

    line: int
    wide: int


def detect(stream: BinaryIO, file_name: str, *, is_cut: bool = False) -> str:
    """The name of the codec that reads all of `stream`; raises Invalid where none does.

    One that `is_cut` may end within a character.
    """
    start = _head(stream)
    for mark, encoding in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return _demand(stream, file_name, encoding, is_cut)
    if b"\0" in start:
        raise Invalid(
            _(
                "%(file)s: this is neither a spreadsheet nor a text table. Save it as XLSX or CSV.",
                file=file_name,
            )
        )
    fault = _first_fault(stream, "utf-8", is_cut)
    if fault is None:
        return "utf-8"
    if fault.wide >= SURELY_UTF8:
        raise _damaged(file_name, fault.line)
    other = _first_fault(stream, "gb18030", is_cut)
    if other is None:
        return "gb18030"
    raise Invalid(
        _(
            "%(file)s, row %(row)s: the encoding is neither UTF-8 nor GB18030."
            " Save the file as UTF-8 or XLSX.",
            file=file_name,
            # The codec that gets further is likelier the right one, and stops where the damage is.
            row=max(fault.line, other.line),
        )
    )


def _head(stream: BinaryIO) -> bytes:
    stream.seek(0)
    return stream.read(4096)


def _demand(stream: BinaryIO, file_name: str, encoding: str, is_cut: bool) -> str:
    fault = _first_fault(stream, encoding, is_cut)
    if fault:
        raise _damaged(file_name, fault.line)
    return encoding


def _damaged(file_name: str, line: int) -> Invalid:
    return Invalid(
        _("%(file)s, row %(row)s: the text is damaged here. Export the file again.", file=file_name, row=line)
    )


def _first_fault(stream: BinaryIO, encoding: str, is_cut: bool) -> _Fault | None:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    line, wide = 1, 0
    while True:
        piece = stream.read(PIECE)
        try:
            text = decoder.decode(piece, final=not piece and not is_cut)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(encoding, errors="ignore")
            return _Fault(line + before.count("\n"), wide + _beyond_ascii(before))
        line += text.count("\n")
        wide += _beyond_ascii(text)
        if not piece:
            return None


def _beyond_ascii(text: str) -> int:
    return 0 if text.isascii() else sum(character > "\x7f" for character in text)

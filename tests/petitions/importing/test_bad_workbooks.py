"""A workbook that is locked, poisoned or far too large: one line, little memory, and nothing run or kept."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from flask_babel import force_locale
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from petitions.importing.export_file import open_export
from petitions.importing.reading import RowReader
from petitions.models import Case, ImportRun
from tests.factories.street import TinyStreet
from tests.petitions.importing.files import HEADINGS, NOW, bring_in, counts, order
from tests.petitions.importing.sheets import Sheet, ods, ods_of, xls, xlsx
from tests.petitions.importing.test_extent import PEAK

GOOD = {"工单": Sheet([HEADINGS, order()])}


def repacked(content: bytes, parts: dict[str, bytes], *, without: str = "") -> bytes:
    """The archive with some parts put in place of its own."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts and name != without:
                new.writestr(name, old.read(name))
        for name, text in parts.items():
            new.writestr(name, text)
    return made.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def encrypted() -> bytes:
    """As a spreadsheet program locks it by a password."""
    made = io.BytesIO()
    OOXMLFile(io.BytesIO(xlsx(GOOD))).encrypt("secret", made)
    return made.getvalue()


def locked_xls() -> bytes:
    """With the record that says that all behind it is encrypted."""
    content = xls(GOOD)
    # The second record of every workbook, of which no reader needs anything.
    at = content.index(b"\xe1\x00\x02\x00")
    return content[:at] + b"\x2f\x00" + content[at + 2 :]


def elsewhere(content: bytes) -> bytes:
    """The sheet in a part with a name of its own, and far too large."""
    far = part(content, "xl/worksheets/sheet1.xml").replace(b'r="A1"', b'r="XFD1048576"')
    links = part(content, "xl/_rels/workbook.xml.rels").replace(b"worksheets/sheet1.xml", b"hidden/bomb.xml")
    parts = {"xl/hidden/bomb.xml": far, "xl/_rels/workbook.xml.rels": links}
    return repacked(content, parts, without="xl/worksheets/sheet1.xml")


def shared(texts: int, cells: int) -> bytes:
    """One long text that many cells share."""
    content = xlsx(GOOD)
    strings = b"<sst><si><t>" + b"x" * texts + b"</t></si></sst>"
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, cells + 1))
    sheet = part(content, "xl/worksheets/sheet1.xml")
    start, end = sheet.index(b"<sheetData>"), sheet.index(b"</sheetData>")
    return repacked(
        content,
        {
            "xl/sharedStrings.xml": strings,
            "xl/worksheets/sheet1.xml": sheet[:start] + b"<sheetData>" + rows + sheet[end:],
        },
    )


def table(rows: str) -> bytes:
    return ods_of(f'<table:table table:name="a">{rows}</table:table>')


CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
LOCK = (
    '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
)
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<x>&b;</x>"
)
BAD = {
    "an encrypted XLSX": (encrypted(), "password"),
    "an encrypted XLS": (locked_xls(), "password"),
    "an encrypted ODS": (ods_of("", LOCK), "password"),
    "half of an XLS": (xls(GOOD)[:2_000], "damaged"),
    "half of an ODS": (ods(GOOD)[:700], "damaged"),
    "an OLE file that is no workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000), "damaged"),
    "a sheet of a billion rows": (
        table(
            f"<table:table-row>{CELL.format('', 'x')}</table:table-row>"
            '<table:table-row table:number-rows-repeated="999999999"><table:table-cell/></table:table-row>'
            f"<table:table-row>{CELL.format('', 'y')}</table:table-row>"
        ),
        "1,000,000,001 cells",
    ),
    "one cell repeated a billion times": (
        table(
            "<table:table-row>"
            + CELL.format(' table:number-columns-repeated="999999999"', "x")
            + "</table:table-row>"
        ),
        "999,999,999 cells",
    ),
    "a long text repeated": (
        table(
            f'<table:table-row table:number-rows-repeated="100000">{CELL.format("", "长" * 30_000)}'
            "</table:table-row>"
        ),
        "200 MiB",
    ),
    "a long text that many cells share": (shared(30_000, 20_000), "200 MiB"),
    "a large sheet under another name": (elsewhere(xlsx(GOOD)), "cells"),
    "entities in an ODS": (repacked(ods(GOOD), {"content.xml": LAUGHS}), "damaged"),
    "entities in an XLSX": (repacked(xlsx(GOOD), {"xl/workbook.xml": LAUGHS}), "damaged"),
    "an unpacked gigabyte": (repacked(xlsx(GOOD), {"xl/media/x.bin": bytes(1 << 28)}), "200 MiB"),
}


@pytest.mark.parametrize("name", BAD)
def test_it_is_refused_in_one_line_and_nothing_is_kept(session: Session, tiny: TinyStreet, name: str) -> None:
    content, told = BAD[name]
    with force_locale("en"), pytest.raises(Invalid, match=told) as refused:
        bring_in(session, tiny.street.id, content)
    assert "\n" not in refused.value.message
    assert not session.scalars(select(ImportRun)).all()


@pytest.mark.process
@pytest.mark.parametrize("name", [name for name in BAD if "billion" in name or "long text" in name])
def test_refusing_a_bomb_takes_little_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(BAD[name][0])
    told = subprocess.run(
        [sys.executable, "-c", PEAK, str(path), *sys.path], capture_output=True, text=True, check=True
    )
    kind, mebibytes = told.stdout.split()
    assert kind == "Invalid"
    assert int(mebibytes) < 50


def test_macros_are_never_run_and_the_orders_beside_them_are_read(session: Session, tiny: TinyStreet) -> None:
    types = part(xlsx(GOOD), "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    content = repacked(xlsx(GOOD), {"[Content_Types].xml": types, "xl/vbaProject.bin": b"\xd0\xcf" * 90})
    assert counts(bring_in(session, tiny.street.id, content)[0]) == (1, 1, 0, 0, 0)


def test_a_link_to_another_file_is_not_followed_and_its_last_value_is_read(
    session: Session, tiny: TinyStreet
) -> None:
    content = xlsx(GOOD)
    sheet = part(content, "xl/worksheets/sheet1.xml")
    at = HEADINGS.index("工单标题")
    place = f"{chr(65 + at)}2".encode()
    start = sheet.index(b'<c r="' + place)
    end = sheet.index(b"</c>", start)
    linked = b'<c r="' + place + b'" t="str"><f>\'file:///etc/[passwd]x\'!A1</f><v>&#36335;&#28783;</v>'
    content = repacked(content, {"xl/worksheets/sheet1.xml": sheet[:start] + linked + sheet[end:]})
    bring_in(session, tiny.street.id, content)
    assert session.scalars(select(Case.title)).one() == "路灯"


@pytest.mark.parametrize("write", [xlsx, ods])
def test_ten_megabytes_in_one_cell_are_refused_with_their_row(
    session: Session, tiny: TinyStreet, write: type
) -> None:
    rows = [HEADINGS, order("1"), order("2")]
    content = write({"工单": Sheet([*rows, ["标", *order("3")[1:]]])})
    name = "content.xml" if write is ods else "xl/sharedStrings.xml"
    large = part(content, name).replace("标<".encode(), ("长" * 3_500_000).encode() + b"<")
    run, told = bring_in(session, tiny.street.id, repacked(content, {name: large}))
    assert counts(run) == (3, 2, 0, 0, 1)
    assert (told[2].row, "工单编号" in told[2].reason) == (4, True)


XLSX, XLS, ODS = (write({"工单": Sheet([HEADINGS, order()])}) for write in (xlsx, xls, ods))
SOUND = [
    *[(XLSX, name) for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml")],
    *[(XLSX, name) for name in ("xl/_rels/workbook.xml.rels", "xl/styles.xml", "[Content_Types].xml")],
    *[(ODS, "content.xml"), (ODS, "mimetype"), (XLS, ""), (XLSX, ""), (ODS, "")],
]


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(SOUND),
    st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6),
)
def test_a_workbook_with_wrong_bytes_is_read_or_refused_and_nothing_else(
    session: Session, sound: tuple[bytes, str], wrong: list[tuple[int, bytes]]
) -> None:
    content, name = sound
    text = bytearray(part(content, name) if name else content)
    for at, put in wrong:
        start = at % len(text)
        text[start : start + len(put)] = put
    try:
        spoilt = repacked(content, {name: bytes(text)}) if name else bytes(text)
        export = open_export(io.BytesIO(spoilt), "orders")
    except Invalid:
        return
    reader = RowReader(export.layout)
    for number, cells in reader.rows():
        reader.read(number, cells, NOW)

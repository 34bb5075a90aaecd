"""A ZIP of files: each has its own verdicts, and nothing in it leads anywhere."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.core.errors import Invalid
from petitions.cli import group
from petitions.importing import members as archives
from petitions.importing.requests import request_imports
from petitions.models import Case, ImportRun
from tasks.imports import run_waiting
from tests.factories.street import TinyStreet
from tests.petitions.importing.files import HEADINGS, NOW, csv_file, order, xlsx_file


@pytest.fixture(autouse=True)
def in_english(session: Session) -> Iterator[None]:
    """What is told is compared in the language of the message ids."""
    with force_locale("en"):
        yield


def packed(files: dict[str, bytes]) -> bytes:
    """An archive of the given files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def upload(session: Session, tiny: TinyStreet, content: bytes) -> list[ImportRun]:
    given = {"profile": None, "dry_run": False, "actor": OPERATOR, "now": NOW}
    return request_imports(session, street_id=tiny.street.id, file_name="六月.zip", content=content, **given)


def test_each_file_is_a_run_of_its_own_and_one_that_cannot_be_read_says_why(
    session: Session, tiny: TinyStreet
) -> None:
    files = {
        "一日/工单.csv": csv_file([order("1"), order("")]),
        "二日.xlsx": xlsx_file({"工单": [HEADINGS, order("2")]}),
        "三日.csv": b"",
        "四日.txt": "没有表头".encode(),
        "里面.zip": packed({"x.csv": csv_file([order("3")])}),
        "__MACOSX/._二日.xlsx": b"x",
        "Thumbs.db": b"x",
        "~$二日.xlsx": b"x",
    }
    runs = upload(session, tiny, packed(files))
    assert [run.file_name.removeprefix("六月.zip/") for run in runs] == list(files)[:5]
    assert [run.error is None for run in runs] == [True, True, False, False, False]
    assert "empty" in str(runs[2].error)
    assert run_waiting() == 2
    session.expire_all()
    assert [(run.created, run.refused) for run in runs] == [(1, 1), (1, 0), (0, 0), (0, 0), (0, 0)]
    assert session.scalar(select(func.count(Case.id))) == 2


def test_a_name_that_a_chinese_windows_wrote_is_read(session: Session, tiny: TinyStreet) -> None:
    content = packed({"XXXX.csv": csv_file([order()])}).replace(b"XXXX", "工单".encode("gbk"))
    assert upload(session, tiny, content)[0].file_name == "六月.zip/工单.csv"


@pytest.mark.parametrize("name", ["../工单.csv", "/etc/工单.csv", "a/../../b.csv", "C:/b.csv", "..\\b.csv"])
def test_a_path_that_climbs_out_refuses_the_whole_archive(
    session: Session, tiny: TinyStreet, name: str
) -> None:
    with pytest.raises(Invalid, match="leads out"):
        upload(session, tiny, packed({"好.csv": csv_file([order()]), name: b"x"}))
    assert not session.scalars(select(ImportRun)).all()


def locked() -> bytes:
    content = bytearray(packed({"工单.csv": csv_file([order()])}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


GOOD = packed({"工单.csv": csv_file([order()])})
BAD = {
    "locked": (locked(), "password"),
    "empty": (packed({"一/": b""}), "no file"),
    "only what a system left": (packed({".DS_Store": b"x"}), "no file"),
    "with a damaged file": (
        GOOD.replace(GOOD[60:70], bytes(10), 1),
        "damaged",
    ),
    "too many files": (packed({f"{n}.csv": b"x" for n in range(archives.MOST_FILES + 1)}), "501 files"),
    "a bomb": (packed({"弹.csv": bytes(201 << 20)}), "201 MiB"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_archive_is_refused_in_one_line(session: Session, tiny: TinyStreet, name: str) -> None:
    content, told = BAD[name]
    with pytest.raises(Invalid, match=told):
        upload(session, tiny, content)
    assert not session.scalars(select(ImportRun)).all()


def test_the_command_takes_an_archive_and_tells_each_row_with_its_file(
    app: Flask, session: Session, tiny: TinyStreet, tmp_path: Path
) -> None:
    path = tmp_path / "六月.zip"
    path.write_bytes(packed({"1.csv": csv_file([order("1")]), "2.csv": csv_file([order("2"), order("")])}))
    said = json.loads(app.test_cli_runner().invoke(group, ["import", str(path), "--json"]).stdout)
    assert (said["rows"], said["created"], said["refused"], said["profile"]) == (3, 2, 1, "wide")
    assert [(each["file"], each["row"]) for each in said["verdicts"]] == [
        *[("六月.zip/1.csv", 2), ("六月.zip/2.csv", 2), ("六月.zip/2.csv", 3)]
    ]
    lines = app.test_cli_runner().invoke(group, ["import", str(path)]).stdout.splitlines()
    assert [line.split(": ")[0] for line in lines[1:]] == [
        *("六月.zip/1.csv", "六月.zip/2.csv", "六月.zip/2.csv, row 3")
    ]


def test_the_command_changes_nothing_where_one_file_of_an_archive_cannot_be_read(
    app: Flask, session: Session, tiny: TinyStreet, tmp_path: Path
) -> None:
    path = tmp_path / "六月.zip"
    path.write_bytes(packed({"1.csv": csv_file([order("1")]), "2.csv": b""}))
    result = app.test_cli_runner().invoke(group, ["import", str(path)])
    assert isinstance(result.exception, Invalid)
    assert "2.csv" in result.exception.message
    assert session.scalar(select(func.count(Case.id))) == 0

"""What lies in the watched folder beside the folders of streets is told once; what was taken is deleted."""

from sqlalchemy import select, text

from app.core.db import db
from petitions.models import InboxFile
from tests.petitions.importing.files import csv_file, order
from tests.tasks.test_inbox import look as look
from tests.tasks.test_inbox import lying, runs
from tests.tasks.test_inbox import street as street


def test_what_lies_beside_the_folders_of_streets_is_told_once_and_again_when_it_comes_back(
    session, street, look, caplog
):
    wrong = street.parent / "000000000"
    wrong.mkdir()
    (street.parent / "王某某.csv").write_bytes(csv_file([order("1")]))
    (street.parent / ".hidden").mkdir()

    def told():
        said = sorted(record.getMessage() for record in caplog.records)
        caplog.clear()
        return said

    look()
    first, second = told()
    assert ("'*.csv'" in first, "'000000000'" in second) == (True, True)
    look()
    assert told() == []
    wrong.rmdir()
    look()
    wrong.mkdir()
    look()
    assert len(told()) == 1
    assert runs(session) == []


def test_a_name_that_may_be_a_person_s_is_not_told(street, look, caplog):
    (street.parent / "李四440703198001011234").mkdir()
    (street.parent / "投诉.张三13800001111").write_bytes(b"1")
    look()
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "a folder" in said
    assert "a file" in said
    assert not any(part in said for part in ("李四", "440703198001011234", "张三", "13800001111"))


def test_a_file_is_deleted_only_once_its_import_is_committed(app, session, street, look, monkeypatch):
    monkeypatch.setitem(app.config, "INBOX_AFTER", "delete")
    (street / "orders.csv").write_bytes(csv_file([order("1")]))
    session.execute(
        text(
            """CREATE FUNCTION strike() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'full'; END $$;
            CREATE TRIGGER strike BEFORE INSERT ON import_pieces FOR EACH ROW EXECUTE FUNCTION strike()"""
        )
    )
    session.commit()
    assert look() == 0
    assert lying(street / ".taking") == {"orders.csv"}
    session.execute(text("DROP TRIGGER strike ON import_pieces"))
    session.commit()
    assert look() == 1
    assert (lying(street / ".taking"), len(runs(session))) == (set(), 1)


def test_what_was_taken_is_deleted_where_that_is_set(app, session, street, look, monkeypatch):
    monkeypatch.setitem(app.config, "INBOX_AFTER", "delete")
    (street / "orders.csv").write_bytes(csv_file([order("1")]))
    assert look() == 1
    assert lying(street) == {".taking"}
    assert lying(street / ".taking") == set()
    assert db.session.scalars(select(InboxFile.file_name)).one() == "orders.csv"

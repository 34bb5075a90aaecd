"""`dingfen petitions import`: one object, or a short summary; nothing but that on standard output."""

import json

import pytest
from sqlalchemy import func, select

from app.auth.actor import OPERATOR
from app.core.errors import Conflict, Invalid, NotFound
from petitions.cli import group
from petitions.importing.profiles import save_profile
from petitions.models import Case, ImportRun
from tests.factories.street import make_street
from tests.petitions.importing.files import NOW, csv_file, order

KEYS = {"file", "profile", "rows", "created", "changed", "unchanged", "refused", "verdicts"}


@pytest.fixture
def command(app, session, tiny, tmp_path):
    """Run the command on a file with `rows`."""
    path = tmp_path / "orders.csv"

    def run(rows, *options):
        path.write_bytes(csv_file(rows))
        runner = app.test_cli_runner()
        result = runner.invoke(group, ["import", str(path), *options])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_the_object_has_the_keys_that_checks_read(command):
    said = json.loads(command([order("1"), order("")], "--json").stdout)
    assert said.keys() >= KEYS
    assert (said["profile"], said["rows"], said["created"], said["refused"]) == ("wide", 2, 1, 1)
    assert said["verdicts"][0].keys() == {"row", "verdict", "case", "reason"}
    assert [each["row"] for each in said["verdicts"]] == [2, 3]


def test_the_summary_lists_refused_rows_with_their_lines(command):
    lines = command([order("1"), order("")]).stdout.splitlines()
    assert "2 rows, 1 created, 0 changed, 0 unchanged, 1 refused" in lines[0]
    assert lines[1].startswith("row 3: ")


def test_a_dry_run_tells_and_leaves_nothing(command, session):
    said = json.loads(command([order("1")], "--dry-run", "--json").stdout)
    assert (said["created"], said["verdicts"][0]["case"]) == (1, None)
    assert session.scalar(select(func.count(Case.id))) == 0
    assert session.scalar(select(func.count(ImportRun.id))) == 0


def test_with_several_streets_one_must_be_named(command, session):
    make_street(session, "440799002", "乙街道")
    session.commit()
    with pytest.raises(Invalid, match="--street"):
        command([order()])
    assert command([order()], "--street", "440799002").exit_code == 0
    with pytest.raises(NotFound, match="440799009"):
        command([order()], "--street", "440799009")


def test_a_run_that_fails_on_the_way_ends_with_its_reason(command, session, monkeypatch):
    def refuse(*_given, **_named):
        raise Conflict("the way is blocked")

    monkeypatch.setattr("petitions.importing.run.lock_source", refuse)
    with pytest.raises(Conflict, match="blocked"):
        command([order()])
    run = session.scalars(select(ImportRun)).one()
    assert (run.error, run.finished_at is None) == ("the way is blocked", False)


def test_the_profiles_are_listed_with_the_columns_they_need(app, session):
    said = json.loads(app.test_cli_runner().invoke(group, ["profiles", "--json"]).stdout)
    assert said["town_ledger"] == ["工单编号", "诉求标题", "市民诉求"]
    assert {"demo_export", "wide", "app", "fuzhou_river"} <= said.keys()


def test_help_says_what_happens_to_the_rest_of_a_bad_file(app):
    told = " ".join(app.test_cli_runner().invoke(group, ["import", "--help"]).stdout.split())
    assert "changes nothing" in told
    assert "the rest is imported" in told


def test_the_command_knows_the_layouts_that_the_street_has_made(app, session, tiny, tmp_path):
    definition = {
        "source": "district",
        "kind": "hotline",
        "channel": "hotline",
        "columns": {"number": ["号"], "body": ["说"]},
        "required": ["number", "body"],
    }
    save_profile(
        session, street_id=tiny.street.id, name="某区", definition=definition, actor=OPERATOR, now=NOW
    )
    session.commit()
    path = tmp_path / "own.csv"
    path.write_text("号,说\n1,路灯不亮。\n", encoding="utf-8")
    for named in ([], ["--profile", "某区"]):
        done = app.test_cli_runner().invoke(group, ["import", str(path), "--json", "--dry-run", *named])
        said = json.loads(done.stdout)
        assert (said["profile"], said["rows"], said["created"]) == ("某区", 1, 1)
    listed = json.loads(app.test_cli_runner().invoke(group, ["profiles", "--json"]).stdout)
    assert listed["某区"] == ["号", "说"]


def test_a_file_that_came_in_before_is_told(command):
    command([order("1")])
    for options in ([], ["--dry-run"]):
        lines = command([order("1")], *options).stdout.splitlines()
        assert len(lines) == 2
        assert "The same file came in before" in lines[1] or "同一文件曾于" in lines[1]
    said = json.loads(command([order("1")], "--json").stdout)
    assert len(said["before"]) == 1
    assert json.loads(command([order("2")], "--json").stdout)["before"] == []

"""`dingfen calendar`, and a year without a calendar from the first waiting clock to the last started one."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendar.cli import group
from app.core import clock
from app.core.clock import SHANGHAI
from app.core.errors import Conflict, Invalid, NotFound
from petitions.models import Case, CaseEvent
from petitions.verify import verify
from petitions.vocabulary import Verb
from tasks.escalate import sweep
from tasks.start_clocks import start_waiting
from tests.factories.cases import make_case
from tests.factories.notice import NOTICE, YEAR
from tests.factories.street import IN_A1, TinyStreet


def run(app: Flask, *arguments: str, text: str | None = None) -> Result:
    result = app.test_cli_runner().invoke(group, arguments, input=text)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def as_json(app: Flask, *arguments: str, text: str | None = None) -> dict[str, Any]:
    found = run(app, *arguments, "--json", text=text)
    assert found.exit_code == 0
    answer: dict[str, Any] = json.loads(found.stdout)
    return answer


@pytest.fixture
def notice(tmp_path: Path) -> str:
    """The notice as a file."""
    path = tmp_path / "notice.txt"
    path.write_text(NOTICE, encoding="gb18030")
    return str(path)


def test_what_was_read_is_shown_and_nothing_is_loaded_without_yes(
    app: Flask, session: Session, notice: str
) -> None:
    told = run(app, "load", notice).stdout
    assert "2027-02-20" in told
    assert "250" in told
    assert "--yes" in told
    with pytest.raises(NotFound, match=str(YEAR)):
        run(app, "show", str(YEAR))


def test_a_year_is_loaded_from_a_file_or_from_standard_input(
    app: Flask, session: Session, notice: str
) -> None:
    said = as_json(app, "load", notice)
    assert (said["year"], said["loaded"], said["days_off"], said["make_up_days"]) == (YEAR, False, 25, 6)
    assert (said["working_days"], said["doubts"], len(said["days"])) == (250, [], 31)
    assert as_json(app, "load", "-", "--yes", text=NOTICE)["loaded"] is True
    shown = as_json(app, "show", str(YEAR))
    assert (shown["days"], shown["working_days"]) == (said["days"], 250)
    with pytest.raises(Conflict):
        run(app, "load", notice, "--yes", "--reason", "again")


def test_a_doubt_is_told_and_what_blocks_is_refused(app: Flask, session: Session) -> None:
    doubtful = as_json(app, "load", "-", text=NOTICE.replace("（周五）至3日", "（周四）至3日"))
    assert [doubt["kind"] for doubt in doubtful["doubts"]] == ["weekday"]
    assert "! " in run(app, "load", "-", text=NOTICE.replace("7天", "8天")).stdout
    blocked = NOTICE.replace("一、元旦：", "")
    assert as_json(app, "load", "-", text=blocked)["blocked"] is True
    with pytest.raises(Invalid):
        run(app, "load", "-", "--yes", text=blocked)


def test_a_correction_shows_its_difference_and_what_held_before_can_be_shown(
    app: Flask, session: Session
) -> None:
    before = clock.now()
    text = "端午节：6月19日（周五）放假。"
    given = ["load", "-", "--year", "2026", "--notice", "a second notice"]
    said = as_json(app, *given, text=text)
    assert said["added"] == []
    assert [day["date"] for day in said["dropped"]] == ["2026-06-20", "2026-06-21"]
    assert "- 2026-06-20" in run(app, *given, text=text).stdout
    with pytest.raises(Invalid):
        run(app, *given, "--yes", text=text)
    run(app, *given, "--yes", "--reason", "a second notice came", text=text)
    days = [day["date"] for day in as_json(app, "show", "2026")["days"]]
    assert "2026-06-20" not in days
    then = as_json(app, "show", "2026", "--as-of", before.isoformat())
    assert "2026-06-20" in [day["date"] for day in then["days"]]
    assert "a second notice came" in run(app, "show", "2026").stdout


def test_a_day_is_decided_and_shown_with_its_reason(app: Flask, session: Session) -> None:
    run(app, "day", "2026-12-02", "--off", "--reason", "寒潮停工")
    assert as_json(app, "show", "2026")["local_days"] == [
        {"date": "2026-12-02", "kind": "holiday", "name": "寒潮停工", "notice": ""}
    ]
    assert "寒潮停工" in run(app, "show", "2026").stdout
    run(app, "day", "2026-12-02", "--as-noticed", "--reason", "照常")
    assert as_json(app, "show", "2026")["local_days"] == []
    assert run(app, "day", "2026-12-02", "--reason", "?").exit_code == 2
    with pytest.raises(Invalid):
        run(app, "day", "tomorrow", "--work", "--reason", "?")


@pytest.mark.parametrize("command", ["show", "load", "day", "differing"])
def test_every_command_has_help_with_an_example(app: Flask, command: str) -> None:
    assert "Example: dingfen calendar" in run(app, command, "--help").stdout


def test_clocks_that_would_end_elsewhere_are_listed(app: Flask, session: Session, tiny: TinyStreet) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
    case = make_case(session, tiny.street.id, received_at=start, now=start)
    session.commit()
    run(app, "day", "2026-03-12", "--off", "--reason", "台风")
    (found,) = as_json(app, "differing")["clocks"]
    assert (found["case"], found["clock"]) == (case.number, "statutory")
    assert found["ends_at"] < found["would_end_at"]
    assert case.number in run(app, "differing").stdout


def test_from_a_december_without_a_calendar_to_started_clocks(
    app: Flask, session: Session, tiny: TinyStreet, notice: str
) -> None:
    received = datetime(2026, 12, 18, 10, tzinfo=SHANGHAI)
    new_year = received + timedelta(days=14)
    case = make_case(
        session, tiny.street.id, lon=IN_A1[0], lat=IN_A1[1], datum="wgs84", received_at=received, now=received
    )
    session.commit()
    # Its fifteenth working day lies beyond 2026; the limit of its grid does not.
    assert (case.due_at, case.due_missing_year) == (None, YEAR)
    assert case.tier_due_at is not None
    with pytest.raises(NotFound, match="1"):
        run(app, "show", str(YEAR))
    assert start_waiting(new_year) == 0

    run(app, "load", notice, "--yes")
    assert start_waiting(new_year) == 1
    assert start_waiting(new_year) == 0

    session.refresh(case)
    # Nine working days are left in 2026; the sixth of 2027 is Monday 11 January.
    assert case.due_at == clock.start_of(date(2027, 1, 12))
    assert case.due_missing_year is None
    event = session.scalars(select(CaseEvent).where(CaseEvent.verb == Verb.START_CLOCK)).one()
    assert event.changes["due_missing_year"] == [YEAR, None]
    assert event.changes["due_at"][0] is None
    assert sweep(new_year)["skipped"] == 0
    assert verify(session).ok
    assert session.scalars(select(Case.id).where(Case.due_at.is_(None))).all() == []

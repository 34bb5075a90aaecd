"""`dingfen figures`: its keys, its dates and its refusals."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from mediation.cli import figures
from petitions.vocabulary import Channel, Ending
from tests.factories.counted import JUNE, Counted, write
from tests.factories.street import TinyStreet


@pytest.fixture
def matters(session: Session, tiny: TinyStreet) -> None:
    """Two settled, one pending from another channel, one void."""
    solved = ((Ending.SOLVED, JUNE, None),)
    write(
        session,
        [
            Counted(tiny.street, tiny.a, tiny.a1, endings=solved),
            Counted(tiny.street, tiny.b, endings=solved),
            Counted(tiny.street, channel=Channel.VISIT),
            Counted(tiny.street, endings=((Ending.VOID, JUNE, None),)),
        ],
    )


def run(app: Flask, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(figures, arguments)
    if result.exception:
        raise result.exception
    return result.stdout


def test_json_has_the_promised_keys_and_nothing_else_is_printed(app: Flask, matters: None) -> None:
    found = json.loads(run(app, "--year", "2020", "--as-of", "2021-01-01", "--json"))
    assert found == {
        "from": "2020-01-01",
        "to": "2021-01-01",
        "as_of": "2021-01-01T00:00:00+08:00",
        "definition": "received_cohort_v1",
        "received": 3,
        "online_and_hotline": 2,
        "settled": 2,
        "pending": 1,
        "settlement_rate": 0.6667,
        "excluded": {"declined": 0, "diverted": 0, "forwarded": 0, "returned": 0, "void": 1},
        "repeats": 0,
        "repeat_rate": 0.0,
    }


@pytest.mark.parametrize("axis", ["kind", "channel", "community", "grid", "month"])
def test_rows_carry_key_label_and_the_same_counts_and_add_up(app: Flask, matters: None, axis: str) -> None:
    found = json.loads(run(app, "--year", "2020", "--by", axis, "--json"))
    counts = {"received", "online_and_hotline", "settled", "pending", "settlement_rate", "excluded"}
    assert all(set(row) == {"key", "label"} | counts for row in found["rows"])
    for name in ("received", "online_and_hotline", "settled", "pending"):
        assert sum(row[name] for row in found["rows"]) == found[name]


def test_a_period_without_a_matter_has_no_rate(app: Flask, matters: None) -> None:
    found = json.loads(run(app, "--from", "2019-01-01", "--to", "2020-06-01", "--json"))
    assert (found["received"], found["settlement_rate"]) == (0, None)


def test_an_earlier_cut_off_shows_the_figure_of_that_day(app: Flask, matters: None) -> None:
    assert json.loads(run(app, "--year", "2020", "--as-of", "2020-06-01", "--json"))["received"] == 0
    at_once = json.loads(run(app, "--year", "2020", "--as-of", "2020-06-01T09:00:00.000001", "--json"))
    assert (at_once["received"], at_once["settled"]) == (3, 2)


def test_a_cut_off_still_to_come_is_now_and_the_answer_says_so(app: Flask, matters: None) -> None:
    found = json.loads(run(app, "--year", "2020", "--as-of", "2100-01-01", "--json"))
    assert found["as_of"] < "2100-01-01"


def test_people_read_lines(app: Flask, matters: None) -> None:
    text = run(app, "--year", "2020", "--as-of", "2021-01-01", "--by", "community")
    assert "66.67 %" in text
    assert "excluded: void" in text
    assert "small sample" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ["--from", "2020-01-01"],
        ["--to", "2020-01-01"],
        ["--year", "2020", "--from", "2020-01-01", "--to", "2021-01-01"],
        ["--from", "2020-01-01", "--to", "2020-01-01"],
        ["--from", "2020-02-30", "--to", "2021-01-01"],
        ["--year", "20200"],
        ["--as-of", "soon"],
    ],
)
def test_a_bad_date_is_refused(app: Flask, matters: None, arguments: list[Any]) -> None:
    with pytest.raises(Invalid):
        run(app, *arguments)

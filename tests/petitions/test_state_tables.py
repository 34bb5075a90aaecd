"""The page of the states says what the code says."""

from pathlib import Path

from petitions.state_tables import markdown
from petitions.states.machine import TABLES

PAGE = Path(__file__).parents[2] / "docs" / "states.md"


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown()


def test_every_step_of_every_table_stands_on_it() -> None:
    lines = [line for line in markdown().splitlines() if line.startswith("| ")]
    said = sum(len(line.split(" | ")[0].split(", ")) for line in lines if not line.startswith("| from"))
    assert said == sum(map(len, TABLES.values()))

"""`dingfen grid score` and what `grid locate` says of a misspelt name."""

import json
from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from grid.cli import group
from grid.models import Unit
from tests.factories.street import TinyStreet
from tests.grid.locating.test_score import DATA
from tests.grid.material import table


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(group, list(arguments))


def test_the_figures_are_printed_and_every_miss_is_named(
    app: Flask, session: Session, tiny: TinyStreet, tmp_path: Path
) -> None:
    rows = [
        f"迎春路12号,{tiny.a2.code}", f"迎春路11号,{tiny.a2.code}", f"没有路3号,{tiny.a1.code}",
        "迎春路14号,-", f"东湖社区,{tiny.a.code}",
    ]  # fmt: skip
    path = str(table(tmp_path, "\n".join(["address,answer", *rows])))
    said = json.loads(run(app, "score", path, "--json").output)
    assert (said["enough"], said["right"], said["share"], said["too_little"]) == (3, 1, 0.3333, 2)
    assert [miss["row"] for kind in ("wrong", "missed", "placed") for miss in said[kind]] == [3, 4, 5]
    text = run(app, "score", path).output
    assert "1 reach their grid (33.33%)" in text
    assert "row 3: '迎春路11号'" in text


def test_the_labelled_addresses_of_the_demonstration_are_scored_by_the_command(
    app: Flask, session: Session, imported: Unit
) -> None:
    assert run(app, "import", str(DATA / "aliases.csv")).exit_code == 0
    said = json.loads(run(app, "score", str(DATA / "addresses.csv"), "--json").output)
    assert said["addresses"] >= 600
    assert said["share"] >= 0.97
    assert said["wrong"] == said["placed"] == []


def test_locate_says_what_a_misspelt_name_was_taken_for(
    app: Flask, session: Session, tiny: TinyStreet
) -> None:
    said = json.loads(run(app, "locate", "--address", "迎椿路12号", "--json").output)
    assert said["alike"] == [{"wording": "迎椿路", "name": "迎春路", "score": 0.9, "why": "sound"}]
    assert (said["grid"], said["reason"]) == (tiny.a2.code, "name_misspelt")
    assert "迎椿路 = 迎春路? 0.9 sound" in run(app, "locate", "--address", "迎椿路12号").output

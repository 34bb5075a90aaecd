"""The shape of the project: file lengths, one clock, one place for each promise."""

import re
import subprocess
from pathlib import Path

from flask import Flask

from tasks.schedule import BEAT

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "grid", "petitions", "mediation", "tasks")
LONGEST = 300


def _sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    paths = [*_sources(), *sorted((ROOT / "tests").rglob("*.py"))]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in paths}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_only_the_clock_reads_the_clock() -> None:
    reads = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(|utcnow\(")
    found = {str(path.relative_to(ROOT)) for path in _sources() if reads.search(path.read_text())}
    assert found == {"app/core/clock.py"}


def test_every_beat_entry_names_a_task_that_a_worker_knows(app: Flask) -> None:
    celery = app.extensions["celery"]
    celery.loader.import_default_modules()
    assert {entry["task"] for entry in BEAT.values()} <= set(celery.tasks)


def test_every_endpoint_says_who_may_see_it(app: Flask) -> None:
    unguarded = [
        name
        for name, view in app.view_functions.items()
        if not hasattr(view, "guard") and not name.endswith("static")
    ]
    assert unguarded == []


def test_no_request_enqueues_a_task() -> None:
    """Only beat and the demonstration send tasks: what a request owes is a row."""
    sends = re.compile(r"\.(delay|apply_async|send_task)\(")
    found = {str(path.relative_to(ROOT)) for path in _sources() if sends.search(path.read_text())}
    assert found <= {"app/demo/worker.py"}


def test_nothing_of_this_machine_is_in_the_project() -> None:
    listed = subprocess.run(
        ["git", "-C", ROOT, "grep", "-nIE", r"(^|[^A-Za-z0-9_./])/(root|home)/", "--", ".", ":!*.lock"],
        capture_output=True,
        text=True,
        check=False,
    )
    allowed = ("tests/standalone/",)
    lines = [line for line in listed.stdout.splitlines() if not line.startswith(allowed)]
    assert lines == []

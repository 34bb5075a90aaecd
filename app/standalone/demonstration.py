"""The demonstration street, as `--demo` brings it in."""

import sys
from pathlib import Path

import click

from app.core.db import db
from app.demo.load import is_loaded, load
from app.demo.people import PASSWORD, STREET_PEOPLE
from app.demo.worker import ticking


def demonstrate(directory: Path, seed: int) -> None:
    """See that the year is there, its files kept in `directory`, and name the accounts to look at it."""
    if not is_loaded(db.session()):
        db.session.rollback()
        directory.mkdir(parents=True, exist_ok=True)
        with ticking(directory / "worker.log") as tick:
            load(directory, seed, tick=tick, say=Telling())
    people = ", ".join([*STREET_PEOPLE, "community101", "grid101001"])
    click.echo(f"Accounts: {people}; the password of each is {PASSWORD}")


class Telling:
    """How far the loading is: a line that counts up where somebody watches, else a line for each tenth."""

    def __init__(self) -> None:
        self._told: tuple[str, int] | None = None

    def __call__(self, what: str, done: int, total: int) -> None:
        line = f"{what}: {done}/{total}"
        if sys.stderr.isatty():
            click.echo(f"\r{line}", err=True, nl=done == total)
        elif self._told != (told := (what, done * 10 // total)):
            self._told = told
            click.echo(line, err=True)

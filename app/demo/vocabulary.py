"""The shipped word lists the demonstration is composed from."""

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def words(name: str) -> dict[str, Any]:
    """The tables of `data/<name>.toml`; shared by all callers, so never to be changed."""
    return tomllib.loads(files("app.demo").joinpath(f"data/{name}.toml").read_text("utf-8"))


@cache
def communities() -> tuple[tuple[str, str], ...]:
    """Code (12 digits) and name of each community of the street, in the order of the codes."""
    text = files("app.demo").joinpath("data/communities.csv").read_text("utf-8")
    return tuple((row["code"], row["name"]) for row in csv.DictReader(text.splitlines()))

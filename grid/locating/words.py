"""The characters addresses are written with, shipped as data."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def address_words() -> dict[str, Any]:
    """The tables of `data/address_words.toml`."""
    return tomllib.loads(files("grid").joinpath("data/address_words.toml").read_text(encoding="utf-8"))

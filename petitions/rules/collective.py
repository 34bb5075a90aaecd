"""Many petitioners with one matter: from how many it is collective, and how many may speak for all. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Representatives:
    """The most representatives (信访人代表) that petitions under a rule set may have."""

    rule_set: str
    most: int
    source: str
    is_law: bool


def representatives(rule_set: str) -> Representatives | None:
    """The limit under `rule_set`; None where it sets none, as for anything but petitions."""
    return _limits().get(rule_set)


def is_collective(kind: str, persons_present: int | None, threshold: int) -> bool:
    """Whether a petition is raised by at least `threshold` persons (集体访); a local default, not law."""
    return kind == "petition" and persons_present is not None and persons_present >= threshold


@cache
def _limits() -> Mapping[str, Representatives]:
    text = files("petitions.rules").joinpath("data/collective.toml").read_text(encoding="utf-8")
    rows = [Representatives(**row) for row in tomllib.loads(text)["representatives"]]
    return {row.rule_set: row for row in rows}

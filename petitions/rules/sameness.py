"""What makes two matters alike and how much each thing counts, read once from data/sameness.toml. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Likeness(StrEnum):
    """One thing in which two matters may be alike; `elsewhere` is how far they are not."""

    PERSON = "person"
    ADDRESS = "address"
    DISTANCE = "distance"
    PLACE = "place"
    ELSEWHERE = "elsewhere"
    TITLE = "title"
    BODY = "body"
    CATEGORY = "category"
    ORDER_TYPE = "order_type"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Weight:
    """What a likeness counts: all of `weight` where its measure is `full`, nothing where it is `none`."""

    code: Likeness
    weight: float
    full: float = 1.0
    none: float = 0.0

    def share(self, measure: float) -> float:
        """The part of the weight that `measure` gives; `full` may lie above or below `none`."""
        degree = (measure - self.none) / (self.full - self.none)
        return self.weight * min(max(degree, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class SamenessRules:
    """The table and its limits; local defaults, not law. Days and metres, scores from 0 to 1."""

    suggest_from: float
    likely_from: float
    days: int
    days_same_person: int
    metres: float
    weights: Mapping[Likeness, Weight]


@cache
def sameness_rules() -> SamenessRules:
    """The shipped table."""
    text = files("petitions.rules").joinpath("data/sameness.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    weights = [Weight(**{**row, "code": Likeness(row["code"])}) for row in table.pop("part")]
    return SamenessRules(**table, weights={weight.code: weight for weight in weights})

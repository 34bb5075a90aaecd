"""How alike two matters are, as a number with its reasons. Pure: plain values in, plain values out.

A score is the sum of its parts and lies between 0 and 1. What is not known about a pair counts nothing: an
anonymous matter is compared by its place and text alone. Of three ways to be in the same place, and of two to
be of the same sort, only the one that says most counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from petitions.rules.sameness import Likeness, SamenessRules


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a pair. `metres` lie between two points, null where one has none; `is_exact` says
    that both are points of a door and not of a compound. The two texts are shares of trigrams, 0 to 1."""

    same_person: bool
    same_address: bool
    metres: float | None
    is_exact: bool
    title: float
    body: float
    same_category: bool
    same_order_type: bool
    days: float


@dataclass(frozen=True, slots=True)
class Part:
    """One reason: what is alike, what was measured (null for yes), and its part of the score."""

    likeness: Likeness
    measure: float | None
    share: float


@dataclass(frozen=True, slots=True)
class Score:
    """The sum and its parts, the largest first; `is_likely` where a person will mostly agree."""

    total: float
    parts: tuple[Part, ...]
    is_likely: bool


def score(evidence: Evidence, rules: SamenessRules) -> Score:
    """How alike a pair is, for these reasons."""
    ways = (*_all(evidence, rules), *_best(_places(evidence, rules)), *_best(_sorts(evidence, rules)))
    parts = sorted((part for part in ways if part.share), key=lambda part: -part.share)
    total = max(round(sum(part.share for part in parts), 4), 0.0)
    return Score(total, tuple(parts), total >= rules.likely_from)


def _all(evidence: Evidence, rules: SamenessRules) -> Iterator[Part]:
    if evidence.same_person:
        yield _yes(Likeness.PERSON, rules)
    yield _measured(Likeness.TITLE, evidence.title, rules)
    yield _measured(Likeness.BODY, evidence.body, rules)
    yield _measured(Likeness.TIME, evidence.days, rules)
    if evidence.metres is not None and not evidence.same_address:
        yield _measured(Likeness.ELSEWHERE, evidence.metres, rules)


def _places(evidence: Evidence, rules: SamenessRules) -> Iterator[Part]:
    if evidence.same_address:
        yield _yes(Likeness.ADDRESS, rules)
    if evidence.metres is not None:
        likeness = Likeness.DISTANCE if evidence.is_exact else Likeness.PLACE
        yield _measured(likeness, evidence.metres, rules)


def _sorts(evidence: Evidence, rules: SamenessRules) -> Iterator[Part]:
    if evidence.same_category:
        yield _yes(Likeness.CATEGORY, rules)
    if evidence.same_order_type:
        yield _yes(Likeness.ORDER_TYPE, rules)


def _best(parts: Iterator[Part]) -> list[Part]:
    found = max(parts, key=lambda part: part.share, default=None)
    return [found] if found else []


def _yes(likeness: Likeness, rules: SamenessRules) -> Part:
    return Part(likeness, None, rules.weights[likeness].weight)


def _measured(likeness: Likeness, measure: float, rules: SamenessRules) -> Part:
    return Part(likeness, measure, rules.weights[likeness].share(measure))

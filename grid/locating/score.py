"""How well addresses find their way, against answers that are known. Pure.

The answer of an address is the code of its grid, that of its community where the words say no more, or a dash
where they do not say enough to place it at all.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.locating.certainty import SURE
from grid.route import Route
from grid.vocabulary import CODE_LENGTH, Tier

NOWHERE = "-"
_COLUMNS = ("address", "answer")


@dataclass(frozen=True, slots=True)
class Labelled:
    """An address with its known answer; `way` says in which manner it is written."""

    address: str
    answer: str
    way: str = ""
    row: int = 0

    @property
    def says_enough(self) -> bool:
        """Whether the words determine a grid."""
        return len(self.answer) == CODE_LENGTH[Tier.GRID]


@dataclass(frozen=True, slots=True)
class Miss:
    """An address that was not placed as it should be: where it went, and how sure that was."""

    labelled: Labelled
    found: str
    certainty: float
    reason: str


@dataclass(frozen=True, slots=True)
class Score:
    """`right` of the `enough` addresses reached their grid, `sure` of these as certain.

    `wrong` are those that went to a wrong grid as certain, whether or not they say enough, and `missed` the
    others that did not reach their grid. Of the `short` ones, which determine no grid, `placed` are routed to
    one as certain.
    """

    enough: int
    right: int
    sure: int
    short: int
    placed: tuple[Miss, ...]
    wrong: tuple[Miss, ...]
    missed: tuple[Miss, ...]

    @property
    def share(self) -> float | None:
        """Of the addresses that say enough, the share that reached the right grid; None where none does."""
        return self.right / self.enough if self.enough else None


def score(labelled: Sequence[Labelled], routes: Sequence[Route], codes: dict[int, str]) -> Score:
    """Count `routes`, one for each of `labelled`; `codes` are those of the units by id."""
    enough = [
        (one, route, codes.get(route.grid_id or 0, NOWHERE))
        for one, route in zip(labelled, routes, strict=True)
        if one.says_enough
    ]
    right = [route for one, route, grid in enough if grid == one.answer]
    astray = [(one, route, grid) for one, route, grid in enough if grid != one.answer]
    short = [(one, route) for one, route in zip(labelled, routes, strict=True) if not one.says_enough]
    placed = [(one, route, codes[route.grid_id]) for one, route in short if route.grid_id and _sure(route)]
    return Score(
        enough=len(enough),
        right=len(right),
        sure=sum(_sure(route) for route in right),
        short=len(short),
        placed=_misses(placed),
        wrong=_misses((one, route, grid) for one, route, grid in astray if route.grid_id and _sure(route)),
        missed=_misses(
            (one, route, grid) for one, route, grid in astray if not (route.grid_id and _sure(route))
        ),
    )


def read_labelled(path: Path) -> list[Labelled]:
    """The rows of a CSV file with the columns address, answer and, if it has it, way; raises Invalid."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows: list[dict[str, Any]] = list(csv.DictReader(stream))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Invalid(_("%(file)s is no table in UTF-8", file=path.name)) from error
    if not rows or any(row.get(column) is None for row in rows for column in _COLUMNS):
        raise Invalid(_("%(file)s needs rows with the columns address and answer", file=path.name))
    # The header is the first row.
    return [
        Labelled(row["address"], row["answer"].strip() or NOWHERE, row.get("way") or "", number)
        for number, row in enumerate(rows, start=2)
    ]


def _sure(route: Route) -> bool:
    return route.certainty >= SURE


def _misses(found: Iterable[tuple[Labelled, Route, str]]) -> tuple[Miss, ...]:
    return tuple(Miss(one, grid, route.certainty, str(route.reason)) for one, route, grid in found)

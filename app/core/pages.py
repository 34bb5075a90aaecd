"""Paging by number, the same on every list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

PAGE_SIZE = 50
LAST_PAGE = 1_000_000
"""No list is as long; a database counts no further than 19 digits."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: `total` counts by the same predicate that chose `items`."""

    items: Sequence[Any]
    total: int
    number: int

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_SIZE))


def clamped(number: int, total: int) -> int:
    """The page `number` of a list of `total`, or the last where the list ends before it."""
    return min(number, Page((), total, number).count)


def page_number() -> int:
    """The page asked for, the first where the query string says nonsense."""
    return min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)

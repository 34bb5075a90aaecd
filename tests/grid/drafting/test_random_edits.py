"""Whatever is split, united, shifted, drawn and moved, the land stays whole or the edit says why not."""

from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from grid.drafting.edits import read_edit
from grid.drafting.land import Land
from grid.vocabulary import Tier
from tests.grid.drafting.lands import A, B, flaws, line, polygon, tiny_land

INSIDE = st.floats(0.05, 0.95)
EDITS = st.lists(
    st.tuples(st.sampled_from(["split", "merge", "add", "close", "move", "shift"]), *[INSIDE] * 5),
    max_size=8,
)


@given(EDITS)
def test_the_land_stays_whole_under_every_sequence_of_edits(drawn: list[tuple[str, float, Any]]) -> None:
    land = tiny_land()
    for number, (kind, *at) in enumerate(drawn):
        said = _said(land, kind, at, f"{900 - number}")
        try:
            land = read_edit("redraw" if kind == "shift" else kind, said).apply(land)
        except Invalid:
            continue
    found = flaws(land)
    # A square metre over a street of five square kilometres: corners that meet within half a metre.
    assert found["overlap"] < 1
    assert found["gap"] < 1
    assert found["outside"] < 1
    assert {land.heir(code) for code in tiny_land().units} <= land.units.keys()
    assert sum(1 for fact in land.units.values() if fact.tier is Tier.GRID) == len(land.outlines)


@given(st.lists(st.tuples(INSIDE, INSIDE, INSIDE), min_size=1, max_size=6))
def test_cuts_share_their_edges_corner_by_corner(cuts: list[tuple[float, float, float]]) -> None:
    land = tiny_land()
    for number, at in enumerate(cuts):
        try:
            land = read_edit("split", _said(land, "split", [*at, 0.5, 0.5], f"{900 - number}")).apply(land)
        except Invalid:
            continue
    found = flaws(land)
    assert found["unshared"] == 0
    assert max(found.values()) == pytest.approx(0, abs=0.01)


def _said(land: Land, kind: str, at: list[float], suffix: str) -> dict[str, Any]:
    """The fields of an edit that somebody could have drawn on this land."""
    grids = sorted(land.outlines)
    grid = grids[int(at[0] * len(grids))]
    other = grids[int(at[1] * len(grids))]
    west, south, east, north = land.outlines[grid].bounds
    x, x2 = (west + share * (east - west) for share in (at[1], at[2]))
    y = south + at[3] * (north - south)
    community = A if grid.startswith(A) else B
    if kind == "split":
        cut = line((x, south - 0.001), (x2, north + 0.001))
        return {"grid": grid, "line": cut, "code": community + suffix, "name": "新"}
    if kind == "merge":
        return {"grids": [grid, other]}
    if kind == "close":
        return {"grid": grid, "heir": other}
    if kind == "move":
        return {"grid": grid, "code": (B if community == A else A) + suffix}
    if kind == "add":
        box = shapely.box(x, y, x + at[4] * 0.004, y + at[2] * 0.004) & land.border
        corners = [(a, b) for a, b in box.exterior.coords[:-1]]
        return {"code": community + suffix, "name": "新", "outline": polygon(*corners)}
    return {"outlines": _shifted(land, grid, other, x, y)}


def _shifted(land: Land, grid: str, other: str, x: float, y: float) -> dict[str, Any]:
    """A piece of one grid given to another that lies beside it, as two hands would draw it."""
    piece = shapely.box(x - 0.002, y - 0.002, x + 0.002, y + 0.002) & land.outlines[grid]
    if grid == other or piece.is_empty or not piece.intersects(land.outlines[other]):
        return {}
    shapes = {grid: land.outlines[grid] - piece, other: land.outlines[other] | piece}
    if shapes[grid].is_empty:
        return {}
    return {code: shapely.geometry.mapping(shape) for code, shape in shapes.items()}

"""Edits of a draft: each gives a land without gap or overlap, or says why it makes no sense."""

from dataclasses import replace
from typing import Any

import pytest
import shapely

from app.core.errors import Invalid
from grid.drafting.edits import read_edit
from grid.drafting.land import Land, area_m2, differing
from tests.grid.drafting.lands import A1, A2, B1, A, B, flaws, line, polygon, tiny_land

ACROSS_A1 = line((113.065, 22.60), (113.065, 22.61))
NEW = A + "003"


def edited(land: Land, kind: str, **said: Any) -> Land:
    return read_edit(kind, said).apply(land)


def demand_whole(land: Land) -> None:
    found = flaws(land)
    assert all(size < 0.01 for size in found.values()), found


def test_a_split_gives_the_smaller_part_to_a_new_grid_and_its_corners_to_the_neighbours() -> None:
    land = edited(
        tiny_land(), "split", grid=A1, line=line((113.064, 22.60), (113.064, 22.61)), code=NEW, name="新"
    )
    assert land.units[NEW].name == "新"
    assert land.outlines[NEW].bounds == pytest.approx((113.06, 22.60, 113.064, 22.61))
    assert land.outlines[A1].bounds == pytest.approx((113.064, 22.60, 113.07, 22.61))
    demand_whole(land)
    # The grid of the other community has the corner too, or its edge would not be theirs.
    assert len(land.outlines[B1].exterior.coords) == len(tiny_land().outlines[B1].exterior.coords) + 1


def test_the_larger_part_is_the_new_grid_where_that_is_asked() -> None:
    cut = line((113.064, 22.60), (113.064, 22.61))
    land = edited(tiny_land(), "split", grid=A1, line=cut, code=NEW, name="新", larger=True)
    assert area_m2(land.outlines[NEW]) > area_m2(land.outlines[A1])
    demand_whole(land)


def test_a_cut_that_ends_a_step_before_the_border_is_drawn_on_to_it() -> None:
    land = edited(
        tiny_land(),
        "split",
        grid=A1,
        line=line((113.065, 22.60002), (113.065, 22.60998)),
        code=NEW,
        name="新",
    )
    demand_whole(land)


def test_a_cut_along_a_lane_goes_straight_on_to_a_border_that_is_near() -> None:
    # It ends 55 metres before the south, and 166 or 210 before the north.
    near = line((113.065, 22.6005), (113.065, 22.6085))
    demand_whole(edited(tiny_land(), "split", grid=A1, line=near, code=NEW, name="新"))
    far = line((113.065, 22.6005), (113.065, 22.6081))
    with pytest.raises(Invalid):
        edited(tiny_land(), "split", grid=A1, line=far, code=NEW, name="新")


@pytest.mark.parametrize(
    "cut",
    [
        line((113.065, 22.602), (113.065, 22.608)),  # ends far inside
        line((113.10, 22.60), (113.10, 22.61)),  # passes by
        line((113.063, 22.59), (113.063, 22.615), (113.067, 22.615), (113.067, 22.59)),  # cuts in three
        line((113.0600001, 22.59), (113.0600001, 22.62)),  # cuts off a strip
        {"type": "LineString", "coordinates": []},
        {"type": "Point", "coordinates": [113.065, 22.605]},
        {"coordinates": "x"},
        line((0, 22.60), (1e9, 22.61)),
    ],
)
def test_a_line_that_does_not_cut_in_two_is_refused(cut: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        edited(tiny_land(), "split", grid=A1, line=cut, code=NEW, name="新")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (A2, "新"),
        (A + "1", "新"),
        ("440799001199001", "新"),
        (A + "００３", "新"),
        (NEW, " "),
        (NEW, "长" * 61),
    ],
)
def test_a_new_grid_has_a_free_code_of_a_community_and_a_name(code: str, name: str) -> None:
    with pytest.raises(Invalid):
        edited(tiny_land(), "split", grid=A1, line=ACROSS_A1, code=code, name=name)


def test_united_grids_stand_under_the_first_with_the_people_of_both() -> None:
    land = edited(tiny_land(), "merge", grids=[A2, A1], name="大网格")
    assert (land.units[A2].name, land.units[A2].households, land.units[A2].residents) == ("大网格", 600, 1800)
    assert A1 not in land.units
    assert land.heir(A1) == A2
    demand_whole(land)


def test_grids_are_united_only_side_by_side_and_in_one_community() -> None:
    land = edited(tiny_land(), "split", grid=A1, line=ACROSS_A1, code=NEW, name="新")
    west, east = sorted((A1, NEW), key=lambda code: land.outlines[code].bounds[0])
    with pytest.raises(Invalid, match="side by side"):
        edited(land, "merge", grids=[west, A2])
    assert edited(land, "merge", grids=[east, A2])
    with pytest.raises(Invalid, match="one community"):
        edited(land, "merge", grids=[A1, B1])
    with pytest.raises(Invalid, match="two grids"):
        edited(land, "merge", grids=[A1, A1])


def test_an_edge_that_is_shifted_moves_for_both_and_a_nearly_met_corner_is_the_neighbours_corner() -> None:
    # The shared edge goes from 113.07 to 113.071; its north end was drawn 20 cm beside the edge of B1.
    west = polygon((113.06, 22.60), (113.071, 22.60), (113.071, 22.610002), (113.06, 22.61))
    east = polygon((113.071, 22.60), (113.08, 22.60), (113.08, 22.61), (113.071, 22.610002))
    land = edited(tiny_land(), "redraw", outlines={A1: west, A2: east})
    assert flaws(land)["unshared"] == 0
    assert flaws(land)["overlap"] < 0.01
    assert differing(tiny_land(), land) >= {A1, A2}


def test_shifting_one_side_only_leaves_an_overlap_for_the_check_to_find() -> None:
    west = polygon((113.06, 22.60), (113.071, 22.60), (113.071, 22.61), (113.06, 22.61))
    assert flaws(edited(tiny_land(), "redraw", outlines={A1: west}))["overlap"] > 100_000


@pytest.mark.parametrize("metres", [0.05, 0.2, 0.45])
def test_a_corner_drawn_beside_the_border_of_the_street_lies_on_it(metres: float) -> None:
    inside = 113.06 + metres / 102_000
    west = polygon((inside, 22.605), (113.06, 22.60), (113.07, 22.60), (113.07, 22.61), (113.06, 22.61))
    demand_whole(edited(tiny_land(), "redraw", outlines={A1: west}))


def test_grids_that_overlap_are_united_all_the_same() -> None:
    wide = polygon((113.06, 22.60), (113.072, 22.60), (113.0705, 22.61), (113.06, 22.61))
    land = edited(tiny_land(), "redraw", outlines={A1: wide})
    whole = edited(land, "merge", grids=[A1, A2]).outlines[A1]
    assert area_m2(whole) == pytest.approx(area_m2(shapely.box(113.06, 22.60, 113.08, 22.61)), rel=1e-6)


def test_the_first_grid_of_a_community_that_was_drawn_itself() -> None:
    land = edited(tiny_land(), "close", grid=B1)
    north = tiny_land().outlines[B1]
    land = replace(land, outlines={**land.outlines, B: north})
    half = polygon((113.06, 22.61), (113.07, 22.61), (113.07, 22.62), (113.06, 22.62))
    land = edited(land, "add", code=B + "005", name="新", outline=half)
    assert B not in land.outlines


def test_a_ring_that_crosses_itself_is_refused() -> None:
    crossing = polygon((113.06, 22.60), (113.07, 22.61), (113.07, 22.60), (113.06, 22.61))
    with pytest.raises(Invalid, match="crosses"):
        edited(tiny_land(), "redraw", outlines={A1: crossing})


def test_a_new_grid_takes_its_land_from_those_that_had_it() -> None:
    middle = polygon((113.068, 22.603), (113.072, 22.603), (113.072, 22.607), (113.068, 22.607))
    land = edited(tiny_land(), "add", code=NEW, name="市场", outline=middle)
    demand_whole(land)
    assert area_m2(land.outlines[A1]) + area_m2(land.outlines[A2]) == pytest.approx(
        area_m2(shapely.box(113.06, 22.60, 113.08, 22.61)) - area_m2(land.outlines[NEW]), rel=1e-6
    )


def test_a_new_grid_over_all_of_another_is_refused() -> None:
    everything = polygon((113.059, 22.599), (113.0705, 22.599), (113.0705, 22.6105), (113.059, 22.6105))
    with pytest.raises(Invalid, match=A1):
        edited(tiny_land(), "add", code=NEW, name="新", outline=everything)


def test_a_closed_grid_leaves_its_land_to_a_neighbour_or_to_nobody() -> None:
    given = edited(tiny_land(), "close", grid=A1, heir=A2)
    demand_whole(given)
    assert given.heir(A1) == A2
    left = edited(tiny_land(), "close", grid=A1)
    assert left.heir(A1) is None
    assert flaws(left)["gap"] == pytest.approx(area_m2(tiny_land().outlines[A1]), rel=1e-3)
    with pytest.raises(Invalid, match="another"):
        edited(tiny_land(), "close", grid=A1, heir=A1)


def test_a_grid_that_moves_to_another_community_has_a_new_code_and_the_same_land() -> None:
    land = edited(tiny_land(), "move", grid=A2, code=B + "002")
    assert (land.heir(A2), land.units[B + "002"].name) == (B + "002", "二")
    assert land.units[B + "002"].households == 300
    demand_whole(land)
    assert land.every_outline()[B].area == pytest.approx(BORDER_AREA - land.outlines[A1].area)
    with pytest.raises(Invalid, match="already"):
        edited(tiny_land(), "move", grid=A2, code=A + "009")


def test_a_grid_is_described_and_what_a_cut_leaves_is_counted_anew() -> None:
    land = edited(tiny_land(), "describe", grid=A1, name="市场网格", households=410, residents=None)
    assert (land.units[A1].name, land.units[A1].households, land.units[A1].residents) == (
        "市场网格",
        410,
        None,
    )
    cut = edited(land, "split", grid=A1, line=ACROSS_A1, code=NEW, name="新")
    assert (cut.units[A1].households, cut.units[NEW].households) == (None, None)
    with pytest.raises(Invalid):
        edited(tiny_land(), "describe", grid=A1, name="x", households=-1)


def test_who_has_the_land_is_followed_through_every_edit() -> None:
    land = edited(tiny_land(), "merge", grids=[A1, A2])
    land = edited(land, "move", grid=A1, code=B + "002")
    assert land.heir(A2) == land.heir(A1) == B + "002"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("fly", {}),
        ("split", {"grid": A1}),
        ("split", {"grid": 7, "line": ACROSS_A1, "code": NEW, "name": "新"}),
        ("merge", {"grids": "12"}),
        ("merge", {"grids": [A1, A2], "colour": "red"}),
        ("redraw", {"outlines": [A1]}),
        ("redraw", {"outlines": {}}),
        ("redraw", {"outlines": {"9": polygon((0, 0), (1, 0), (1, 1))}}),
        ("close", {"grid": "nowhere"}),
        ("merge", {"grids": [[], {}]}),
        ("merge", {"grids": [A1, A2], "name": " "}),
        ("redraw", {"outlines": {A1: []}}),
    ],
)
def test_what_is_no_edit_is_refused_with_a_reason(kind: str, said: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        edited(tiny_land(), kind, **said)
    assert str(refused.value.message)


BORDER_AREA = tiny_land().border.area

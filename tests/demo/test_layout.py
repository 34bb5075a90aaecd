"""The made-up street keeps the four principles: bounded by lanes, of fit size, seamless, in one piece."""

from collections import Counter

import pytest
import shapely

from app.demo.layout import lay_out
from app.demo.partition import LARGEST, SMALLEST
from app.demo.vocabulary import communities

SEEDS = (2020, 1, 2, 3, 5, 8)


@pytest.mark.parametrize("seed", SEEDS)
def test_grids_cover_the_street_without_gap_or_overlap(seed):
    street = lay_out(seed)
    polygons = [grid.polygon for grid in street.grids()]
    assert shapely.coverage_is_valid(polygons)
    assert shapely.equals(shapely.union_all(polygons), street.polygon)
    assert street.polygon.geom_type == "Polygon"
    assert not street.polygon.interiors


@pytest.mark.parametrize("seed", SEEDS)
def test_each_community_is_one_piece_of_three_to_five_grids(seed):
    street = lay_out(seed)
    assert [(c.code, c.name) for c in street.communities] == list(communities())
    for community in street.communities:
        assert SMALLEST <= len(community.grids) <= LARGEST
        assert community.polygon.geom_type == "Polygon"
        assert community.polygon.is_valid
        assert shapely.equals(shapely.union_all([g.polygon for g in community.grids]), community.polygon)


def test_codes_begin_with_the_parents_code(street):
    for community in street.communities:
        assert community.code.startswith(street.code)
        for grid in community.grids:
            assert grid.code.startswith(community.code)
            assert len(grid.code) == 15
    codes = [grid.code for grid in street.grids()]
    assert len(set(codes)) == len(codes) == 104


def test_the_same_seed_gives_the_same_street_and_another_seed_another(street):
    again, other = lay_out(), lay_out(7)
    assert again == street
    assert other.polygon != street.polygon
    assert {lane.name for lane in other.lanes} != {lane.name for lane in street.lanes}


def test_the_street_is_as_large_as_the_real_one_and_about_where_it_is(street):
    metres_north, metres_east = 110_750, 111_320 * 0.9232
    assert street.polygon.area * metres_north * metres_east == pytest.approx(34e6, rel=0.02)
    assert street.polygon.contains(shapely.Point(113.07, 22.60))


def test_every_edge_of_a_grid_follows_named_lanes(street):
    lanes = shapely.union_all([segment.line for lane in street.lanes for segment in lane.segments])
    for grid in street.grids():
        assert lanes.covers(grid.polygon.exterior)


def test_every_house_stands_in_the_grid_of_its_side_of_the_lane(street):
    polygons = {grid.code: grid.polygon for grid in street.grids()}
    for lane in street.lanes:
        for segment in lane.segments:
            for number in segment.numbers():
                grid = segment.grid_of(number)
                assert grid is not None
                assert polygons[grid].contains(segment.house(number)), (lane.name, number)


def test_a_lane_between_two_grids_has_its_odd_numbers_in_one_and_its_even_numbers_in_the_other(street):
    between = [
        segment
        for lane in street.lanes
        for segment in lane.segments
        if segment.left_grid and segment.right_grid and segment.left_grid != segment.right_grid
    ]
    assert len(between) > 150
    for segment in between:
        assert segment.grid_of(segment.left_from) != segment.grid_of(segment.right_from)


def test_house_numbers_grow_along_a_lane_and_none_is_given_twice(street):
    for lane in street.lanes:
        numbers = [number for segment in lane.segments for number in segment.numbers()]
        assert len(set(numbers)) == len(numbers)
        odd = [n for segment in lane.segments for n in segment.numbers() if n % 2]
        even = [n for segment in lane.segments for n in segment.numbers() if not n % 2]
        assert odd == sorted(odd)
        assert even == sorted(even)


def test_a_side_outside_the_street_has_no_numbers(street):
    segments = [segment for lane in street.lanes for segment in lane.segments]
    outer = [segment for segment in segments if segment.left_grid is None or segment.right_grid is None]
    assert outer
    for segment in outer:
        assert (segment.left_from is None) == (segment.left_grid is None)
        assert (segment.right_to is None) == (segment.right_grid is None)
        missing = 1 if segment.left_grid is None else 2
        with pytest.raises(ValueError, match="no house number"):
            segment.house(missing)


def test_lanes_and_places_have_names_of_their_own(street):
    assert max(Counter(lane.name for lane in street.lanes).values()) == 1
    assert max(Counter(place.name for place in street.places).values()) == 1


def test_some_lanes_are_easily_taken_for_each_other(street):
    stems = Counter(lane.name[:2] for lane in street.lanes)
    assert sum(count > 1 for count in stems.values()) >= 6


def test_every_place_lies_in_its_grid(street):
    polygons = {grid.code: grid.polygon for grid in street.grids()}
    for place in street.places:
        assert polygons[place.grid].contains(place.point)

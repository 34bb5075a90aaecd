"""House numbers along a lane: which numbers stand there, on which side, and how far aside."""

import numpy as np
import pytest
import shapely

from grid.geometry.plane import Plane
from grid.locating.houses import STEP_ASIDE, Houses, Segment

NORTHWARD = shapely.LineString([(113.07, 22.60), (113.07, 22.61)])
ODD_LEFT = Segment(1, NORTHWARD, 1, 99, 2, 100)
PLANE = Plane.around(NORTHWARD)


def stand(segment: Segment, number: int) -> list[tuple[float, float]]:
    """Metres east of the line and along it for every spot of the number."""
    houses = Houses([segment])
    spots = houses.stand(houses.find(1, number))
    metres = shapely.get_coordinates(PLANE.to_metres(shapely.points(spots)))
    start = PLANE.to_metres(shapely.Point(113.07, 22.60))
    return [(round(x - start.x, 3), round(y - start.y, 3)) for x, y in metres.tolist()]


def test_an_odd_number_stands_on_the_left_and_an_even_one_on_the_right() -> None:
    assert stand(ODD_LEFT, 49)[0][0] == pytest.approx(-STEP_ASIDE, abs=0.01)
    assert stand(ODD_LEFT, 50)[0][0] == pytest.approx(STEP_ASIDE, abs=0.01)


def test_the_other_side_follows_from_the_direction_of_the_line() -> None:
    southward = Segment(1, shapely.reverse(NORTHWARD), 1, 99, 2, 100)
    assert stand(southward, 49)[0][0] == pytest.approx(STEP_ASIDE, abs=0.01)


@pytest.mark.parametrize("number", [1, 2, 99, 100])
def test_both_ends_of_a_range_belong_to_it(number: int) -> None:
    assert len(stand(ODD_LEFT, number)) == 1


@pytest.mark.parametrize("number", [0, 101, 102])
def test_a_number_beyond_the_range_stands_nowhere(number: int) -> None:
    assert Houses([ODD_LEFT]).find(1, number) == []


def test_numbers_grow_along_the_line_and_stay_off_its_ends() -> None:
    along = [stand(ODD_LEFT, number)[0][1] for number in range(1, 100, 2)]
    assert along == sorted(along)
    assert along[0] > 0
    assert along[-1] < PLANE.to_metres(NORTHWARD).length


def test_a_range_whose_ends_differ_in_parity_has_every_number() -> None:
    running = Segment(1, NORTHWARD, 1, 10, None, None)
    assert [len(stand(running, number)) for number in (1, 2, 10, 11)] == [1, 1, 1, 0]


def test_a_number_that_both_sides_claim_stands_twice() -> None:
    assert len(stand(Segment(1, NORTHWARD, 1, 10, 1, 10), 4)) == 2


def test_a_range_of_one_number() -> None:
    assert stand(Segment(1, NORTHWARD, 7, 7, None, None), 7)[0][1] == pytest.approx(
        PLANE.to_metres(NORTHWARD).length / 2, abs=0.5
    )


def test_a_step_aside_never_passes_a_quarter_of_a_short_lane() -> None:
    short = Segment(1, shapely.LineString([(113.07, 22.60), (113.07, 22.6001)]), 1, 3, 2, 4)
    assert abs(stand(short, 1)[0][0]) < 3


def test_a_lane_is_sampled_on_the_sides_that_have_houses() -> None:
    assert {hand for _, _, hand in Houses([ODD_LEFT]).along(1)} == {1.0, -1.0}
    assert {hand for _, _, hand in Houses([Segment(1, NORTHWARD, 1, 9)]).along(1)} == {1.0}
    assert {hand for _, _, hand in Houses([Segment(1, NORTHWARD)]).along(1)} == {1.0, -1.0}
    assert Houses([ODD_LEFT]).along(2) == []


def test_no_lanes_and_no_spots_are_no_trouble() -> None:
    assert Houses([]).stand([]).shape == (0, 2)


def test_the_plane_measures_like_the_ellipsoid() -> None:
    # One minute of arc at 22.6 N: 1713.9 m east and 1845.8 m north on the ellipsoid of WGS-84.
    corner = np.array(PLANE.scale) / 60
    assert corner == pytest.approx([1713.9, 1845.8], abs=0.5)

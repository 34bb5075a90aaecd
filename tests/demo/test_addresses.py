"""Addresses are written as people write them, and the truth behind each is known."""

from collections import Counter
from random import Random

import pytest
import shapely

from app.demo.addresses import AddressBook


@pytest.fixture(scope="module")
def drawn(street):
    book, rng = AddressBook(street), Random(11)
    return [book.draw(rng) for _ in range(4000)]


def test_forms_come_in_the_wanted_shares(drawn):
    counts = Counter(address.form for address in drawn)
    wanted = {"number": 0.70, "place": 0.10, "lane": 0.08, "community": 0.07, "nowhere": 0.05}
    for form, share in wanted.items():
        assert counts[form] / len(drawn) == pytest.approx(share, abs=0.02)


def test_the_true_grid_holds_the_spot(street, drawn):
    polygons = {grid.code: grid.polygon for grid in street.grids()}
    for address in drawn:
        if address.grid:
            assert polygons[address.grid].contains(address.point)
            assert address.community == address.grid[:12]


def test_a_number_determines_a_grid_and_a_community_name_only_a_community(drawn):
    for address in drawn:
        if address.form in ("number", "place"):
            assert address.grid is not None
        if address.form == "community":
            assert address.grid is None
            assert address.community is not None
        if address.form == "nowhere":
            assert (address.grid, address.community, address.point) == (None, None, None)


def test_a_lane_alone_determines_a_grid_only_where_it_runs_in_one(drawn):
    lanes = [address for address in drawn if address.form == "lane"]
    assert any(address.grid for address in lanes)
    assert any(address.grid is None for address in lanes)


def test_full_width_digits_and_annexes_occur(drawn):
    texts = " ".join(address.text for address in drawn)
    assert any(chr(0xFF10 + digit) in texts for digit in range(10))
    assert chr(0x4E4B) in texts


def test_points_are_coordinates_and_not_empty(drawn):
    assert all(not shapely.is_empty(address.point) for address in drawn if address.point)

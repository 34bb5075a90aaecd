"""The labelled addresses of the demonstration street: written in every way people write, answers known."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from grid.locating.locate import Locator, Where
from grid.locating.score import Labelled, Score, read_labelled, score
from grid.models import Unit
from grid.route import Route
from grid.vocabulary import RouteMethod
from tests.grid.conftest import import_file

DATA = Path(__file__).parent / "data"
FEWEST = 600
AIM = 0.97


@pytest.fixture
def scored(session: Session, imported: Unit) -> Score:
    """The score of the labelled addresses, with the street's old names known."""
    import_file(session, DATA / "aliases.csv")
    labelled = read_labelled(DATA / "addresses.csv")
    assert len(labelled) >= FEWEST
    routes = Locator.load(session, imported.id).locate_many([Where(one.address) for one in labelled])
    return score(labelled, routes, dict(session.query(Unit.id, Unit.code).all()))


def test_nearly_every_address_that_says_enough_reaches_its_grid(scored: Score) -> None:
    assert scored.share is not None
    assert scored.share >= AIM, scored.missed


def test_no_address_reaches_a_wrong_grid_as_certain(scored: Score) -> None:
    assert scored.wrong == ()
    assert scored.placed == ()


def test_every_way_of_writing_is_among_them_and_none_is_there_twice() -> None:
    labelled = read_labelled(DATA / "addresses.csv")
    assert max(Counter(one.address for one in labelled).values()) == 1
    assert min(Counter(one.way for one in labelled).values()) >= 3


def test_the_figures_add_up() -> None:
    grid, other = "440703006101001", "440703006101002"
    codes = {1: grid, 2: other}

    def route(grid_id: int | None, certainty: float) -> Route:
        return Route(9, 8, grid_id, RouteMethod.LANE_NUMBER, certainty, "reason")

    rows = [
        (Labelled("right and sure", grid), route(1, 0.75)),
        (Labelled("right, not sure", grid), route(1, 0.74)),
        (Labelled("wrong and sure", grid), route(2, 0.75)),
        (Labelled("wrong, not sure", grid), route(2, 0.74)),
        (Labelled("left to the desk", grid), route(None, 0.9)),
        (Labelled("says no grid, placed as certain", grid[:12]), route(1, 0.75)),
        (Labelled("says no grid, placed as a guess", "-"), route(1, 0.74)),
        (Labelled("says nothing, left alone", "-"), route(None, 0.0)),
    ]
    found = score([one for one, _ in rows], [way for _, way in rows], codes)
    assert (found.enough, found.right, found.sure, found.short) == (5, 2, 1, 3)
    assert [miss.labelled.address for miss in found.wrong] == ["wrong and sure"]
    assert [miss.labelled.address for miss in found.missed] == ["wrong, not sure", "left to the desk"]
    assert [miss.labelled.address for miss in found.placed] == ["says no grid, placed as certain"]
    assert found.share == 0.4
    assert score([], [], {}).share is None


@pytest.mark.parametrize(
    "content", [b"", b"address,answer\n", b"address,grid\nx,1\n", b"address,answer\nonly one\n", b"\xff\xfe"]
)
def test_what_is_no_table_of_addresses_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid):
        read_labelled(path)

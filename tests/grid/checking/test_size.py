"""The bands of households and residents: both ends are suitable, an unknown number is not judged."""

import pytest

from grid.checking.ground import Ground, GroundUnit
from grid.checking.size import size_findings
from grid.checking.standards import Standards
from grid.vocabulary import Tier
from tests.grid.checking.grounds import COMMUNITY, ONE

NARROW = Standards(households=(200, 1000), residents=(500, 3000))


@pytest.mark.parametrize(
    ("households", "residents", "questioned"),
    [
        (199, None, 1), (200, None, 0), (1000, None, 0), (1001, None, 1), (None, None, 0),
        (None, 499, 1), (None, 500, 0), (None, 3000, 0), (None, 3001, 1), (199, 3001, 2),
    ],
)  # fmt: skip
def test_size_is_questioned_outside_the_band(
    households: int | None, residents: int | None, questioned: int
) -> None:
    unit = GroundUnit(Tier.GRID, COMMUNITY, "一网格", households, residents)
    found = list(size_findings(Ground({ONE: unit}, {}, standards=NARROW)))
    assert len(found) == questioned
    assert not any(finding.blocking for finding in found)


def test_a_community_has_no_band() -> None:
    unit = GroundUnit(Tier.COMMUNITY, None, "东湖社区", 9000, 30000)
    assert list(size_findings(Ground({COMMUNITY: unit}, {}, standards=NARROW))) == []

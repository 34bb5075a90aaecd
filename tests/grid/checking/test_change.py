"""Who owns a grid today and in the days ahead, and what was begun and not finished."""

from datetime import date, timedelta

import pytest

from grid.checking.change import change_findings
from grid.checking.finding import Check
from grid.checking.ground import Ground, GroundUnit, Held, OpenDraft
from grid.vocabulary import Tier
from tests.grid.checking.grounds import COMMUNITY, ONE

DAY = date(2020, 6, 1)
UNIT = {ONE: GroundUnit(Tier.GRID, COMMUNITY)}


def held(first: int, past: int | None) -> Held:
    """Served from `first` until before `past`, in days after DAY."""
    return Held(ONE, DAY + timedelta(first), None if past is None else DAY + timedelta(past))


@pytest.mark.parametrize(
    ("postings", "found"),
    [
        ([], [Check.POSTING]),
        ([held(-9, 0)], [Check.POSTING]),
        ([held(1, None)], [Check.POSTING]),
        ([held(0, 1)], [Check.POSTING_ENDS]),
        ([held(-9, 30)], [Check.POSTING_ENDS]),
        ([held(-9, 31)], []),
        ([held(-9, None)], []),
        ([held(5, None), held(-9, 5)], []),
        ([held(-9, 5), held(6, None)], [Check.POSTING_ENDS]),
        ([held(-9, 5), held(-3, 40)], []),
    ],
)
def test_a_grid_wants_an_owner_today_and_for_thirty_days(postings: list[Held], found: list[Check]) -> None:
    assert [
        finding.check for finding in change_findings(Ground(UNIT, {}, postings=postings, day=DAY))
    ] == found


def test_the_first_vacant_day_is_named() -> None:
    (finding,) = change_findings(Ground(UNIT, {}, postings=[held(-9, 5)], day=DAY))
    assert "2020-06-06" in str(finding.message)


def test_an_open_draft_is_named_with_its_units() -> None:
    draft = OpenDraft("东区调整", (ONE,), date(2020, 5, 1))
    ground = Ground(UNIT, {}, postings=[held(-9, None)], drafts=[draft], day=DAY)
    (finding,) = change_findings(ground)
    assert (finding.check, finding.units, finding.blocking) == (Check.OPEN_DRAFT, (ONE,), False)
    assert "东区调整" in str(finding.message)


def test_without_a_day_nobody_is_asked_for() -> None:
    assert list(change_findings(Ground(UNIT, {}))) == []

"""The defaults of the escalation policy."""

import pytest

from petitions.rules.catalogue import by_code
from petitions.rules.tier_limits import AT_ONCE, TierLimits, handed_down_hours

LIMITS = TierLimits.shipped()
KINDS = ("petition", "hotline", "dispute")
TIERS = ("grid", "community", "street")


def test_every_kind_urgency_and_tier_has_a_limit() -> None:
    assert set(LIMITS.by_cell) == {
        (kind, urgency, tier) for kind in KINDS for urgency in ("normal", "urgent") for tier in TIERS
    }


def test_every_limit_is_flagged_as_a_local_default_and_warns_before_it_ends() -> None:
    for limit in LIMITS.by_cell.values():
        assert not limit.is_law
        assert "local default" in limit.source
        if limit.limit_hours == AT_ONCE:
            assert limit.warn_before_hours == 0
        else:
            assert 0 < limit.warn_before_hours < limit.limit_hours


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tier", ["grid", "community"])
@pytest.mark.parametrize("urgency", ["urgent", "major"])
def test_an_urgent_or_major_case_goes_up_at_once(kind: str, tier: str, urgency: str) -> None:
    assert LIMITS.get(kind, urgency, tier).limit_hours == AT_ONCE


def test_what_goes_up_at_once_stays_for_some_hours_where_it_is_handed_down() -> None:
    at_once, plain = LIMITS.get("hotline", "urgent", "grid"), LIMITS.get("hotline", "normal", "grid")
    assert at_once.handed_down().limit_hours == handed_down_hours() > 0
    assert plain.handed_down() == plain


def test_the_three_tiers_of_a_hotline_order_fit_inside_its_seven_working_days() -> None:
    minutes = sum(LIMITS.get("hotline", "normal", tier).limit_hours for tier in TIERS) * 60
    assert minutes <= by_code("hotline_default").steps["handle"].amount * 390


def test_a_major_matter_has_the_limits_of_an_urgent_one() -> None:
    assert LIMITS.get("dispute", "major", "grid") is LIMITS.get("dispute", "urgent", "grid")


def test_a_tier_without_a_limit_is_an_error() -> None:
    with pytest.raises(LookupError, match="district"):
        LIMITS.get("hotline", "normal", "district")

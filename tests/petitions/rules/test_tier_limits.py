"""The defaults of the escalation policy."""

import pytest

from petitions.rules.catalogue import by_code
from petitions.rules.tier_limits import TierLimits

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
        assert 0 < limit.warn_before_hours < limit.limit_hours


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tier", TIERS)
def test_an_urgent_case_goes_up_sooner(kind: str, tier: str) -> None:
    assert LIMITS.get(kind, "urgent", tier).limit_hours < LIMITS.get(kind, "normal", tier).limit_hours


def test_the_three_tiers_of_a_hotline_order_fit_inside_its_seven_working_days() -> None:
    minutes = sum(LIMITS.get("hotline", "normal", tier).limit_hours for tier in TIERS) * 60
    assert minutes <= by_code("hotline_default").steps["handle"].amount * 390


def test_a_major_matter_has_the_limits_of_an_urgent_one() -> None:
    assert LIMITS.get("dispute", "major", "grid") is LIMITS.get("dispute", "urgent", "grid")


def test_a_tier_without_a_limit_is_an_error() -> None:
    with pytest.raises(LookupError, match="district"):
        LIMITS.get("hotline", "normal", "district")

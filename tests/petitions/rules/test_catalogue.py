"""Which dated rule set a case is registered under."""

from datetime import date

import pytest

from petitions.rules.catalogue import NoRuleSet, by_code, choose, rule_sets
from petitions.rules.rule_set import Roll, Unit

HANDLING_LIMITS = [
    # kind, order type, registered on, code, amount, unit, is law
    ("petition", None, "2005-05-01", "petition_2005", 60, "calendar_day", True),
    ("petition", None, "2020-06-15", "petition_2005", 60, "calendar_day", True),
    ("petition", None, "2022-04-30", "petition_2005", 60, "calendar_day", True),
    ("petition", None, "2022-05-01", "petition_2022", 60, "calendar_day", True),
    ("petition", "complaint", "2026-01-01", "petition_2022", 60, "calendar_day", True),
    ("hotline", "inquiry", "2022-08-31", "hotline_default", 7, "working_day", False),
    ("hotline", "inquiry", "2022-09-01", "hotline_guangdong_2022_inquiry", 2, "working_day", True),
    ("hotline", "help", "2022-09-01", "hotline_guangdong_2022_help", 10, "working_day", True),
    ("hotline", "suggestion", "2022-09-01", "hotline_guangdong_2022_suggestion", 10, "working_day", True),
    ("hotline", "complaint", "2022-09-01", "hotline_guangdong_2022_complaint", 15, "working_day", True),
    ("hotline", "report", "2022-09-01", "hotline_guangdong_2022_report", 15, "working_day", True),
    ("hotline", "praise", "2022-09-01", "hotline_default", 7, "working_day", False),
    ("hotline", None, "2022-09-01", "hotline_default", 7, "working_day", False),
    ("hotline", "report", "2020-01-01", "hotline_default", 7, "working_day", False),
    ("dispute", None, "2020-01-01", "dispute_default", 30, "calendar_day", False),
]


@pytest.mark.parametrize(("kind", "order_type", "day", "code", "amount", "unit", "is_law"), HANDLING_LIMITS)
def test_the_registration_date_chooses_the_rule_set(
    kind, order_type, day, code, amount, unit, is_law
) -> None:
    rule_set = choose(kind, order_type, date.fromisoformat(day))
    handle = rule_set.steps["handle"]
    assert rule_set.code == code
    assert (handle.amount, handle.unit, handle.is_law) == (amount, unit, is_law)


@pytest.mark.parametrize(("kind", "day"), [("petition", "2005-04-30"), ("reconsideration", "2020-01-01")])
def test_a_case_no_rule_set_covers_is_told_so(kind: str, day: str) -> None:
    with pytest.raises(NoRuleSet, match=kind):
        choose(kind, None, date.fromisoformat(day))


def test_a_case_finds_its_rule_set_again_by_code() -> None:
    assert by_code("petition_2005") is choose("petition", None, date(2020, 1, 1))
    with pytest.raises(NoRuleSet, match="petition_1995"):
        by_code("petition_1995")


def test_simplified_handling_is_decided_by_somebody_and_never_by_the_date() -> None:
    simplified = by_code("petition_simplified")
    assert not simplified.automatic
    assert simplified.covers("petition", None, date(2026, 4, 28))
    assert (simplified.steps["handle"].amount, simplified.steps["handle"].unit) == (10, Unit.WORKING_DAY)


def test_an_objection_to_competence_came_with_the_regulation_of_2022() -> None:
    assert "objection" not in by_code("petition_2005").steps
    objection = by_code("petition_2022").steps["objection"]
    assert (objection.amount, objection.unit, objection.is_law) == (5, Unit.WORKING_DAY, True)


def test_signing_for_and_returning_an_order_are_local_defaults_in_every_hotline_set() -> None:
    for rule_set in (rule_set for rule_set in rule_sets().values() if rule_set.kind == "hotline"):
        sign_for, return_order = rule_set.steps["sign_for"], rule_set.steps["return_order"]
        assert (sign_for.amount, sign_for.unit, sign_for.is_law) == (4, Unit.WORKING_HOUR, False)
        assert (return_order.amount, return_order.unit, return_order.is_law) == (1, Unit.WORKING_DAY, False)


def test_every_limit_names_its_source_and_only_calendar_days_roll() -> None:
    steps = [step for rule_set in rule_sets().values() for step in rule_set.steps.values()]
    assert all(step.source and step.amount > 0 for step in steps)
    assert all((step.roll is Roll.NEXT_WORKING_DAY) == (step.unit is Unit.CALENDAR_DAY) for step in steps)
    assert all(step.source.startswith("local default") != step.is_law for step in steps)


def test_every_rule_set_has_a_name_in_both_languages() -> None:
    assert all(rule_set.name.isascii() and rule_set.name_zh for rule_set in rule_sets().values())

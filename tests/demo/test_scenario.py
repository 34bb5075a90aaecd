"""The year adds up for every seed, and what is done to a matter could have been done."""

from collections import Counter
from datetime import datetime

import pytest

from app.core.clock import SHANGHAI
from app.demo.matter import Fate
from app.demo.scenario import CUTOFF, plan
from app.demo.script import ScriptVerb
from petitions.rules.tier_limits import TierLimits
from petitions.vocabulary import CaseKind, Channel, ChannelGroup, Ending, OrderType, Urgency, channel_group

ENDS = {
    ScriptVerb.SETTLE,
    ScriptVerb.REPLY,
    ScriptVerb.WITHDRAW,
    ScriptVerb.VOID,
    ScriptVerb.DIVERT,
    ScriptVerb.MEDIATE_AGREE,
}
FIRST = {
    "petition": ScriptVerb.ACCEPT,
    "hotline": ScriptVerb.SIGN_FOR,
    "dispute": ScriptVerb.ASSESS,
}


def counts(matters):
    return Counter((matter.fate, matter.intake.online_and_hotline) for matter in matters)


@pytest.mark.parametrize("seed", [2020, 1, 77])
def test_the_counts_of_the_year_are_exact_for_every_seed(street, calendar, seed):
    matters = plan(seed, street, calendar)
    found = counts(matters)
    assert found[Fate.SETTLED, True] + found[Fate.PENDING, True] == 7598
    assert found[Fate.SETTLED, False] + found[Fate.PENDING, False] == 154
    assert found[Fate.SETTLED, True] + found[Fate.SETTLED, False] == 7376
    assert found[Fate.PENDING, True] + found[Fate.PENDING, False] == 376
    assert found[Fate.VOID, True] + found[Fate.VOID, False] == 40
    assert found[Fate.DIVERTED, True] + found[Fate.DIVERTED, False] == 60


def test_the_same_seed_tells_the_same_year_and_another_seed_another(street, calendar, matters):
    assert plan(2020, street, calendar) == matters
    other = plan(5, street, calendar)
    assert {m.intake.body for m in other} != {m.intake.body for m in matters}


def test_every_matter_comes_in_within_2020_of_shanghai_and_in_order(matters):
    moments = [matter.intake.received_at for matter in matters]
    assert moments == sorted(moments)
    assert moments[0] >= datetime(2020, 1, 1, tzinfo=SHANGHAI)
    assert moments[-1] < datetime(2021, 1, 1, tzinfo=SHANGHAI)


def test_source_numbers_are_given_once_and_the_hotlines_have_nineteen_digits(matters):
    numbers = [matter.intake.source_number for matter in matters]
    assert len(set(numbers)) == len(numbers)
    for matter in matters:
        if matter.intake.online_and_hotline:
            assert matter.intake.source_number.isdigit()
            assert len(matter.intake.source_number) == 19


def test_steps_follow_each_other_after_receipt_in_office_hours(matters, calendar):
    for matter in matters:
        before = matter.intake.received_at
        for step in matter.script:
            assert step.at > before
            before = step.at
            assert calendar.is_working_day(step.at.date())
            clock = step.at.hour * 60 + step.at.minute
            assert 9 * 60 <= clock <= 12 * 60 or 14 * 60 <= clock <= 17 * 60 + 30
            assert step.at < CUTOFF


def test_a_settled_matter_ends_once_and_an_open_one_never(matters):
    for matter in matters:
        ends = [step for step in matter.script if step.verb in ENDS]
        if matter.fate is Fate.PENDING:
            assert not ends
            assert matter.ending is None
        else:
            assert ends == [matter.script[-1]]


def test_the_last_step_says_the_ending(matters):
    for matter in matters:
        if matter.fate is Fate.SETTLED:
            last = matter.script[-1]
            assert last.arguments.get("ending", Ending.SETTLED_BY_AGREEMENT) == matter.ending


def test_nothing_is_done_before_it_is_signed_for_nor_mediated_before_it_is_opened(matters):
    for matter in matters:
        verbs = [step.verb for step in matter.script]
        if verbs and matter.fate is not Fate.VOID:
            assert verbs[0] is FIRST[matter.intake.kind]
        for late, early in (
            (ScriptVerb.MEDIATE_SESSION, ScriptVerb.MEDIATE_OPEN),
            (ScriptVerb.MEDIATE_AGREE, ScriptVerb.MEDIATE_SESSION),
            (ScriptVerb.RULE, ScriptVerb.HAND_BACK),
        ):
            if late in verbs:
                assert verbs.index(early) < verbs.index(late)


def test_words_of_the_scenario_are_those_of_the_petitions_vocabulary(matters):
    for matter in matters:
        intake = matter.intake
        assert CaseKind(intake.kind)
        assert OrderType(intake.order_type)
        assert Urgency(intake.urgency)
        online = channel_group(Channel(intake.channel)) is ChannelGroup.ONLINE_AND_HOTLINE
        assert online is intake.online_and_hotline
        assert matter.ending is None or Ending(matter.ending)


def test_about_12_in_100_overrun_the_grids_limit_and_some_3_the_communitys(matters, calendar):
    counted = [m for m in matters if m.fate in (Fate.SETTLED, Fate.PENDING)]
    over_grid = over_community = 0
    for matter in counted:
        intake = matter.intake
        end = matter.script[-1].at if matter.fate is Fate.SETTLED else CUTOFF
        minutes = calendar.working_minutes_between(intake.received_at, end)
        grid, community = (
            TierLimits.shipped().get(intake.kind, intake.urgency, tier).handed_down().limit_hours * 60
            for tier in ("grid", "community")
        )
        over_grid += minutes > grid
        over_community += minutes > grid + community
    assert over_grid / len(counted) == pytest.approx(0.12, abs=0.02)
    assert over_community / len(counted) == pytest.approx(0.03, abs=0.012)


def test_about_15_in_100_go_through_mediation(matters):
    assert sum(matter.mediated for matter in matters) / len(matters) == pytest.approx(0.15, abs=0.02)


def test_few_come_in_february_and_on_days_off(matters, calendar):
    by_month = Counter(matter.intake.received_at.month for matter in matters)
    assert by_month[2] == min(by_month.values())
    days_off = sum(not calendar.is_working_day(m.intake.received_at.date()) for m in matters)
    assert days_off / len(matters) < 117 / 366


def test_most_open_matters_are_young_and_some_are_old(matters):
    months = Counter(m.intake.received_at.month for m in matters if m.fate is Fate.PENDING)
    assert sum(months[month] for month in (10, 11, 12)) > 376 / 2
    assert sum(months[month] for month in range(1, 7)) >= 10


def test_a_point_is_declared_in_gcj02_some_hundred_metres_off(matters):
    with_point = [matter.intake for matter in matters if matter.intake.point]
    assert 0.01 < len(with_point) / len(matters) < 0.03
    for intake in with_point:
        east = (intake.point[0] - intake.address.point.x) * 102_770
        south = (intake.address.point.y - intake.point[1]) * 110_750
        assert intake.datum == "gcj02"
        assert 450 < east < 600
        assert 200 < south < 500

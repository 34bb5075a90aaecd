"""How alike two matters are: each part on both sides of its bounds, sums that a person would agree with."""

from dataclasses import replace

import pytest

from petitions.rules.sameness import Likeness, sameness_rules
from petitions.sameness.score import Evidence, Score, score

NOTHING = Evidence(
    same_person=False,
    same_address=False,
    metres=None,
    is_exact=False,
    title=0.0,
    body=0.0,
    same_category=False,
    same_order_type=False,
    days=400.0,
)
RULES = sameness_rules()


def scored(**known: object) -> Score:
    """The score of a pair of which only this is known."""
    return score(replace(NOTHING, **known), RULES)  # type: ignore[arg-type]


def test_the_parts_of_everything_alike_add_up_to_one() -> None:
    everything = scored(
        same_person=True,
        same_address=True,
        metres=0.0,
        is_exact=True,
        title=1.0,
        body=1.0,
        same_category=True,
        same_order_type=True,
        days=0.0,
    )

    assert everything.total == 1.0
    assert everything.total == pytest.approx(sum(part.share for part in everything.parts))
    assert everything.is_likely


def test_nothing_alike_scores_nothing_and_has_no_reasons() -> None:
    assert scored() == Score(0.0, (), is_likely=False)


@pytest.mark.parametrize(
    ("known", "share"),
    [
        ({"metres": 15.0, "is_exact": True}, 0.2),
        ({"metres": 32.5, "is_exact": True}, 0.1),
        ({"metres": 49.9, "is_exact": True}, 0.0006),
        ({"metres": 50.0, "is_exact": True}, 0),
        ({"metres": 0.0, "is_exact": False}, 0.1),
        ({"days": 3.0}, 0.05),
        ({"days": 83.9}, 0.0001),
        ({"days": 84.0}, 0),
        ({"title": 0.2}, 0),
        ({"title": 0.45}, 0.1),
        ({"title": 0.7}, 0.2),
        ({"body": 0.05}, 0),
        ({"body": 0.35}, 0.3),
    ],
)
def test_a_measure_gives_its_share_between_its_bounds(known: dict[str, object], share: float) -> None:
    assert scored(**known).total == pytest.approx(share, abs=1e-4)


def test_of_three_ways_to_be_in_one_place_only_the_strongest_counts() -> None:
    both = scored(same_address=True, metres=40.0, is_exact=True)

    assert [part.likeness for part in both.parts] == [Likeness.ADDRESS]
    assert both.total == 0.2


@pytest.mark.parametrize(("metres", "share"), [(100.0, 0), (250.0, -0.1), (400.0, -0.2), (9000.0, -0.2)])
def test_two_known_places_that_lie_apart_speak_against_it(metres: float, share: float) -> None:
    assert scored(same_person=True, metres=metres).total == pytest.approx(0.2 + share)
    assert scored(metres=metres).total == 0


def test_a_category_says_more_than_a_type_and_only_one_counts() -> None:
    assert scored(same_category=True, same_order_type=True).total == 0.05
    assert scored(same_order_type=True).total == 0.02


def test_the_reasons_stand_with_the_largest_part_first_and_what_was_measured() -> None:
    found = scored(same_person=True, metres=20.0, is_exact=True, days=3.0)

    assert [(part.likeness, part.measure) for part in found.parts] == [
        (Likeness.PERSON, None),
        (Likeness.DISTANCE, 20.0),
        (Likeness.TIME, 3.0),
    ]


@pytest.mark.parametrize(
    ("known", "is_shown", "is_likely"),
    [
        # Two neighbours on one broken lamp, in other words and in the same.
        ({"same_address": True, "same_category": True, "days": 2.0, "title": 0.7}, True, False),
        ({"same_address": True, "same_category": True, "days": 2.0, "title": 0.7, "body": 0.35}, True, True),
        # The same caller once more, without a place.
        ({"same_person": True, "same_category": True, "days": 30.0, "title": 0.5, "body": 0.3}, True, False),
        # The same caller from the same door, about something else: a person must look.
        ({"same_person": True, "same_address": True, "same_category": True, "days": 2.0}, True, False),
        # One door, two matters: nothing to show.
        ({"same_address": True, "same_category": True, "days": 2.0}, False, False),
        # One caller, two matters.
        ({"same_person": True, "same_order_type": True, "days": 2.0}, False, False),
        # The same words, and at two doors that are known.
        ({"title": 1.0, "body": 1.0, "same_category": True, "days": 1.0}, True, False),
        ({"title": 1.0, "body": 1.0, "same_category": True, "days": 1.0, "metres": 500.0}, False, False),
        # A usual title, somewhere else.
        ({"title": 1.0, "same_category": True, "days": 1.0}, False, False),
    ],
)
def test_pairs_score_as_a_person_would_judge_them(
    known: dict[str, object], is_shown: bool, is_likely: bool
) -> None:
    found = scored(**known)

    assert (found.total >= RULES.suggest_from) == is_shown
    assert found.is_likely == is_likely


def test_every_likeness_has_its_weight_and_the_heaviest_of_each_group_add_up_to_one() -> None:
    weights = {code: weight.weight for code, weight in RULES.weights.items()}
    places = {weights.pop(code) for code in (Likeness.ADDRESS, Likeness.DISTANCE, Likeness.PLACE)}
    weights.pop(Likeness.ELSEWHERE)
    sorts = {weights.pop(code) for code in (Likeness.CATEGORY, Likeness.ORDER_TYPE)}

    assert set(RULES.weights) == set(Likeness)
    assert sum(weights.values()) + max(places) + max(sorts) == pytest.approx(1.0)

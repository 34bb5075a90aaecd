"""Suggestions for cases without a category: kept beside them, refreshed, and never in their place."""

import pytest
from sqlalchemy import func, select, update

from app.auth.actor import OPERATOR
from app.core.errors import Conflict, Invalid
from petitions.categories import learning
from petitions.categories.suggesting import find_suggestion, guess, latest_model, suggest_again
from petitions.categories.training import Example, train, usable
from petitions.handling.attention import categorise
from petitions.history import record
from petitions.models import Case, CaseEvent, CategorySuggestion
from petitions.register import register
from petitions.verify import verify
from petitions.vocabulary import CaseState, Verb
from tests.factories.cases import MORNING, an_intake, make_case
from tests.factories.street import make_street
from tests.petitions.categories.matters import matters
from tests.petitions.importing.files import bring_in, csv_file, order


def sorted_cases(session, street_id, count=240, seed=1):
    intakes = [an_intake(title=t, body=b, category=c) for t, b, c in matters(count, seed)]
    register(session, intakes, street_id=street_id, actor=OPERATOR, now=MORNING)


def learn(session, street_id, now=MORNING):
    found = learning.examples(session, street_id)
    model, quality = train(usable([Example(*each) for each in found]), precision=0.9)
    return learning.keep(session, street_id, model, quality, seen=len(found), now=now)


def test_an_order_without_a_category_gets_a_suggestion_and_keeps_none(session, tiny):
    content = csv_file([order("1", 问题分类名称=""), order("2", 问题分类名称="市政设施")])
    bring_in(session, tiny.street.id, content)
    bare, given = session.scalars(select(Case).order_by(Case.source_number)).all()
    assert (bare.category, given.category) == (None, "市政设施")
    assert find_suggestion(given) is None
    # The street has one category, which the list of words does not know, so nothing is told it by words.
    make_case(session, tiny.street.id, title="路灯不亮", category="路灯照明")
    suggest_again(session, tiny.street.id, MORNING)
    found = find_suggestion(bare)
    assert (found.category, found.is_sure, found.model_id) == ("路灯照明", False, None)


def test_a_street_learns_from_its_own_cases_and_is_sure_of_what_it_knows(session, tiny):
    sorted_cases(session, tiny.street.id)
    model = learn(session, tiny.street.id)
    case = make_case(session, tiny.street.id, title="路灯不亮", body="路灯照明坏了，灯杆也不亮。")
    found = find_suggestion(case)
    assert (found.category, found.is_sure, found.model_id) == ("路灯照明", True, model.id)
    assert case.category is None


def test_training_is_due_when_enough_has_been_sorted_and_again_when_it_grew(session, tiny):
    street_id = tiny.street.id
    assert not learning.is_due(session, street_id, MORNING)
    sorted_cases(session, street_id, learning.ANEW_FROM - 1)
    assert not learning.is_due(session, street_id, MORNING)
    sorted_cases(session, street_id, 1)
    assert learning.is_due(session, street_id, MORNING)
    sorted_cases(session, street_id, 140, seed=2)
    learn(session, street_id)
    assert not learning.is_due(session, street_id, MORNING)
    sorted_cases(session, street_id, 99, seed=3)
    assert not learning.is_due(session, street_id, MORNING)
    sorted_cases(session, street_id, 1, seed=4)
    assert learning.is_due(session, street_id, MORNING)


@pytest.mark.parametrize(
    ("of_one", "of_another", "missing", "is_due"),
    [(100, 0, 0, False), (100, 9, 0, False), (90, 9, 10, False), (89, 10, 1, False), (90, 10, 0, True)],
)
def test_the_first_training_needs_a_hundred_cases_of_two_categories_large_enough(
    session, tiny, of_one, of_another, missing, is_due
):
    named = ["路灯照明"] * of_one + ["噪音扰民"] * of_another
    intakes = [an_intake(category=name) for name in named]
    register(session, intakes, street_id=tiny.street.id, actor=OPERATOR, now=MORNING)
    found = learning.count_sorted(session, tiny.street.id)
    assert (found.cases, found.missing) == (of_one + of_another, missing)
    assert learning.is_due(session, tiny.street.id, MORNING) is is_due


def test_a_void_case_teaches_nothing(session, tiny):
    sorted_cases(session, tiny.street.id, 20)
    first = session.scalars(select(Case.id).order_by(Case.id).limit(1)).one()
    session.execute(
        update(Case).where(Case.id == first).values(state="void", ending="void", ended_at=MORNING)
    )
    assert len(learning.examples(session, tiny.street.id)) == 19


def test_only_the_model_in_force_keeps_its_content(session, tiny):
    sorted_cases(session, tiny.street.id)
    first, second = learn(session, tiny.street.id), learn(session, tiny.street.id)
    session.expire_all()
    assert (first.content, latest_model(session, tiny.street.id).id) == (None, second.id)
    assert second.content is not None


def test_another_street_is_told_nothing_by_this_ones_model(session, tiny):
    other = make_street(session, code="440799002", name="乙街道")
    sorted_cases(session, tiny.street.id)
    learn(session, tiny.street.id)
    assert guess(session, other.street.id, [("路灯不亮", "")])[1] is None
    assert guess(session, tiny.street.id, [("路灯不亮", "")])[1] is not None


def test_a_new_model_looks_again_at_the_open_cases_that_nobody_has_sorted(session, tiny):
    bare = make_case(session, tiny.street.id, title="无题", body="音响轰鸣，吵闹")
    before = find_suggestion(bare)
    sorted_cases(session, tiny.street.id)
    model = learn(session, tiny.street.id)
    suggest_again(session, tiny.street.id, MORNING)
    session.expire_all()
    after = find_suggestion(bare)
    assert before is None or before.model_id is None
    assert (after.category, after.model_id) == ("噪音扰民", model.id)


def test_a_person_confirms_and_the_history_says_so(session, tiny):
    case = make_case(session, tiny.street.id, title="路灯不亮")
    record(session, [categorise(case, category=" 路灯照明 ", actor=OPERATOR, now=MORNING)])
    assert (case.category, case.state) == ("路灯照明", CaseState.PENDING_DISPATCH)
    assert find_suggestion(case) is None
    event = session.scalars(select(CaseEvent).order_by(CaseEvent.id.desc()).limit(1)).one()
    assert (event.verb, event.changes) == (Verb.CATEGORISE, {"category": [None, "路灯照明"]})
    assert verify(session).ok


@pytest.mark.parametrize("category", ["", "  ", "长" * 61, "路灯照明"])
def test_what_is_no_new_category_is_refused_at_its_field(session, tiny, category):
    case = make_case(session, tiny.street.id, category="路灯照明")
    with pytest.raises(Invalid) as refused:
        categorise(case, category=category, actor=OPERATOR, now=MORNING)
    assert list(refused.value.fields) == ["category"]


def test_an_archived_case_keeps_its_category(session, tiny):
    case = make_case(session, tiny.street.id)
    session.execute(
        update(Case).where(Case.id == case.id).values(state="archived", ending="solved", ended_at=MORNING)
    )
    session.refresh(case)
    with pytest.raises(Conflict):
        categorise(case, category="甲", actor=OPERATOR, now=MORNING)


def test_a_dry_run_suggests_nothing(session, tiny):
    bring_in(session, tiny.street.id, csv_file([order("1", 问题分类名称="")]), dry_run=True)
    assert session.scalar(select(func.count()).select_from(CategorySuggestion)) == 0


def test_what_the_former_text_suggested_is_not_offered_for_the_new_one(session, tiny):
    blank = {"问题分类名称": "", "主要内容": "请处理。"}
    bring_in(
        session, tiny.street.id, csv_file([order("1", 工单标题="路灯不亮", **blank), order("2", **blank)])
    )
    before = {case.source_number: find_suggestion(case).category for case in session.scalars(select(Case))}
    bring_in(
        session, tiny.street.id, csv_file([order("1", 工单标题="半夜施工噪音", **blank), order("2", **blank)])
    )
    session.expire_all()
    after = {case.source_number: find_suggestion(case).category for case in session.scalars(select(Case))}
    assert after["1"] != before["1"]
    assert after["2"] == before["2"]

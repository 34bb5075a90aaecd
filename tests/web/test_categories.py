"""Suggested categories on screen: confirmed by whoever may, corrected, and seen nowhere else."""

import pytest
from sqlalchemy import select

from app.auth.vocabulary import Role
from petitions.models import Case, CategorySuggestion
from tests.factories.cases import make_case
from tests.factories.street import make_actor, make_street


@pytest.fixture
def bare(session, tiny):
    case = make_case(session, tiny.street.id, title="路灯不亮", address="迎春路3号")
    assert session.get(CategorySuggestion, case.id)
    session.commit()
    return case


@pytest.fixture
def clerk(session, tiny, login_as):
    client = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    return client


def category(session, case):
    return session.scalar(select(Case.category).where(Case.id == case.id))


def test_the_page_of_a_case_shows_the_suggestion_and_one_click_confirms_it(clerk, session, bare):
    page = clerk.get(f"/cases/{bare.number}").text
    assert "路灯照明" in page
    assert f"/cases/{bare.number}/categorise" in page
    form = {"version": bare.event_count, "category": "路灯照明"}
    assert clerk.post(f"/cases/{bare.number}/categorise", data=form).status_code == 302
    assert category(session, bare) == "路灯照明"
    assert clerk.post(f"/cases/{bare.number}/categorise", data=form).status_code == 409


def test_ticked_cases_get_the_category_that_stands_beside_them(clerk, session, tiny, bare):
    other = make_case(session, tiny.street.id, title="噪音扰民")
    session.commit()
    page = clerk.get("/categories").text
    assert bare.number in page
    assert other.number in page
    form = {"confirm": [bare.number], f"category-{bare.number}": "噪音扰民", f"category-{other.number}": "甲"}
    clerk.post("/categories/confirm", data=form)
    assert (category(session, bare), category(session, other)) == ("噪音扰民", None)


@pytest.mark.parametrize("said", ["", "长" * 61])
def test_what_is_no_category_is_told_with_the_number(clerk, session, bare, said):
    form = {"confirm": [bare.number], f"category-{bare.number}": said}
    answer = clerk.post("/categories/confirm", data=form, follow_redirects=True)
    assert answer.status_code == 200
    assert f"{bare.number}: " in answer.text
    assert category(session, bare) is None


def test_a_case_outside_the_area_is_neither_shown_nor_set(session, bare, login_as):
    far = make_street(session, code="440799002", name="乙街道")
    client = login_as(make_actor(session, far.street, Role.HOTLINE_CLERK))
    session.commit()
    assert bare.number not in client.get("/categories").text
    client.post("/categories/confirm", data={"confirm": [bare.number], f"category-{bare.number}": "甲"})
    assert category(session, bare) is None


def test_the_intake_form_tells_what_the_text_suggests_and_leaves_what_was_written(clerk, bare):
    told = clerk.post("/categories/suggest", data={"body": "路灯不亮"}).text
    assert "路灯照明" in told
    assert 'value="路灯照明"' not in told
    taken = clerk.post("/categories/suggest", data={"body": "路灯不亮", "take": "1"}).text
    assert 'value="路灯照明"' in taken
    kept = clerk.post("/categories/suggest", data={"body": "路灯不亮", "category": "别的"}).text
    assert 'value="别的"' in kept
    assert clerk.post("/categories/suggest", data={}).status_code == 200
    assert clerk.post("/categories/suggest", data={"body": "长" * 100_000}).status_code == 200


def test_a_matter_is_registered_with_the_category_that_the_person_left_in_the_form(clerk, session):
    form = {"kind": "hotline", "body": "楼下的路灯不亮", "category": "路灯照明", "key": "k1"}
    clerk.post("/cases/new", data=form)
    assert session.scalar(select(Case.category).where(Case.source_number == "k1")) == "路灯照明"
    long = clerk.post("/cases/new", data={**form, "category": "长" * 61, "key": "k2"})
    assert long.status_code == 422


def test_an_import_of_another_area_is_not_named(clerk):
    assert clerk.get("/categories?run=999").status_code == 404


def test_a_name_that_nobody_knows_is_asked_about_once_for_all_its_cases(clerk, session, tiny, bare):
    second = make_case(session, tiny.street.id, title="路灯闪烁")
    session.commit()
    both = [bare.number, second.number]
    form = {"confirm": both, **{f"category-{number}": "路灯灯杆" for number in both}}
    asked = clerk.post("/categories/confirm", data=form)
    assert asked.status_code == 422
    assert asked.text.count('name="new" value="路灯灯杆"') == 1
    assert category(session, bare) is None
    clerk.post("/categories/confirm", data={**form, "new": "路灯灯杆", "as": "路灯灯杆"})
    assert (category(session, bare), category(session, second)) == ("路灯灯杆", "路灯灯杆")


def test_a_slip_can_be_mended_to_the_name_that_was_meant(clerk, session, bare):
    form = {"confirm": [bare.number], f"category-{bare.number}": "路灯照名"}
    assert "路灯照明" in clerk.post("/categories/confirm", data=form).text
    clerk.post("/categories/confirm", data={**form, "new": "路灯照名", "as": "路灯照明"})
    assert category(session, bare) == "路灯照明"


def test_on_the_page_of_a_case_a_new_name_is_entered_once_the_person_is_sure(clerk, session, bare):
    form = {"version": bare.event_count, "category": "路灯灯杆"}
    asked = clerk.post(f"/cases/{bare.number}/categorise", data=form)
    assert asked.status_code == 422
    assert 'name="sure"' in asked.text
    clerk.post(f"/cases/{bare.number}/categorise", data={**form, "sure": "路灯灯杆"})
    assert category(session, bare) == "路灯灯杆"


def test_in_the_form_of_a_new_matter_too(clerk, session):
    form = {"kind": "hotline", "body": "楼下的路灯不亮", "category": "路灯灯杆", "key": "k1"}
    asked = clerk.post("/cases/new", data=form)
    assert asked.status_code == 422
    assert 'name="sure"' in asked.text
    clerk.post("/cases/new", data={**form, "sure": "路灯灯杆"})
    assert session.scalar(select(Case.category).where(Case.source_number == "k1")) == "路灯灯杆"


def test_beside_a_suggestion_stands_the_text_of_its_case(clerk, session, tiny):
    make_case(session, tiny.street.id, title="路灯不亮", body="三号楼前的路灯不亮")
    session.commit()
    page = clerk.get("/categories").text
    assert "三号楼前的路灯不亮" in page


def test_a_street_without_a_model_is_told_how_many_cases_are_missing(clerk, session, tiny):
    page = clerk.get("/categories").text
    assert "目前计入0件，还差100件" in page

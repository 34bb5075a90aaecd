"""The page of pairs that may be the same: why, and what a person decides there without leaving it."""

import pytest
from sqlalchemy import select, update

from app.auth.vocabulary import Role
from grid.models import Unit
from petitions.labels import label
from petitions.models import Case, CaseDismissal, ImportRun
from petitions.sameness.noticing import claim_comparison, compare_next
from tests.factories.cases import make_case
from tests.factories.street import make_actor
from tests.petitions.importing.files import NOW, bring_in, csv_file, order
from tests.web.parts import faults
from tests.web.test_pages import asked


@pytest.fixture
def clerk(session, tiny, login_as):
    client = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    session.commit()
    return client


@pytest.fixture
def pair(session, tiny):
    """An earlier case, and one that an import has brought and that was compared with it."""
    old = make_case(session, tiny.street.id, title="路灯不亮", address="甲街道迎春路3号", source_number="0")
    bring_in(session, tiny.street.id, csv_file([order("1")]))
    comparison = claim_comparison(session)
    while compare_next(session, comparison, NOW):
        pass
    session.commit()
    return old, session.scalars(select(Case).where(Case.source_number == "1")).one()


def rewrite(session, **columns):
    """Every case bears these from now on, whatever its history says."""
    session.execute(update(Case).values(columns).execution_options(synchronize_session=False))
    session.commit()
    session.expire_all()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_pair_is_shown_with_its_reasons_and_the_forms_to_decide_it(clerk, session, pair, language):
    run = session.scalars(select(ImportRun)).one()
    page = clerk.get(f"/alike?run={run.id}", headers={"Accept-Language": language}).text
    assert faults(page) == []
    assert ("the same address" if language == "en" else "地址相同") in page
    assert f"/cases/{pair[1].number}/sameness/dismiss" in page


def test_who_decides_there_comes_back_there_and_the_pair_is_gone(clerk, session, pair):
    old, new = pair
    run = session.scalars(select(ImportRun)).one()
    form = {"version": new.event_count, "other": old.number, "reason": "两盏灯", "listed": "1", "run": run.id}
    answer = clerk.post(f"/cases/{new.number}/sameness/dismiss", data=form)
    assert (answer.status_code, answer.location) == (302, f"/alike?run={run.id}")
    assert session.scalars(select(CaseDismissal.case_id)).all() == [new.id]
    assert new.number not in clerk.get(answer.location).text


@pytest.mark.parametrize(("version", "reason", "status"), [(0, "", 422), (-1, "两盏不同的灯", 409)])
def test_what_is_refused_on_the_list_is_shown_on_the_case_with_all_that_was_typed(
    clerk, session, pair, version, reason, status
):
    old, new = pair
    form = {"version": new.event_count + version, "other": old.number, "reason": reason, "listed": "1"}
    answer = clerk.post(f"/cases/{new.number}/sameness/dismiss", data=form)
    assert answer.status_code == status
    assert "alert-danger" in answer.text
    assert f">{reason}</textarea>" in answer.text
    assert session.scalars(select(CaseDismissal)).all() == []


def test_what_was_typed_of_a_pair_that_is_no_longer_alike_is_kept_in_the_form_by_number(
    clerk, session, tiny, pair
):
    old, new = pair
    otherwise = {"title": "别的事", "address": "别处一号", "point": None}
    session.execute(update(Case).where(Case.id == new.id).values(otherwise))
    session.commit()
    form = {"version": new.event_count - 1, "other": old.number, "reason": "两盏不同的灯", "listed": "1"}
    answer = clerk.post(f"/cases/{new.number}/sameness/dismiss", data=form)
    assert answer.status_code == 409
    assert "两盏不同的灯</textarea>" in answer.text
    assert f'id="by-number-other" name="other" type="text" value="{old.number}"' in answer.text


def test_both_matters_stand_side_by_side_with_all_that_is_needed_to_decide(clerk, session, pair):
    page = clerk.get("/alike").text
    for case in pair:
        assert case.title in page
        assert case.body in page
        assert case.address in page
        assert f" · {session.get(Unit, case.holder_id).name}</p>" in page
        assert f" · {label(case.state)} · " in page


@pytest.mark.parametrize(("length", "is_folded"), [(160, False), (161, True)])
def test_a_long_text_is_folded_and_still_there_as_a_whole(clerk, session, tiny, pair, length, is_folded):
    rewrite(session, body="灯" * length)
    page = clerk.get("/alike").text
    assert "灯" * length in page
    assert ('<details class="long-text">' in page) == is_folded


def test_numbers_in_texts_are_masked_for_who_reads_no_names(session, tiny, pair, login_as, clerk):
    number = "13800138000"
    # The cases lie in the community and are with the street above it.
    there = {"community_id": tiny.a.id, "holder_id": tiny.street.id, "holder_tier": "street"}
    rewrite(session, body=f"请打{number}", title=f"回电{number}", **there)
    for path in ("/alike", "/cases"):
        assert number in clerk.get(path).text
    viewer = login_as(make_actor(session, tiny.a, Role.COMMUNITY_LEAD))
    session.commit()
    for path in ("/alike", "/cases", f"/cases/{pair[0].number}"):
        page = viewer.get(path)
        assert page.status_code == 200
        assert number not in page.text
        assert "138****8000" in page.text


@pytest.mark.parametrize(("language", "words"), [("zh", "地点不同"), ("en", "Another place")])
def test_a_ready_ground_decides_and_is_told_in_the_history_in_the_readers_language(
    clerk, session, pair, language, words
):
    old, new = pair
    asked_in = {"Accept-Language": language}
    assert 'name="ground" value="other_place"' in clerk.get("/alike", headers=asked_in).text
    form = {"version": new.event_count, "other": old.number, "ground": "other_place", "listed": "1"}
    assert clerk.post(f"/cases/{new.number}/sameness/dismiss", data=form).status_code == 302
    assert words in clerk.get(f"/cases/{new.number}", headers=asked_in).text


def test_a_ground_that_is_none_decides_nothing(clerk, session, pair):
    old, new = pair
    form = {"version": new.event_count, "other": old.number, "ground": "whim", "reason": "两盏灯"}
    answer = clerk.post(f"/cases/{new.number}/sameness/dismiss", data=form)
    assert answer.status_code == 422
    assert faults(answer.text) == []
    assert f'id="alike-{new.number}-{old.number}-fault"' in answer.text
    assert session.scalars(select(CaseDismissal)).all() == []


def test_the_texts_of_many_pairs_take_no_more_statements_than_those_of_one(
    clerk, session, tiny, pair, statements
):
    few = asked(session, clerk, "/alike", statements)
    bring_in(session, tiny.street.id, csv_file([order(str(number)) for number in range(2, 8)]))
    comparison = claim_comparison(session)
    while compare_next(session, comparison, NOW):
        pass
    session.commit()
    assert "共1" not in clerk.get("/alike").text
    assert asked(session, clerk, "/alike", statements) == few

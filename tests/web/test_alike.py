"""The page of pairs that may be the same: why, and what a person decides there without leaving it."""

import pytest
from sqlalchemy import select

from app.auth.vocabulary import Role
from petitions.models import Case, CaseDismissal, ImportRun
from petitions.sameness.noticing import claim_comparison, compare_next
from tests.factories.cases import make_case
from tests.factories.street import make_actor
from tests.petitions.importing.files import NOW, bring_in, csv_file, order
from tests.web.parts import faults


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


def test_what_is_missing_is_said_on_the_list_and_decides_nothing(clerk, session, pair):
    old, new = pair
    form = {"version": new.event_count, "other": old.number, "reason": "", "listed": "1", "page": "1"}
    answer = clerk.post(f"/cases/{new.number}/sameness/dismiss", data=form)
    assert (answer.status_code, answer.location) == (302, "/alike?page=1")
    page = clerk.get(answer.location).text
    assert f"{new.number}: " in page
    assert "alert-danger" in page
    assert session.scalars(select(CaseDismissal)).all() == []

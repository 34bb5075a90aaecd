"""On the page of a case: what may be the same and why, what a person decides, what belongs together."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from petitions.models import Case, CaseDismissal
from petitions.vocabulary import CaseKind, Verb
from tests.factories.street import TinyStreet, make_actor
from tests.petitions.sameness.family import LATER, decided, some_cases
from tests.web.parts import faults
from tests.web.sameness.forms import ENGLISH, decide, fresh
from tests.web.test_pages import MOST_STATEMENTS, asked

Login = Callable[[Actor], FlaskClient]


def test_what_may_be_the_same_is_shown_with_its_score_in_words_and_its_reasons(
    browser: FlaskClient, pair: tuple[Case, Case]
) -> None:
    first, again = pair
    page = browser.get(f"/cases/{again.number}", headers=ENGLISH).text
    part = unescape(browser.get(f"/cases/{again.number}/sameness/alike", headers=ENGLISH).text)

    assert f'hx-get="/cases/{again.number}/sameness/alike"' in page
    assert f'href="/cases/{first.number}"' in part
    assert "Very likely the same" in part
    for reason in ("the same telephone or identity number", "0 m apart", "alike in title", "alike in text"):
        assert reason in part
    shares = [int(share) for share in re.findall(r'<span class="num">([+-]\d+)</span>', part)]
    (total,) = (int(percent) for percent in re.findall(r'<span class="num">(\d+) %</span>', part))
    assert abs(sum(shares) - total) <= len(shares)
    assert browser.get(f"/cases/{first.number}/sameness/alike").text.strip() == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_well_formed_with_all_its_ties_and_forms(
    session: Session,
    tiny: TinyStreet,
    lead: Actor,
    browser: FlaskClient,
    pair: tuple[Case, Case],
    language: str,
) -> None:
    first, again = pair
    third, master = some_cases(session, tiny, 2, kind=CaseKind.HOTLINE)
    decided(session, lead, again, Verb.LINK_REPEAT, first)
    decided(session, lead, third, Verb.MERGE, first)
    session.commit()

    for case in (first, again, third, master):
        page = browser.get(f"/cases/{case.number}", headers={"Accept-Language": language})
        assert page.status_code == 200
        assert faults(page.text) == []
        part = browser.get(f"/cases/{case.number}/sameness/alike", headers={"Accept-Language": language})
        assert part.status_code == 200


def test_each_page_shows_the_other_of_a_repeat(
    session: Session, browser: FlaskClient, pair: tuple[Case, Case]
) -> None:
    first, again = pair
    answer = decide(browser, again, "link_repeat", other=first.number)

    assert answer.location == f"/cases/{again.number}"
    assert fresh(session, again).repeat_of_id == first.id
    assert f'href="/cases/{first.number}"' in browser.get(f"/cases/{again.number}").text
    assert f'href="/cases/{again.number}"' in browser.get(f"/cases/{first.number}").text


def test_merged_and_separated_on_the_page(
    session: Session, browser: FlaskClient, pair: tuple[Case, Case]
) -> None:
    master, case = pair
    decide(browser, case, "merge", other=master.number, reason="同一盏灯")
    assert fresh(session, case).master_id == master.id
    page = browser.get(f"/cases/{case.number}", headers=ENGLISH).text
    assert "Merged under, and answered with it" in page
    assert "Merged under this case" in browser.get(f"/cases/{master.number}", headers=ENGLISH).text
    for gone in ("sign_for", "mediation/open", "sameness/split"):
        assert f"/cases/{case.number}/{gone}" not in page

    decide(browser, fresh(session, case), "unmerge", reason="另一盏灯")
    assert fresh(session, case).master_id is None


def test_a_dismissed_suggestion_is_gone(
    session: Session, browser: FlaskClient, pair: tuple[Case, Case]
) -> None:
    first, again = pair
    decide(browser, again, "dismiss", other=first.number, reason="不同的灯")

    assert session.scalars(select(CaseDismissal.other_id)).one() == first.id
    assert first.number not in browser.get(f"/cases/{again.number}/sameness/alike").text


def test_a_decision_without_its_reason_is_told_where_it_was_made_and_keeps_what_was_written(
    session: Session, browser: FlaskClient, pair: tuple[Case, Case]
) -> None:
    first, again = pair
    answer = decide(browser, again, "dismiss", other=first.number, reason=" ")

    assert answer.status_code == 422
    assert faults(answer.text) == []
    assert f'id="alike-{again.number}-{first.number}-reason-fault"' in answer.text
    assert fresh(session, again).event_count == 1


@pytest.mark.parametrize("number", ["", "440799001-H1999-000001"])
def test_a_number_that_is_none_is_told_at_its_field(
    browser: FlaskClient, pair: tuple[Case, Case], number: str
) -> None:
    answer = decide(browser, pair[1], "merge", other=number, reason="写着玩", by_number="1")

    assert answer.status_code == 422
    assert 'id="by-number-other-fault"' in answer.text
    assert "写着玩" in answer.text


def test_whoever_decides_on_an_old_page_is_told_what_is_new(
    session: Session, browser: FlaskClient, pair: tuple[Case, Case]
) -> None:
    first, again = pair
    old = str(again.event_count)
    decide(browser, again, "dismiss", other=first.number, reason="不同的灯")

    answer = decide(browser, again, "merge", other=first.number, reason="同一盏灯", version=old)
    assert answer.status_code == 409
    assert fresh(session, again).master_id is None


def test_the_other_case_is_hidden_from_whoever_may_not_see_it(
    session: Session, tiny: TinyStreet, lead: Actor, login_as: Login, pair: tuple[Case, Case]
) -> None:
    (far,) = some_cases(
        session,
        tiny,
        1,
        kind=CaseKind.HOTLINE,
        lon=None,
        lat=None,
        datum=None,
        address="西湖社区",
        title="桥头积水",
    )
    assert far.holder_id == tiny.b.id
    decided(session, lead, pair[1], Verb.MERGE, far)
    worker = login_as(make_actor(session, tiny.a1, Role.GRID_WORKER))
    session.commit()

    page = worker.get(f"/cases/{pair[1].number}", headers=ENGLISH).text
    history = page.index("case-history")
    assert "A case outside your area." in page
    assert far.title not in page
    assert f'href="/cases/{far.number}"' not in page[:history]


def test_a_worker_sees_no_form_for_what_only_a_lead_may(
    session: Session, tiny: TinyStreet, login_as: Login, pair: tuple[Case, Case]
) -> None:
    worker = login_as(make_actor(session, tiny.a1, Role.GRID_WORKER))
    session.commit()
    page = worker.get(f"/cases/{pair[1].number}").text

    assert "/sameness/merge" not in page
    assert "/sameness/split" not in page
    assert "/sameness/link_repeat" in page
    assert decide(worker, pair[1], "merge", other=pair[0].number, reason="同一盏灯").status_code == 403
    assert decide(worker, pair[1], "split", reason="两件事").status_code == 403


def test_the_page_and_its_part_ask_few_statements(
    session: Session, lead: Actor, login_as: Login, pair: tuple[Case, Case], statements: list[str]
) -> None:
    browser = login_as(lead)
    number = pair[1].number

    assert asked(session, browser, f"/cases/{number}", statements) <= MOST_STATEMENTS
    assert asked(session, browser, f"/cases/{number}/sameness/alike", statements) <= MOST_STATEMENTS


def test_the_page_of_a_case_that_is_tied_asks_few_statements(
    session: Session, lead: Actor, login_as: Login, pair: tuple[Case, Case], statements: list[str]
) -> None:
    master, case = pair
    numbers = [one.number for one in pair]
    decided(session, lead, case, Verb.LINK_REPEAT, master, now=LATER)
    decided(session, lead, case, Verb.MERGE, master, now=LATER)
    browser = login_as(lead)

    for number in numbers:
        assert asked(session, browser, f"/cases/{number}", statements) <= MOST_STATEMENTS


def test_an_action_that_is_none_is_not_found(browser: FlaskClient, pair: tuple[Case, Case]) -> None:
    assert decide(browser, pair[1], "elope").status_code == 404
    assert decide(browser, pair[1], "follow").status_code == 404


def test_the_history_says_in_words_what_belongs_together(
    session: Session, lead: Actor, browser: FlaskClient, pair: tuple[Case, Case]
) -> None:
    master, case = pair
    decided(session, lead, case, Verb.MERGE, master, now=LATER)
    session.commit()

    told = unescape(browser.get(f"/cases/{master.number}", headers=ENGLISH).text)
    assert "Follows from a related case" in told
    assert case.number in told[told.index("case-history") :]

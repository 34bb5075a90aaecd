"""On the page of an order: split into the matters that it is, or refused with all that was written kept."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.clock import now
from petitions.models import Case
from petitions.vocabulary import Ending
from tests.factories.street import TinyStreet, make_actor
from tests.petitions.sameness.family import cut, end
from tests.web.parts import faults
from tests.web.sameness.forms import ENGLISH, decide, fresh

Login = Callable[[Actor], FlaskClient]


def test_an_order_is_split_on_the_page_and_ends_with_its_parts(
    session: Session, tiny: TinyStreet, lead: Actor, browser: FlaskClient, pair: tuple[Case, Case]
) -> None:
    _, order = pair
    form = {
        "part-0-body": "路灯不亮。",
        "part-0-category": "照明",
        "part-0-sure": "照明",
        "part-1-body": "",
        "part-5-body": "夜里施工。",
        "part-5-unit": tiny.b1.code,
        "reason": "两件事",
    }
    answer = decide(browser, order, "split", **form)
    assert answer.location == f"/cases/{order.number}"
    one, other = session.scalars(select(Case).where(Case.parent_id == order.id).order_by(Case.id))
    assert (one.category, other.holder_id) == ("照明", tiny.b1.id)

    page = browser.get(f"/cases/{order.number}").text
    assert f'href="/cases/{one.number}"' in page
    assert f'href="/cases/{order.number}"' in browser.get(f"/cases/{other.number}").text
    for part in (one, other):
        end(session, part, lead, Ending.SOLVED, now())
    assert fresh(session, order).ending is Ending.SOLVED


def test_an_order_that_was_split_names_no_limit_of_its_own_and_its_part_is_not_merged_or_split(
    session: Session, lead: Actor, browser: FlaskClient, pair: tuple[Case, Case]
) -> None:
    _, order = pair
    before = browser.get(f"/cases/{order.number}", headers=ENGLISH).text
    assert f"/cases/{order.number}/sameness/split" in before
    part, _ = cut(session, order, lead)
    session.commit()

    told = browser.get(f"/cases/{order.number}", headers=ENGLISH).text
    assert "none: its parts have theirs" in told
    for limit in ("after that the case goes up", "To be signed for by"):
        assert limit not in told
        assert limit in before
    told = browser.get(f"/cases/{part.number}", headers=ENGLISH).text
    assert "after that the case goes up" in told
    assert f"/cases/{part.number}/sameness/link_repeat" in told
    assert f"/cases/{part.number}/sameness/split" not in told
    assert f"/cases/{part.number}/sameness/merge" not in told


def test_a_split_that_is_refused_keeps_every_matter_as_it_was_written(
    session: Session, browser: FlaskClient, pair: tuple[Case, Case]
) -> None:
    form = {"part-0-body": "路灯不亮。", "part-1-title": "没有内容", "part-1-body": "", "reason": "两件事"}
    answer = decide(browser, pair[1], "split", **form)

    assert answer.status_code == 422
    assert faults(answer.text) == []
    assert 'id="part-1-body-fault"' in answer.text
    assert "没有内容" in answer.text
    assert fresh(session, pair[1]).part_count == 0


def test_a_unit_that_is_none_is_told_at_its_row(browser: FlaskClient, pair: tuple[Case, Case]) -> None:
    form = {"part-0-body": "一", "part-1-body": "二", "part-1-unit": "12", "reason": "两件事"}

    assert 'id="part-1-unit-fault"' in decide(browser, pair[1], "split", **form).text


def test_a_category_that_nobody_here_knows_is_asked_about_at_its_row(
    session: Session, browser: FlaskClient, pair: tuple[Case, Case]
) -> None:
    form = {"part-0-body": "一", "part-1-body": "二", "part-1-category": "照 明", "reason": "两件事"}
    answer = decide(browser, pair[1], "split", **form)

    assert answer.status_code == 422
    assert faults(answer.text) == []
    assert 'id="part-1-category-fault"' in answer.text
    assert 'name="part-1-sure" type="checkbox" value="照 明"' in answer.text
    assert 'name="part-0-sure"' not in answer.text
    assert fresh(session, pair[1]).part_count == 0

    assert decide(browser, pair[1], "split", **form, **{"part-1-sure": "另一个"}).status_code == 422
    assert decide(browser, pair[1], "split", **form, **{"part-1-sure": "照 明"}).status_code == 302


def test_who_is_sure_of_one_category_stays_so_while_the_other_is_asked_about(
    session: Session, browser: FlaskClient, pair: tuple[Case, Case]
) -> None:
    form = {"part-0-body": "一", "part-1-body": "二", "part-0-category": "甲类", "part-1-category": "乙类"}
    page = decide(browser, pair[1], "split", **form, reason="两件事", **{"part-0-sure": "甲类"}).text
    assert 'name="part-0-sure" type="checkbox" value="甲类" checked' in page
    assert 'name="part-1-sure" type="checkbox" value="乙类">' in page

    sure = {"part-0-sure": "甲类", "part-1-sure": "乙类"}
    assert decide(browser, pair[1], "split", **form, reason="", **sure).status_code == 422
    assert decide(browser, pair[1], "split", **form, reason="两件事", **sure).status_code == 302


def test_who_may_not_split_is_told_so_and_asked_nothing(
    session: Session, tiny: TinyStreet, pair: tuple[Case, Case], login_as: Login
) -> None:
    # The cases lie in the community and are with the street above it.
    there = {"community_id": tiny.a.id, "grid_id": None, "holder_id": tiny.street.id, "holder_tier": "street"}
    session.execute(update(Case).values(there))
    viewer = login_as(make_actor(session, tiny.a, Role.COMMUNITY_LEAD))
    session.commit()
    form = {"part-0-body": "一", "part-1-body": "二", "part-0-category": "甲类", "reason": "两件事"}
    answer = decide(viewer, pair[1], "split", **form)
    assert answer.status_code == 403
    assert "甲类" not in answer.text

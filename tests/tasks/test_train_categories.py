"""The tick of categories trains where enough was sorted, once, and looks anew at what waits."""

import pytest
from sqlalchemy import select

from petitions.categories import learning
from petitions.categories.suggesting import find_suggestion
from petitions.models import CategoryModel
from tasks.train_categories import train, train_due
from tests.factories.cases import make_case
from tests.petitions.categories.matters import matters

ENOUGH = learning.ANEW_FROM


@pytest.fixture
def sort(session, tiny):
    """Give the street so many sorted cases."""

    def give(count, seed=1):
        for title, body, category in matters(count, seed):
            make_case(session, tiny.street.id, title=title, body=body, category=category)

    return give


def test_nothing_is_trained_before_enough_is_sorted(session, tiny, sort):
    sort(ENOUGH - 1)
    assert train_due() == 0
    assert session.scalars(select(CategoryModel)).all() == []


def test_enough_makes_a_model_once_which_looks_at_what_waits(session, tiny, sort):
    waiting = make_case(session, tiny.street.id, title="夜里音响吵闹", body="音响轰鸣，吵闹得睡不着。")
    sort(ENOUGH)
    assert train_due() == 1
    assert train_due() == 0
    session.expire_all()
    model = session.scalars(select(CategoryModel)).one()
    assert (model.street_id, model.seen) == (tiny.street.id, ENOUGH)
    assert find_suggestion(waiting).model_id == model.id


def test_as_many_again_make_the_next_and_the_former_keeps_only_its_figures(session, tiny, sort):
    sort(ENOUGH)
    train_due()
    sort(ENOUGH - 1, seed=2)
    assert train_due() == 0
    sort(1, seed=3)
    assert train_due() == 1
    session.expire_all()
    former, latest = session.scalars(select(CategoryModel).order_by(CategoryModel.id)).all()
    assert former.content is None
    assert latest.content is not None
    assert (former.seen, latest.seen) == (ENOUGH, 2 * ENOUGH)


def test_too_few_of_each_sort_make_no_model(session, tiny):
    for number in range(ENOUGH):
        make_case(session, tiny.street.id, title=f"事项{number}", category=f"种类{number}")
    assert train(tiny.street.id) is None
    assert train_due() == 0

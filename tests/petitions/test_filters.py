"""What a list may be narrowed by, and that the way to its next page says all of it."""

import pytest
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.auth.actor import SERVICE
from app.core.errors import Invalid
from petitions.filters import read_filters
from petitions.intake import PartyIntake
from petitions.queries import list_cases, search_cases
from tests.factories.cases import MORNING, make_case
from tests.factories.street import TinyStreet

PERIOD = {"from": "2020-01-01", "to": "2021-01-01", "as_of": "2021-01-01T00:00:00+08:00"}


@pytest.mark.parametrize("period", [{}, PERIOD])
@pytest.mark.parametrize(
    "narrow",
    [
        {},
        {"unit": "440799001101"},
        {"kind": "hotline"},
        {"kind": "dispute", "unit": "440799001", "channel": "visit"},
    ],
)
def test_the_next_page_is_asked_for_with_every_narrowing(
    session: Session, period: dict[str, str], narrow: dict[str, str]
) -> None:
    given = {**period, **narrow, "standing": "all"}

    assert read_filters(MultiDict(given), now=MORNING).to_args() == given


@pytest.mark.parametrize("query", [{"from": "2020-01-01"}, {"to": "2020-01-01"}, {"unit": "abc"}])
def test_half_a_period_and_a_word_for_a_unit_are_refused(session: Session, query: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        read_filters(query, now=MORNING)


@pytest.mark.parametrize("number", [2, 99999, 10**30])
def test_a_page_beyond_the_end_is_the_last_page(session: Session, tiny: TinyStreet, number: int) -> None:
    make_case(session, tiny.street.id)

    page = list_cases(session, SERVICE, read_filters({}, now=MORNING), number)

    assert (page.number, page.count, len(page.items)) == (1, 1, 1)


@pytest.mark.parametrize(
    "stored", ["10040560000", "１００４０５６００００", "100-4056-0000", "+86 100 4056 0000"]
)
@pytest.mark.parametrize(
    "asked", ["10040560000", "１００４０５６００００", "100 4056 0000", "+86-10040560000"]
)
def test_a_telephone_number_is_found_however_it_is_written(
    session: Session, tiny: TinyStreet, stored: str, asked: str
) -> None:
    make_case(session, tiny.street.id, parties=(PartyIntake(name="赵某某", phone=stored),))

    assert search_cases(session, SERVICE, asked).total == 1


def test_another_number_and_a_masked_one_find_nobody(session: Session, tiny: TinyStreet) -> None:
    make_case(session, tiny.street.id, parties=(PartyIntake(name="赵某某", phone="100****0000"),))

    assert search_cases(session, SERVICE, "10040560001").total == 0

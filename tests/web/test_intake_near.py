"""While a matter is written down, open ones like it nearby are shown: the same kind, near, and in reach."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core.clock import now
from petitions.models import Case
from petitions.vocabulary import CaseKind, Ending, OrderType
from tests.factories.cases import make_case
from tests.factories.street import TinyStreet, make_actor
from tests.petitions.sameness.test_candidates import METRE

Login = Callable[[Actor], FlaskClient]
TYPED = {"kind": "hotline", "order_type": "complaint", "address": "迎春路11号"}


@pytest.fixture
def clerk(session: Session, tiny: TinyStreet, login_as: Login) -> FlaskClient:
    """The browser of the street's hotline clerk."""
    return login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))


def a_case(session: Session, tiny: TinyStreet, **given: object) -> Case:
    """An open complaint at the address, received this morning."""
    present = now()
    plain = {"address": "迎春路11号", "received_at": present - timedelta(hours=3), "now": present}
    return make_case(session, tiny.street.id, **{**plain, **given})  # type: ignore[arg-type]


def test_an_open_matter_at_the_door_is_shown_with_a_link(
    clerk: FlaskClient, session: Session, tiny: TinyStreet
) -> None:
    case = a_case(session, tiny)

    assert f'href="/cases/{case.number}"' in clerk.post("/cases/new/place", data=TYPED).text


@pytest.mark.parametrize(("metres", "is_shown"), [(49, True), (51, False)])
def test_around_a_point_up_to_fifty_metres(
    clerk: FlaskClient, session: Session, tiny: TinyStreet, metres: int, is_shown: bool
) -> None:
    lon, lat = 113.065, 22.605
    case = a_case(session, tiny, address=None, lon=lon, lat=lat, datum="wgs84")
    place = {**TYPED, "address": "", "lon": str(lon), "lat": str(lat + metres * METRE)}

    assert (case.number in clerk.post("/cases/new/place", data=place).text) == is_shown


def test_a_door_that_no_map_knows_is_met_by_its_words(
    clerk: FlaskClient, session: Session, tiny: TinyStreet
) -> None:
    case = a_case(session, tiny, address="新街市三号铺")
    answer = clerk.post("/cases/new/place", data={**TYPED, "address": "新街市 3号铺"})

    assert case.number in answer.text


@pytest.mark.parametrize(
    "given",
    [
        {"order_type": OrderType.INQUIRY},
        {"kind": CaseKind.PETITION, "order_type": None},
        {"address": "迎春路51号"},
        {"received_at": now() - timedelta(days=85)},
    ],
)
def test_another_type_kind_door_or_season_is_not(
    clerk: FlaskClient, session: Session, tiny: TinyStreet, given: dict[str, object]
) -> None:
    case = a_case(session, tiny, **given)

    assert case.number not in clerk.post("/cases/new/place", data=TYPED).text


def test_an_ended_matter_is_not(clerk: FlaskClient, session: Session, tiny: TinyStreet) -> None:
    case = a_case(session, tiny)
    case.state, case.ending, case.ended_at = "closed", Ending.SOLVED, now()  # type: ignore[assignment]
    case.tier_due_at = case.tier_warn_at = None
    session.flush()

    assert case.number not in clerk.post("/cases/new/place", data=TYPED).text


def test_one_outside_the_persons_units_is_not(session: Session, tiny: TinyStreet, login_as: Login) -> None:
    case = a_case(session, tiny)
    inside = login_as(make_actor(session, tiny.a1, Role.GRID_WORKER))
    assert case.number in inside.post("/cases/new/place", data=TYPED).text

    outside = login_as(make_actor(session, tiny.b1, Role.GRID_WORKER))
    assert case.number not in outside.post("/cases/new/place", data=TYPED).text

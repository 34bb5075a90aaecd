"""Every address is guarded, and every role gets in exactly where it should."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import AdminRole, User
from app.auth.vocabulary import GRANTS, Permission, Role
from tests.factories.cases import make_case
from tests.factories.receptions import make_booking, make_reception
from tests.factories.screenings import make_screening
from tests.factories.street import TinyStreet, make_actor

PUBLIC = {"static", "auth.login", "auth.enter", "auth.language"}

PAGES = {
    "/inbox": None,
    "/password": None,
    "/cases": Permission.CASE_VIEW,
    "/cases/new": Permission.CASE_REGISTER,
    "/cases/export.xlsx": Permission.CASE_VIEW,
    "/cases/export.csv": Permission.CASE_VIEW,
    "/imports": Permission.CASE_IMPORT,
    "/policy": Permission.POLICY_MANAGE,
    "/policy/440799001/hotline/normal/grid": Permission.POLICY_MANAGE,
    "/stock": Permission.FIGURES_VIEW,
    "/holding": Permission.FIGURES_VIEW,
    "/receptions": Permission.RECEPTION_VIEW,
    "/receptions?show=owed": Permission.RECEPTION_VIEW,
    "/receptions/new": Permission.RECEPTION_MANAGE,
    "/screenings": Permission.CASE_VIEW,
    "/screenings/new": Permission.SCREENING_MANAGE,
    "/units": Permission.GRID_VIEW,
    "/drafts": Permission.GRID_DRAW,
    "/aliases": Permission.CASE_RULE,
    "/units/outlines.geojson?tier=grid": Permission.GRID_VIEW,
    "/people": Permission.PEOPLE_MANAGE,
    "/people/new": Permission.PEOPLE_MANAGE,
    "/repeats": Permission.FIGURES_VIEW,
    "/account-events": Permission.AUDIT_VIEW,
    "/calendar": Permission.CALENDAR_VIEW,
    "/calendar/load": Permission.CALENDAR_KEEP,
    "/calendar/differing": Permission.CASE_VIEW,
    "/channels": Permission.CHANNELS_MANAGE,
    "/upstreams": Permission.CHANNELS_MANAGE,
    "/categories": Permission.CASE_HANDLE,
    "/alike": Permission.CASE_VIEW,
    "/channels/parked": Permission.CHANNELS_MANAGE,
}

POSTS = {
    "/cases/{number}/note": Permission.CASE_VIEW,
    "/cases/{number}/sameness/merge": Permission.CASE_VIEW,
    "/cases/{number}/sameness/unmerge": Permission.CASE_VIEW,
    "/cases/{number}/sameness/link_repeat": Permission.CASE_VIEW,
    "/cases/{number}/sameness/unlink_repeat": Permission.CASE_VIEW,
    "/cases/{number}/sameness/dismiss": Permission.CASE_VIEW,
    "/cases/{number}/sameness/split": Permission.CASE_VIEW,
    "/cases/{number}/alias": Permission.CASE_RULE,
    "/cases/{number}/mediation/open": Permission.CASE_MEDIATE,
    "/cases/{number}/mediation/session": Permission.CASE_MEDIATE,
    "/cases/{number}/mediation/agreement": Permission.CASE_MEDIATE,
    "/cases/{number}/mediation/failure": Permission.CASE_MEDIATE,
    "/receptions/{reception}/plan": Permission.RECEPTION_MANAGE,
    "/receptions/{reception}/publish": Permission.RECEPTION_MANAGE,
    "/receptions/{reception}/cancel": Permission.RECEPTION_MANAGE,
    "/receptions/{reception}/book": Permission.RECEPTION_MANAGE,
    "/bookings/{booking}/answer": Permission.RECEPTION_MANAGE,
    "/bookings/{booking}/move": Permission.RECEPTION_MANAGE,
    "/screenings/{screening}/close": Permission.SCREENING_MANAGE,
    "/screenings/{screening}/grids/{grid}/nothing": Permission.CASE_HANDLE,
    "/screenings/{screening}/grids/{grid}/report": Permission.CASE_HANDLE,
    "/screenings/{screening}/grids/{grid}/retract": Permission.CASE_HANDLE,
}

# What belongs to no case, with the answer to an empty form.
PLAIN_POSTS = {
    "/inbox/read": (None, 302),
    "/password/mail": (None, 422),
    "/drafts": (Permission.GRID_DRAW, 422),
    "/aliases": (Permission.CASE_RULE, 422),
    "/aliases/0/confirm": (Permission.CASE_RULE, 404),
    "/aliases/0/refuse": (Permission.CASE_RULE, 404),
    "/drafts/0/edits": (Permission.GRID_DRAW, 422),
    "/drafts/0/undo": (Permission.GRID_DRAW, 422),
    "/drafts/0/discard": (Permission.GRID_DRAW, 404),
    "/drafts/0/publish": (Permission.GRID_DRAW, 404),
    "/channels": (Permission.CHANNELS_MANAGE, 422),
    "/channels/0/off": (Permission.CHANNELS_MANAGE, 404),
    "/channels/parked/again": (Permission.CHANNELS_MANAGE, 302),
}


def make_admin(session: Session, role: Role) -> Actor:
    """A person with one of the three offices and no posting."""
    user = User(username=role.value, name="管理员", password_hash="none")
    session.add(user)
    session.flush()
    session.add(AdminRole(user_id=user.id, role=role))
    session.flush()
    return Actor(user.id, user.name, frozenset({role}))


def make_person(session: Session, tiny: TinyStreet, role: Role) -> Actor:
    """A person of that role, posted to the whole street where the role is posted at all."""
    return (
        make_admin(session, role) if role.value.endswith("_admin") else make_actor(session, tiny.street, role)
    )


def test_every_address_says_who_may_see_it(app: Flask) -> None:
    unguarded = [name for name, view in app.view_functions.items() if not hasattr(view, "guard")]

    assert set(unguarded) <= {"static"}


def test_only_the_login_and_the_language_are_open_to_all(app: Flask) -> None:
    open_to_all = {
        name for name, view in app.view_functions.items() if getattr(view, "guard", "") == "public"
    }

    assert open_to_all == PUBLIC - {"static"}


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_the_login(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.location.startswith("/login")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", Role)
def test_a_role_opens_the_pages_it_is_granted_and_no_other(
    session: Session,
    tiny: TinyStreet,
    login_as: Callable[[Actor], FlaskClient],
    role: Role,
    path: str,
) -> None:
    permission = PAGES[path]
    allowed = permission is None or permission in GRANTS[role]

    # A file is closed with its answer.
    with login_as(make_person(session, tiny, role)).get(path) as answer:
        assert answer.status_code == (200 if allowed else 403)


@pytest.mark.parametrize(
    ("place", "status"), [("street", 200), ("a", 200), ("a1", 200), ("a2", 404), ("b", 404), ("b1", 404)]
)
def test_a_case_is_seen_from_its_units_and_from_nowhere_else(
    session: Session, tiny: TinyStreet, login_as: Callable[[Actor], FlaskClient], place: str, status: int
) -> None:
    case = make_case(session, tiny.street.id, address="迎春路11号", title="围墙外的路灯")
    assert case.grid_id == tiny.a1.id
    number = case.number
    client = login_as(make_actor(session, getattr(tiny, place), Role.COMMUNITY_LEAD))
    session.commit()
    is_seen = status == 200

    assert client.get(f"/cases/{number}").status_code == status
    assert (number in client.get("/cases").text) == is_seen
    assert (number in client.post("/cases/search", data={"q": "路灯"}).text) == is_seen
    assert client.post("/cases/search", data={"q": number}).status_code == (302 if is_seen else 200)


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("role", Role)
def test_what_a_role_may_not_do_is_forbidden_and_what_lies_outside_is_not_found(
    session: Session,
    tiny: TinyStreet,
    login_as: Callable[[Actor], FlaskClient],
    role: Role,
    path: str,
) -> None:
    case = make_case(session, tiny.street.id, address="迎春路11号")
    leader = make_actor(session, tiny.street, Role.STREET_LEADER)
    day = make_reception(session, tiny.street.id, leader)
    place = {
        "number": case.number,
        "reception": day.id,
        "booking": make_booking(session, day, leader).id,
        "screening": make_screening(session, tiny.a, leader).id,
        "grid": tiny.a1.code,
    }
    person = (
        make_admin(session, role) if role.value.endswith("_admin") else make_actor(session, tiny.b1, role)
    )

    answer = login_as(person).post(path.format(**place), data={"version": case.event_count})

    assert answer.status_code == (404 if POSTS[path] in GRANTS[role] else 403)


@pytest.mark.parametrize("path", PLAIN_POSTS)
@pytest.mark.parametrize("role", Role)
def test_a_form_that_belongs_to_no_case_is_taken_from_the_roles_that_may_send_it(
    session: Session,
    tiny: TinyStreet,
    login_as: Callable[[Actor], FlaskClient],
    role: Role,
    path: str,
) -> None:
    permission, status = PLAIN_POSTS[path]
    allowed = permission is None or permission in GRANTS[role]

    answer = login_as(make_person(session, tiny, role)).post(path, data={})

    assert answer.status_code == (status if allowed else 403)


@pytest.mark.parametrize("path", PLAIN_POSTS)
def test_a_stranger_who_sends_such_a_form_is_sent_to_the_login(client: FlaskClient, path: str) -> None:
    assert client.post(path).location.startswith("/login")


@pytest.mark.parametrize(("place", "status"), [("a", 200), ("a1", 200), ("a2", 404), ("b", 404)])
def test_a_unit_and_its_outline_are_seen_from_itself_and_above(
    session: Session, tiny: TinyStreet, login_as: Callable[[Actor], FlaskClient], place: str, status: int
) -> None:
    client = login_as(make_actor(session, getattr(tiny, place), Role.GRID_WORKER))

    assert client.get(f"/units/{tiny.a1.code}").status_code == status
    assert client.get(f"/units/{tiny.a1.code}/outline.geojson").status_code == status


def test_the_map_shows_the_grids_in_reach_only(
    session: Session, tiny: TinyStreet, login_as: Callable[[Actor], FlaskClient]
) -> None:
    client = login_as(make_actor(session, tiny.a, Role.COMMUNITY_LEAD))

    found = client.get("/units/outlines.geojson?tier=grid").get_json()["features"]

    assert [feature["properties"]["code"] for feature in found] == [tiny.a1.code, tiny.a2.code]

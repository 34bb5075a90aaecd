"""The pages of drafts: begun, edited as JSON, checked, tried, published or given up."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.core import clock
from grid.models import Draft, Revision
from grid.vocabulary import DraftState
from tests.factories.cases import make_case
from tests.factories.street import IN_A1, TinyStreet, make_actor, make_street
from tests.grid.drafting.lands import line

Login = Callable[[Actor], FlaskClient]
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def leader(session: Session, tiny: TinyStreet, login_as: Login) -> FlaskClient:
    """The street's leader at a browser."""
    return login_as(make_actor(session, tiny.street, Role.STREET_LEADER))


@pytest.fixture
def url(leader: FlaskClient) -> str:
    """The address of a draft that has just been begun."""
    answer = leader.post("/drafts", data={"name": "新小区"})
    assert answer.status_code == 302
    return str(answer.location)


def split(tiny: TinyStreet, seen: int = 0, **said: Any) -> dict[str, Any]:
    cut = line((113.066, 22.60), (113.066, 22.61))
    plain = {"grid": tiny.a1.code, "line": cut, "code": tiny.a.code + "003", "name": "新", "larger": True}
    return {"kind": "split", "said": {**plain, **said}, "seen": seen}


def test_a_draft_without_a_name_is_begun_again_with_the_reason(leader: FlaskClient) -> None:
    answer = leader.post("/drafts", data={"name": " "}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "a name of 1 to 60 characters is needed" in answer.text


def test_the_editor_reads_the_land_the_edits_and_the_next_codes(
    leader: FlaskClient, tiny: TinyStreet, url: str
) -> None:
    assert "draft-map" in leader.get(url).text
    state = leader.get(f"{url}/state.json").get_json()
    assert [one["free"] for one in state["communities"]] == [tiny.a.code + "003", tiny.b.code + "002"]
    assert {feature["properties"]["code"] for feature in state["land"]["features"]} == {
        tiny.a1.code,
        tiny.a2.code,
        tiny.b1.code,
    }
    assert (state["seen"], state["edits"], state["conflict"]) == (0, [], None)
    lanes = leader.get(f"{url}/lanes.geojson").get_json()
    assert [lane["properties"]["name"] for lane in lanes["features"]] == ["迎春路"]


def test_an_edit_is_kept_told_in_words_and_taken_back(
    leader: FlaskClient, tiny: TinyStreet, url: str
) -> None:
    state = leader.post(f"{url}/edits", json=split(tiny), headers=ENGLISH).get_json()
    assert [edit["words"] for edit in state["edits"]] == ["东湖社区001网格 split; the new part is 新"]
    changed = [f["properties"]["code"] for f in state["land"]["features"] if f["properties"]["changed"]]
    assert changed == [tiny.a1.code, tiny.a.code + "003"]
    again = leader.post(f"{url}/edits", json=split(tiny, seen=0), headers=ENGLISH)
    assert (again.status_code, "Somebody else" in again.get_json()["message"]) == (409, True)
    assert leader.post(f"{url}/undo", json={}).get_json()["edits"] == []
    assert leader.post(f"{url}/undo", json={}).status_code == 409


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"kind": "fly", "said": {}},
        {"kind": "split", "said": "x"},
        {"kind": "split", "said": {"grid": {"$": 1}}},
        {"kind": ["split"], "said": {}},
        {"kind": "close", "said": {"grid": "9" * 15}},
    ],
)
def test_what_is_no_edit_is_answered_with_a_reason(
    leader: FlaskClient, url: str, sent: dict[str, Any]
) -> None:
    answer = leader.post(f"{url}/edits", json=sent)
    assert answer.status_code == 422
    assert answer.get_json()["message"]
    assert leader.post(f"{url}/edits", data="{", content_type="application/json").status_code == 422


def test_the_findings_say_what_blocks_and_where(leader: FlaskClient, tiny: TinyStreet, url: str) -> None:
    assert leader.get(f"{url}/findings.json").get_json()["ok"] is True
    leader.post(f"{url}/edits", json={"kind": "close", "said": {"grid": tiny.a1.code}, "seen": 0})
    found = leader.get(f"{url}/findings.json").get_json()
    assert found["ok"] is False
    first = found["findings"][0]
    assert (first["check"], first["blocking"], first["shape"]["type"]) == ("gap", True, "Polygon")
    answer = leader.post(f"{url}/publish", follow_redirects=True)
    assert "须先解决1个问题" in answer.text


def test_the_trial_shows_who_would_have_had_what_and_publishing_puts_it_in_force(
    session: Session, leader: FlaskClient, tiny: TinyStreet, url: str
) -> None:
    now = clock.now()
    place = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84"}
    case = make_case(session, tiny.street.id, received_at=now, now=now, **place)
    leader.post(f"{url}/edits", json=split(tiny))
    trial = leader.get(f"{url}/trial?first=2020-01-01&end=2100-01-01").text
    assert "1件在办事项将转移" in trial
    assert case.number in trial
    assert leader.get(f"{url}/trial?first=2020-01-01&end=x").status_code == 422
    assert leader.get(f"{url}/trial").status_code == 200

    assert leader.post(f"{url}/publish").location == "/units"
    assert session.scalars(select(Draft.state)).one() is DraftState.PUBLISHED
    assert len(session.scalars(select(Revision)).all()) == 2
    # It is read and no more drawn on; nothing of the past is offered to be published again.
    assert "draft-publish" not in leader.get(url).text
    shown = leader.get(f"{url}/state.json").get_json()
    assert (shown["conflict"], len(shown["edits"]), shown["edits"][0]["words"][:2]) == (None, 1, "分割")
    assert leader.get(f"{url}/findings.json").status_code == 200
    assert leader.post(f"{url}/edits", json=split(tiny)).status_code == 409


def test_a_draft_that_conflicts_says_so_and_can_be_taken_back(
    session: Session, leader: FlaskClient, tiny: TinyStreet, url: str
) -> None:
    other = str(leader.post("/drafts", data={"name": "另一"}).location)
    leader.post(f"{other}/edits", json=split(tiny, code=tiny.a.code + "004"))
    leader.post(f"{url}/edits", json=split(tiny))
    leader.post(f"{url}/publish")
    state = leader.get(f"{other}/state.json").get_json()
    assert tiny.a1.code in state["conflict"]
    assert leader.get(f"{other}/findings.json").status_code == 409
    assert leader.get(f"{other}/trial").status_code == 409
    assert leader.post(f"{other}/undo", json={}).get_json()["conflict"] is None


def test_a_draft_that_was_given_up_stands_in_the_list(leader: FlaskClient, url: str) -> None:
    assert leader.post(f"{url}/discard").location == "/drafts"
    assert "已放弃" in leader.get("/drafts").text


def test_nobody_else_reads_or_draws_it(
    session: Session, tiny: TinyStreet, login_as: Login, leader: FlaskClient, url: str
) -> None:
    elsewhere = make_street(session, "440799002", "乙街道")
    stranger = login_as(make_actor(session, elsewhere.street, Role.STREET_LEADER, "elsewhere"))
    for path in ("", "/state.json", "/findings.json", "/lanes.geojson", "/trial"):
        assert stranger.get(url + path).status_code == 404
    assert stranger.post(f"{url}/edits", json=split(tiny)).status_code == 404
    clerk = login_as(make_actor(session, tiny.street, Role.HOTLINE_CLERK))
    for path in ("", "/trial"):
        assert clerk.get(url + path).status_code == 403
    assert "/drafts" not in clerk.get("/units").text

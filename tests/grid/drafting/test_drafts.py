"""Drafts: who draws, edits added and taken back, and two at once that do not spoil each other."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.models import User
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from grid.drafting import drafts
from grid.drafting.loading import edited_land, load_land, revision_in_force
from grid.drafting.publishing import publish
from grid.models import Draft, DraftEdit
from grid.postings import actor_on, post
from grid.vocabulary import DraftState
from tests.factories.cases import MORNING
from tests.factories.street import FIRST_DAY, TODAY, TinyStreet, make_actor, make_street
from tests.grid.drafting.lands import flaws, line, polygon

pytestmark = pytest.mark.usefixtures("english")

HOUR = timedelta(hours=1)


@pytest.fixture
def leader(session: Session, tiny: TinyStreet) -> Actor:
    """Who leads the street."""
    return make_actor(session, tiny.street, Role.STREET_LEADER)


@pytest.fixture
def draft(session: Session, tiny: TinyStreet, leader: Actor) -> Draft:
    """An empty draft."""
    return drafts.open_draft(session, tiny.street.id, name="调整", actor=leader, now=MORNING)


def halve(tiny: TinyStreet, code: str, at: float = 113.065) -> dict[str, object]:
    return {"grid": tiny.a1.code, "line": line((at, 22.60), (at, 22.61)), "code": code, "name": "新"}


def test_the_land_of_a_revision_is_what_was_drawn(session: Session, tiny: TinyStreet) -> None:
    land = load_land(session, tiny.street.id, revision_in_force(session, tiny.street.id))
    assert set(land.outlines) == {tiny.a1.code, tiny.a2.code, tiny.b1.code}
    assert land.units[tiny.a.code].name == "东湖社区"
    assert max(flaws(land).values()) < 0.01


def test_an_edit_counts_until_it_is_taken_back(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    code = drafts.free_codes(session, tiny.street.id, edited_land(session, draft))[tiny.a.code]
    assert code == tiny.a.code + "003"
    drafts.add_edit(session, draft, "split", halve(tiny, code), seen=0, actor=leader, now=MORNING)
    assert code in edited_land(session, draft).units
    drafts.undo(session, draft, actor=leader, now=MORNING + HOUR)
    assert code not in edited_land(session, draft).units
    # What was drawn and taken back stays to be read.
    assert session.scalars(select(DraftEdit.undone_at)).all() == [MORNING + HOUR]
    with pytest.raises(Conflict):
        drafts.undo(session, draft, actor=leader, now=MORNING)


def test_an_edit_upon_a_page_of_before_is_refused(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    first = halve(tiny, tiny.a.code + "003")
    drafts.add_edit(session, draft, "split", first, seen=0, actor=leader, now=MORNING)
    with pytest.raises(Conflict, match="Somebody else"):
        drafts.add_edit(session, draft, "close", {"grid": tiny.a2.code}, seen=0, actor=leader, now=MORNING)


def test_an_edit_that_makes_no_sense_is_not_kept(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    with pytest.raises(Invalid):
        drafts.add_edit(session, draft, "merge", {"grids": [tiny.a1.code]}, actor=leader, now=MORNING)
    assert session.scalars(select(DraftEdit)).all() == []


def test_a_draft_has_so_many_edits_and_no_more(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "MOST_EDITS", 1)
    first = halve(tiny, tiny.a.code + "003")
    drafts.add_edit(session, draft, "split", first, actor=leader, now=MORNING)
    with pytest.raises(Conflict, match="1 edits"):
        drafts.add_edit(session, draft, "close", {"grid": tiny.a2.code}, actor=leader, now=MORNING)


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.HOTLINE_CLERK, Role.COMMUNITY_LEAD])
def test_only_the_leaders_of_a_street_draw_its_grids(
    session: Session, tiny: TinyStreet, draft: Draft, role: Role
) -> None:
    person = make_actor(session, tiny.street, role)
    with pytest.raises(Forbidden):
        drafts.open_draft(session, tiny.street.id, name="我的", actor=person, now=MORNING)
    with pytest.raises(Forbidden):
        drafts.undo(session, draft, actor=person, now=MORNING)


def test_a_leader_of_another_street_finds_no_such_draft(session: Session, draft: Draft) -> None:
    other = make_street(session, "440799002", "乙街道")
    stranger = make_actor(session, other.street, Role.STREET_LEADER)
    with pytest.raises(NotFound):
        drafts.get_draft(session, stranger, draft.id)


def test_a_draft_that_was_given_up_is_drawn_on_no_more(session: Session, draft: Draft, leader: Actor) -> None:
    drafts.discard(session, draft, actor=leader, now=MORNING)
    assert draft.state is DraftState.DISCARDED
    with pytest.raises(Conflict):
        drafts.add_edit(session, draft, "close", {"grid": "1"}, actor=leader, now=MORNING)


def test_two_drafts_take_different_codes(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    land = edited_land(session, draft)
    first = halve(tiny, drafts.free_codes(session, tiny.street.id, land)[tiny.a.code])
    drafts.add_edit(session, draft, "split", first, actor=leader, now=MORNING)
    other = drafts.open_draft(session, tiny.street.id, name="另一", actor=leader, now=MORNING)
    free = drafts.free_codes(session, tiny.street.id, edited_land(session, other))
    assert free[tiny.a.code] == tiny.a.code + "004"


def test_a_draft_of_elsewhere_is_taken_over_when_another_is_published(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    # This one cuts A1, the other cuts B1; B1 has a corner more for it, which is no change of B1.
    new_b = {
        "grid": tiny.b1.code,
        "line": line((113.065, 22.61), (113.065, 22.62)),
        "code": tiny.b.code + "002",
        "name": "新",
    }
    other = drafts.open_draft(session, tiny.street.id, name="另一", actor=leader, now=MORNING)
    drafts.add_edit(session, other, "split", new_b, actor=leader, now=MORNING)
    first = halve(tiny, tiny.a.code + "003", 113.067)
    drafts.add_edit(session, draft, "split", first, actor=leader, now=MORNING)
    publish(session, draft, actor=leader, now=MORNING)

    land = edited_land(session, other)
    assert {tiny.a.code + "003", tiny.b.code + "002"} <= land.units.keys()
    assert flaws(land)["unshared"] == 0
    publish(session, other, actor=leader, now=MORNING + HOUR)


def test_a_draft_of_the_same_grid_says_so_and_publishes_nothing(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    other = drafts.open_draft(session, tiny.street.id, name="另一", actor=leader, now=MORNING)
    drafts.add_edit(
        session, other, "split", halve(tiny, tiny.a.code + "003", 113.063), actor=leader, now=MORNING
    )
    drafts.add_edit(
        session, draft, "split", halve(tiny, tiny.a.code + "004", 113.067), actor=leader, now=MORNING
    )
    publish(session, draft, actor=leader, now=MORNING)
    with pytest.raises(Conflict, match=tiny.a1.code):
        publish(session, other, actor=leader, now=MORNING + HOUR)
    drafts.undo(session, other, actor=leader, now=MORNING + HOUR)
    assert tiny.a.code + "004" in edited_land(session, other).units


def test_a_street_without_boundaries_has_nothing_to_draw_on(session: Session, tiny: TinyStreet) -> None:
    with pytest.raises(Conflict, match="import"):
        drafts.open_draft(session, tiny.a.id, name="x", actor=OPERATOR, now=MORNING)


def test_a_draft_begun_before_a_publication_goes_on_with_what_is_in_force_now(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    other = drafts.open_draft(session, tiny.street.id, name="另一", actor=leader, now=MORNING)
    drafts.add_edit(session, other, "split", halve(tiny, tiny.a.code + "003"), actor=leader, now=MORNING)
    publish(session, other, actor=leader, now=MORNING)
    describe = {"grid": tiny.a1.code, "name": "东湖一", "households": 300, "residents": None}
    drafts.add_edit(session, draft, "describe", describe, actor=leader, now=MORNING)
    assert edited_land(session, draft).units[tiny.a1.code].name == "东湖一"


def test_a_new_grid_drawn_over_land_that_changed_hands_meanwhile_is_a_conflict(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    corners = polygon((113.066, 22.602), (113.07, 22.602), (113.07, 22.608), (113.066, 22.608))
    new = {"code": tiny.a.code + "009", "name": "新", "outline": corners}
    drafts.add_edit(session, draft, "add", new, actor=leader, now=MORNING)
    other = drafts.open_draft(session, tiny.street.id, name="另一", actor=leader, now=MORNING)
    moved = {
        tiny.a1.code: polygon((113.06, 22.60), (113.068, 22.60), (113.068, 22.61), (113.06, 22.61)),
        tiny.a2.code: polygon((113.068, 22.60), (113.08, 22.60), (113.08, 22.61), (113.068, 22.61)),
    }
    drafts.add_edit(session, other, "redraw", {"outlines": moved}, actor=leader, now=MORNING)
    publish(session, other, actor=leader, now=MORNING)
    with pytest.raises(Conflict, match=tiny.a1.code):
        publish(session, draft, actor=leader, now=MORNING + HOUR)


def test_a_name_that_another_publication_gave_is_not_written_over(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    by = {"actor": leader, "now": MORNING}
    # The names of a revision are kept with it from its publication on.
    first = drafts.open_draft(session, tiny.street.id, name="先", **by)
    drafts.add_edit(session, first, "split", halve(tiny, tiny.a.code + "003"), **by)
    publish(session, first, **by)
    drafts.add_edit(session, draft, "describe", {"grid": tiny.a2.code, "name": "旧名"}, **by)
    other = drafts.open_draft(session, tiny.street.id, name="另一", **by)
    drafts.add_edit(session, other, "describe", {"grid": tiny.a2.code, "name": "新名"}, **by)
    publish(session, other, **by)
    with pytest.raises(Conflict, match=tiny.a2.code):
        publish(session, draft, actor=leader, now=MORNING + HOUR)


def test_undo_and_publication_of_a_page_of_before_are_refused(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    by = {"actor": leader, "now": MORNING}
    drafts.add_edit(session, draft, "split", halve(tiny, tiny.a.code + "003"), seen=0, **by)
    with pytest.raises(Conflict, match="Somebody else"):
        drafts.undo(session, draft, seen=0, **by)
    with pytest.raises(Conflict, match="Somebody else"):
        publish(session, draft, seen=0, **by)


def test_a_mediator_of_a_street_who_leads_another_does_not_see_its_drafts(
    session: Session, tiny: TinyStreet, draft: Draft
) -> None:
    elsewhere = make_street(session, "440799002", "乙街道")
    both = make_actor(session, elsewhere.street, Role.STREET_LEADER, "both")
    assert both.id is not None
    post(session, user_id=both.id, unit_id=tiny.street.id, role=Role.MEDIATOR, first_day=FIRST_DAY)
    person = actor_on(session, session.get_one(User, both.id), TODAY)
    with pytest.raises(NotFound):
        drafts.get_draft(session, person, draft.id)

"""Publishing a draft: whole or not at all; units begin and end by it, and who serves them follows."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Invalid
from grid.drafting import drafts
from grid.drafting.loading import load_land, revision_in_force
from grid.drafting.publishing import Broken, publish
from grid.locating.locate import Locator
from grid.models import Boundary, Draft, Posting, Revision, Unit, UnitEnd
from grid.roster import post_person
from grid.tree import load_tree
from grid.vocabulary import DraftState
from tests.factories.cases import MORNING
from tests.factories.street import IN_A1, IN_A2, TinyStreet, box, make_actor
from tests.grid.drafting.lands import line, polygon
from tests.grid.drafting.test_drafts import halve

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


def draw(session: Session, draft: Draft, leader: Actor, kind: str, **said: object) -> None:
    drafts.add_edit(session, draft, kind, said, actor=leader, now=MORNING)


def test_what_was_drawn_is_in_force_and_the_old_boundaries_stay_as_they_were(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    old = revision_in_force(session, tiny.street.id)
    before = load_land(session, tiny.street.id, old)
    draw(session, draft, leader, "split", **halve(tiny, tiny.a.code + "003"))

    revision = publish(session, draft, actor=leader, now=MORNING)

    assert (draft.state, draft.revision_id) == (DraftState.PUBLISHED, revision.id)
    assert revision_in_force(session, tiny.street.id) == revision.id
    assert (revision.published_at, revision.published_by) == (MORNING, leader.id)
    new = load_land(session, tiny.street.id, revision.id)
    assert new.outlines.keys() == before.outlines.keys() | {tiny.a.code + "003"}
    again = load_land(session, tiny.street.id, old)
    assert all(again.outlines[code].equals_exact(before.outlines[code]) for code in before.outlines)


def test_the_locator_of_every_process_knows_the_new_grid_at_once(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    assert Locator.load(session, tiny.street.id).units_at([IN_A1]) == [(tiny.a1.id,)]
    west = halve(tiny, tiny.a.code + "003", 113.066)
    draw(session, draft, leader, "split", **{**west, "larger": True})
    publish(session, draft, actor=leader, now=MORNING)
    new = session.scalars(select(Unit).where(Unit.code == tiny.a.code + "003")).one()
    assert Locator.load(session, tiny.street.id).units_at([IN_A1]) == [(new.id,)]


def test_a_gap_or_an_overlap_keeps_the_whole_draft_from_being_published(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    draw(session, draft, leader, "close", grid=tiny.a1.code)
    with pytest.raises(Broken) as gap:
        publish(session, draft, actor=leader, now=MORNING)
    assert [finding.check for finding in gap.value.findings] == ["gap"]
    drafts.undo(session, draft, actor=leader, now=MORNING)
    wide = polygon((113.06, 22.60), (113.072, 22.60), (113.072, 22.61), (113.06, 22.61))
    draw(session, draft, leader, "redraw", outlines={tiny.a1.code: wide})
    with pytest.raises(Broken) as overlap:
        publish(session, draft, actor=leader, now=MORNING)
    assert "overlap" in {finding.check for finding in overlap.value.findings}
    assert len(session.scalars(select(Revision)).all()) == 1
    assert draft.state is DraftState.OPEN


def test_the_border_of_the_street_is_not_drawn_here(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    beyond = polygon((113.055, 22.60), (113.07, 22.60), (113.07, 22.61), (113.055, 22.61))
    draw(session, draft, leader, "redraw", outlines={tiny.a1.code: beyond})
    with pytest.raises(Broken) as found:
        publish(session, draft, actor=leader, now=MORNING)
    assert "outside_parent" in {finding.check for finding in found.value.findings}


def test_a_grid_that_was_united_ends_with_its_heir_and_is_offered_no_more(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    draw(session, draft, leader, "merge", grids=[tiny.a2.code, tiny.a1.code], name="大网格")
    revision = publish(session, draft, actor=leader, now=MORNING)
    ends = session.scalars(select(UnitEnd)).all()
    assert [(end.unit_id, end.heir_id, end.revision_id) for end in ends] == [
        (tiny.a1.id, tiny.a2.id, revision.id)
    ]
    tree = load_tree(session, [tiny.street.id])
    assert tiny.a1.id not in {node.id for node in tree.standing}
    assert tree.successor(tiny.a1.id) == tiny.a2.id
    assert tree[tiny.a2.id].name == "大网格"
    assert Locator.load(session, tiny.street.id).units_at([IN_A1, IN_A2]) == [(tiny.a2.id,)] * 2


def test_nobody_is_posted_to_a_unit_that_is_there_no_more(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    draw(session, draft, leader, "merge", grids=[tiny.a2.code, tiny.a1.code])
    publish(session, draft, actor=leader, now=MORNING)
    person = make_actor(session, tiny.b1, Role.GRID_WORKER)
    assert person.id is not None
    with pytest.raises(Invalid, match="no more"):
        post_person(
            session,
            user_id=person.id,
            unit_code=tiny.a1.code,
            role="grid_worker",
            first_day=date(2020, 6, 2),
            actor=OPERATOR,
            now=MORNING,
        )


def test_whoever_serves_a_grid_that_moves_serves_it_under_its_new_code(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    worker = make_actor(session, tiny.a2, Role.GRID_WORKER)
    draw(session, draft, leader, "move", grid=tiny.a2.code, code=tiny.b.code + "002")
    publish(session, draft, actor=leader, now=MORNING)
    new = session.scalars(select(Unit).where(Unit.code == tiny.b.code + "002")).one()
    assert new.parent_id == tiny.b.id
    posting = session.scalars(select(Posting).where(Posting.unit_id == new.id)).one()
    assert (posting.user_id, posting.role, posting.days.lower) == (
        worker.id,
        Role.GRID_WORKER,
        date(2020, 6, 1),
    )


def test_an_empty_draft_and_one_that_has_ended_are_not_published(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    with pytest.raises(Invalid, match="nothing"):
        publish(session, draft, actor=leader, now=MORNING)
    draw(session, draft, leader, "split", **halve(tiny, tiny.a.code + "003"))
    publish(session, draft, actor=leader, now=MORNING)
    with pytest.raises(Conflict):
        publish(session, draft, actor=leader, now=MORNING)


def test_the_database_itself_refuses_land_in_two_grids_of_one_revision(
    session: Session, tiny: TinyStreet
) -> None:
    revision = Revision(street_id=tiny.street.id, published_at=MORNING, source_file="x")
    session.add(revision)
    session.flush()
    for unit, outline in (
        (tiny.a1, box(113.06, 22.60, 113.07, 22.61)),
        (tiny.a, box(113.06, 22.60, 113.08, 22.61)),
        (tiny.b1, box(113.07, 22.60, 113.08, 22.61)),
    ):
        session.add(Boundary(revision_id=revision.id, unit_id=unit.id, outline=outline, datum="wgs84"))
        session.flush()
    over = box(113.0699, 22.60, 113.08, 22.61)
    session.add(Boundary(revision_id=revision.id, unit_id=tiny.a2.id, outline=over, datum="wgs84"))
    with pytest.raises(DBAPIError, match="overlap"), session.begin_nested():
        session.flush()


def test_an_end_of_a_unit_is_never_rewritten(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    draw(session, draft, leader, "merge", grids=[tiny.a2.code, tiny.a1.code])
    publish(session, draft, actor=leader, now=MORNING)
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text("UPDATE unit_ends SET heir_id = NULL"))


def test_a_cut_along_a_lane_is_drawn_as_the_lane_runs(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    bent = line((113.06, 22.604), (113.064, 22.605), (113.07, 22.606))
    draw(session, draft, leader, "split", grid=tiny.a1.code, line=bent, code=tiny.a.code + "003", name="新")
    publish(session, draft, actor=leader, now=MORNING)


def test_whoever_waited_for_the_lock_publishes_after_the_one_who_did_not(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    other = drafts.open_draft(session, tiny.street.id, name="另一", actor=leader, now=MORNING)
    draw(session, draft, leader, "split", **halve(tiny, tiny.a.code + "003"))
    cut = line((113.07, 22.61), (113.07, 22.62))
    draw(session, other, leader, "split", grid=tiny.b1.code, line=cut, code=tiny.b.code + "002", name="新")
    publish(session, other, actor=leader, now=MORNING + HOUR)
    # Its clock was read before it had to wait.
    late = publish(session, draft, actor=leader, now=MORNING)
    assert late.published_at > MORNING + HOUR
    assert revision_in_force(session, tiny.street.id) == late.id


def test_a_code_is_never_given_again_neither_by_the_verb_nor_by_the_database(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    draw(session, draft, leader, "merge", grids=[tiny.a2.code, tiny.a1.code])
    revision = publish(session, draft, actor=leader, now=MORNING)
    again = drafts.open_draft(session, tiny.street.id, name="再", actor=leader, now=MORNING)
    with pytest.raises(Invalid, match="in use"):
        draw(session, again, leader, "move", grid=tiny.b1.code, code=tiny.a1.code)
    land = box(113.06, 22.60, 113.07, 22.61)
    session.execute(text("DROP TRIGGER boundaries_apart ON boundaries"))
    session.add(Boundary(revision_id=revision.id, unit_id=tiny.a1.id, outline=land, datum="wgs84"))
    with pytest.raises(DBAPIError, match="is there no more"), session.begin_nested():
        session.flush()


def test_a_closed_grid_s_workers_do_not_come_to_serve_its_heir(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    worker = make_actor(session, tiny.a1, Role.GRID_WORKER)
    draw(session, draft, leader, "close", grid=tiny.a1.code, heir=tiny.b1.code)
    publish(session, draft, actor=leader, now=MORNING)
    units = session.scalars(select(Posting.unit_id).where(Posting.user_id == worker.id)).all()
    assert units == [tiny.a1.id]


def test_outlines_that_stay_keep_how_they_were_given(
    session: Session, tiny: TinyStreet, draft: Draft, leader: Actor
) -> None:
    session.execute(text("ALTER TABLE boundaries DISABLE TRIGGER USER"))
    session.execute(text("UPDATE boundaries SET datum = 'gcj02', given = '{}'"))
    session.execute(text("ALTER TABLE boundaries ENABLE TRIGGER USER"))
    draw(session, draft, leader, "split", **halve(tiny, tiny.a.code + "003"))
    revision = publish(session, draft, actor=leader, now=MORNING)
    rows = session.scalars(select(Boundary).where(Boundary.revision_id == revision.id)).all()
    kept = {row.unit_id: (row.datum, row.given) for row in rows}
    assert kept[tiny.a2.id] == ("gcj02", {})
    assert kept[tiny.a1.id] == ("wgs84", None)

"""Boundaries published while cases belong together: what waits follows its land, and gets no clock by it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from petitions.handling import closing
from petitions.models import Case
from petitions.office import load_office
from petitions.sameness.following import carry_out
from petitions.sameness.parts import Part
from petitions.vocabulary import CaseKind, Ending, Verb
from tasks.relocate import relocate_all
from tests.factories.street import TinyStreet
from tests.petitions.sameness.family import DAY, LAMP, LATER, cut, decided, end, hold, settle, some_cases
from tests.petitions.test_relocating import change

AFTER = LATER + 2 * DAY
# Neither has a place of its own.
HERE_BOTH = (LAMP, Part("夜里施工很吵。"))


def places(*cases: Case) -> set[tuple[int | None, int]]:
    """The grid and the holder of each."""
    return {(case.grid_id, case.holder_id) for case in cases}


def test_what_waits_follows_its_land_and_has_no_clock_by_it(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    master, case, order = some_cases(session, tiny, 3, kind=CaseKind.HOTLINE)
    decided(session, lead, case, Verb.MERGE, master)
    parts = cut(session, order, lead, HERE_BOTH)
    all_of_them = (master, case, order, *parts)
    assert places(*all_of_them) == {(tiny.a1.id, tiny.a1.id)}
    change(session, tiny, lead, "merge", grids=[tiny.a2.code, tiny.a1.code])

    assert relocate_all(AFTER) == len(all_of_them)

    for one in all_of_them:
        session.refresh(one)
    assert places(*all_of_them) == {(tiny.a2.id, tiny.a2.id)}
    assert (case.tier_due_at, order.tier_due_at) == (None, None)
    assert None not in (master.tier_due_at, *(part.tier_due_at for part in parts))
    hold(session)


def test_what_is_opened_along_goes_to_whoever_has_the_land_now(
    session: Session, tiny: TinyStreet, lead: Actor
) -> None:
    master, case = some_cases(session, tiny, 2)
    (order,) = some_cases(session, tiny, 1, kind=CaseKind.HOTLINE)
    decided(session, lead, case, Verb.MERGE, master)
    parts = cut(session, order, lead, HERE_BOTH)
    settle(session, master, lead)
    for part in parts:
        end(session, part, lead, Ending.SOLVED)
    assert None not in (case.ended_at, order.ended_at)
    change(session, tiny, lead, "merge", grids=[tiny.a2.code, tiny.a1.code])
    assert relocate_all(AFTER) == 0

    office = load_office(session)
    for one in (master, parts[0]):
        opened = closing.reopen(one, office, reason="又来", actor=lead, now=AFTER + timedelta(hours=1))
        carry_out(session, [opened])

    assert (case.ended_at, order.ended_at) == (None, None)
    assert places(master, case, order, parts[0]) == {(tiny.a2.id, tiny.a2.id)}
    assert (case.tier_due_at, order.tier_due_at) == (None, None)
    hold(session)

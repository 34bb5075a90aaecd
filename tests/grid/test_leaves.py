"""Postings with a duty, one head at a time, and leave with somebody who stands in."""

from datetime import date

import pytest
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR, Actor
from app.auth.vocabulary import Role
from app.core.errors import Conflict, Invalid
from grid.check import check_street
from grid.leaves import Leave, take_leave
from grid.models import Posting
from grid.postings import post
from grid.roster import post_person
from grid.vocabulary import Duty
from tests.factories.cases import MORNING
from tests.factories.street import TODAY, TinyStreet, make_actor

FRIDAY, MONDAY = date(2020, 6, 5), date(2020, 6, 8)


@pytest.fixture
def worker(session: Session, tiny: TinyStreet) -> Actor:
    """Who has served A1 since 2019."""
    return make_actor(session, tiny.a1, Role.GRID_WORKER)


@pytest.fixture
def other(session: Session, tiny: TinyStreet) -> Actor:
    """Who serves A2."""
    return make_actor(session, tiny.a2, Role.GRID_WORKER)


def spans(session: Session, tiny: TinyStreet) -> list[tuple[int, date, date | None]]:
    rows = session.scalars(select(Posting).where(Posting.unit_id == tiny.a1.id).order_by(Posting.days)).all()
    return [(row.user_id, row.days.lower, row.days.upper) for row in rows]


def leave(session: Session, worker: Actor, days: Leave) -> None:
    posting = session.scalars(
        select(Posting).where(Posting.user_id == worker.id).order_by(Posting.days)
    ).first()
    assert posting is not None
    assert worker.id is not None
    take_leave(session, posting.id, days, user_id=worker.id, actor=OPERATOR, now=MORNING)


def test_whoever_stands_in_serves_on_the_days_of_the_leave_and_nobody_else_does(
    session: Session, tiny: TinyStreet, worker: Actor, other: Actor
) -> None:
    leave(session, worker, Leave(FRIDAY, MONDAY, other.id))
    assert spans(session, tiny) == [
        (worker.id, date(2019, 1, 1), FRIDAY),
        (other.id, FRIDAY, date(2020, 6, 9)),
        (worker.id, date(2020, 6, 9), None),
    ]


def test_a_leave_without_anybody_who_stands_in_is_seen_by_the_check(
    session: Session, tiny: TinyStreet, worker: Actor
) -> None:
    leave(session, worker, Leave(FRIDAY, MONDAY))
    found = {(f.check, f.units) for f in check_street(session, tiny.street, FRIDAY)}
    assert ("posting", (tiny.a1.code,)) in found
    assert ("posting", (tiny.a1.code,)) not in {
        (f.check, f.units) for f in check_street(session, tiny.street, TODAY)
    }


def test_away_from_the_first_day_or_to_the_last_leaves_no_empty_posting(
    session: Session, tiny: TinyStreet, other: Actor
) -> None:
    person = make_actor(session, tiny.b1, Role.GRID_WORKER, "short")
    assert person.id is not None
    whole = {"unit_id": tiny.a1.id, "role": Role.GRID_WORKER, "first_day": FRIDAY, "last_day": MONDAY}
    short = post(session, user_id=person.id, **whole)
    days = Leave(FRIDAY, MONDAY, other.id)
    take_leave(session, short.id, days, user_id=person.id, actor=OPERATOR, now=MORNING)
    assert spans(session, tiny) == [(other.id, FRIDAY, date(2020, 6, 9))]


@pytest.mark.parametrize(
    "days",
    [
        Leave(date(2020, 5, 31), MONDAY),  # yesterday
        Leave(MONDAY, FRIDAY),  # reversed
    ],
)
def test_a_leave_in_the_past_or_reversed_is_refused_and_changes_nothing(
    session: Session, tiny: TinyStreet, worker: Actor, days: Leave
) -> None:
    before = spans(session, tiny)
    with pytest.raises(Invalid):
        leave(session, worker, days)
    assert spans(session, tiny) == before


def test_nobody_stands_in_for_themselves(session: Session, tiny: TinyStreet, worker: Actor) -> None:
    with pytest.raises(Invalid):
        leave(session, worker, Leave(FRIDAY, MONDAY, worker.id))


def test_a_unit_may_be_named_where_its_name_is_its_own(
    session: Session, tiny: TinyStreet, worker: Actor
) -> None:
    by = {"role": "grid_worker", "first_day": TODAY, "actor": OPERATOR, "now": MORNING}
    assert worker.id is not None
    assert post_person(session, user_id=worker.id, unit_code=tiny.b1.name, **by).unit_id == tiny.b1.id
    tiny.a2.name = tiny.b1.name
    session.flush()
    with pytest.raises(Invalid):
        post_person(session, user_id=worker.id, unit_code=tiny.b1.name, **by)


def test_a_grid_has_one_head_at_a_time_beside_a_backup(
    session: Session, tiny: TinyStreet, worker: Actor, other: Actor
) -> None:
    head = {"unit_code": tiny.b1.code, "role": "grid_worker", "first_day": TODAY, "duty": "grid_head"}
    by = {"actor": OPERATOR, "now": MORNING}
    assert worker.id is not None
    assert other.id is not None
    post_person(session, user_id=worker.id, **head, **by)
    with force_locale("en"), pytest.raises(Conflict, match="another head"):
        post_person(session, user_id=other.id, **head, **by)
    post_person(session, user_id=other.id, **head, is_backup=True, **by)


def test_the_database_itself_refuses_a_second_head(
    session: Session, tiny: TinyStreet, worker: Actor, other: Actor
) -> None:
    for person, fails in ((worker, False), (other, True)):
        assert person.id is not None
        given = {"unit_id": tiny.b1.id, "role": Role.GRID_WORKER, "first_day": TODAY, "duty": Duty.GRID_HEAD}
        if fails:
            with pytest.raises(IntegrityError, match="postings_one_head"), session.begin_nested():
                post(session, user_id=person.id, **given)
        else:
            post(session, user_id=person.id, **given)


def test_only_a_grid_worker_has_a_duty(session: Session, tiny: TinyStreet, worker: Actor) -> None:
    assert worker.id is not None
    with pytest.raises(Invalid):
        post_person(
            session,
            user_id=worker.id,
            unit_code=tiny.a.code,
            role="mediator",
            first_day=TODAY,
            duty="grid_head",
            actor=OPERATOR,
            now=MORNING,
        )

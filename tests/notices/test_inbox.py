"""The inbox: read marks are a person's own, badge and list agree, and the mark moves up behind them."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Role
from app.notices import inbox
from app.notices.inbox import count_unread, list_notices, mark_read
from app.notices.models import InboxMark, Notice, NoticeRead
from grid.postings import post
from tests.factories.cases import MORNING
from tests.factories.notices import make_user, plan_all, write_notice
from tests.factories.street import FIRST_DAY, TinyStreet, make_actor


@pytest.fixture
def one(session: Session, tiny: TinyStreet) -> Actor:
    return make_actor(session, tiny.a, Role.COMMUNITY_LEAD, "one")


@pytest.fixture
def other(session: Session, tiny: TinyStreet) -> Actor:
    return make_actor(session, tiny.a, Role.MEDIATOR, "other")


def unread(session: Session, actor: Actor) -> list[int]:
    found = [row.Notice.id for row in list_notices(session, actor, 1, unread_only=True)]
    assert len(found) == count_unread(session, actor)
    marked = [row.Notice.id for row in list_notices(session, actor, 1, unread_only=False) if row.is_unread]
    assert marked == found
    return sorted(found)


@pytest.mark.parametrize("is_planned", [False, True])
def test_what_one_person_reads_stays_unread_for_the_others(
    session: Session, tiny: TinyStreet, one: Actor, other: Actor, is_planned: bool
) -> None:
    first, second = (write_notice(session, tiny.a).id for _ in range(2))
    if is_planned:
        plan_all(session)

    assert mark_read(session, one, [first], now=MORNING) == 1
    assert (unread(session, one), unread(session, other)) == ([second], [first, second])
    assert mark_read(session, one, None, now=MORNING) == 1
    assert (unread(session, one), unread(session, other)) == ([], [first, second])


def test_a_person_sees_the_notices_of_all_own_units_and_of_no_other(
    session: Session, tiny: TinyStreet, one: Actor
) -> None:
    mine, _foreign = write_notice(session, tiny.a), write_notice(session, tiny.b)
    assert unread(session, one) == [mine.id]
    assert mark_read(session, one, [_foreign.id], now=MORNING) == 0


def test_what_comes_after_the_page_was_shown_is_not_marked_with_it(
    session: Session, tiny: TinyStreet, one: Actor
) -> None:
    shown, late = write_notice(session, tiny.a), write_notice(session, tiny.a)
    assert mark_read(session, one, None, now=MORNING, newest_seen=shown.id) == 1
    assert unread(session, one) == [late.id]


@pytest.mark.parametrize("before", [0, 1])
def test_a_notice_numbered_after_it_was_read_stays_read(
    session: Session, tiny: TinyStreet, one: Actor, before: int
) -> None:
    for _ in range(before):
        write_notice(session, tiny.a)
        plan_all(session)
    known = write_notice(session, tiny.a)
    mark_read(session, one, [known.id], now=MORNING)
    plan_all(session)
    late = write_notice(session, tiny.a)
    assert known.id not in unread(session, one)
    assert late.id in unread(session, one)


def test_the_mark_moves_up_to_the_first_unread_notice_and_no_read_is_kept_behind_it(
    session: Session, tiny: TinyStreet, one: Actor
) -> None:
    ids = [write_notice(session, tiny.a).id for _ in range(4)]
    plan_all(session)
    numbers = dict(session.execute(select(Notice.id, Notice.seq)).all())

    def mark() -> int:
        return session.scalars(select(InboxMark.read_to).where(InboxMark.user_id == one.id)).one()

    mark_read(session, one, [ids[0], ids[2]], now=MORNING)
    assert mark() == numbers[ids[0]]
    assert list(session.scalars(select(NoticeRead.notice_id))) == [ids[2]]
    mark_read(session, one, [ids[1]], now=MORNING)
    assert mark() == numbers[ids[2]]
    assert session.scalar(select(func.count()).select_from(NoticeRead)) == 0
    assert unread(session, one) == [ids[3]]


def test_whoever_comes_to_a_unit_begins_with_what_it_is_told_from_then_on(
    session: Session, tiny: TinyStreet
) -> None:
    write_notice(session, tiny.a)
    plan_all(session)
    newcomer = make_actor(session, tiny.a, Role.COMMUNITY_LEAD, "new")
    assert unread(session, newcomer) == []
    told = write_notice(session, tiny.a)
    assert unread(session, newcomer) == [told.id]


def test_a_second_role_in_the_same_unit_hides_nothing(session: Session, tiny: TinyStreet, one: Actor) -> None:
    told = write_notice(session, tiny.a)
    plan_all(session)
    assert one.id is not None
    post(session, user_id=one.id, unit_id=tiny.a.id, role=Role.MEDIATOR, first_day=FIRST_DAY)
    assert unread(session, one) == [told.id]


def test_nobody_without_a_unit_has_notices(session: Session, tiny: TinyStreet) -> None:
    write_notice(session, tiny.a)
    user = make_user(session, "nobody")
    assert unread(session, Actor(user.id, user.name)) == []


def test_asking_what_is_unread_does_not_look_at_the_years_behind_the_mark(
    session: Session, tiny: TinyStreet, one: Actor
) -> None:
    session.execute(
        text(
            "INSERT INTO notices (unit_id, kind, params, created_at, seq) "
            "SELECT :unit, 'warning', '{}', now(), n FROM generate_series(1, 20000) n"
        ),
        {"unit": tiny.a.id},
    )
    session.execute(text("SELECT setval('notice_order', 20000)"))
    mark_read(session, one, None, now=session.scalar(text("SELECT now()")))
    session.execute(text("ANALYZE notices"))
    write_notice(session, tiny.a)

    query = select(func.count()).select_from(Notice).where(inbox._unread(one))
    statement = query.compile(session.connection(), compile_kwargs={"literal_binds": True})
    way = "\n".join(session.scalars(text(f"EXPLAIN {statement}")))

    assert "ix_notices_unit_id_seq" in way
    assert "Seq Scan on notices" not in way
    assert count_unread(session, one) == 1

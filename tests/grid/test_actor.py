"""Who a person is on a day: each role with the units it is held over, and no further."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.auth.models import User
from app.auth.vocabulary import Permission, Role
from grid.postings import actor_on, post
from tests.factories.street import FIRST_DAY, TODAY, TinyStreet, make_actor


def lead_who_mediates(session: Session, tiny: TinyStreet) -> User:
    """The lead of community A, who is also posted to the street as a mediator."""
    lead = make_actor(session, tiny.a, Role.COMMUNITY_LEAD)
    user = session.get_one(User, lead.id)
    post(session, user_id=user.id, unit_id=tiny.street.id, role=Role.MEDIATOR, first_day=FIRST_DAY)
    return user


def test_a_role_is_held_over_its_own_units_only(session: Session, tiny: TinyStreet) -> None:
    person = actor_on(session, lead_who_mediates(session, tiny), TODAY)

    assert person.may(Permission.CASE_RULE, tiny.a1.id)
    assert not person.may(Permission.CASE_RULE, tiny.b1.id)
    assert not person.may(Permission.CASE_RULE, tiny.street.id)
    assert person.may(Permission.CASE_MEDIATE, tiny.b1.id)
    assert person.covers(tiny.b1.id)


def test_a_posting_counts_from_its_first_day_on(session: Session, tiny: TinyStreet) -> None:
    user = lead_who_mediates(session, tiny)

    assert actor_on(session, user, FIRST_DAY).roles == {Role.COMMUNITY_LEAD, Role.MEDIATOR}
    assert actor_on(session, user, FIRST_DAY - timedelta(days=1)).roles == set()


def test_a_person_takes_one_statement(session: Session, tiny: TinyStreet, statements: list[str]) -> None:
    user = lead_who_mediates(session, tiny)
    session.flush()
    statements.clear()

    person = actor_on(session, user, TODAY)

    assert len(statements) == 1
    assert person.units == {tiny.a.id, tiny.street.id}
    assert len(person.reach) == 6

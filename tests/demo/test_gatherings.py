"""The receptions and rounds of the demonstration: held once, through the verbs, and no case comes of them."""

from collections import Counter
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth.vocabulary import Role
from app.core.clock import local_day, now
from app.demo.acts import Cast
from app.demo.gatherings import hold
from app.demo.vocabulary import words
from petitions.models import Case
from petitions.office import load_office
from petitions.reception import queries
from petitions.reception.models import Booking
from petitions.reception.queries import Show
from petitions.screening.queries import list_screenings
from tests.factories.street import TinyStreet, make_actor


def test_they_are_held_once_and_leave_no_case(session: Session, tiny: TinyStreet) -> None:
    leader = make_actor(session, tiny.street, Role.STREET_LEADER)
    clerk = make_actor(session, tiny.street, Role.HOTLINE_CLERK)
    workers = {grid.id: make_actor(session, grid, Role.GRID_WORKER) for grid in (tiny.a1, tiny.a2, tiny.b1)}
    cast = Cast(load_office(session), workers, clerk, leader)
    moment = now()

    for _ in range(2):
        hold(session, cast, tiny.street.id, rng=Random(1), now=moment)

    states = Counter(session.scalars(select(Booking.state)))
    visits = [visit for day in words("gatherings")["held"] for visit in day["visits"]]
    assert states["answered"] == sum("answer" in visit for visit in visits)
    assert states["absent"] == sum("answer" not in visit for visit in visits)
    assert states["booked"] == len(words("gatherings")["coming"]["visits"])
    assert set(queries.count_duties(session, leader, moment).values()) == {0}
    (coming,) = queries.list_days(session, leader, Show.COMING, moment, 1).items
    assert local_day(coming[0].starts_at) > local_day(moment)
    assert list_screenings(session, leader, 1, is_closed=False).total == 1
    assert list_screenings(session, leader, 1, is_closed=True).total == 1
    assert session.scalar(select(func.count(Case.id))) == 0

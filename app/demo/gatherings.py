"""Leaders' receptions and screening rounds of the demonstration, through the verbs a user's actions call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.clock import SHANGHAI, local_day
from app.core.settings import get_setting, put_setting
from app.demo.acts import Cast
from app.demo.names import make_person
from app.demo.vocabulary import words
from grid.postings import actor_on
from petitions.reception import bookings, days, outcomes
from petitions.reception.bookings import Visit
from petitions.reception.days import Plan
from petitions.reception.models import Booking, Reception
from petitions.reception.outcomes import Said
from petitions.reception.queries import leaders_of
from petitions.reception.vocabulary import ReceptionKind
from petitions.screening import answers, rounds
from petitions.screening.models import Screening, ScreeningGrid
from petitions.screening.rounds import Order

HELD = "demo.gatherings"
OPENS, CLOSES, SLOTS = time(9), time(12), 6
NOTICE = timedelta(days=7)

Script = Mapping[str, Any]


@dataclass(frozen=True)
class Stage:
    """Where it takes place and who acts: the leader who receives and asks, the clerk, the workers."""

    session: Session
    street_id: int
    chief: Actor
    cast: Cast
    rng: Random


def hold(session: Session, cast: Cast, street_id: int, *, rng: Random, now: datetime) -> None:
    """Two reception days of the year and one to come, a closed round and an open one; done once."""
    if get_setting(session, HELD):
        return
    script, today = words("gatherings"), local_day(now)
    chief = actor_on(session, leaders_of(session, street_id, today)[0], today)
    stage = Stage(session, street_id, chief, cast, rng)
    for day in script["held"]:
        _hold_day(stage, day)
    coming = script["coming"]
    _plan_day(stage, coming, today + timedelta(days=coming["in_days"]), now)
    _close_round(stage, script["closed"])
    _open_round(stage, script["open"], now)
    put_setting(session, HELD, True)


def _hold_day(stage: Stage, script: Script) -> None:
    day, clerk = date.fromisoformat(script["day"]), stage.cast.clerk
    reception, booked = _plan_day(stage, script, day, _at(day, OPENS) - NOTICE)
    over = _at(day, CLOSES)
    for booking, visit in zip(booked, script["visits"], strict=True):
        if "answer" not in visit:
            outcomes.note_absent(stage.session, booking, reception, actor=clerk, now=over)
            continue
        until = date.fromisoformat(visit["until"]) if "until" in visit else None
        said = Said(visit["answer"], visit.get("promise"), until)
        outcomes.answer(stage.session, booking, reception, said, actor=clerk, now=over)
        if until:
            kept_at = _at(until, OPENS)
            outcomes.keep_promise(stage.session, booking, reception, actor=clerk, now=kept_at)


def _plan_day(stage: Stage, script: Script, day: date, now: datetime) -> tuple[Reception, list[Booking]]:
    session, clerk, chief = stage.session, stage.cast.clerk, stage.chief
    assert chief.id is not None  # noqa: S101  # the leader is a person
    wish = Plan(chief.id, ReceptionKind(script["kind"]), script["place"], day, OPENS, CLOSES, SLOTS)
    reception = days.plan(session, wish, street_id=stage.street_id, actor=clerk, now=now)
    days.publish(session, reception, actor=chief, now=now)
    booked = []
    for slot, visit in enumerate(script["visits"], start=1):
        person = make_person(stage.rng)
        taken = Visit(person.name, person.phone, visit["persons"], visit["matter"])
        booked.append(bookings.book(session, reception, taken, slot, actor=clerk, now=now))
    return reception, booked


def _close_round(stage: Stage, script: Script) -> None:
    first, last = (date.fromisoformat(script[name]) for name in ("first_day", "last_day"))
    screening = _ask(stage, script, first, last, _at(first, OPENS))
    _answer(stage, screening, slice(-script["unanswered"]), _at(first, CLOSES))
    after = _at(last + timedelta(days=1), OPENS)
    rounds.close_round(stage.session, screening, reason="", actor=stage.chief, now=after)


def _open_round(stage: Stage, script: Script, now: datetime) -> None:
    today = local_day(now)
    screening = _ask(stage, script, today, today + timedelta(days=script["days"]), now)
    _answer(stage, screening, slice(script["answered"]), now)


def _ask(stage: Stage, script: Script, first: date, last: date, now: datetime) -> Screening:
    order, tree = Order(script["title"], script["instruction"], first, last), stage.cast.office.tree
    return rounds.open_round(stage.session, order, tree, unit_id=stage.street_id, actor=stage.chief, now=now)


def _answer(stage: Stage, screening: Screening, which: slice, now: datetime) -> None:
    query = select(ScreeningGrid).where(ScreeningGrid.screening_id == screening.id)
    for asked in stage.session.scalars(query.order_by(ScreeningGrid.grid_id)).all()[which]:
        worker = stage.cast.of_unit[asked.grid_id]
        answers.find_nothing(stage.session, screening, asked, actor=worker, now=now)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, SHANGHAI)

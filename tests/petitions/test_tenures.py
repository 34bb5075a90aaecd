"""Who held a case how long: the spans add up to its life, whatever happens to it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from petitions.handling import closing, holding
from petitions.history import record
from petitions.models import Case, CaseEvent
from petitions.office import load_office
from petitions.tenures import CaseTenure, Tenure, tenures
from petitions.verify import verify
from petitions.vocabulary import Verb
from tasks.escalate import sweep
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet

HOUR = timedelta(hours=1)
PLACED = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84"}


def at(hours: float) -> datetime:
    return MORNING + hours * HOUR


def said(hours: float, verb: Verb, **changes: Any) -> tuple[datetime, Verb, dict[str, list[Any]]]:
    return at(hours), verb, {name: [None, after] for name, after in changes.items()}


def test_a_case_that_nothing_has_happened_to_is_with_its_first_holder() -> None:
    assert tenures([said(0, Verb.REGISTER, holder_id=7)]) == [Tenure(7, at(0))]


def test_a_note_or_a_signature_begins_no_span() -> None:
    events = [said(0, Verb.REGISTER, holder_id=7), said(1, Verb.SIGN_FOR), said(2, Verb.NOTE)]
    assert tenures(events) == [Tenure(7, at(0))]


@pytest.mark.parametrize(
    ("verb", "is_lifted"),
    [
        (Verb.ESCALATE, True),
        (Verb.HAND_UP, True),
        (Verb.HAND_BACK, False),
        (Verb.HAND_DOWN, False),
        (Verb.RULE, False),
    ],
)
def test_a_change_of_holder_ends_one_span_and_begins_the_next_at_the_same_moment(
    verb: Verb, is_lifted: bool
) -> None:
    events = [said(0, Verb.REGISTER, holder_id=7), said(3, verb, holder_id=8)]
    assert tenures(events) == [Tenure(7, at(0), at(3), is_lifted), Tenure(8, at(3))]


def test_the_time_for_which_a_case_stood_ended_is_charged_to_nobody() -> None:
    events = [
        said(0, Verb.REGISTER, holder_id=7),
        said(2, Verb.SETTLE, ending="solved"),
        said(2000, Verb.REOPEN, ending=None),
        said(2003, Verb.SETTLE, ending="explained"),
    ]
    assert tenures(events) == [Tenure(7, at(0), at(2)), Tenure(7, at(2000), at(2003))]


def test_a_case_that_climbs_two_tiers_at_one_moment_was_with_the_middle_one_for_no_time() -> None:
    events = [
        said(0, Verb.REGISTER, holder_id=7),
        said(1, Verb.ESCALATE, holder_id=8),
        said(1, Verb.ESCALATE, holder_id=9),
    ]
    assert [span.length(at(5)) for span in tenures(events)] == [HOUR, timedelta(), 4 * HOUR]


def life(session: Session, case: Case, now: datetime) -> tuple[list[Tenure], timedelta]:
    events = session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)
    ).all()
    spans = tenures((event.at, event.verb, event.changes) for event in events)
    return spans, sum((span.length(now) for span in spans), timedelta())


def test_the_spans_of_a_long_life_add_up_and_the_rows_beside_the_events_say_the_same(
    session: Session, tiny: TinyStreet
) -> None:
    case, office = make_case(session, tiny.street.id, **PLACED), load_office(session)
    who = {"actor": SERVICE}
    back = holding.hand_back(case, office, reason="不是我们的", now=at(2), **who)
    record(session, [back])
    record(session, [holding.rule(case, office, unit_id=tiny.a2.id, reason="归你", now=at(3), **who)])
    assert case.tier_due_at is not None
    lifted_at = case.tier_due_at
    session.commit()
    assert sweep(lifted_at)["escalated"] == 1
    session.refresh(case)
    record(session, [holding.sign_for(case, now=lifted_at + HOUR, **who)])
    ended = closing.withdraw(case, reason="好了", now=lifted_at + 2 * HOUR, **who)
    record(session, [ended])
    record(session, [closing.reopen(case, office, reason="又坏了", now=lifted_at + 500 * HOUR, **who)])
    now = lifted_at + 501 * HOUR

    spans, whole = life(session, case, now)

    assert [span.unit_id for span in spans] == [tiny.a1.id, tiny.a.id, tiny.a2.id, tiny.a.id, tiny.a.id]
    assert whole == (now - case.registered_at) - 498 * HOUR
    assert case.held_since == lifted_at + 500 * HOUR
    kept = session.scalars(select(CaseTenure).where(CaseTenure.case_id == case.id)).all()
    assert [(row.unit_id, row.is_lifted) for row in kept] == [
        (tiny.a1.id, False),
        (tiny.a.id, False),
        (tiny.a2.id, True),
        (tiny.a.id, False),
    ]
    session.expire_all()
    assert verify(session).ok


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE case_tenures SET unit_id = unit_id - 1", "its tenures are not what the events say"),
        ("DELETE FROM case_tenures", "its tenures are not what the events say"),
        (
            "UPDATE cases SET held_since = held_since - interval '1 minute'",
            "held_since is not what the events say",
        ),
    ],
)
def test_a_span_that_somebody_has_changed_is_found(
    session: Session, tiny: TinyStreet, statement: str, fault: str
) -> None:
    case, office = make_case(session, tiny.street.id, **PLACED), load_office(session)
    record(session, [holding.hand_back(case, office, reason="不对", actor=SERVICE, now=at(2))])
    session.execute(text("ALTER TABLE case_tenures DISABLE TRIGGER USER"))
    session.execute(text(statement))
    session.expire_all()
    assert verify(session).first_bad == f"{case.number}: {fault}"


@pytest.mark.parametrize("statement", ["UPDATE case_tenures SET to_at = now()", "DELETE FROM case_tenures"])
def test_the_database_keeps_a_span_as_it_was_written(
    session: Session, tiny: TinyStreet, statement: str
) -> None:
    case, office = make_case(session, tiny.street.id, **PLACED), load_office(session)
    record(session, [holding.hand_back(case, office, reason="不对", actor=SERVICE, now=at(2))])
    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(text(statement))

"""Cases that belong together, and what must hold of them at a commit."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from petitions.handling import acceptance, answer, closing, holding
from petitions.history import Step, record
from petitions.models import Case
from petitions.office import load_office
from petitions.rules.grounds import Ground
from petitions.sameness.deciding import Why, decide
from petitions.sameness.following import carry_out
from petitions.sameness.pairing import lock_pair
from petitions.sameness.parts import Part
from petitions.sameness.splitting import split
from petitions.verify import verify
from petitions.vocabulary import (
    CaseKind,
    CaseState,
    DivertRoute,
    Ending,
    RiskLevel,
    ServiceMethod,
    Verb,
)
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet

LATER = MORNING + timedelta(hours=3)
DAY = timedelta(days=1)
LAMP = Part("路灯不亮，晚上看不清。", category="照明")
NOISE = Part("夜里施工很吵。", title="夜间施工", address="迎春路12号")
HERE = {"lon": IN_A1[0], "lat": IN_A1[1], "datum": "wgs84"}


def some_cases(session: Session, tiny: TinyStreet, count: int, **given: Any) -> list[Case]:
    """So many matters of grid A1, each received a minute after the other."""
    given = {"kind": CaseKind.DISPUTE, "order_type": None, **HERE, **given}
    return [
        make_case(
            session,
            tiny.street.id,
            received_at=MORNING + timedelta(minutes=place),
            now=MORNING + timedelta(minutes=place),
            **given,
        )
        for place in range(count)
    ]


def decided(
    session: Session,
    actor: Actor,
    case: Case,
    verb: Verb,
    other: Case | None = None,
    reason: str = "同一事项",
    now: datetime = LATER,
    ground: Ground | None = None,
) -> None:
    """Do one decision as the page does it."""
    pair = lock_pair(session, actor, case.number, verb, other.number if other else "")
    office = load_office(session, [case.street_id])
    decide(session, pair, office, verb, Why(reason, ground), actor=actor, now=now)


def demand(session: Session, statement: str) -> None:
    """Write around the verbs, and ask the database what it asks at a commit."""
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    with session.begin_nested():
        session.execute(text(statement))
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def hold(session: Session) -> None:
    """What the database demands at a commit, and that every case is what its events say."""
    session.flush()
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    verdict = verify(session)
    assert verdict.first_bad is None, verdict.first_bad


def parts_of(session: Session, order: Case) -> list[Case]:
    """In the order of their numbers."""
    return list(session.scalars(select(Case).where(Case.parent_id == order.id).order_by(Case.id)))


def cut(
    session: Session,
    order: Case,
    actor: Actor,
    parts: tuple[Part, ...] = (LAMP, NOISE),
    now: datetime = LATER,
) -> list[Case]:
    """Split the order as the page does it; its parts."""
    office = load_office(session, [order.street_id])
    split(session, order, office, parts, reason="两件事", actor=actor, now=now)
    return parts_of(session, order)


def end(session: Session, case: Case, actor: Actor, ending: Ending, now: datetime = LATER + DAY) -> None:
    """End a part in the shortest lawful way."""
    step: Step
    if ending is Ending.VOID:
        step = closing.void(case, reason="写错了", actor=actor, now=now)
    elif ending is Ending.WITHDRAWN:
        step = closing.withdraw(case, reason="不用了", actor=actor, now=now)
    elif ending is Ending.DIVERTED:
        notice = acceptance.Notice(ServiceMethod.IN_PERSON, "请走仲裁")
        step = acceptance.divert(case, route=DivertRoute.ARBITRATION, notice=notice, actor=actor, now=now)
    else:
        _called_back(session, case, actor, now, is_solved=ending is Ending.SOLVED)
        step = answer.settle(case, ending=ending, reason="已答复", actor=actor, now=now)
    carry_out(session, [step])


def _called_back(session: Session, case: Case, actor: Actor, now: datetime, *, is_solved: bool) -> None:
    office = load_office(session, [case.street_id])
    record(session, [holding.sign_for(case, actor=actor, now=now)])
    record(session, [answer.submit(case, office, reason="已处理", actor=actor, now=now)])
    record(session, [answer.approve(case, office, actor=actor, now=now)])
    call = answer.CallBack(was_reached=True, is_solved=is_solved)
    record(session, [answer.call_back(case, call, actor=actor, now=now)])


def settle(session: Session, case: Case, actor: Actor, now: datetime = LATER + DAY) -> None:
    """Assess the dispute and end it as solved."""
    if case.state is CaseState.FOUND:
        record(session, [acceptance.assess(case, risk=RiskLevel.GENERAL, actor=actor, now=now)])
    carry_out(session, [answer.settle(case, ending=Ending.SOLVED, reason="已修好", actor=actor, now=now)])

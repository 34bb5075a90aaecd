"""A case with everything that a case can have, and the hand of somebody who owns the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import Enum, text
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from app.core.db import Base
from app.core.secrecy import Sealed, vault
from mediation.models import Agreement, Mediation, MediationParty, MediationSession
from mediation.service import Side, Terms, agree, hold_session, open_mediation
from mediation.vocabulary import AgreementForm, StartedBy
from petitions.handling import acceptance, closing, holding
from petitions.history import record
from petitions.intake import PartyIntake
from petitions.models import (
    Case,
    CaseDismissal,
    CaseEnding,
    CaseEvent,
    CaseMove,
    CaseRepeat,
    NumberSeries,
    Party,
    Seal,
)
from petitions.office import load_office
from petitions.sameness.repeating import dismiss, link_repeat
from petitions.seals import newest_key, seal
from petitions.tenures import CaseTenure
from petitions.vocabulary import CaseKind, RiskLevel
from tests.factories.cases import MORNING, make_case
from tests.factories.street import IN_A1, TinyStreet

HOUR = timedelta(hours=1)
TOLD = (
    *(Case, CaseEvent, CaseEnding, CaseMove, CaseTenure, CaseRepeat, CaseDismissal, Party),
    *(Mediation, MediationParty, MediationSession, Agreement),
)
"""The tables that tell the life of a case."""

# How somebody would change a value a little, by the name of its type in the database.
CHANGED = {
    "bigint": "coalesce({0}, 0) + 1000",
    "double precision": "coalesce({0}, 0) + 0.001",
    "numeric": "coalesce({0}, 0) + 1",
    "boolean": "NOT coalesce({0}, false)",
    "date": "coalesce({0}, '2020-01-01') + 1",
    "timestamp with time zone": "coalesce({0}, '2020-01-01Z') + interval '1 second'",
    "character varying": "CASE left({0}, 1) WHEN '1' THEN '2' ELSE '1' END || substr(coalesce({0}, ''), 2)",
    "text": "coalesce({0}, '') || '1'",
    "bytea": "set_byte(coalesce({0}, '\\x00'), 0, (get_byte(coalesce({0}, '\\x00'), 0) + 1) % 256)",
    "jsonb": "CASE jsonb_typeof({0}) WHEN 'array' THEN '[\"x\"]' ELSE '{{}}' END::jsonb",
    "ARRAY": "array_append({0}, 1)",
    "USER-DEFINED": "ST_SetSRID(ST_Point(113.0, 22.0), 4326)",
}

CONSTRAINTS = (
    "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype IN ('c', 'f', 'x', 'u') AND"
)


@dataclass(frozen=True)
class Scene:
    """The cases by name; `whole` has a row in every table that tells the life of a case."""

    first: Case
    whole: Case
    last: Case


def make_scene(session: Session, tiny: TinyStreet) -> Scene:
    """Four disputes; one was moved, ended, opened again, mediated and tied to another; then a seal."""
    first, earlier, whole, last = (
        make_case(
            session,
            tiny.street.id,
            kind=CaseKind.DISPUTE,
            lon=IN_A1[0],
            lat=IN_A1[1],
            datum="wgs84",
            parties=(PartyIntake(name="张三", phone="10040000001", identity_number="x"), PartyIntake()),
        )
        for _ in range(4)
    )
    office = load_office(session)
    by, at = {"actor": SERVICE}, MORNING + HOUR
    record(session, [holding.hand_back(whole, office, reason="不在这里", now=at, **by)])
    record(session, [holding.rule(whole, office, unit_id=tiny.b1.id, reason="归你", now=at + HOUR, **by)])
    record(session, [acceptance.assess(whole, risk=RiskLevel.GENERAL, now=at + 2 * HOUR, **by)])
    sides = [Side("李四", "10040000002", is_applicant=True), Side("王五")]
    open_mediation(
        session,
        whole,
        office,
        mediator="赵",
        started_by=StartedBy.APPLICATION,
        sides=sides,
        now=at + 3 * HOUR,
        **by,
    )
    at += 4 * HOUR
    hold_session(session, whole, held_at=at, place="调解室", text="谈了一次", now=at, **by)
    agree(session, whole, Terms(AgreementForm.ORAL, "和解", Decimal(5)), now=at + HOUR, **by)
    record(session, [closing.reopen(whole, office, reason="没有做到", now=at + 2 * HOUR, **by)])
    at += 3 * HOUR
    record(session, link_repeat(whole, earlier, (), reason="同一事项", now=at, **by))
    record(session, dismiss(whole, first, reason="另一件事", now=at, **by))
    assert seal(session, newest_key(session), at)
    return Scene(first, whole, last)


@contextmanager
def owner(session: Session) -> Iterator[None]:
    """Nothing in the database holds back what is done here; afterwards it is as it was."""
    savepoint = session.begin_nested()
    # What waits for the commit is asked now: a table whose triggers are still to fire cannot be altered.
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for model in (*TOLD, NumberSeries, Seal):
        session.execute(text(f"ALTER TABLE {model.__tablename__} DISABLE TRIGGER USER"))
        query = text(f"{CONSTRAINTS} '{model.__tablename__}'::regclass IN (conrelid, confrelid)")
        for table, name in session.execute(query).all():
            session.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE"))
    try:
        yield
    finally:
        savepoint.rollback()
        session.expire_all()


def change(session: Session, model: type[Base], column: str, where: str) -> None:
    """Give one column of the first row that `where` finds another value, as by hand."""
    table = model.__tablename__
    kind, key = model.__table__.c[column].type, ", ".join(c.name for c in model.__table__.primary_key)
    if isinstance(kind, Sealed):
        other = "cast(:sealed AS bytea)"
    elif isinstance(kind, Enum):
        other = f"CASE {column} WHEN '{kind.enums[0]}' THEN '{kind.enums[1]}' ELSE '{kind.enums[0]}' END"
    else:
        stored = session.scalar(
            text(
                "SELECT data_type FROM information_schema.columns WHERE table_name = :t AND column_name = :c"
            ),
            {"t": table, "c": column},
        )
        other = CHANGED[str(stored)].format(column)
    statement = (
        f"UPDATE {table} SET {column} = {other} WHERE ({key}) = "
        f"(SELECT {key} FROM {table} WHERE {where} ORDER BY {key} LIMIT 1)"
    )
    sealed = {"sealed": vault().seal("别人")} if ":sealed" in statement else {}
    assert session.execute(text(statement), sealed).rowcount == 1  # type: ignore[attr-defined]


def rows_of(model: type[Base], case: Case) -> str:
    """Which rows of a table belong to a case."""
    if model is Case:
        return f"id = {case.id}"
    if "case_id" in model.__table__.c:
        return f"case_id = {case.id}"
    return f"mediation_id IN (SELECT id FROM mediations WHERE case_id = {case.id})"

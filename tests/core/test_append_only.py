"""The database itself refuses to change what was written for good, whoever asks."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from petitions.handling import acceptance, answer, closing
from petitions.history import record
from petitions.models import Case
from petitions.office import load_office
from petitions.sameness.repeating import link_repeat, unlink_repeat
from petitions.vocabulary import CaseKind, Ending, RiskLevel
from tests.factories.cases import MORNING, make_case
from tests.factories.street import TinyStreet

KEPT = (
    *("case_events", "case_moves", "case_tenures", "tier_policies", "import_rows", "account_events"),
    *("seals", "boundaries", "revisions", "calendar_years", "calendar_year_days", "local_days"),
    "case_dismissals",
)
HOUR = timedelta(hours=1)


def refused(session: Session, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(statement))


@pytest.mark.parametrize("table", KEPT)
def test_no_row_is_changed_or_deleted(session: Session, table: str) -> None:
    first = session.scalar(
        text("SELECT column_name FROM information_schema.columns WHERE table_name = :t LIMIT 1"), {"t": table}
    )
    refused(session, f"UPDATE {table} SET {first} = {first}")
    refused(session, f"DELETE FROM {table}")
    refused(session, f"TRUNCATE {table} CASCADE")


@pytest.fixture
def ended(session: Session, tiny: TinyStreet) -> Case:
    case = make_case(session, tiny.street.id, kind=CaseKind.DISPUTE)
    record(session, [acceptance.assess(case, risk=RiskLevel.GENERAL, actor=SERVICE, now=MORNING)])
    record(session, [answer.settle(case, ending=Ending.SOLVED, reason="好", actor=SERVICE, now=MORNING)])
    return case


@pytest.mark.parametrize(
    "change",
    [
        "ended_at = ended_at - interval '1 s'",
        "ending = 'explained'",
        "case_id = case_id + 1",
        "reopened_at = NULL",
        "reopened_at = ended_at, ending = 'explained'",
    ],
)
def test_an_ending_is_never_changed(session: Session, ended: Case, change: str) -> None:
    refused(session, f"UPDATE case_endings SET {change}")
    refused(session, "DELETE FROM case_endings")
    refused(session, "TRUNCATE case_endings")


def test_an_ending_is_closed_once_by_the_reopening(session: Session, ended: Case) -> None:
    again = closing.reopen(ended, load_office(session), reason="又来", actor=SERVICE, now=MORNING + HOUR)
    record(session, [again])
    refused(session, "UPDATE case_endings SET reopened_at = reopened_at + interval '1 s'")
    refused(session, "UPDATE case_endings SET reopened_at = NULL")


@pytest.fixture
def repeat(session: Session, tiny: TinyStreet) -> Case:
    first, case = (make_case(session, tiny.street.id) for _ in range(2))
    record(session, link_repeat(case, first, (), reason="", actor=SERVICE, now=MORNING))
    return case


@pytest.mark.parametrize(
    "change",
    [
        "linked_at = linked_at - interval '1 s'",
        "first_id = case_id",
        "case_id = first_id",
        "unlinked_at = NULL",
        "unlinked_at = linked_at, first_id = case_id",
    ],
)
def test_a_repeat_is_never_changed(session: Session, repeat: Case, change: str) -> None:
    refused(session, f"UPDATE case_repeats SET {change}")
    refused(session, "DELETE FROM case_repeats")
    refused(session, "TRUNCATE case_repeats")


def test_a_repeat_is_closed_once_by_taking_it_back(session: Session, repeat: Case) -> None:
    first = session.get_one(Case, repeat.repeat_of_id)
    record(session, unlink_repeat(repeat, first, reason="看错了", actor=SERVICE, now=MORNING + HOUR))
    refused(session, "UPDATE case_repeats SET unlinked_at = unlinked_at + interval '1 s'")
    refused(session, "UPDATE case_repeats SET unlinked_at = NULL")

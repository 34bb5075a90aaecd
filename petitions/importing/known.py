"""The orders of a source that are in the service already, loaded for one chunk and locked."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from petitions.importing.compare import Facts
from petitions.importing.reporters import load_reporters
from petitions.models import Case, Party


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept under one source number; an order that only a dry run has seen is without a case."""

    facts: Facts
    case: Case | None = None
    reporter: Party | None = None


def lock_source(session: Session, source: str) -> None:
    """Let one chunk of a source in at a time, until the commit: two files may hold the same new number."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(source, 0))))


def load_known(session: Session, source: str, numbers: Collection[str]) -> dict[str, Known]:
    """The cases among `numbers` by number, locked, with the person who reported each."""
    wanted = select(Case).where(Case.source == source, Case.source_number.in_(numbers))
    fresh = wanted.order_by(Case.id).with_for_update().execution_options(populate_existing=True)
    cases = session.scalars(fresh).all()
    reporters = load_reporters(session, [case.id for case in cases])
    return {str(case.source_number): _known(case, reporters.get(case.id)) for case in cases}


def _known(case: Case, reporter: Party | None) -> Known:
    name, phone = (reporter.name, reporter.phone) if reporter else (None, None)
    facts = Facts(case.title, case.body, case.address, case.category, case.due_at, name, phone)
    return Known(facts, case, reporter)

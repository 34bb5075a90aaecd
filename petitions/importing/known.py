"""The orders of a source that are in the service already, loaded for one chunk."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, Select, Text, bindparam, func, select, true
from sqlalchemy.orm import Session

from grid.models import Unit
from grid.route import Route
from petitions.importing.compare import Facts
from petitions.importing.reporters import load_reporters
from petitions.intake import Intake, PartyIntake
from petitions.models import Case, Party
from petitions.office import load_office
from petitions.register import case_row
from petitions.vocabulary import CaseState


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept under one source number; an order that only a dry run has seen is without a case."""

    facts: Facts
    state: CaseState
    case: Case | None = None
    reporter: Party | None = None


def lock_source(session: Session, source: str) -> None:
    """Let one chunk of a source in at a time, until the commit: two files may hold the same new number."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(source, 0))))


def load_known(session: Session, source: str, numbers: Collection[str], *, lock: bool) -> dict[str, Known]:
    """The cases among `numbers` by number, with the person who reported each; locked to be changed."""
    wanted = select(Case).where(Case.id.in_(_ids(source, numbers)))
    fresh = wanted.order_by(Case.id).execution_options(populate_existing=True)
    cases = session.scalars(fresh.with_for_update() if lock else fresh).all()
    reporters = load_reporters(session, [case.id for case in cases])
    communities = _names(session, {case.community_id for case in cases if case.community_id})
    return {
        str(case.source_number): _known(case, reporters.get(case.id), communities.get(case.community_id))
        for case in cases
    }


def _ids(source: str, numbers: Collection[str]) -> Select[int]:
    """The keys of the cases, looked up in the index number by number, whatever the planner knows.

    Of a table that nobody has analysed yet it believes that few rows share a source, and would read all of
    them for each chunk: half the time of a first import of 50,000 rows.
    """
    # One array: thousands of parameters take longer to name than their cases to find.
    given = func.unnest(bindparam("numbers", list(numbers), ARRAY(Text)))
    wanted = given.table_valued("number").render_derived()
    bearing = select(Case.id).where(Case.source == source, Case.source_number == wanted.c.number)
    found = bearing.limit(1).lateral()
    return select(found.c.id).select_from(wanted).join(found, true())


def _names(session: Session, unit_ids: Collection[int]) -> dict[int | None, str]:
    if not unit_ids:
        return {}
    rows = session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids)))
    return {row.id: row.name for row in rows}


def foreseen(
    session: Session, new: Mapping[str, tuple[Intake, Route]], street_id: int, now: datetime
) -> dict[str, Known]:
    """What would be kept of orders, by number, once they are registered where their routes lead."""
    if not new:
        return {}
    office = load_office(session, [street_id])
    communities = _names(
        session, {route.community_id for _intake, route in new.values() if route.community_id}
    )
    found = {}
    for number, (intake, route) in new.items():
        # Never added to the session; it only says what registering would write.
        case = Case(**case_row(intake, route, now, office))
        party = intake.parties[0] if intake.parties else PartyIntake()
        facts = _facts(case, party.name, party.phone, communities.get(route.community_id))
        found[number] = Known(facts, case.state)
    return found


def _known(case: Case, reporter: Party | None, community: str | None) -> Known:
    name, phone = (reporter.name, reporter.phone) if reporter else (None, None)
    return Known(_facts(case, name, phone, community), case.state, case, reporter)


def _facts(case: Case, name: str | None, phone: str | None, community: str | None) -> Facts:
    return Facts(
        title=case.title,
        body=case.body,
        address=case.address,
        category=case.category,
        due_at=case.due_at,
        name=name,
        phone=phone,
        urgency=case.urgency,
        order_type=case.order_type,
        channel=case.channel,
        received_at=case.received_at,
        community=community,
        point=None if case.given_lon is None else (case.given_lon, case.given_lat, case.given_datum),
    )

"""The ways to what may be the same, on a table that has grown: an index each, no walk through the cases."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE
from petitions.intake import PartyIntake
from petitions.models import Case
from petitions.rules.sameness import sameness_rules
from petitions.sameness.finding import found_pairs
from tests.factories.cases import make_case
from tests.factories.street import TinyStreet

# Five years of a street, all but the last of them ended, each at a door of its own.
OLD = """
INSERT INTO cases ({columns})
SELECT {values} FROM cases, generate_series(1, 15000) AS i WHERE id = {case}
"""
CALLERS = """
INSERT INTO parties (case_id, role, phone_hash) SELECT id, 'reporter', sha256(number::bytea) FROM cases
"""
CHANGED = {
    "number": "'N' || i",
    "source_number": "NULL",
    "title": "md5(i::text)",
    "address": "'幸福路' || i || '号'",
    "point": "ST_SetSRID(ST_MakePoint(113.06 + random() * 0.02, 22.6 + random() * 0.02), 4326)",
    "received_at": "received_at - i * interval '3 hours'",
    "state": "CASE WHEN i % 20 = 0 THEN state ELSE 'closed' END",
    "ending": "CASE WHEN i % 20 = 0 THEN NULL ELSE 'solved' END",
    "ended_at": "CASE WHEN i % 20 = 0 THEN NULL ELSE received_at END",
    "tier_due_at": "NULL",
    "tier_warn_at": "NULL",
}


@pytest.fixture
def case(session: Session, tiny: TinyStreet) -> Case:
    """One new matter among many old ones that nobody has forgotten to count."""
    found = make_case(
        session, tiny.street.id, address="迎春路11号", parties=(PartyIntake(phone="10040560000"),)
    )
    names = [
        column.name for column in Case.__table__.columns if column.computed is None and column.name != "id"
    ]
    values = ", ".join(CHANGED.get(name, name) for name in names)
    session.execute(text(OLD.format(columns=", ".join(names), values=values, case=found.id)))
    session.execute(text(CALLERS))
    session.execute(text("ANALYZE cases, parties"))
    return found


def test_every_way_has_its_index_and_none_walks_through_the_cases(session: Session, case: Case) -> None:
    query = found_pairs([case.id], SERVICE, sameness_rules()).select()
    compiled = query.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    plan = "\n".join(row[0] for row in session.execute(text("EXPLAIN " + str(compiled).replace(":", r"\:"))))

    used = set(re.findall(r"(?:using|Index Scan on) (ix_\w+)", plan))
    assert "Seq Scan on cases" not in plan
    assert {"ix_cases_address_key", "ix_cases_point", "ix_cases_street_id_received_at"} <= used
    assert {"ix_parties_phone_hash", "ix_parties_identity_hash"} <= used

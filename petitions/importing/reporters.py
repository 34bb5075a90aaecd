"""The person who reported an order: what is kept of them, and what a file says anew."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.bulk import insert_rows, update_rows
from app.core.secrecy import vault
from petitions.importing.compare import Difference, Facts
from petitions.models import Party
from petitions.parties import COLUMNS, DETAIL, party_digest
from petitions.register import findable
from petitions.vocabulary import PartyRole

Restated = tuple[int, Party | None, Facts]
"""A case's id, its reporter if there is one, and the facts to be kept from now on."""


def load_reporters(session: Session, case_ids: Collection[int]) -> dict[int, Party]:
    """The first reporter of each case by the case's id."""
    if not case_ids:
        return {}
    query = select(Party).where(Party.case_id.in_(case_ids), Party.role == PartyRole.REPORTER)
    found: dict[int, Party] = {}
    for party in session.scalars(query.order_by(Party.id).execution_options(populate_existing=True)):
        found.setdefault(party.case_id, party)
    return found


def write_reporters(session: Session, restated: Sequence[Restated]) -> None:
    """Write names and phones, with one statement for those there are and one for those there were not."""
    old, new = [], []
    for case_id, reporter, facts in restated:
        row = _row(reporter, facts)
        if reporter:
            old.append({"id": reporter.id, **row})
        else:
            new.append({"case_id": case_id, **row})
    update_rows(session, Party, old)
    insert_rows(session, Party, new)


def reporter_detail(reporter: Party | None, kept: Facts, difference: Difference) -> dict[str, Any]:
    """Before and after as keyed digests: no personal field stands in the history."""
    if not difference.reporter:
        return {}
    before = party_digest({name: getattr(reporter, name) for name in COLUMNS}) if reporter else None
    after = party_digest(_row(reporter, difference.applied_to(kept)))
    return {
        DETAIL: [[before, after]],
        **{
            name: [_digest(getattr(kept, name)), _digest(value)]
            for name, value in difference.reporter.items()
        },
    }


def _row(reporter: Party | None, facts: Facts) -> dict[str, Any]:
    """The reporter's columns once `facts` are written; what a file cannot say stays."""
    return {
        "role": PartyRole.REPORTER,
        "name": facts.name,
        "phone": facts.phone,
        "phone_hash": findable(facts.phone),
        "identity_number": reporter.identity_number if reporter else None,
        "identity_hash": reporter.identity_hash if reporter else None,
        "is_anonymous": bool(reporter and reporter.is_anonymous and facts.name is None),
    }


def _digest(text: str | None) -> str | None:
    return None if text is None else "hmac:" + vault().digest(text).hex()

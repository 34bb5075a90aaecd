"""The person who reported an order: what is kept of them, and what a file says anew."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.bulk import insert_rows, update_rows
from app.core.secrecy import vault
from petitions.importing.compare import Difference, Facts
from petitions.models import Party
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
        said = {"name": facts.name, "phone": facts.phone, "phone_hash": findable(facts.phone)}
        if reporter:
            is_anonymous = reporter.is_anonymous and facts.name is None
            old.append({"id": reporter.id, **said, "is_anonymous": is_anonymous})
        else:
            new.append({"case_id": case_id, "role": PartyRole.REPORTER, **said})
    update_rows(session, Party, old)
    insert_rows(session, Party, new)


def reporter_detail(kept: Facts, difference: Difference) -> dict[str, Any]:
    """Before and after as keyed digests: no personal field stands in the history."""
    return {
        name: [_digest(getattr(kept, name)), _digest(value)] for name, value in difference.reporter.items()
    }


def _digest(text: str | None) -> str | None:
    return None if text is None else "hmac:" + vault().digest(text).hex()

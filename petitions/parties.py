"""The people of a case in its history: never who they are, only a keyed digest of each that proves the row.

The events that write parties carry `parties` in their detail: a pair of digests for each row, before and
after, None where there was or is none. What the pairs add up to are the rows that stand there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from app.core.canonical import canonical
from app.core.secrecy import vault

DETAIL = "parties"
COLUMNS = ("role", "name", "phone", "phone_hash", "identity_number", "identity_hash", "is_anonymous")


def party_digest(party: Mapping[str, Any]) -> str:
    """What an event says of one party, given by its columns in clear; a column left out is empty."""
    said = [party.get(name) for name in COLUMNS[:-1]]
    return "hmac:" + vault().digest(canonical([*said, bool(party.get("is_anonymous"))])).hex()


def new_parties(parties: Iterable[Mapping[str, Any]]) -> list[list[str | None]]:
    """The pairs of rows that were not there before."""
    return [[None, party_digest(party)] for party in parties]


def parties_said(details: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """The digests that the details of a case's events, in their order, add up to."""
    standing: Counter[str] = Counter()
    for detail in details:
        for before, after in detail.get(DETAIL, ()):
            standing.subtract([before] if before else [])
            standing.update([after] if after else [])
    return +standing

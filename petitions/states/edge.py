"""What one line of a state table says: from where, by which verb, to where, who may, what it needs, and why."""

from dataclasses import dataclass
from enum import StrEnum

from app.auth.vocabulary import Permission
from petitions.vocabulary import CaseState, Verb


class Need(StrEnum):
    """Something a verb must be told; the field of a form has the same name."""

    REASON = "reason"
    UNIT = "unit"
    PROPOSED = "proposed"
    ENDING = "ending"
    ROUTE = "route"
    RECIPIENT = "recipient"
    OPINION = "opinion"
    RESULT = "result"
    DECISION = "decision"
    SERVICE = "service"
    SERVED_ON = "served_on"
    UNTIL = "until"
    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    CONTACTED = "contacted"
    SOLVED = "solved"
    SATISFACTION = "satisfaction"
    RISK = "risk"
    URGENCY = "urgency"
    CATEGORY = "category"
    SIMPLIFIED = "simplified"
    CONSENT = "consent"
    MEDIATION = "mediation"
    OTHER = "other"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class Edge:
    """One lawful step.

    `by` is the permission that must be held at the holder or above it; None is for the service's own ticks.
    `needs` are asked for, `may_say` can be. `source` is the article or the place of DOMAIN it rests on; a
    step that no text sets says "local default".
    """

    before: CaseState
    verb: Verb
    after: CaseState
    by: Permission | None
    needs: tuple[Need, ...]
    source: str
    may_say: tuple[Need, ...] = ()

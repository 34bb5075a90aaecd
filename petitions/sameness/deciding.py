"""What a person decides about two cases, by the verb; everything that follows is recorded with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.errors import Conflict
from app.core.i18n import lazy as _
from petitions.history import Step
from petitions.models import CaseDismissal
from petitions.office import Office
from petitions.rules.grounds import Ground
from petitions.sameness.following import carry_out
from petitions.sameness.merging import merge, unmerge
from petitions.sameness.pairing import Pair
from petitions.sameness.repeating import dismiss, link_repeat, unlink_repeat
from petitions.vocabulary import Verb


@dataclass(frozen=True, slots=True)
class Why:
    """What a person gives as the reason: their own words, and for "not the same" perhaps a ready ground."""

    reason: str
    ground: Ground | None = None


Do = Callable[[Pair, Office, Why, Actor, datetime], list[Step]]

# The lambdas' names are those of the verbs' own arguments: the pair, the office, the why, who and when.
DECISIONS: dict[Verb, Do] = {
    Verb.MERGE: lambda p, _o, w, a, t: merge(p.case, p.other, p.below, reason=w.reason, actor=a, now=t),
    Verb.UNMERGE: lambda p, o, w, a, t: unmerge(p.case, p.other, o, reason=w.reason, actor=a, now=t),
    Verb.LINK_REPEAT: lambda p, _o, w, a, t: link_repeat(
        p.case, p.other, p.below, reason=w.reason, actor=a, now=t
    ),
    Verb.UNLINK_REPEAT: lambda p, _o, w, a, t: unlink_repeat(
        p.case, p.other, reason=w.reason, actor=a, now=t
    ),
    Verb.DISMISS: lambda p, _o, w, a, t: dismiss(
        p.case, p.other, reason=w.reason, ground=w.ground, actor=a, now=t
    ),
}


def decide(
    session: Session, pair: Pair, office: Office, verb: Verb, why: Why, *, actor: Actor, now: datetime
) -> None:
    """Do `verb` to the locked `pair`; raises what the verb raises, and Conflict for one dismissed before."""
    if verb is Verb.DISMISS and _is_dismissed(session, pair):
        raise Conflict(_("Somebody has found already that these two are not the same."))
    carry_out(session, DECISIONS[verb](pair, office, why, actor, now))


def _is_dismissed(session: Session, pair: Pair) -> bool:
    kept = select(CaseDismissal.case_id).where(
        CaseDismissal.case_id == pair.case.id, CaseDismissal.other_id == pair.other.id
    )
    return session.scalar(kept) is not None

"""The two cases about which a person decides, and those that go with them, locked so that nothing crosses.

One such decision is taken at a time in a street, and everybody who locks several cases that belong together
goes downwards: the master, first or order before the case, the case before what is under it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy as _
from petitions.models import Case
from petitions.queries import get_case, visible_cases
from petitions.vocabulary import Verb


@dataclass(frozen=True, slots=True)
class Pair:
    """`case` on whose page the person is, the `other`, and what hangs `below` the case in the same way."""

    case: Case
    other: Case
    below: Sequence[Case] = ()


def lock_pair(session: Session, actor: Actor, number: str, verb: Verb, other: str) -> Pair:
    """Both cases of one decision. `other` is a number where the verb asks for one.

    The master of a merged case stands for it, and the first for a repeat. Raises NotFound for a case outside
    the actor's reach, Invalid where no other case is meant.
    """
    case = get_case(session, actor, number)
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("sameness", case.street_id))))
    session.refresh(case)
    other_id = _other_id(session, actor, case, verb, other)
    if other_id is None:
        raise Invalid(_("This case is not tied to another in this way."))
    above = _lock_other(session, actor, other_id, is_named=verb in _NAMING)
    case = session.get_one(Case, case.id, with_for_update=True, populate_existing=True)
    return Pair(case, above, _below(session, case, verb))


_NAMING = frozenset({Verb.MERGE, Verb.LINK_REPEAT, Verb.DISMISS})


def _lock_other(session: Session, actor: Actor, key: int, *, is_named: bool) -> Case:
    """The other case; where a person chooses it, it lies in their reach, and so does what it stands for."""
    query = visible_cases(actor) if is_named else select(Case)
    locked = query.where(Case.id == key).with_for_update(of=Case).execution_options(populate_existing=True)
    found = session.scalar(locked)
    if found is None:
        fault = {"other": _("Choose another case.")}
        raise Invalid(_("The case that it belongs to lies outside your area."), fields=fault)
    return found


def _named(session: Session, actor: Actor, number: str) -> Case:
    fault = {"other": _("Write the number of the other case.")}
    if not number.strip():
        raise Invalid(_("Which case is meant?"), fields=fault)
    try:
        return get_case(session, actor, number.strip())
    except NotFound as error:
        raise Invalid(error.message, fields=fault) from error


def _other_id(session: Session, actor: Actor, case: Case, verb: Verb, number: str) -> int | None:
    if verb in (Verb.UNMERGE, Verb.UNLINK_REPEAT):
        return case.master_id if verb is Verb.UNMERGE else case.repeat_of_id
    named = _named(session, actor, number)
    stands_for = {Verb.MERGE: named.master_id, Verb.LINK_REPEAT: named.repeat_of_id}
    return stands_for.get(verb) or named.id


def _below(session: Session, case: Case, verb: Verb) -> Sequence[Case]:
    hangs = {Verb.MERGE: Case.master_id, Verb.LINK_REPEAT: Case.repeat_of_id}.get(verb)
    if hangs is None:
        return ()
    query = select(Case).where(hangs == case.id).order_by(Case.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).all()

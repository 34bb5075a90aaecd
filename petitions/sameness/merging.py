"""并案: several intakes about one matter under one master, which answers them all; and apart again.

Each merged case keeps what came in, its holder and its statutory clock, and is counted as received. It has no
tier clock of its own: nobody is pressed to do what another does. Every verb returns the steps to be recorded
by `following.carry_out`; what it does to the other cases is an event of theirs.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.auth.actor import Actor
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy as _
from petitions.clocks import STOPPED
from petitions.handling.step import given, step, tier_clock
from petitions.history import Step, Telling
from petitions.models import Case
from petitions.office import Office
from petitions.sameness.follow import follow
from petitions.vocabulary import CaseKind, Verb


def merge(
    case: Case, master: Case, under: Sequence[Case], *, reason: str, actor: Actor, now: datetime
) -> list[Step]:
    """Put `case`, and with it the cases `under` it, under `master`.

    Raises Conflict where one of the two waits for others already, has ended or is answered in another way.
    """
    demand_mergeable(case, master)
    told = Telling(case.holder_id, "merged", {"number": case.number, "from": master.number})
    detail = {"master": master.number}
    changes: dict[str, Any] = {"master_id": master.id, **STOPPED}
    first = step(case, Verb.MERGE, actor, now, changes, given(reason), detail, (told,))
    moved = [follow(one, detail, {"master_id": master.id}, actor=actor, now=now) for one in under]
    numbers = [one.number for one in (case, *under)]
    gained = Telling(master.holder_id, "merged_into", {"number": master.number, "from": case.number})
    return [first, *moved, follow(master, {"merged": numbers}, actor=actor, now=now, tell=(gained,))]


def unmerge(
    case: Case, master: Case, office: Office, *, reason: str, actor: Actor, now: datetime
) -> list[Step]:
    """解除并案: the case goes its own way again with its holder, whose clock starts anew.

    Raises Conflict where the case is not merged, or has ended with its master: then it is opened by itself.
    """
    if case.master_id is None:
        raise Conflict(_("This case is not merged under another."))
    changes = {"master_id": None, **tier_clock(case, office, case.holder_tier, now)}
    told = Telling(case.holder_id, "separated", {"number": case.number, "from": master.number})
    detail = {"master": master.number}
    first = step(case, Verb.UNMERGE, actor, now, changes, given(reason), detail, (told,))
    return [first, follow(master, {"separated": [case.number]}, actor=actor, now=now)]


def demand_mergeable(case: Case, master: Case) -> None:
    """Raise Invalid or Conflict, saying why, where `case` cannot be merged under `master`."""
    if master.id == case.id:
        raise Invalid(_("A case is not merged under itself."), fields={"other": _("Choose another case.")})
    if master.street_id != case.street_id:
        raise Invalid(
            _("The other case belongs to another street."), fields={"other": _("Choose another case.")}
        )
    if case.master_id == master.id:
        raise Conflict(_("This case is merged under that one already."))
    if master.ended_at is not None:
        raise Conflict(_("The other case has ended. Link this one as a repeat, or reopen the other first."))
    if case.part_count or case.parent_id:
        raise Conflict(_("An order that was split, and its parts, are not merged under another case."))
    if case.kind is CaseKind.PETITION and master.kind is not CaseKind.PETITION:
        raise Conflict(
            _("A petition is answered in writing and may be reviewed: merge it under a petition only.")
        )

"""重复信访: the same person with the same matter again; linked, or found to be another, by a person alone.

Both cases stay as they are; the later one counts as a repeat from then on. All repeats of a matter are linked
to the first.
"""

from collections.abc import Sequence
from datetime import datetime

from app.auth.actor import Actor
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy as _
from petitions.handling.step import given, step
from petitions.history import Step
from petitions.models import Case
from petitions.rules.grounds import Ground
from petitions.sameness.follow import follow
from petitions.vocabulary import Verb


def link_repeat(
    case: Case, first: Case, repeats: Sequence[Case], *, reason: str, actor: Actor, now: datetime
) -> list[Step]:
    """Link `case`, and with it its own `repeats`, to the `first` time that the matter was raised.

    Raises Invalid where the other came later or belongs elsewhere, Conflict where it is a repeat itself or
    the two are linked already.
    """
    _demand_other(case, first)
    if case.repeat_of_id == first.id:
        raise Conflict(_("These two are linked already."))
    if first.repeat_of_id:
        raise Conflict(_("The other case is itself a repeat: link this one to the first."))
    if (first.received_at, first.id) >= (case.received_at, case.id):
        raise Invalid(
            _("A repeat comes after the first: open the later case and link it to this one."),
            fields={"other": _("Choose an earlier case.")},
        )
    detail = {"first": first.number}
    changes = {"repeat_of_id": first.id}
    linked = step(case, Verb.LINK_REPEAT, actor, now, changes, reason.strip() or None, detail)
    moved = [follow(one, detail, changes, actor=actor, now=now) for one in repeats]
    return [linked, *moved, follow(first, {"repeated_by": [case.number]}, actor=actor, now=now)]


def unlink_repeat(case: Case, first: Case, *, reason: str, actor: Actor, now: datetime) -> list[Step]:
    """Take back a link that was a mistake; figures of before keep it."""
    if case.repeat_of_id is None:
        raise Conflict(_("This case is not linked as a repeat."))
    detail = {"first": first.number}
    undone = step(case, Verb.UNLINK_REPEAT, actor, now, {"repeat_of_id": None}, given(reason), detail)
    return [undone, follow(first, {"no_longer_repeated_by": [case.number]}, actor=actor, now=now)]


def dismiss(
    case: Case, other: Case, *, reason: str, actor: Actor, now: datetime, ground: Ground | None = None
) -> list[Step]:
    """Find that two cases are not the same matter; the pair is not suggested again.

    Raises Invalid where neither a `ground` nor a reason says why.
    """
    _demand_other(case, other)
    detail = {"other": other.number, "other_id": other.id, **({"ground": ground} if ground else {})}
    why = (reason.strip() or None) if ground else given(reason)
    return [step(case, Verb.DISMISS, actor, now, {}, why, detail)]


def _demand_other(case: Case, other: Case) -> None:
    if other.id == case.id or other.street_id != case.street_id:
        raise Invalid(_("Choose another case of this street."), fields={"other": _("Choose another case.")})

"""主办与协办: the holder leads; helping units have tasks and limits of their own, and answer the lead."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from app.auth.actor import Actor
from app.core.clock import local_day
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.i18n import lazy as _
from petitions.handling.step import demand_of_street, given, step, telling
from petitions.history import Step, Telling
from petitions.models import Case
from petitions.office import Office
from petitions.rules.deadlines import due_moment
from petitions.vocabulary import Verb

Assist = Mapping[str, Any]


def ask_help(
    case: Case, office: Office, *, unit_id: int, until: date, reason: str, actor: Actor, now: datetime
) -> Step:
    """加派: ask another unit of the street to do its part by the end of `until`; `reason` says what.

    The helper finds the case from now on. The lead's own clocks do not move.
    """
    demand_of_street(case, office.tree, unit_id)
    if unit_id == case.holder_id:
        raise Invalid(_("The unit has the case itself."), fields={"unit": _("Choose another unit.")})
    if until < local_day(now):
        raise Invalid(_("That day has passed."), fields={"until": _("Choose a day that has not passed.")})
    if any(assist["unit"] == unit_id and not assist["answered_at"] for assist in case.assists):
        raise Conflict(_("This unit has been asked already and has yet to answer."))
    asked = {
        "unit": unit_id,
        "asked_at": now.isoformat(),
        "due_at": due_moment(until).isoformat(),
        "answered_at": None,
        "is_reminded": False,
    }
    told = telling(case, office.tree, unit_id, "help_asked")
    changes = assisted([*case.assists, asked])
    detail = {"unit": office.tree[unit_id].code}
    return step(case, Verb.ASK_HELP, actor, now, changes, given(reason), detail, (told,))


def give_help(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """协办反馈: the helper tells the lead what it has done; Conflict where the actor's units owe nothing."""
    owing = [assist for assist in case.assists if not assist["answered_at"] and actor.covers(assist["unit"])]
    if not owing:
        raise Conflict(_("Your unit has not been asked to help with this case, or has answered."))
    # Of several units in reach the person's own comes first.
    mine = min(owing, key=lambda assist: assist["unit"] not in actor.units)
    answered = [
        {**assist, "answered_at": now.isoformat()} if assist is mine else assist for assist in case.assists
    ]
    helper = office.tree[mine["unit"]]
    told = Telling(case.holder_id, "help_given", {"number": case.number, "from": helper.name})
    return step(
        case,
        Verb.GIVE_HELP,
        actor,
        now,
        assisted(answered),
        given(reason),
        {"unit": helper.code},
        (told,),
        at_unit=helper.id,
    )


def remind_helper(case: Case, office: Office, *, actor: Actor, now: datetime) -> Step:
    """Tell each helper whose limit has passed at `now`, and the lead; once for each helper."""
    if not actor.everywhere:
        raise Forbidden(_("Only the service reminds helpers when their limit passes."))
    late = [assist for assist in case.assists if _is_late(assist, now)]
    reminded = [{**assist, "is_reminded": True} if assist in late else assist for assist in case.assists]
    names = [office.tree[assist["unit"]].name for assist in late]
    told = [telling(case, office.tree, assist["unit"], "help_owed") for assist in late]
    told.append(Telling(case.holder_id, "help_late", {"number": case.number, "from": "、".join(names)}))
    detail = {"units": [office.tree[assist["unit"]].code for assist in late]}
    return step(case, Verb.REMIND_HELPER, actor, now, assisted(reminded), "limit_passed", detail, tuple(told))


def assisted(assists: Iterable[Assist]) -> dict[str, Any]:
    """The columns of a case with these helpers."""
    kept = [dict(assist) for assist in assists]
    owed = [a["due_at"] for a in kept if not a["answered_at"] and not a["is_reminded"]]
    return {
        "assists": kept,
        "assist_ids": sorted({assist["unit"] for assist in kept}),
        "assist_due_at": min((datetime.fromisoformat(at) for at in owed), default=None),
    }


def _is_late(assist: Assist, now: datetime) -> bool:
    is_owed = not assist["answered_at"] and not assist["is_reminded"]
    return is_owed and datetime.fromisoformat(assist["due_at"]) <= now

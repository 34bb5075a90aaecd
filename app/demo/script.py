"""What is done to one matter and when: the steps that the replay turns into calls of the real verbs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any

from app.core.calendar import WorkingCalendar
from app.core.clock import SHANGHAI
from app.demo.texts import phrase
from app.demo.vocabulary import words

WORKING_MINUTES_PER_DAY = 390

SIGNED_WITHIN = 100
"""Working minutes within which a matter is signed for at the latest."""

Draft = list[tuple[float, "ScriptVerb", dict[str, str]]]


class ScriptVerb(StrEnum):
    """What a step of a script asks for."""

    ACCEPT = "accept"
    ASSESS = "assess"
    SIGN_FOR = "sign_for"
    HAND_BACK = "hand_back"
    RULE = "rule"
    MEDIATE_OPEN = "mediate_open"
    MEDIATE_SESSION = "mediate_session"
    MEDIATE_AGREE = "mediate_agree"
    MEDIATE_FAIL = "mediate_fail"
    SUBMIT = "submit"
    APPROVE = "approve"
    CALL_BACK = "call_back"
    REPLY = "reply"
    SETTLE = "settle"
    WITHDRAW = "withdraw"
    VOID = "void"
    DIVERT = "divert"


@dataclass(frozen=True)
class Step:
    """One thing done at an aware moment in office hours; the arguments depend on the verb."""

    at: datetime
    verb: ScriptVerb
    arguments: dict[str, str]


def draft_settling(kind: dict[str, Any], mediated: bool, rng: Random) -> tuple[Draft, str]:
    """The way of a matter that is settled, each step at a share of the whole time, and its ending."""
    signed = rng.uniform(0.03, 0.18)
    draft: Draft = [(signed, ScriptVerb.SIGN_FOR, {})]
    if rng.random() < words("scenario")["chance"]["hand_back"]:
        draft += _hand_back(rng)
    if mediated:
        return _mediate(draft, kind["mediate"]["kind"], rng)
    ending = rng.choices(list(kind["settle"]), list(kind["settle"].values()))[0]
    return [*draft, _settle(ending, rng)], ending


def draft_void(rng: Random) -> Draft:
    """A matter that should not have been one."""
    return [(1.0, ScriptVerb.VOID, {"reason": phrase("void", "reasons", rng)})]


def draft_divert(kind: dict[str, Any], rng: Random) -> Draft:
    """A matter that lawfully belongs elsewhere, seen once somebody has read it."""
    route = kind.get("divert", "statutory_duty")
    reason = phrase("divert", route, rng)
    return [
        (rng.uniform(0.1, 0.4), ScriptVerb.SIGN_FOR, {}),
        (1.0, ScriptVerb.DIVERT, {"route": route, "reason": reason}),
    ]


def lawful(draft: Draft, kind: str) -> Draft:
    """The draft in the steps that the states of its kind know: a petition is accepted first and replied to,
    an order is submitted, looked at and called back before it is settled, a dispute is assessed."""
    steps: Draft = []
    for share, verb, arguments in draft:
        before = steps[-1][0] if steps else 0.0
        steps += [
            (before + (share - before) * part, step, arguments)
            for part, step in _LAWFUL.get((kind, _way(verb, arguments)), ((1.0, verb),))
        ]
    return steps


def _way(verb: ScriptVerb, arguments: dict[str, str]) -> ScriptVerb:
    is_withdrawn = verb is ScriptVerb.SETTLE and arguments["ending"] == "withdrawn"
    return ScriptVerb.WITHDRAW if is_withdrawn else verb


# Where between the step before and this one each of the lawful steps stands.
_LAWFUL: dict[tuple[str, ScriptVerb], tuple[tuple[float, ScriptVerb], ...]] = {
    ("petition", ScriptVerb.SIGN_FOR): ((0.5, ScriptVerb.ACCEPT), (1.0, ScriptVerb.SIGN_FOR)),
    ("petition", ScriptVerb.SETTLE): ((1.0, ScriptVerb.REPLY),),
    ("petition", ScriptVerb.WITHDRAW): ((1.0, ScriptVerb.WITHDRAW),),
    ("hotline", ScriptVerb.SETTLE): (
        (0.8, ScriptVerb.SUBMIT),
        (0.9, ScriptVerb.APPROVE),
        (0.97, ScriptVerb.CALL_BACK),
        (1.0, ScriptVerb.SETTLE),
    ),
    ("hotline", ScriptVerb.WITHDRAW): ((1.0, ScriptVerb.WITHDRAW),),
    ("dispute", ScriptVerb.SIGN_FOR): ((1.0, ScriptVerb.ASSESS),),
}

_TAKING = frozenset({ScriptVerb.ACCEPT, ScriptVerb.ASSESS, ScriptVerb.SIGN_FOR})


def time_out(
    draft: Draft, received_at: datetime, minutes: int, before: int, calendar: WorkingCalendar
) -> tuple[Step, ...]:
    """The draft laid over so many working minutes from receipt, without steps at or after minute `before`."""
    steps: list[Step] = []
    last = 0
    for share, verb, arguments in draft:
        minute = round(share * minutes)
        if verb in _TAKING and all(step.verb in _TAKING for step in steps):
            minute = min(minute, SIGNED_WITHIN)
        last = max(minute, last + 1)
        if last >= before:
            break
        at = calendar.add_working_minutes(received_at, last).astimezone(SHANGHAI)
        steps.append(Step(at, verb, arguments))
    return tuple(steps)


def _hand_back(rng: Random) -> Draft:
    granted = "yes" if rng.random() < 0.6 else "no"
    return [
        (0.22, ScriptVerb.HAND_BACK, {"reason": phrase("hand_back", "reasons", rng)}),
        (0.30, ScriptVerb.RULE, {"granted": granted}),
        (0.38, ScriptVerb.SIGN_FOR, {}),
    ]


def _settle(ending: str, rng: Random) -> tuple[float, ScriptVerb, dict[str, str]]:
    return 1.0, ScriptVerb.SETTLE, {"ending": ending, "reply": phrase("reply", ending, rng)}


def _mediate(draft: Draft, kind: str, rng: Random) -> tuple[Draft, str]:
    chance = words("scenario")["chance"]
    draft = [*draft, (0.42, ScriptVerb.MEDIATE_OPEN, {"kind": kind})]
    sessions = rng.choices((1, 2, 3), (6, 3, 1))[0]
    for session in range(sessions):
        share = 0.5 + 0.4 * (session + rng.random()) / sessions
        draft.append((share, ScriptVerb.MEDIATE_SESSION, {"notes": phrase("session", "notes", rng)}))
    if rng.random() < chance["mediation_fails"]:
        draft.append((0.93, ScriptVerb.MEDIATE_FAIL, {"reason": phrase("session", "failed", rng)}))
        return [*draft, _settle("explained", rng)], "explained"
    form = "oral" if rng.random() < chance["oral_agreement"] else "written"
    text = phrase("agreement", kind, rng)
    draft.append((1.0, ScriptVerb.MEDIATE_AGREE, {"text": text, "form": form}))
    return draft, "settled_by_agreement"

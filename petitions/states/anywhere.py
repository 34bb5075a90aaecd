"""Steps that are possible in many states and mostly leave the state as it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.auth.vocabulary import Permission as P
from petitions.states.edge import Edge
from petitions.states.edge import Need as N
from petitions.vocabulary import CaseState as S
from petitions.vocabulary import Verb as V

ENDED = frozenset(
    {
        S.REPLIED,
        S.IN_REVIEW,
        S.REVIEW_REPLIED,
        S.IN_RE_REVIEW,
        S.FINAL,
        S.RESOLVED,
        S.FOLLOW_UP,
        S.CLOSED_OFF,
        S.CLOSED,
        S.WITHDRAWN,
        S.DECLINED,
        S.DIVERTED,
        S.FORWARDED,
        S.RETURNED,
        S.VOID,
        S.ARCHIVED,
    }
)
"""States of a case that has an ending; what may follow concerns its answer, its file or its reopening."""


@dataclass(frozen=True, slots=True)
class Anywhere:
    """A step of every open state but `never_in`; `after` None leaves the state as it is.

    `even_ended` adds the states of ended cases.
    """

    verb: V
    by: P | None
    needs: tuple[N, ...]
    source: str
    never_in: frozenset[S] = frozenset()
    after: S | None = None
    may_say: tuple[N, ...] = ()
    even_ended: bool = False


# Where the next word is somebody's ruling, answer or mediation, so that handing the case down leads nowhere.
_AWAITING = frozenset(
    {
        S.RETURN_REQUESTED,
        S.TO_MEDIATION,
        S.OBJECTED,
        S.ASSIGNED,
        S.EXTENSION_REQUESTED,
        S.SUSPENDED,
        S.HEARING,
        S.NEED_INFO,
        S.SUBMITTED,
        S.PENDING_CALLBACK,
        S.CALLED,
        # Handing down from the desk is the dispatch itself, an edge of its own.
        S.PENDING_DISPATCH,
    }
)
_STOPPED = frozenset({S.SUSPENDED})

ANYWHERE = (
    Anywhere(
        V.NOTE,
        P.CASE_HANDLE,
        (N.REASON,),
        "信访条例 2005 Art 17, 信访工作条例 2022 Art 19 (record)",
        never_in=frozenset({S.ARCHIVED}),
        even_ended=True,
    ),
    Anywhere(
        V.CATEGORISE,
        P.CASE_HANDLE,
        (N.CATEGORY,),
        "内容分类: DOMAIN A.12, B.5 (事项分类); that a person may set it is a local default",
        never_in=frozenset({S.ARCHIVED}),
        even_ended=True,
    ),
    Anywhere(
        V.HAND_DOWN,
        P.CASE_RULE,
        (N.UNIT, N.REASON),
        "下派: DOMAIN H.1 no. 92",
        never_in=_AWAITING,
    ),
    Anywhere(
        V.HAND_UP,
        P.CASE_HANDLE,
        (N.REASON,),
        "上报: DOMAIN H.1 no. 92, H.2 (by hand)",
        never_in=_STOPPED,
    ),
    Anywhere(
        V.ASK_HELP,
        P.CASE_RULE,
        (N.UNIT, N.UNTIL, N.REASON),
        "主办、协办: DOMAIN H.1 no. 26; 加派: DOMAIN B.2; its limit is a local default",
        never_in=_AWAITING - {S.TO_MEDIATION, S.HEARING},
    ),
    Anywhere(
        V.GIVE_HELP, P.CASE_HANDLE, (N.REASON,), "协办: 接诉即办条例 Art 14 (other units answer the first)"
    ),
    Anywhere(V.REMIND, P.CASE_SUPERVISE, (N.REASON,), "催办: DOMAIN H.1 no. 38"),
    Anywhere(
        V.SUPERVISE,
        P.CASE_SUPERVISE,
        (N.UNTIL, N.REASON),
        "督办: 信访条例 2005 Art 36, 信访工作条例 2022 Art 38 to 40",
    ),
    Anywhere(V.ANSWER_SUPERVISION, P.CASE_HANDLE, (N.REASON,), "信访条例 2005 Art 36 (feedback)"),
    Anywhere(
        V.SET_URGENCY,
        P.CASE_HANDLE,
        (N.URGENCY, N.REASON),
        "重大、紧急: 信访条例 2005 Art 26, 信访工作条例 2022 Art 25",
        never_in=_STOPPED,
    ),
    Anywhere(V.TAKE_CHARGE, P.CASE_APPROVE, (N.REASON,), "包案: 信访工作条例 2022 Art 18"),
    Anywhere(
        V.VOID,
        P.CASE_EXCLUDE,
        (N.REASON,),
        "作废: DOMAIN H.3 (kept, and excluded from rates); a running mediation ends first",
        never_in=frozenset({S.TO_MEDIATION}),
        after=S.VOID,
    ),
    Anywhere(
        V.MERGE,
        P.CASE_RULE,
        (N.OTHER, N.REASON),
        "并案: DOMAIN B.6 (never silently), PEERS §2; a local default",
        never_in=_AWAITING - {S.PENDING_DISPATCH, S.NEED_INFO},
    ),
    Anywhere(V.UNMERGE, P.CASE_RULE, (N.REASON,), "解除并案; a local default"),
    Anywhere(
        V.LINK_REPEAT,
        P.CASE_HANDLE,
        (N.OTHER,),
        "重复信访: DOMAIN A.10 (the same person, the same matter)",
        never_in=frozenset({S.ARCHIVED}),
        may_say=(N.REASON,),
        even_ended=True,
    ),
    Anywhere(
        V.UNLINK_REPEAT,
        P.CASE_HANDLE,
        (N.REASON,),
        "DOMAIN A.10",
        never_in=frozenset({S.ARCHIVED}),
        even_ended=True,
    ),
    Anywhere(
        V.DISMISS,
        P.CASE_HANDLE,
        (N.OTHER, N.REASON),
        "DOMAIN B.6 (a suggestion is for a person to rule on)",
        never_in=frozenset({S.ARCHIVED}),
        even_ended=True,
    ),
    Anywhere(V.UPDATE, P.CASE_IMPORT, (), "DOMAIN B.6 (the upstream's word on its order)", even_ended=True),
    Anywhere(V.START_CLOCK, None, (), "DOMAIN G.4 (the calendar of a missing year has come)"),
    Anywhere(V.WARN, None, (), "H.2; a local default", never_in=_STOPPED),
    Anywhere(V.ESCALATE, None, (), "H.2; the limit of the tier is a local default", never_in=_STOPPED),
    Anywhere(V.REPLAN, None, (), "the street has changed its policy; a local default"),
    Anywhere(V.RELOCATE, None, (), "动态调整: DOMAIN C.4 (open matters are moved with a trail)"),
    Anywhere(V.REMIND_HELPER, None, (), "协办: a local default"),
)


def everywhere(states: Iterable[S]) -> list[Edge]:
    """The edges of `ANYWHERE` among `states`."""
    return [
        Edge(state, step.verb, step.after or state, step.by, step.needs, step.source, step.may_say)
        for step in ANYWHERE
        for state in states
        if (step.even_ended or state not in ENDED) and state not in step.never_in
    ]


def mediated(before: Iterable[S], agreed: S, failed: S) -> list[Edge]:
    """The way through a mediation: from one of `before`, and out of it with an agreement or without."""
    law = "人民调解法"
    inside = S.TO_MEDIATION
    return [
        *(
            Edge(state, V.OPEN_MEDIATION, inside, P.CASE_MEDIATE, (N.CONSENT,), f"{law} Art 17 to 20")
            for state in before
        ),
        Edge(inside, V.HOLD_SESSION, inside, P.CASE_MEDIATE, (N.MEDIATION,), f"{law} Art 22, 27"),
        Edge(inside, V.AGREE, agreed, P.CASE_MEDIATE, (N.MEDIATION,), f"{law} Art 28 to 31"),
        Edge(inside, V.FAIL_MEDIATION, failed, P.CASE_MEDIATE, (N.MEDIATION,), f"{law} Art 26"),
    ]


def archived(states: Iterable[S]) -> list[Edge]:
    """Putting the complete file of an ended case away."""
    return [
        Edge(state, V.ARCHIVE, S.ARCHIVED, P.CASE_RULE, (), "归档: DOMAIN H.1 no. 58, H.3")
        for state in states
    ]

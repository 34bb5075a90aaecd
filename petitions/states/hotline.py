"""The states of a hotline order (DOMAIN B.2, H.3).

待受理 and 已受理 happen at the 12345 centre before the order reaches the street. An order whose place is
known is dispatched to its grid as it is registered; one that waits at the street's desk is pending dispatch.
What a unit submits is looked at by the unit above it, and the street's desk calls the citizen back.
"""

from app.auth.vocabulary import Permission as P
from petitions.states.anywhere import archived, mediated
from petitions.states.edge import Edge
from petitions.states.edge import Need as N
from petitions.vocabulary import CaseState as S
from petitions.vocabulary import Verb as V

_H3 = "DOMAIN H.3"
_HANDLED = (S.SIGNED, S.IN_HANDLING)
_UNSIGNED = (S.PENDING_DISPATCH, S.DISPATCHED)
_ANSWER = "接诉即办条例 Art 15"

HOTLINE = [
    Edge(S.PENDING_DISPATCH, V.HAND_DOWN, S.DISPATCHED, P.CASE_RULE, (N.UNIT, N.REASON), f"派遣: {_H3}"),
    Edge(
        S.PENDING_DISPATCH,
        V.ANSWER_DIRECTLY,
        S.CLOSED,
        P.CASE_RULE,
        (N.ENDING, N.REASON),
        f"直接答复: {_H3}",
    ),
    Edge(S.PENDING_DISPATCH, V.ASK_INFO, S.NEED_INFO, P.CASE_RULE, (N.REASON,), f"待补充: {_H3}"),
    Edge(S.NEED_INFO, V.GIVE_INFO, S.PENDING_DISPATCH, P.CASE_RULE, (N.REASON,), f"待补充: {_H3}"),
    *(
        Edge(before, V.SIGN_FOR, S.SIGNED, P.CASE_HANDLE, (), f"签收: {_H3}; its hours are a local default")
        for before in _UNSIGNED
    ),
    *(
        Edge(
            before,
            V.HAND_BACK,
            S.RETURN_REQUESTED,
            P.CASE_HANDLE,
            (N.REASON,),
            f"退单: {_H3}, 接诉即办条例 Art 12; how often and how long are local defaults",
            (N.PROPOSED,),
        )
        for before in (S.DISPATCHED, *_HANDLED)
    ),
    Edge(
        S.RETURN_REQUESTED, V.RULE, S.DISPATCHED, P.CASE_RULE, (N.UNIT, N.REASON), f"终审: {_H3}, DOMAIN B.3"
    ),
    *(
        Edge(before, V.REQUEST_EXTENSION, S.EXTENSION_REQUESTED, P.CASE_HANDLE, (N.UNTIL, N.REASON), _ANSWER)
        for before in _HANDLED
    ),
    Edge(
        S.EXTENSION_REQUESTED, V.APPROVE_EXTENSION, S.IN_HANDLING, P.CASE_RULE, (N.UNTIL, N.REASON), _ANSWER
    ),
    Edge(S.EXTENSION_REQUESTED, V.REFUSE_EXTENSION, S.IN_HANDLING, P.CASE_RULE, (N.REASON,), _ANSWER),
    *(
        Edge(
            before,
            V.SUSPEND,
            S.SUSPENDED,
            P.CASE_RULE,
            (N.UNTIL, N.REASON),
            f"挂起: {_H3}; how long is a local default",
        )
        for before in _HANDLED
    ),
    Edge(S.SUSPENDED, V.RESUME, S.IN_HANDLING, P.CASE_RULE, (), f"挂起: {_H3}"),
    *mediated(_HANDLED, agreed=S.CLOSED, failed=S.IN_HANDLING),
    *(
        Edge(before, V.SUBMIT, S.SUBMITTED, P.CASE_HANDLE, (N.REASON,), f"待审核: {_H3}")
        for before in _HANDLED
    ),
    Edge(S.SUBMITTED, V.SEND_BACK, S.IN_HANDLING, P.CASE_RULE, (N.REASON,), _H3),
    Edge(S.SUBMITTED, V.APPROVE, S.PENDING_CALLBACK, P.CASE_RULE, (), f"待回访: {_H3}"),
    Edge(
        S.PENDING_CALLBACK,
        V.CALL_BACK,
        S.CALLED,
        P.CASE_RULE,
        (N.CONTACTED,),
        "回访: 接诉即办条例 Art 23, DOMAIN B.5 row 6",
        (N.SOLVED, N.SATISFACTION, N.REASON),
    ),
    Edge(S.CALLED, V.REDO, S.IN_HANDLING, P.CASE_RULE, (N.REASON,), f"重办: {_H3}"),
    Edge(S.CALLED, V.SETTLE, S.CLOSED, P.CASE_RULE, (N.ENDING, N.REASON), f"结案: {_H3}"),
    *(
        Edge(before, V.WITHDRAW, S.CLOSED, P.CASE_RULE, (N.REASON,), "撤回: DOMAIN H.3, by the citizen")
        for before in (*_UNSIGNED, *_HANDLED)
    ),
    *(
        Edge(
            before,
            V.DIVERT,
            S.DIVERTED,
            P.CASE_EXCLUDE,
            (N.ROUTE, N.SERVICE, N.REASON),
            "接诉即办条例 Art 11",
        )
        for before in (*_UNSIGNED, *_HANDLED)
    ),
    Edge(
        S.CLOSED,
        V.REOPEN,
        S.IN_HANDLING,
        P.CASE_RULE,
        (N.REASON,),
        f"重办: {_H3} (once, with a reason); its window is a local default",
    ),
    *(
        Edge(before, V.SPLIT, before, P.CASE_RULE, (N.PARTS, N.REASON), "事项一、事项二: DOMAIN B.6")
        for before in (*_UNSIGNED, *_HANDLED)
    ),
    *archived((S.CLOSED, S.DIVERTED)),
]

"""The states of a neighbourhood dispute (DOMAIN C.6, H.3).

网格化解, 社区化解 and 街道化解 are one state here, assessed: the tier of its holder says which, and escalation
moves the holder. 转人民调解 is the mediation; 转办 to court or police is diverting, to another office forwarding.
"""

from app.auth.vocabulary import Permission as P
from petitions.states.anywhere import archived, mediated
from petitions.states.edge import Edge
from petitions.states.edge import Need as N
from petitions.vocabulary import CaseState as S
from petitions.vocabulary import Verb as V

_H3 = "DOMAIN H.3"
_TERM = "深圳经济特区矛盾纠纷多元化解条例 Art 25, 宁波市人民调解条例 Art 27; a local default elsewhere"
_CALLED = (N.CONTACTED,)

DISPUTE = [
    Edge(S.FOUND, V.ASSESS, S.ASSESSED, P.CASE_HANDLE, (N.RISK,), f"研判: {_H3}"),
    *(
        Edge(
            before,
            V.HAND_BACK,
            S.RETURN_REQUESTED,
            P.CASE_HANDLE,
            (N.REASON,),
            "滨州市社会治理网格化服务管理条例 Art 11 (not its duty: explains to the body above)",
            (N.PROPOSED,),
        )
        for before in (S.FOUND, S.ASSESSED)
    ),
    Edge(S.RETURN_REQUESTED, V.RULE, S.FOUND, P.CASE_RULE, (N.UNIT, N.REASON), "DOMAIN C.4"),
    Edge(S.ASSESSED, V.REQUEST_EXTENSION, S.EXTENSION_REQUESTED, P.CASE_HANDLE, (N.REASON,), _TERM),
    Edge(S.EXTENSION_REQUESTED, V.APPROVE_EXTENSION, S.ASSESSED, P.CASE_RULE, (N.REASON,), _TERM),
    Edge(S.EXTENSION_REQUESTED, V.REFUSE_EXTENSION, S.ASSESSED, P.CASE_RULE, (N.REASON,), _TERM),
    *mediated((S.ASSESSED,), agreed=S.RESOLVED, failed=S.ASSESSED),
    Edge(S.ASSESSED, V.SETTLE, S.RESOLVED, P.CASE_HANDLE, (N.ENDING, N.REASON), f"已化解: {_H3}"),
    *(
        Edge(before, V.DIVERT, S.DIVERTED, P.CASE_EXCLUDE, (N.ROUTE, N.SERVICE, N.REASON), f"转办: {_H3}")
        for before in (S.FOUND, S.ASSESSED)
    ),
    *(
        Edge(before, V.FORWARD, S.FORWARDED, P.CASE_EXCLUDE, (N.RECIPIENT, N.REASON), f"转办: {_H3}")
        for before in (S.FOUND, S.ASSESSED)
    ),
    Edge(
        S.RESOLVED,
        V.CALL_BACK,
        S.FOLLOW_UP,
        P.CASE_HANDLE,
        _CALLED,
        f"回访: {_H3}",
        (N.SOLVED, N.SATISFACTION, N.REASON),
    ),
    Edge(S.FOLLOW_UP, V.CLOSE_OFF, S.CLOSED_OFF, P.CASE_HANDLE, (), f"销号: {_H3}"),
    *(
        Edge(
            before,
            V.REOPEN,
            S.ASSESSED,
            P.CASE_HANDLE,
            (N.REASON,),
            f"反弹: {_H3}; its window is a local default",
        )
        for before in (S.RESOLVED, S.FOLLOW_UP, S.CLOSED_OFF)
    ),
    *archived((S.CLOSED_OFF, S.DIVERTED, S.FORWARDED)),
]

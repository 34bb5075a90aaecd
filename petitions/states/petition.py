"""The states of a petition: one table under the regulations of 2005, one under those of 2022 (DOMAIN A, H.3).

Registered and waiting for its route is one state here, since registration routes at once. A petition replied
to has ended for the rate; what follows is the petitioner's right to review, and only a revoking decision
leads back to handling. The hearing of a re-review belongs to the organ above; its days are left out of count.
"""

from app.auth.vocabulary import Permission as P
from petitions.states.anywhere import archived, mediated
from petitions.states.edge import Edge
from petitions.states.edge import Need as N
from petitions.vocabulary import CaseState as S
from petitions.vocabulary import Verb as V

_HANDLED = (S.IN_HANDLING, S.EXTENDED)
_ENDS = (S.FINAL, S.WITHDRAWN, S.DIVERTED, S.FORWARDED)


def _shared(year: int, handle: str, opinion: str, review: str, re_review: str) -> list[Edge]:
    """What both regulations know; the arguments are the articles of one of them."""
    name = {2005: "信访条例 2005", 2022: "信访工作条例 2022"}[year]
    divert = f"{name} " + {2005: "Art 14, 15, 21(一)", 2022: "Art 22, 28, 30, 31"}[year]
    forward = f"{name} " + {2005: "Art 21", 2022: "Art 22 to 23"}[year]
    served = (N.OPINION, N.SERVICE, N.SERVED_ON, N.REASON)
    reviewed = (N.RESULT, N.DECISION, N.SERVED_ON, N.REASON)
    return [
        *(
            Edge(before, V.DIVERT, S.DIVERTED, P.CASE_EXCLUDE, (N.ROUTE, N.SERVICE, N.REASON), divert)
            for before in (S.PENDING_ROUTE, S.ACCEPTED, *_HANDLED)
        ),
        Edge(S.PENDING_ROUTE, V.FORWARD, S.FORWARDED, P.CASE_EXCLUDE, (N.RECIPIENT, N.REASON), forward),
        Edge(
            S.PENDING_ROUTE,
            V.ASSIGN_WITH_REPORT,
            S.ASSIGNED,
            P.CASE_EXCLUDE,
            (N.RECIPIENT, N.UNTIL, N.REASON),
            f"交办: {forward} (the limit is the one written in the instruction)",
        ),
        Edge(S.ASSIGNED, V.RECALL, S.PENDING_ROUTE, P.CASE_EXCLUDE, (N.REASON,), "已交办撤回: DOMAIN A.12"),
        Edge(S.ASSIGNED, V.REPLY, S.REPLIED, P.CASE_RULE, served, f"办结报告: {forward}, {opinion}"),
        Edge(
            S.ACCEPTED, V.SIGN_FOR, S.IN_HANDLING, P.CASE_HANDLE, (), "办理中: DOMAIN H.3 (a handler is set)"
        ),
        *(
            Edge(
                before,
                V.HAND_BACK,
                S.RETURN_REQUESTED,
                P.CASE_HANDLE,
                (N.REASON,),
                "退单: DOMAIN B.2, PEERS §9 (reason and proposed owner)",
                (N.PROPOSED,),
            )
            for before in (S.ACCEPTED, *_HANDLED)
        ),
        Edge(S.RETURN_REQUESTED, V.RULE, S.ACCEPTED, P.CASE_RULE, (N.UNIT, N.REASON), "DOMAIN A.4 no. 6"),
        Edge(S.IN_HANDLING, V.REQUEST_EXTENSION, S.EXTENSION_REQUESTED, P.CASE_HANDLE, (N.REASON,), handle),
        Edge(S.EXTENSION_REQUESTED, V.APPROVE_EXTENSION, S.EXTENDED, P.CASE_APPROVE, (N.REASON,), handle),
        Edge(S.EXTENSION_REQUESTED, V.REFUSE_EXTENSION, S.IN_HANDLING, P.CASE_APPROVE, (N.REASON,), handle),
        *(
            Edge(before, V.OPEN_HEARING, S.HEARING, P.CASE_RULE, (N.REASON,), "听证: H.3")
            for before in _HANDLED
        ),
        Edge(S.HEARING, V.CLOSE_HEARING, S.IN_HANDLING, P.CASE_RULE, (N.REASON,), "听证: DOMAIN H.3"),
        *mediated(_HANDLED, agreed=S.REPLIED, failed=S.IN_HANDLING),
        *(Edge(before, V.REPLY, S.REPLIED, P.CASE_RULE, served, opinion) for before in _HANDLED),
        *(
            Edge(before, V.WITHDRAW, S.WITHDRAWN, P.CASE_RULE, (N.REASON,), "撤回: DOMAIN H.3 (before reply)")
            for before in (S.PENDING_ROUTE, S.ACCEPTED, *_HANDLED)
        ),
        Edge(S.REPLIED, V.REQUEST_REVIEW, S.IN_REVIEW, P.CASE_RULE, (N.REASON,), review),
        Edge(S.IN_REVIEW, V.RECORD_REVIEW, S.REVIEW_REPLIED, P.CASE_RULE, reviewed, review),
        Edge(S.REVIEW_REPLIED, V.REQUEST_RE_REVIEW, S.IN_RE_REVIEW, P.CASE_RULE, (N.REASON,), re_review),
        Edge(
            S.IN_RE_REVIEW,
            V.ADD_HEARING_DAYS,
            S.IN_RE_REVIEW,
            P.CASE_RULE,
            (N.FIRST_DAY, N.LAST_DAY),
            f"{re_review} (hearing time excluded)",
        ),
        Edge(S.IN_RE_REVIEW, V.RECORD_RE_REVIEW, S.FINAL, P.CASE_RULE, reviewed, re_review),
        *(
            Edge(
                before,
                V.REVOKE,
                S.IN_HANDLING,
                P.CASE_APPROVE,
                (N.DECISION, N.REASON),
                "DOMAIN H.3 (decision)",
            )
            for before in (S.REPLIED, S.IN_REVIEW, S.REVIEW_REPLIED, S.IN_RE_REVIEW)
        ),
        Edge(S.REPLIED, V.LAPSE, S.FINAL, None, (), review),
        Edge(S.REVIEW_REPLIED, V.LAPSE, S.FINAL, None, (), re_review),
        *(
            Edge(state, V.START_CLOCK, state, None, (), "DOMAIN G.4")
            for state in (S.REPLIED, S.IN_REVIEW, S.REVIEW_REPLIED, S.IN_RE_REVIEW)
        ),
    ]


PETITION_2005 = [
    Edge(
        S.PENDING_ROUTE,
        V.ACCEPT,
        S.ACCEPTED,
        P.CASE_RULE,
        (N.SERVICE,),
        "受理告知书: 信访条例 2005 Art 21, 22",
    ),
    Edge(
        S.PENDING_ROUTE,
        V.DECLINE,
        S.DECLINED,
        P.CASE_EXCLUDE,
        (N.SERVICE, N.REASON),
        "不予受理告知书: 信访条例 2005 Art 21, 22",
    ),
    *_shared(
        2005,
        handle="信访条例 2005 Art 33",
        opinion="信访条例 2005 Art 32, 33",
        review="信访条例 2005 Art 34",
        re_review="信访条例 2005 Art 35",
    ),
    *archived((*_ENDS, S.DECLINED)),
]

PETITION_2022 = [
    Edge(
        S.PENDING_ROUTE,
        V.NOTIFY_ROUTE,
        S.ACCEPTED,
        P.CASE_RULE,
        (N.SERVICE,),
        "程序性告知书: 信访工作条例 2022 Art 23, 31(六), 34; 简易办理: DOMAIN A.5",
        (N.SIMPLIFIED,),
    ),
    Edge(
        S.PENDING_ROUTE,
        V.OBJECT,
        S.OBJECTED,
        P.CASE_RULE,
        (N.REASON,),
        "异议 within 5 working days of the transfer: 信访工作条例 2022 Art 23",
    ),
    Edge(
        S.OBJECTED,
        V.GRANT_OBJECTION,
        S.RETURNED,
        P.CASE_RULE,
        (N.REASON,),
        "交还: 信访工作条例 2022 Art 23 (the transferor agrees)",
    ),
    Edge(
        S.OBJECTED,
        V.REFUSE_OBJECTION,
        S.ACCEPTED,
        P.CASE_RULE,
        (N.REASON,),
        "信访工作条例 2022 Art 23, 24 (the transferor refuses)",
    ),
    *_shared(
        2022,
        handle="信访工作条例 2022 Art 34",
        opinion="信访工作条例 2022 Art 32, 34",
        review="信访工作条例 2022 Art 35",
        re_review="信访工作条例 2022 Art 36",
    ),
    *archived((*_ENDS, S.RETURNED)),
]

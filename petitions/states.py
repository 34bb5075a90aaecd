"""Which verb leads from which state to which, for each kind (DOMAIN H.3). Pure: it knows no framework."""

from petitions.vocabulary import CaseKind, CaseState, Verb

S, V = CaseState, Verb

INITIAL: dict[CaseKind, CaseState] = {
    CaseKind.PETITION: S.PENDING_ROUTE,
    CaseKind.HOTLINE: S.DISPATCHED,
    CaseKind.DISPUTE: S.FOUND,
}

# Verbs that act inside a state and leave it as it is.
STAYING = frozenset({V.UPDATE, V.NOTE, V.START_CLOCK, V.WARN, V.ESCALATE, V.HAND_DOWN})

# Where the next word is a ruling's or a mediation's, so that handing the case down would lead nowhere.
AWAITING = frozenset({S.RETURN_REQUESTED, S.TO_MEDIATION})

_PETITION: dict[tuple[CaseState, Verb], CaseState] = {
    (S.PENDING_ROUTE, V.SIGN_FOR): S.IN_HANDLING,  # 受理: 2005 Art 21 to 22, 2022 Art 23
    (S.PENDING_ROUTE, V.HAND_BACK): S.RETURN_REQUESTED,  # 异议: 2022 Art 23
    (S.PENDING_ROUTE, V.DIVERT): S.DIVERTED,  # 2005 Art 21(一), 2022 Art 31
    (S.RETURN_REQUESTED, V.RULE): S.PENDING_ROUTE,
    (S.IN_HANDLING, V.HAND_BACK): S.RETURN_REQUESTED,
    (S.IN_HANDLING, V.OPEN_MEDIATION): S.TO_MEDIATION,  # 2022 Art 33
    (S.TO_MEDIATION, V.AGREE): S.REPLIED,
    (S.TO_MEDIATION, V.FAIL_MEDIATION): S.IN_HANDLING,
    (S.IN_HANDLING, V.SETTLE): S.REPLIED,  # 2005 Art 32 to 33, 2022 Art 32 to 34
    (S.IN_HANDLING, V.DIVERT): S.DIVERTED,
    (S.REPLIED, V.REOPEN): S.IN_HANDLING,
}

_HOTLINE: dict[tuple[CaseState, Verb], CaseState] = {
    (S.DISPATCHED, V.SIGN_FOR): S.SIGNED,
    (S.DISPATCHED, V.HAND_BACK): S.RETURN_REQUESTED,
    (S.DISPATCHED, V.DIVERT): S.DIVERTED,  # 接诉即办条例 Art 11
    (S.RETURN_REQUESTED, V.RULE): S.DISPATCHED,
    (S.SIGNED, V.HAND_BACK): S.RETURN_REQUESTED,
    (S.SIGNED, V.OPEN_MEDIATION): S.TO_MEDIATION,
    (S.SIGNED, V.SETTLE): S.CLOSED,
    (S.SIGNED, V.DIVERT): S.DIVERTED,
    (S.IN_HANDLING, V.OPEN_MEDIATION): S.TO_MEDIATION,
    (S.TO_MEDIATION, V.AGREE): S.CLOSED,
    (S.TO_MEDIATION, V.FAIL_MEDIATION): S.IN_HANDLING,
    (S.IN_HANDLING, V.SETTLE): S.CLOSED,
    (S.IN_HANDLING, V.HAND_BACK): S.RETURN_REQUESTED,
    (S.IN_HANDLING, V.DIVERT): S.DIVERTED,
    (S.CLOSED, V.REOPEN): S.IN_HANDLING,
}

_DISPUTE: dict[tuple[CaseState, Verb], CaseState] = {
    (S.FOUND, V.SIGN_FOR): S.ASSESSED,
    (S.FOUND, V.HAND_BACK): S.RETURN_REQUESTED,
    (S.FOUND, V.DIVERT): S.DIVERTED,
    (S.RETURN_REQUESTED, V.RULE): S.FOUND,
    (S.ASSESSED, V.HAND_BACK): S.RETURN_REQUESTED,
    (S.ASSESSED, V.OPEN_MEDIATION): S.TO_MEDIATION,  # 转人民调解
    (S.ASSESSED, V.SETTLE): S.RESOLVED,
    (S.ASSESSED, V.DIVERT): S.DIVERTED,
    (S.TO_MEDIATION, V.AGREE): S.RESOLVED,  # 人民调解法 Art 28 to 31
    (S.TO_MEDIATION, V.FAIL_MEDIATION): S.ASSESSED,  # 人民调解法 Art 26
    (S.RESOLVED, V.REOPEN): S.ASSESSED,  # 反弹
}

TRANSITIONS: dict[CaseKind, dict[tuple[CaseState, Verb], CaseState]] = {
    CaseKind.PETITION: _PETITION,
    CaseKind.HOTLINE: _HOTLINE,
    CaseKind.DISPUTE: _DISPUTE,
}

ENDED = frozenset({S.REPLIED, S.DIVERTED, S.CLOSED, S.VOID, S.RESOLVED})


def next_state(kind: CaseKind, state: CaseState, verb: Verb) -> CaseState | None:
    """The state that `verb` leads to, or None where the table has no such edge.

    Any open case may become void (duplicate or invalid: kept, and excluded from rates), but a mediation
    that is running must end first, with an agreement or without.
    """
    if verb is V.HAND_DOWN and state in AWAITING:
        return None
    if state not in ENDED:
        if verb in STAYING or (verb is V.HOLD_SESSION and state is S.TO_MEDIATION):
            return state
        if verb is V.VOID and state is not S.TO_MEDIATION:
            return S.VOID
    return TRANSITIONS[kind].get((state, verb))


def allowed(kind: CaseKind, state: CaseState) -> list[Verb]:
    """The verbs that lead anywhere from `state`, in the vocabulary's order: what a screen may offer."""
    return [verb for verb in Verb if next_state(kind, state, verb) is not None]

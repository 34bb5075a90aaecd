"""Why some steps are never taken: what the tables forbid on purpose, said in words (DOMAIN H.3)."""

from typing import Any

from app.core.i18n import lazy as _
from petitions.states.machine import Machine
from petitions.vocabulary import CaseState as S
from petitions.vocabulary import Verb as V

_PETITIONS = (Machine.PETITION_2005, Machine.PETITION_2022)
_REPLIED = (S.REPLIED, S.IN_REVIEW, S.REVIEW_REPLIED, S.IN_RE_REVIEW)

_SERVED = _(
    "The opinion has been served: only a decision that revokes it leads back to handling. "
    "Until then the petitioner may ask for a review."
)
_FINAL = _(
    "This matter has been decided finally; the same facts and reasons are not accepted again. "
    "Register what the petitioner says now and link it as a repeat."
)
_NOT_ACCEPTED = _("Nobody has accepted the petition yet: decide on its acceptance or tell its route first.")
_UNSIGNED = _("Nobody has signed for the order yet: sign for it first.")
_UNSUBMITTED = _("An order is submitted, looked at and called back before it is closed: submit the answer.")
_UNCALLED = _("The citizen has not been called back yet.")
_IN_QUESTION = _("It has been handed back: the unit above must rule first whose it is.")
_MEDIATING = _("A mediation is running: it must end first, with an agreement or without.")
_UNREAD = _("Nobody has assessed the dispute yet: assess it first.")
_STANDS_STILL = _("The case is suspended: resume it first.")

_BY_STATE: dict[tuple[tuple[Machine, ...], tuple[S, ...], tuple[V, ...]], Any] = {
    (_PETITIONS, _REPLIED, (V.REOPEN, V.SIGN_FOR, V.REPLY, V.HAND_BACK, V.HAND_DOWN)): _SERVED,
    (_PETITIONS, (S.FINAL,), (V.REOPEN, V.ACCEPT, V.NOTIFY_ROUTE, V.SIGN_FOR, V.REVOKE, V.REPLY)): _FINAL,
    (_PETITIONS, (S.FINAL,), (V.REQUEST_REVIEW, V.REQUEST_RE_REVIEW)): _FINAL,
    (_PETITIONS, (S.PENDING_ROUTE,), (V.REPLY, V.SIGN_FOR, V.HAND_BACK, V.REQUEST_EXTENSION)): _NOT_ACCEPTED,
    (_PETITIONS, (S.PENDING_ROUTE,), (V.OPEN_MEDIATION,)): _NOT_ACCEPTED,
    (_PETITIONS, (S.EXTENDED,), (V.REQUEST_EXTENSION,)): _("A petition is extended once only."),
    (
        (Machine.HOTLINE,),
        (S.DISPATCHED, S.PENDING_DISPATCH),
        (V.SUBMIT, V.SETTLE, V.OPEN_MEDIATION),
    ): _UNSIGNED,
    ((Machine.HOTLINE,), (S.DISPATCHED,), (V.REQUEST_EXTENSION, V.SUSPEND)): _UNSIGNED,
    ((Machine.HOTLINE,), (S.SIGNED, S.IN_HANDLING), (V.SETTLE,)): _UNSUBMITTED,
    ((Machine.HOTLINE,), (S.SUBMITTED, S.PENDING_CALLBACK), (V.SETTLE, V.REDO)): _UNCALLED,
    ((Machine.DISPUTE,), (S.FOUND,), (V.SETTLE, V.OPEN_MEDIATION, V.REQUEST_EXTENSION)): _UNREAD,
    (
        tuple(Machine),
        (S.RETURN_REQUESTED,),
        (V.SETTLE, V.SUBMIT, V.REPLY, V.HAND_DOWN, V.HAND_BACK),
    ): _IN_QUESTION,
    (
        tuple(Machine),
        (S.TO_MEDIATION,),
        (V.SETTLE, V.SUBMIT, V.REPLY, V.DIVERT, V.VOID, V.HAND_BACK),
    ): _MEDIATING,
    (tuple(Machine), (S.TO_MEDIATION,), (V.HAND_DOWN,)): _MEDIATING,
    (
        tuple(Machine),
        (S.SUSPENDED,),
        (V.SUBMIT, V.HAND_DOWN, V.HAND_UP, V.HAND_BACK, V.SET_URGENCY),
    ): _STANDS_STILL,
}
_WHEREVER: dict[tuple[Machine, V], Any] = {
    (Machine.PETITION_2022, V.DECLINE): _(
        "Since 2022-05-01 a petition is not declined: its reception, route and procedure are told."
    ),
    (Machine.PETITION_2022, V.ACCEPT): _(
        "Since 2022-05-01 the petitioner is told the reception, route and procedure instead."
    ),
    (Machine.PETITION_2005, V.OBJECT): _(
        "The regulations of 2005 know no objection: decide on acceptance or forward the petition."
    ),
    (Machine.PETITION_2005, V.NOTIFY_ROUTE): _(
        "A petition of before 2022-05-01 is accepted or declined by a written decision."
    ),
}
_REASONS = {
    (machine, state, verb): reason
    for (machines, states, verbs), reason in _BY_STATE.items()
    for machine in machines
    for state in states
    for verb in verbs
}


def why_not(machine: Machine, state: S, verb: V) -> Any:
    """Why `verb` is not possible in `state`, where there is more to say than that; else None."""
    return _REASONS.get((machine, state, verb)) or _WHEREVER.get((machine, verb))

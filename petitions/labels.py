"""What the vocabularies of a case are called; the one place for their labels."""

from enum import StrEnum
from typing import Any

from app.core.i18n import lazy as _
from petitions.vocabulary import (
    CaseKind,
    CaseState,
    Channel,
    ChannelGroup,
    DivertRoute,
    Ending,
    OrderType,
    PartyRole,
    Urgency,
    Verb,
)

KIND = {
    CaseKind.PETITION: _("Petition"),
    CaseKind.HOTLINE: _("Hotline order"),
    CaseKind.DISPUTE: _("Dispute"),
}
CHANNEL = {
    Channel.HOTLINE: _("12345 hotline"),
    Channel.ONLINE: _("Online petition"),
    Channel.WEB: _("Website"),
    Channel.CITY_APP: _("City app"),
    Channel.HOTLINE_APP: _("12345 app"),
    Channel.WECHAT: _("WeChat"),
    Channel.QQ: _("QQ"),
    Channel.WEIBO: _("Weibo"),
    Channel.SMS: _("Text message"),
    Channel.EMAIL: _("E-mail"),
    Channel.LETTER: _("Letter"),
    Channel.VISIT: _("Visit"),
    Channel.PHONE: _("Call to the office"),
    Channel.GRID_PATROL: _("Grid patrol"),
    Channel.LEADER_RECEPTION: _("Leaders' reception"),
    Channel.TRANSFERRED: _("Transferred from above"),
}
CHANNEL_GROUP = {
    ChannelGroup.ONLINE_AND_HOTLINE: _("Online and hotline"),
    ChannelGroup.OTHER: _("Other channels"),
}
ORDER_TYPE = {
    OrderType.INQUIRY: _("Inquiry"),
    OrderType.HELP: _("Request for help"),
    OrderType.SUGGESTION: _("Suggestion"),
    OrderType.COMPLAINT: _("Complaint"),
    OrderType.REPORT: _("Report of a violation"),
}
URGENCY = {Urgency.NORMAL: _("Normal"), Urgency.URGENT: _("Urgent"), Urgency.MAJOR: _("Major")}
STATE = {
    CaseState.PENDING_ROUTE: _("waiting for acceptance"),
    CaseState.IN_HANDLING: _("in handling"),
    CaseState.RETURN_REQUESTED: _("handed back, waiting for a ruling"),
    CaseState.REPLIED: _("replied"),
    CaseState.DIVERTED: _("diverted"),
    CaseState.DISPATCHED: _("dispatched"),
    CaseState.SIGNED: _("signed for"),
    CaseState.CLOSED: _("closed"),
    CaseState.VOID: _("void"),
    CaseState.FOUND: _("found"),
    CaseState.ASSESSED: _("assessed"),
    CaseState.TO_MEDIATION: _("in mediation"),
    CaseState.RESOLVED: _("resolved"),
}
ENDING = {
    Ending.SETTLED_BY_AGREEMENT: _("Settled by agreement"),
    Ending.SOLVED: _("Solved"),
    Ending.EXPLAINED: _("Explained"),
    Ending.WITHDRAWN: _("Withdrawn by the citizen"),
    Ending.DIVERTED: _("Diverted to its lawful route"),
    Ending.FORWARDED: _("Forwarded"),
    Ending.DECLINED: _("Declined"),
    Ending.VOID: _("Void"),
}
VERB = {
    Verb.REGISTER: _("Register"),
    Verb.UPDATE: _("Update from upstream"),
    Verb.SIGN_FOR: _("Sign for"),
    Verb.HAND_BACK: _("Hand back"),
    Verb.RULE: _("Rule on the hand-back"),
    Verb.HAND_DOWN: _("Hand down"),
    Verb.START_CLOCK: _("Start a clock"),
    Verb.WARN: _("Warn"),
    Verb.ESCALATE: _("Escalate"),
    Verb.NOTE: _("Note"),
    Verb.OPEN_MEDIATION: _("Open a mediation"),
    Verb.HOLD_SESSION: _("Hold a session"),
    Verb.AGREE: _("Conclude an agreement"),
    Verb.FAIL_MEDIATION: _("End a mediation without agreement"),
    Verb.SETTLE: _("Settle"),
    Verb.DIVERT: _("Divert"),
    Verb.VOID: _("Void the case"),
    Verb.REOPEN: _("Reopen"),
}
PARTY_ROLE = {
    PartyRole.REPORTER: _("Reporter"),
    PartyRole.PETITIONER: _("Petitioner"),
    PartyRole.APPLICANT: _("Applicant"),
    PartyRole.RESPONDENT: _("Respondent"),
}
DIVERT_ROUTE = {
    DivertRoute.LITIGATION: _("Courts, procuratorate, police, justice"),
    DivertRoute.ARBITRATION: _("Arbitration"),
    DivertRoute.PARTY_APPEAL: _("Party or personnel review"),
    DivertRoute.ADMIN_PROCEDURE: _("Administrative procedure (reconsideration, ruling, permit)"),
    DivertRoute.STATUTORY_DUTY: _("Statutory duty of a competent organ"),
    DivertRoute.DISCIPLINE: _("Discipline inspection and supervision"),
    DivertRoute.PEOPLE_CONGRESS: _("People's congress"),
}

_ALL: dict[type[StrEnum], dict[Any, Any]] = {
    CaseKind: KIND,
    CaseState: STATE,
    Channel: CHANNEL,
    ChannelGroup: CHANNEL_GROUP,
    DivertRoute: DIVERT_ROUTE,
    Ending: ENDING,
    OrderType: ORDER_TYPE,
    PartyRole: PARTY_ROLE,
    Urgency: URGENCY,
    Verb: VERB,
}


def label(member: StrEnum) -> Any:
    """The lazy label of a member of any vocabulary of a case."""
    return _ALL[type(member)][member]

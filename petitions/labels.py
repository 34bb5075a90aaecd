"""What the vocabularies of a case are called; the one place for their labels."""

from enum import StrEnum
from typing import Any

from app.core.i18n import lazy as _
from grid.vocabulary import Datum
from petitions.rules.grounds import Ground
from petitions.vocabulary import (
    Anonymity,
    CaseKind,
    CaseState,
    Channel,
    ChannelGroup,
    DivertRoute,
    Ending,
    OpinionResult,
    OrderType,
    PartyRole,
    ReviewResult,
    RiskLevel,
    Satisfaction,
    ServiceMethod,
    UpstreamState,
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
    CaseState.ACCEPTED: _("accepted"),
    CaseState.ASSIGNED: _("assigned, report owed"),
    CaseState.OBJECTED: _("objected to"),
    CaseState.PENDING_DISPATCH: _("waiting to be dispatched"),
    CaseState.NEED_INFO: _("waiting for information"),
    CaseState.DISPATCHED: _("dispatched"),
    CaseState.SIGNED: _("signed for"),
    CaseState.FOUND: _("found"),
    CaseState.ASSESSED: _("assessed"),
    CaseState.RETURN_REQUESTED: _("handed back, waiting for a ruling"),
    CaseState.IN_HANDLING: _("in handling"),
    CaseState.EXTENSION_REQUESTED: _("extension requested"),
    CaseState.EXTENDED: _("extended"),
    CaseState.SUSPENDED: _("suspended"),
    CaseState.HEARING: _("in a hearing"),
    CaseState.TO_MEDIATION: _("in mediation"),
    CaseState.SUBMITTED: _("submitted, to be looked at"),
    CaseState.PENDING_CALLBACK: _("waiting for the call-back"),
    CaseState.CALLED: _("called back"),
    CaseState.REPLIED: _("replied"),
    CaseState.IN_REVIEW: _("in review"),
    CaseState.REVIEW_REPLIED: _("review replied"),
    CaseState.IN_RE_REVIEW: _("in re-review"),
    CaseState.FINAL: _("final"),
    CaseState.RESOLVED: _("resolved"),
    CaseState.FOLLOW_UP: _("followed up"),
    CaseState.CLOSED_OFF: _("closed off"),
    CaseState.CLOSED: _("closed"),
    CaseState.WITHDRAWN: _("withdrawn"),
    CaseState.DECLINED: _("declined"),
    CaseState.DIVERTED: _("diverted"),
    CaseState.FORWARDED: _("forwarded"),
    CaseState.RETURNED: _("returned to the transferor"),
    CaseState.VOID: _("void"),
    CaseState.ARCHIVED: _("archived"),
}
ENDING = {
    Ending.SETTLED_BY_AGREEMENT: _("Settled by agreement"),
    Ending.SOLVED: _("Solved"),
    Ending.EXPLAINED: _("Explained"),
    Ending.WITHDRAWN: _("Withdrawn by the citizen"),
    Ending.DIVERTED: _("Diverted to its lawful route"),
    Ending.FORWARDED: _("Forwarded"),
    Ending.DECLINED: _("Declined"),
    Ending.RETURNED: _("Returned to the transferor"),
    Ending.VOID: _("Void"),
}
GROUND = {
    Ground.OTHER_PLACE: _("Another place"),
    Ground.OTHER_MATTER: _("Another matter at the same place"),
    Ground.OTHER_PERSON: _("Another person with the same words"),
    Ground.OTHER_TIME: _("Another time: it has happened anew"),
}
VERB = {
    Verb.REGISTER: _("Register"),
    Verb.ACCEPT: _("Accept"),
    Verb.NOTIFY_ROUTE: _("Accept and tell the route"),
    Verb.ASSESS: _("Assess"),
    Verb.SIGN_FOR: _("Sign for"),
    Verb.RULE: _("Rule on the hand-back"),
    Verb.GRANT_OBJECTION: _("Objection granted"),
    Verb.REFUSE_OBJECTION: _("Objection refused"),
    Verb.APPROVE_EXTENSION: _("Approve the extension"),
    Verb.REFUSE_EXTENSION: _("Refuse the extension"),
    Verb.APPROVE: _("Approve the answer"),
    Verb.SEND_BACK: _("Send back"),
    Verb.CALL_BACK: _("Call back"),
    Verb.REPLY: _("Reply in writing"),
    Verb.SUBMIT: _("Submit the answer"),
    Verb.SETTLE: _("Settle"),
    Verb.REDO: _("Have it redone"),
    Verb.ANSWER_DIRECTLY: _("Answer directly"),
    Verb.GIVE_INFO: _("Information has come"),
    Verb.RESUME: _("Resume"),
    Verb.CLOSE_HEARING: _("Close the hearing"),
    Verb.REQUEST_REVIEW: _("Review requested"),
    Verb.RECORD_REVIEW: _("Record the review"),
    Verb.REQUEST_RE_REVIEW: _("Re-review requested"),
    Verb.RECORD_RE_REVIEW: _("Record the re-review"),
    Verb.ADD_HEARING_DAYS: _("Leave hearing days out"),
    Verb.CLOSE_OFF: _("Close off"),
    Verb.HAND_DOWN: _("Hand down"),
    Verb.HAND_UP: _("Hand up"),
    Verb.HAND_BACK: _("Hand back"),
    Verb.ASK_HELP: _("Ask another unit to help"),
    Verb.GIVE_HELP: _("Answer as helper"),
    Verb.NOTE: _("Note"),
    Verb.CATEGORISE: _("Set the category"),
    Verb.ANSWER_SUPERVISION: _("Report to the supervision"),
    Verb.REQUEST_EXTENSION: _("Request an extension"),
    Verb.SUSPEND: _("Suspend"),
    Verb.OPEN_HEARING: _("Open a hearing"),
    Verb.ASK_INFO: _("Ask for information"),
    Verb.OBJECT: _("Object: not competent"),
    Verb.FORWARD: _("Forward"),
    Verb.ASSIGN_WITH_REPORT: _("Assign, report owed"),
    Verb.RECALL: _("Recall"),
    Verb.DECLINE: _("Decline"),
    Verb.DIVERT: _("Divert"),
    Verb.WITHDRAW: _("Withdrawn by the citizen"),
    Verb.REMIND: _("Remind"),
    Verb.SUPERVISE: _("Supervise"),
    Verb.SET_URGENCY: _("Change the urgency"),
    Verb.TAKE_CHARGE: _("Take charge of the case"),
    Verb.REVOKE: _("Revoke the opinion"),
    Verb.REOPEN: _("Reopen"),
    Verb.ARCHIVE: _("Archive"),
    Verb.VOID: _("Void the case"),
    Verb.OPEN_MEDIATION: _("Open a mediation"),
    Verb.HOLD_SESSION: _("Hold a session"),
    Verb.AGREE: _("Conclude an agreement"),
    Verb.FAIL_MEDIATION: _("End a mediation without agreement"),
    Verb.MERGE: _("Merge under another case"),
    Verb.UNMERGE: _("Separate from its main case"),
    Verb.SPLIT: _("Split into several matters"),
    Verb.LINK_REPEAT: _("Link as a repeat"),
    Verb.UNLINK_REPEAT: _("Undo the link as a repeat"),
    Verb.DISMISS: _("Not the same matter"),
    Verb.FOLLOW: _("Follows from a related case"),
    Verb.UPDATE: _("Update from upstream"),
    Verb.START_CLOCK: _("Start a clock"),
    Verb.WARN: _("Warn"),
    Verb.ESCALATE: _("Escalate"),
    Verb.REPLAN: _("Re-plan by a new policy"),
    Verb.RELOCATE: _("Move with the boundaries"),
    Verb.REMIND_HELPER: _("Remind the helper"),
    Verb.LAPSE: _("Limit passed without a request"),
}
PARTY_ROLE = {
    PartyRole.REPORTER: _("Reporter"),
    PartyRole.PETITIONER: _("Petitioner"),
    PartyRole.APPLICANT: _("Applicant"),
    PartyRole.RESPONDENT: _("Respondent"),
    PartyRole.JOINT_SIGNER: _("Joint signer"),
    PartyRole.REPRESENTATIVE: _("Representative"),
    PartyRole.REPRESENTED: _("Represented person"),
    PartyRole.AGENT: _("Agent"),
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

OPINION_RESULT = {
    OpinionResult.SUPPORTED: _("Supported"),
    OpinionResult.EXPLAINED: _("Explained: reasonable, but without a basis"),
    OpinionResult.NOT_SUPPORTED: _("Not supported"),
}
REVIEW_RESULT = {ReviewResult.MAINTAINED: _("Maintained"), ReviewResult.ALTERED: _("Altered")}
SERVICE_METHOD = {
    ServiceMethod.IN_PERSON: _("In person"),
    ServiceMethod.MAIL: _("By mail"),
    ServiceMethod.OTHER: _("Otherwise (telephone, message, online)"),
}
SATISFACTION = {
    Satisfaction.SATISFIED: _("Satisfied"),
    Satisfaction.BASICALLY: _("Basically satisfied"),
    Satisfaction.FAIR: _("Fair"),
    Satisfaction.DISSATISFIED: _("Dissatisfied"),
}
RISK_LEVEL = {RiskLevel.GENERAL: _("General"), RiskLevel.LARGER: _("Larger")}

UPSTREAM_STATE = {UpstreamState.OPEN: _("Still open upstream"), UpstreamState.ENDED: _("Ended upstream")}
ANONYMITY = {Anonymity.YES: _("Anonymous"), Anonymity.NO: _("Named")}
DATUM = {Datum.WGS84: "WGS-84", Datum.CGCS2000: "CGCS2000", Datum.GCJ02: "GCJ-02", Datum.BD09: "BD-09"}

_ALL: dict[type[StrEnum], dict[Any, Any]] = {
    Anonymity: ANONYMITY,
    UpstreamState: UPSTREAM_STATE,
    CaseKind: KIND,
    CaseState: STATE,
    Channel: CHANNEL,
    ChannelGroup: CHANNEL_GROUP,
    Datum: DATUM,
    DivertRoute: DIVERT_ROUTE,
    Ending: ENDING,
    Ground: GROUND,
    OpinionResult: OPINION_RESULT,
    ReviewResult: REVIEW_RESULT,
    RiskLevel: RISK_LEVEL,
    Satisfaction: SATISFACTION,
    ServiceMethod: SERVICE_METHOD,
    OrderType: ORDER_TYPE,
    PartyRole: PARTY_ROLE,
    Urgency: URGENCY,
    Verb: VERB,
}


def label(member: StrEnum) -> Any:
    """The lazy label of a member of any vocabulary of a case."""
    return _ALL[type(member)][member]

"""The closed vocabularies of a case; labels live in `petitions/labels.py`."""

from enum import StrEnum


class CaseKind(StrEnum):
    """One spine, three kinds."""

    PETITION = "petition"
    HOTLINE = "hotline"
    DISPUTE = "dispute"


class Channel(StrEnum):
    """How a matter reached the office."""

    HOTLINE = "hotline"
    ONLINE = "online"
    WEB = "web"
    CITY_APP = "city_app"
    HOTLINE_APP = "hotline_app"
    WECHAT = "wechat"
    QQ = "qq"
    WEIBO = "weibo"
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"
    PHONE = "phone"
    GRID_PATROL = "grid_patrol"
    LEADER_RECEPTION = "leader_reception"
    TRANSFERRED = "transferred"


class ChannelGroup(StrEnum):
    """The two groups of the yearly report: 网上信访、12345热线事项, and the others."""

    ONLINE_AND_HOTLINE = "online_and_hotline"
    OTHER = "other"


OTHER_CHANNELS = frozenset(
    {
        Channel.LETTER,
        Channel.VISIT,
        Channel.PHONE,
        Channel.GRID_PATROL,
        Channel.LEADER_RECEPTION,
        Channel.TRANSFERRED,
    }
)


def channel_group(channel: Channel) -> ChannelGroup:
    """The report's group of a channel."""
    return ChannelGroup.OTHER if channel in OTHER_CHANNELS else ChannelGroup.ONLINE_AND_HOTLINE


class OrderType(StrEnum):
    """咨询、求助、建议、投诉、举报 (接诉即办条例 Art 2)."""

    INQUIRY = "inquiry"
    HELP = "help"
    SUGGESTION = "suggestion"
    COMPLAINT = "complaint"
    REPORT = "report"


class Urgency(StrEnum):
    """How soon somebody must act; an urgent or major matter has the shorter limits of its tiers."""

    NORMAL = "normal"
    URGENT = "urgent"
    MAJOR = "major"


class Anonymity(StrEnum):
    """Whether a reporter wants to stay unnamed."""

    YES = "yes"
    NO = "no"


class UpstreamState(StrEnum):
    """Whether an order has ended at the platform that sent it."""

    OPEN = "open"
    ENDED = "ended"


class CaseState(StrEnum):
    """States of all kinds (DOMAIN H.3); `petitions/states` tells which has which, and what leads out."""

    PENDING_ROUTE = "pending_route"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    OBJECTED = "objected"
    PENDING_DISPATCH = "pending_dispatch"
    NEED_INFO = "need_info"
    DISPATCHED = "dispatched"
    SIGNED = "signed"
    FOUND = "found"
    ASSESSED = "assessed"
    RETURN_REQUESTED = "return_requested"
    IN_HANDLING = "in_handling"
    EXTENSION_REQUESTED = "extension_requested"
    EXTENDED = "extended"
    SUSPENDED = "suspended"
    HEARING = "hearing"
    TO_MEDIATION = "to_mediation"
    SUBMITTED = "submitted"
    PENDING_CALLBACK = "pending_callback"
    CALLED = "called"
    REPLIED = "replied"
    IN_REVIEW = "in_review"
    REVIEW_REPLIED = "review_replied"
    IN_RE_REVIEW = "in_re_review"
    FINAL = "final"
    RESOLVED = "resolved"
    FOLLOW_UP = "follow_up"
    CLOSED_OFF = "closed_off"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    DIVERTED = "diverted"
    FORWARDED = "forwarded"
    RETURNED = "returned"
    VOID = "void"
    ARCHIVED = "archived"


class Ending(StrEnum):
    """Why a case ended; settled is not closed (DESIGN §2.8)."""

    SETTLED_BY_AGREEMENT = "settled_by_agreement"
    SOLVED = "solved"
    EXPLAINED = "explained"
    WITHDRAWN = "withdrawn"
    DIVERTED = "diverted"
    FORWARDED = "forwarded"
    DECLINED = "declined"
    RETURNED = "returned"
    VOID = "void"


# 成功调处 of the yearly report, and what is shown beside the rate instead of inside it.
SETTLED = frozenset({Ending.SETTLED_BY_AGREEMENT, Ending.SOLVED, Ending.EXPLAINED, Ending.WITHDRAWN})
EXCLUDED = frozenset(set(Ending) - SETTLED)


class Verb(StrEnum):
    """What can be done to a case; every event names one. In the order in which a page offers them."""

    REGISTER = "register"
    ACCEPT = "accept"
    NOTIFY_ROUTE = "notify_route"
    ASSESS = "assess"
    SIGN_FOR = "sign_for"
    RULE = "rule"
    GRANT_OBJECTION = "grant_objection"
    REFUSE_OBJECTION = "refuse_objection"
    APPROVE_EXTENSION = "approve_extension"
    REFUSE_EXTENSION = "refuse_extension"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    CALL_BACK = "call_back"
    REPLY = "reply"
    SUBMIT = "submit"
    SETTLE = "settle"
    REDO = "redo"
    ANSWER_DIRECTLY = "answer_directly"
    GIVE_INFO = "give_info"
    RESUME = "resume"
    CLOSE_HEARING = "close_hearing"
    REQUEST_REVIEW = "request_review"
    RECORD_REVIEW = "record_review"
    REQUEST_RE_REVIEW = "request_re_review"
    RECORD_RE_REVIEW = "record_re_review"
    ADD_HEARING_DAYS = "add_hearing_days"
    CLOSE_OFF = "close_off"
    HAND_DOWN = "hand_down"
    HAND_UP = "hand_up"
    HAND_BACK = "hand_back"
    ASK_HELP = "ask_help"
    GIVE_HELP = "give_help"
    NOTE = "note"
    CATEGORISE = "categorise"
    ANSWER_SUPERVISION = "answer_supervision"
    REQUEST_EXTENSION = "request_extension"
    SUSPEND = "suspend"
    OPEN_HEARING = "open_hearing"
    ASK_INFO = "ask_info"
    OBJECT = "object"
    FORWARD = "forward"
    ASSIGN_WITH_REPORT = "assign_with_report"
    RECALL = "recall"
    DECLINE = "decline"
    DIVERT = "divert"
    WITHDRAW = "withdraw"
    REMIND = "remind"
    SUPERVISE = "supervise"
    SET_URGENCY = "set_urgency"
    TAKE_CHARGE = "take_charge"
    REVOKE = "revoke"
    REOPEN = "reopen"
    ARCHIVE = "archive"
    VOID = "void"
    OPEN_MEDIATION = "open_mediation"
    HOLD_SESSION = "hold_session"
    AGREE = "agree"
    FAIL_MEDIATION = "fail_mediation"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    LINK_REPEAT = "link_repeat"
    UNLINK_REPEAT = "unlink_repeat"
    DISMISS = "dismiss"
    FOLLOW = "follow"
    UPDATE = "update"
    START_CLOCK = "start_clock"
    WARN = "warn"
    ESCALATE = "escalate"
    REPLAN = "replan"
    RELOCATE = "relocate"
    REMIND_HELPER = "remind_helper"
    LAPSE = "lapse"


class PartyRole(StrEnum):
    """What a person is to the case.

    `represented` is somebody for whom an agent speaks (被代理人), `representative` one of the at most five
    whom many petitioners choose to come for them (信访人代表).
    """

    REPORTER = "reporter"
    PETITIONER = "petitioner"
    APPLICANT = "applicant"
    RESPONDENT = "respondent"
    JOINT_SIGNER = "joint_signer"
    REPRESENTATIVE = "representative"
    REPRESENTED = "represented"
    AGENT = "agent"


# Whose matter it is. Persons are compared by these: with an agent it is the one represented who is the same
# (DOMAIN A.10), and the other side of a dispute raises nothing.
SPEAKERS = frozenset(set(PartyRole) - {PartyRole.AGENT, PartyRole.RESPONDENT})


class DivertRoute(StrEnum):
    """诉访分离: where a matter lawfully belongs (信访工作条例 2022 Art 31, 2005 Art 14 to 21; DOMAIN A.7)."""

    LITIGATION = "litigation_political_legal"
    ARBITRATION = "arbitration"
    PARTY_APPEAL = "party_appeal_review"
    ADMIN_PROCEDURE = "admin_procedure"
    STATUTORY_DUTY = "statutory_duty"
    DISCIPLINE = "discipline_inspection"
    PEOPLE_CONGRESS = "people_congress"


class OpinionResult(StrEnum):
    """What a handling opinion says (信访条例 2005 Art 32, 信访工作条例 2022 Art 32)."""

    SUPPORTED = "supported"
    EXPLAINED = "explained"
    NOT_SUPPORTED = "not_supported"


class ReviewResult(StrEnum):
    """What a review or re-review says of the opinion it looked at; one that revokes it is another verb."""

    MAINTAINED = "maintained"
    ALTERED = "altered"


class ServiceMethod(StrEnum):
    """送达方式: how a document reached the petitioner (DOMAIN A.8)."""

    IN_PERSON = "in_person"
    MAIL = "mail"
    OTHER = "other"


class Satisfaction(StrEnum):
    """满意评价 of a call-back (DOMAIN A.8, B.8)."""

    SATISFIED = "satisfied"
    BASICALLY = "basically_satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"


class RiskLevel(StrEnum):
    """风险等级 of a dispute: 一般 or 较大 (DOMAIN C.6)."""

    GENERAL = "general"
    LARGER = "larger"

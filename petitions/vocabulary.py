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


class CaseState(StrEnum):
    """States of all three kinds (DOMAIN H.3); `petitions/states.py` tells which belongs to which."""

    PENDING_ROUTE = "pending_route"
    IN_HANDLING = "in_handling"
    RETURN_REQUESTED = "return_requested"
    REPLIED = "replied"
    DIVERTED = "diverted"
    DISPATCHED = "dispatched"
    SIGNED = "signed"
    CLOSED = "closed"
    VOID = "void"
    FOUND = "found"
    ASSESSED = "assessed"
    TO_MEDIATION = "to_mediation"
    RESOLVED = "resolved"


class Ending(StrEnum):
    """Why a case ended; settled is not closed (DESIGN §2.8)."""

    SETTLED_BY_AGREEMENT = "settled_by_agreement"
    SOLVED = "solved"
    EXPLAINED = "explained"
    WITHDRAWN = "withdrawn"
    DIVERTED = "diverted"
    FORWARDED = "forwarded"
    DECLINED = "declined"
    VOID = "void"


# 成功调处 of the yearly report, and what is shown beside the rate instead of inside it.
SETTLED = frozenset({Ending.SETTLED_BY_AGREEMENT, Ending.SOLVED, Ending.EXPLAINED, Ending.WITHDRAWN})
EXCLUDED = frozenset(set(Ending) - SETTLED)


class Verb(StrEnum):
    """What can be done to a case; every event names one."""

    REGISTER = "register"
    UPDATE = "update"
    SIGN_FOR = "sign_for"
    HAND_BACK = "hand_back"
    RULE = "rule"
    HAND_DOWN = "hand_down"
    START_CLOCK = "start_clock"
    WARN = "warn"
    ESCALATE = "escalate"
    NOTE = "note"
    OPEN_MEDIATION = "open_mediation"
    HOLD_SESSION = "hold_session"
    AGREE = "agree"
    FAIL_MEDIATION = "fail_mediation"
    SETTLE = "settle"
    DIVERT = "divert"
    VOID = "void"
    REOPEN = "reopen"


class PartyRole(StrEnum):
    """What a person is to the case."""

    REPORTER = "reporter"
    PETITIONER = "petitioner"
    APPLICANT = "applicant"
    RESPONDENT = "respondent"


class DivertRoute(StrEnum):
    """诉访分离: where a matter lawfully belongs (信访工作条例 2022 Art 31, 2005 Art 14 to 21; DOMAIN A.7)."""

    LITIGATION = "litigation_political_legal"
    ARBITRATION = "arbitration"
    PARTY_APPEAL = "party_appeal_review"
    ADMIN_PROCEDURE = "admin_procedure"
    STATUTORY_DUTY = "statutory_duty"
    DISCIPLINE = "discipline_inspection"
    PEOPLE_CONGRESS = "people_congress"

"""复查与复核: the petitioner's right to have an opinion looked at by the organs above, and its end.

The street records what others decide: the district reviews, the level above it re-reviews. Only a decision
that revokes the opinion leads back to handling (DOMAIN H.3).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.auth.actor import Actor
from app.core.clock import local_day
from app.core.errors import Conflict, Invalid
from app.core.i18n import lazy as _
from petitions import clocks
from petitions.handling.answer import demand_served
from petitions.handling.step import given, opened, step, telling
from petitions.history import Step
from petitions.models import Case
from petitions.office import Office
from petitions.vocabulary import ReviewResult, Verb


@dataclass(frozen=True, slots=True)
class ReviewOpinion:
    """复查意见书 or 复核意见书: its result, number and words, and the day in Asia/Shanghai of its service."""

    result: ReviewResult
    decision: str
    text: str
    served_on: date


def request_review(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """申请复查: within the limit from the service of the opinion; the review's own limit runs from now."""
    return _request(case, office, Verb.REQUEST_REVIEW, "review", reason, actor, now)


def record_review(case: Case, office: Office, opinion: ReviewOpinion, *, actor: Actor, now: datetime) -> Step:
    """复查意见: the opinion stands or is altered; the limit to ask for re-review runs from its service."""
    demand_served(case, opinion.served_on, now)
    changes = clocks.after(f"{case.rule_set}.re_review_request", opinion.served_on, office.calendar)
    detail = _said(opinion)
    return step(case, Verb.RECORD_REVIEW, actor, now, changes, given(opinion.text), detail)


def request_re_review(case: Case, office: Office, *, reason: str, actor: Actor, now: datetime) -> Step:
    """申请复核: within the limit from the service of the review."""
    return _request(case, office, Verb.REQUEST_RE_REVIEW, "re_review", reason, actor, now)


def add_hearing_days(
    case: Case, office: Office, *, first: date, last: date, actor: Actor, now: datetime
) -> Step:
    """听证所需时间不计算在内: `first` through `last` do not count towards the re-review's limit."""
    if case.after_rule is None or case.after_started_on is None:
        raise Conflict(_("No limit of a re-review runs."))
    if not case.after_started_on <= first <= last <= local_day(now):
        raise Invalid(
            _("A hearing lies between the request and today."), fields={"last_day": _("Check both days.")}
        )
    # The limit was counted from its start; moving that start on by the days of the hearing leaves them out.
    days = last - first + timedelta(days=1)
    changes = clocks.after(case.after_rule, case.after_started_on + days, office.calendar)
    detail = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    return step(case, Verb.ADD_HEARING_DAYS, actor, now, changes, None, detail)


def record_re_review(case: Case, opinion: ReviewOpinion, *, actor: Actor, now: datetime) -> Step:
    """复核意见: the matter is final; the same facts and reasons are not accepted again."""
    demand_served(case, opinion.served_on, now)
    detail = _said(opinion)
    return step(case, Verb.RECORD_RE_REVIEW, actor, now, clocks.NOTHING_AFTER, given(opinion.text), detail)


def revoke(case: Case, office: Office, *, decision: str, reason: str, actor: Actor, now: datetime) -> Step:
    """撤销原处理意见: by a decision with a number, the opinion is gone and the case is handled again."""
    changes = {**opened(case, office, case.holder_id, now), "answered_at": None}
    told = telling(case, office.tree, changes["holder_id"], "revoked")
    detail = {"decision": given(decision, "decision")}
    return step(case, Verb.REVOKE, actor, now, changes, given(reason), detail, (told,))


def lapse(case: Case, _office: Office, *, actor: Actor, now: datetime) -> Step:
    """The limit to ask has passed without a request: the matter is final (2005 Art 34, 35 by silence)."""
    return step(case, Verb.LAPSE, actor, now, clocks.NOTHING_AFTER, "limit_passed")


def _request(
    case: Case, office: Office, verb: Verb, limit: str, reason: str, actor: Actor, now: datetime
) -> Step:
    if case.after_due_at is not None and now >= case.after_due_at:
        raise Conflict(_("The limit to ask for this has passed."))
    changes = clocks.after(f"{case.rule_set}.{limit}", local_day(now), office.calendar)
    return step(case, verb, actor, now, changes, given(reason))


def _said(opinion: ReviewOpinion) -> dict[str, str]:
    return {
        "result": opinion.result.value,
        "decision": given(opinion.decision, "decision"),
        "served_on": opinion.served_on.isoformat(),
    }

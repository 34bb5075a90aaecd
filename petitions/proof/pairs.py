"""What people have said of two cases: that one repeats the other, and that they have nothing in common."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from petitions.models import CaseDismissal, CaseRepeat
from petitions.proof import Event, Fault, Span, between, by_case, orphans
from petitions.vocabulary import Verb

Period = tuple[int, datetime, datetime | None]


def check_repeats(session: Session, span: Span) -> Iterator[Fault]:
    """Prove of what each case stood linked as a repeat, and for which periods."""
    query = select(CaseRepeat.case_id, CaseRepeat.first_id, CaseRepeat.linked_at, CaseRepeat.unlinked_at)
    query = query.where(between(CaseRepeat.case_id, span.after, span.last)).order_by(CaseRepeat.id)
    rows = by_case(session, query)
    for case_id in span.cases:
        if [tuple(row[1:]) for row in rows.get(case_id, ())] != _periods(span.events[case_id]):
            yield Fault(case_id, "what it was a repeat of is not what the events say")
    yield from orphans(span, rows, "repeats")


def check_dismissals(session: Session, span: Span) -> Iterator[Fault]:
    """Prove what each case was found not to be the same as."""
    query = select(CaseDismissal.case_id, CaseDismissal.other_id, CaseDismissal.dismissed_at)
    query = query.where(between(CaseDismissal.case_id, span.after, span.last))
    rows = by_case(session, query)
    for case_id in span.cases:
        kept = {(row.other_id, row.dismissed_at) for row in rows.get(case_id, ())}
        if kept != _dismissed(span.events[case_id]):
            yield Fault(case_id, "what it is not the same as is not what the events say")
    yield from orphans(span, rows, "dismissals")


def _periods(events: Sequence[Event]) -> list[Period]:
    periods: list[Period] = []
    for event in events:
        before, after = event["changes"].get("repeat_of_id", (None, None))
        if before:
            periods[-1] = (*periods[-1][:2], event["at"])
        if after:
            periods.append((after, event["at"], None))
    return periods


def _dismissed(events: Sequence[Event]) -> set[tuple[int, datetime]]:
    said = (event for event in events if event["verb"] == Verb.DISMISS)
    return {(event["detail"]["other_id"], event["at"]) for event in said}

"""Who held a case how long: the spans kept for figures are those that its events say."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from petitions.proof import Fault, Span, between, by_case, orphans
from petitions.tenures import CaseTenure, tenures


def check(session: Session, span: Span) -> Iterator[Fault]:
    """Prove the spans of the holders of each case, and since when the present one has it."""
    query = select(
        CaseTenure.case_id, CaseTenure.unit_id, CaseTenure.from_at, CaseTenure.to_at, CaseTenure.is_lifted
    )
    query = query.where(between(CaseTenure.case_id, span.after, span.last)).order_by(CaseTenure.id)
    rows = by_case(session, query)
    for case_id, case in span.cases.items():
        said = tenures((event["at"], event["verb"], event["changes"]) for event in span.events[case_id])
        over = [(each.unit_id, each.from_at, each.to_at, each.is_lifted) for each in said if each.to_at]
        if [tuple(row[1:]) for row in rows.get(case_id, ())] != over:
            yield Fault(case_id, "its tenures are not what the events say")
        if said and case.held_since != said[-1].from_at:
            yield Fault(case_id, "held_since is not what the events say")
    yield from orphans(span, rows, "tenures")

"""What is proved of mediations: each stands as the last event of its case that touched it says."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from mediation.dossier import DETAIL, dossier_digests
from mediation.models import Mediation
from petitions.models import NumberSeries
from petitions.proof import Event, Fault, Finding, Proof, Span, Unproved, between, by_case, orphans

# As mediation.service writes them: （2020）环市人调字第 001 号.
_STANDING = text(
    r"SELECT u.code, substring(m.number from '^（(\d{4})）')::bigint, count(*),"
    r" max(substring(m.number from '第 (\d+) 号$')::bigint), max(m.number)"
    r" FROM mediations m JOIN units u ON u.id = m.street_id WHERE m.number ~ '^（\d{4}）.*第 \d+ 号$'"
    " GROUP BY 1, 2 ORDER BY 1, 2"
)


def check(session: Session, span: Span) -> Iterator[Finding]:
    """Prove the mediations of each case; one that no digest tells of is unproved."""
    wanted = between(Mediation.case_id, span.after, span.last)
    digests = dossier_digests(session, wanted)
    rows = by_case(session, select(Mediation.case_id, Mediation.id, Mediation.number).where(wanted))
    for case_id in span.cases:
        said = _said(span.events[case_id])
        kept = {row.number: digests[row.id] for row in rows.get(case_id, ())}
        for number in said.keys() | kept.keys():
            if number not in kept:
                yield Fault(case_id, f"mediation {number} is missing")
            elif number not in said:
                yield Fault(case_id, f"mediation {number} is in no event")
            elif said[number] is None:
                yield Unproved(case_id)
            elif said[number] != kept[number]:
                yield Fault(case_id, f"mediation {number} is not what the events say")
    yield from orphans(span, rows, "mediations")


def check_series(session: Session) -> Iterator[str]:
    """Prove that a street has as many mediations of a year as it has given out numbers."""
    series = select(NumberSeries).where(NumberSeries.series == "mediation")
    given = {(row.street_code, row.year): row.last for row in session.scalars(series)}
    for code, year, count, highest, number in session.execute(_STANDING):
        if (last := given.pop((code, year), 0)) != highest or count != highest:
            yield f"{number}: {count} mediations of {year} stand in street {code}, {last} numbers were given"
    for (code, year), last in given.items():
        if last:
            yield f"street {code}: no mediation of {year} stands there, {last} numbers were given"


def _said(events: Sequence[Event]) -> Mapping[str, str | None]:
    """The last digest that the events of a case give of each of its mediations, None where none does."""
    said: dict[str, str | None] = {}
    for event in events:
        if number := event["detail"].get("mediation"):
            said[number] = event["detail"].get(DETAIL, said.get(number))
    return said


PROOF = Proof((check,), (check_series,))

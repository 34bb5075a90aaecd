"""The numbers of cases: each that a street has given out names a case, and no case has one not given out."""

from collections.abc import Iterator

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from petitions.models import NumberSeries
from petitions.register import LETTER

_STANDING = text(
    "SELECT split_part(number, '-', 1), split_part(number, '-', 2), count(*),"
    " max(split_part(number, '-', 3)::bigint)"
    r" FROM cases WHERE number ~ '^\d{9}-[A-Z]\d{4}-\d{6,}$' GROUP BY 1, 2 ORDER BY 1, 2"
)
_FIRST_GONE = text(
    "SELECT min(serial) FROM generate_series(1, :last) AS serial WHERE NOT EXISTS"
    " (SELECT FROM cases WHERE number ="
    " :prefix || lpad(serial::text, greatest(6, length(serial::text)), '0'))"
)


def check(session: Session) -> Iterator[str]:
    """Prove the series of each street, kind and year."""
    given = _given(session)
    for street, series, count, highest in session.execute(_STANDING):
        prefix = f"{street}-{series}-"
        last = given.pop(prefix, 0)
        if highest > last:
            yield f"{prefix}{highest:06d}: this number has not been given out, its series ends at {last}"
        elif count < last:
            yield _gone(session, prefix, last)
    for prefix, last in given.items():
        if last:
            yield _gone(session, prefix, last)


def _given(session: Session) -> dict[str, int]:
    """The last serial given out, by what stands before it in a number."""
    letters = {kind.value: letter for kind, letter in LETTER.items()}
    rows = session.scalars(select(NumberSeries).where(NumberSeries.series.in_(letters)))
    return {f"{row.street_code}-{letters[row.series]}{row.year}-": row.last for row in rows}


def _gone(session: Session, prefix: str, last: int) -> str:
    serial = session.scalar(_FIRST_GONE, {"prefix": prefix, "last": last})
    return f"{prefix}{serial:06d}: this number was given out, and no case has it"

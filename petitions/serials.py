"""Serial numbers without gaps inside a transaction that commits, restarting each year."""

from collections.abc import Iterator

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from petitions.models import NumberSeries


def take_serials(session: Session, street_code: str, series: str, year: int, count: int = 1) -> Iterator[int]:
    """The next `count` serials of `series`; its row stays locked until the transaction ends."""
    statement = insert(NumberSeries).values(street_code=street_code, series=series, year=year, last=count)
    taken = statement.on_conflict_do_update(
        index_elements=["street_code", "series", "year"], set_={"last": NumberSeries.last + count}
    ).returning(NumberSeries.last)
    last = session.scalars(taken).one()
    return iter(range(last - count + 1, last + 1))

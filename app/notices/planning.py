"""Planning: notices that the tick meets for the first time get their number and their deliveries."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, text, update
from sqlalchemy.orm import Session

from app.core.bulk import insert_rows
from app.notices.models import UNNUMBERED, Delivery, Notice, Receiver
from app.notices.timing import first_try, is_news
from app.notices.vocabulary import ReceiverKind

CHUNK = 2000

# Any number will do, as long as it is this one every time.
ONE_PLANNER = 440703014

Serving = Select[*tuple[int, int]]
"""(unit, person) of those who serve; who they are is known further up."""


def plan(session: Session, serving: Serving, kinds: Collection[ReceiverKind], *, now: datetime) -> int:
    """Number up to CHUNK new notices, oldest first, and plan their deliveries; returns how many notices.

    Only one planner works at a time, and what a second one finds it leaves alone: so the numbers appear in
    order, and no notice of a case is planned before an earlier one. Number and deliveries are of one
    transaction, so each notice is planned once, for the receivers that are turned on at that moment.
    """
    if not session.scalar(select(func.pg_try_advisory_xact_lock(ONE_PLANNER))):
        return 0
    notices = session.execute(_number_next()).all()
    if notices:
        rows = list(_deliveries(session, notices, serving, kinds, now))
        insert_rows(session, Delivery, rows)
    return len(notices)


def _number_next() -> Any:
    new = select(Notice.id).where(Notice.seq == UNNUMBERED).order_by(Notice.id).limit(CHUNK).subquery()
    # A CTE is counted once. A subquery may be run again for each notice that it is joined to, and would then
    # leave gaps, or number the notices in the order in which the join happens to meet them.
    numbered = select(new.c.id, func.nextval(text("'notice_order'")).label("seq")).cte("numbered")
    statement = update(Notice).where(Notice.id == numbered.c.id).values(seq=numbered.c.seq)
    return statement.returning(Notice.id, Notice.unit_id, Notice.urgent, Notice.created_at)


def _deliveries(
    session: Session,
    notices: Collection[Row[*tuple[Any, ...]]],
    serving: Serving,
    kinds: Collection[ReceiverKind],
    now: datetime,
) -> Iterator[dict[str, Any]]:
    news = [notice for notice in notices if is_news(notice.created_at, now)]
    receivers = _receivers(session, {notice.unit_id for notice in news}, serving, kinds)
    for notice in news:
        for receiver_id in receivers.get(notice.unit_id, ()):
            yield {
                "notice_id": notice.id,
                "receiver_id": receiver_id,
                "urgent": notice.urgent,
                "next_at": first_try(notice.created_at, urgent=notice.urgent),
            }


def _receivers(
    session: Session, units: Collection[int], serving: Serving, kinds: Collection[ReceiverKind]
) -> dict[int, list[int]]:
    """The receivers of each unit: its webhook, and the mailboxes of those who serve there."""
    who = serving.subquery()
    is_open = Receiver.is_on & Receiver.kind.in_(kinds)
    of_units = select(Receiver.unit_id, Receiver.id).where(is_open, Receiver.unit_id.in_(units))
    of_people = select(who.c.unit_id, Receiver.id).join(who, who.c.user_id == Receiver.user_id)
    found: dict[int, list[int]] = {}
    for query in (of_units, of_people.where(is_open, who.c.unit_id.in_(units))):
        for unit_id, receiver_id in session.execute(query):
            found.setdefault(unit_id, []).append(receiver_id)
    return found

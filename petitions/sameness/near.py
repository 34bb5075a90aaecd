"""Open matters near a place, while a new one is being written down: perhaps it is known already."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, text
from sqlalchemy.orm import Session, defer

from app.auth.actor import Actor
from petitions.history import point_text
from petitions.models import ADDRESS_KEY, Case
from petitions.queries import visible_cases
from petitions.rules.sameness import SamenessRules, sameness_rules
from petitions.sameness.finding import around
from petitions.vocabulary import CaseKind, OrderType

MOST = 5

Point = tuple[float, float]


def near_open(
    session: Session,
    actor: Actor,
    *,
    kind: CaseKind,
    order_type: OrderType | None,
    address: str | None,
    point: Point | None,
    now: datetime,
) -> Sequence[Case]:
    """The latest open matters of the kind, and type where one is said, at the address or around the point.

    Only those that the actor may see; none where neither place leads anywhere.
    """
    rules = sameness_rules()
    places = _places(address, point, rules)
    if not places:
        return []
    query = visible_cases(actor).where(
        Case.ended_at.is_(None),
        Case.kind == kind,
        Case.received_at > now - timedelta(days=rules.days),
        or_(*places),
    )
    if order_type:
        query = query.where(Case.order_type == order_type)
    latest = query.order_by(Case.received_at.desc(), Case.id.desc()).limit(MOST)
    return session.scalars(latest.options(defer(Case.body))).all()


def _places(address: str | None, point: Point | None, rules: SamenessRules) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if point:
        found.append(around(Case.point, func.ST_GeomFromEWKT(point_text(*point)), rules.metres))
    if address:
        key = text(ADDRESS_KEY.format(":near_address")).bindparams(near_address=address)
        found.append(Case.address_key == key)
    return found

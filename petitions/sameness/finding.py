"""Which earlier matters are worth comparing: by narrow ways, each answered by an index, for many at once."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, Subquery, and_, func, select, true, tuple_, union
from sqlalchemy.orm import aliased

from app.auth.actor import Actor
from grid.tree import in_scope
from petitions.models import Case, Party
from petitions.rules.sameness import SamenessRules
from petitions.vocabulary import SPEAKERS, Ending

BY_EACH_WAY = 12
"""The nearest in time of those that are found in one way; of those found by their words the likest."""
LAST_CALLS = 60
"""Whoever has called five hundred times is met again in the last of them."""
TITLES_ALIKE = 0.3
"""Shared trigrams of two titles from which their matters are compared, whatever is known of their places."""

_METRES_A_DEGREE = 110_500
"""Of latitude, where a degree is shortest; a box that is a little large loses nothing."""

Own = Any
Old = Any


def found_pairs(case_ids: Collection[int], actor: Actor, rules: SamenessRules) -> Subquery:
    """Pairs (own_id, old_id) of the cases and earlier ones of their street in the actor's reach."""
    own, old = aliased(Case, name="own"), aliased(Case, name="old")
    earlier = _earlier(own, old, actor)
    near = earlier.where(
        old.received_at.between(own.received_at - timedelta(days=rules.days), own.received_at)
    )
    # A difference, and no range: the planner, who does not know how few cases a number has, would walk
    # through two years of the street for them.
    far = earlier.where(_apart(own, old) <= timedelta(days=rules.days_same_person))
    title = func.similarity(old.title, own.title)
    ways = (
        _by_number(far, own, old, "phone_hash"),
        _by_number(far, own, old, "identity_hash"),
        near.where(old.address_key == own.address_key).order_by(_apart(own, old)),
        near.where(around(old.point, own.point, rules.metres)).order_by(_apart(own, old)),
        near.where(old.ended_at.is_(None), title >= TITLES_ALIKE).order_by(title.desc(), _apart(own, old)),
    )
    return union(*(_pairs(case_ids, own, way) for way in ways)).subquery("pairs")


def around(column: Any, point: Any, metres: float) -> ColumnElement[bool]:
    """Whether the point in `column` lies at most `metres` from `point`: in a box that the index answers, and
    in the circle inside it."""
    up = metres / _METRES_A_DEGREE
    aside = up / func.cos(func.radians(func.ST_Y(point)), type_=Float)
    return and_(
        column.op("&&")(func.ST_Expand(point, aside, up)),
        func.ST_DistanceSphere(column, point) <= metres,
    )


def is_one_person(own: Own, old: Old) -> ColumnElement[bool]:
    """Whether a speaker of each has the same telephone or identity number."""
    mine, theirs = aliased(Party), aliased(Party)
    return (
        select(theirs.id)
        .join(mine, _same_number(mine, theirs, "phone_hash") | _same_number(mine, theirs, "identity_hash"))
        .where(mine.case_id == own.id, theirs.case_id == old.id, _speaks(mine), _speaks(theirs))
        .correlate(own, old)
        .exists()
    )


def _earlier(own: Own, old: Old, actor: Actor) -> Select[Any]:
    return select(old.id).where(
        old.street_id == own.street_id,
        # What was registered by mistake is no earlier matter.
        old.ending.is_distinct_from(Ending.VOID),
        tuple_(old.received_at, old.id) < tuple_(own.received_at, own.id),
        in_scope(actor, old.grid_id, old.community_id, old.street_id, old.holder_id),
    )


def _by_number(earlier: Select[Any], own: Own, old: Old, column: str) -> Select[Any]:
    """Cases with a speaker of the same number."""
    mine, theirs = aliased(Party), aliased(Party)
    calls = (
        select(theirs.case_id)
        .join(mine, getattr(theirs, column) == getattr(mine, column))
        .where(mine.case_id == own.id, _speaks(mine), _speaks(theirs))
        .distinct()
        .order_by(theirs.case_id.desc())
        .limit(LAST_CALLS)
        .correlate(own)
        .lateral()
    )
    return earlier.join(calls, calls.c.case_id == old.id).order_by(_apart(own, old))


def _same_number(mine: Any, theirs: Any, column: str) -> ColumnElement[bool]:
    return getattr(theirs, column) == getattr(mine, column)


def _speaks(party: Any) -> ColumnElement[bool]:
    return party.role.in_(sorted(SPEAKERS)) & party.is_anonymous.is_(False)


def _apart(own: Own, old: Old) -> ColumnElement[Any]:
    # A difference: an index on the moment alone would be walked through for a match that never comes.
    return own.received_at - old.received_at


def _pairs(case_ids: Collection[int], own: Own, way: Select[Any]) -> Select[Any]:
    found = way.limit(BY_EACH_WAY).correlate(own).lateral()
    return (
        select(own.id.label("own_id"), found.c.id.label("old_id"))
        .join(found, true())
        .where(own.id.in_(case_ids))
    )

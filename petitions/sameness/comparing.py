"""What two matters have in common, measured by the database for every pair found."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, extract, func, or_, select, true
from sqlalchemy.orm import aliased

from grid.vocabulary import RouteMethod
from petitions.models import Case, CaseDismissal
from petitions.sameness.finding import is_one_person

COMPARED_CHARACTERS = 200
"""Of a text: what a matter is about stands at its beginning, and comparing grows with the length."""

_SECONDS_A_DAY = 86_400


def compared(pairs: Subquery) -> Select[Any]:
    """For each pair the evidence for `score`, and what is told of the earlier matter."""
    own, old = aliased(Case, name="own"), aliased(Case, name="old")
    return (
        select(
            pairs.c.own_id,
            pairs.c.old_id,
            old.number,
            old.title,
            old.state,
            old.ending,
            old.received_at,
            is_one_person(own, old).label("same_person"),
            _is_so(old.address_key == own.address_key).label("same_address"),
            func.ST_DistanceSphere(old.point, own.point).label("metres"),
            (_is_exact(own) & _is_exact(old)).label("is_exact"),
            _title_likeness(own, old).label("title_likeness"),
            func.similarity(_beginning(own), _beginning(old)).label("body_likeness"),
            _is_so(old.category == own.category).label("same_category"),
            _is_so((old.kind == own.kind) & (old.order_type == own.order_type)).label("same_order_type"),
            (extract("epoch", own.received_at - old.received_at) / _SECONDS_A_DAY).label("days"),
        )
        .join(own, own.id == pairs.c.own_id)
        .join(old, old.id == pairs.c.old_id)
        .where(*undecided(own, old))
    )


def undecided(own: Any, old: Any) -> tuple[ColumnElement[bool], ...]:
    """Nobody has said yet that the two belong together or do not."""
    either_way = or_(
        and_(CaseDismissal.case_id == own.id, CaseDismissal.other_id == old.id),
        and_(CaseDismissal.case_id == old.id, CaseDismissal.other_id == own.id),
    )
    ties = (
        (old.id, own.repeat_of_id),
        (old.repeat_of_id, own.repeat_of_id),
        (old.id, own.master_id),
        (old.master_id, own.id),
        (old.master_id, own.master_id),
        (old.id, own.parent_id),
        (old.parent_id, own.id),
        (old.parent_id, own.parent_id),
    )
    # What is null is tied to nothing.
    untied = (func.coalesce(one != other, true()) for one, other in ties)
    return ~select(CaseDismissal.case_id).where(either_way).exists(), *untied


def _title_likeness(own: Any, old: Any) -> ColumnElement[float]:
    """Of the titles, or of the later one with a piece of the earlier text."""
    titles = func.similarity(own.title, old.title)
    return func.greatest(titles, func.word_similarity(own.title, _beginning(old)))


def _beginning(case: Any) -> ColumnElement[str]:
    return func.left(case.body, COMPARED_CHARACTERS)


def _is_exact(case: Any) -> ColumnElement[bool]:
    """Whether its point is that of a door: given as one, or found by a house number."""
    return or_(case.given_lon.is_not(None), case.route_method == RouteMethod.LANE_NUMBER)


def _is_so(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return func.coalesce(condition, False)

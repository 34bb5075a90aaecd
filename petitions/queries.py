"""Reading cases. Every list, count, search and page begins with `visible_cases`: the scope is told once."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from geoalchemy2 import WKBElement
from geoalchemy2.shape import to_shape
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.errors import NotFound
from app.core.i18n import lazy as _
from app.core.pages import PAGE_SIZE, Page, clamped
from app.core.secrecy import mask_numbers
from grid.models import Unit
from grid.tree import in_scope
from petitions.clocks import WRITTEN
from petitions.filters import Filters, Standing
from petitions.models import Case, CaseEvent, Party
from petitions.register import findable
from petitions.tenures import CaseTenure

CHUNK = 500
PLACES = (Case.grid_id, Case.community_id, Case.street_id, Case.holder_id)
_PHONE = re.compile(r"\+?[\d\- ]{7,20}")
_WILD = str.maketrans({"%": r"\%", "_": r"\_", "\\": r"\\"})


def visible_cases(actor: Actor) -> Select[Case]:
    """The cases that lie in the actor's reach, are held there, or have been given there to help with."""
    where = in_scope(actor, Case.grid_id, Case.community_id, Case.street_id, Case.holder_id)
    return select(Case).where(or_(where, Case.assist_ids.overlap(sorted(actor.reach))))


def visible_among(session: Session, actor: Actor, numbers: Collection[str]) -> frozenset[str]:
    """Which of these numbers are of cases that the actor may see."""
    query = visible_cases(actor).with_only_columns(Case.number).where(Case.number.in_(numbers))
    return frozenset(session.scalars(query)) if numbers else frozenset()


def is_visible(case: Case, actor: Actor) -> bool:
    """Whether `visible_cases` holds the case: what the predicate says of one that is loaded."""
    return actor.everywhere or not actor.reach.isdisjoint(
        {case.grid_id, case.community_id, case.street_id, case.holder_id, *case.assist_ids}
    )


def may_read_names(case: Case, actor: Actor) -> bool:
    """Whether the people of the case are shown to the actor in clear: to who handles it or helps there."""
    return actor.can(Permission.CASE_HANDLE) and any(
        actor.covers(unit) for unit in (case.holder_id, *case.assist_ids)
    )


def shown(text: str | None, case: Case, actor: Actor) -> str:
    """A text of the case as the actor may read it: the numbers of people in it are masked for who reads no
    names (DOMAIN F.3)."""
    return (text if may_read_names(case, actor) else mask_numbers(text)) if text else ""


def list_cases(session: Session, actor: Actor, filters: Filters, number: int) -> Page:
    """One page of the narrowed list: open cases by the nearest limit, others by receipt, newest first."""
    return _page(session, _narrowed(session, actor, filters), _order(filters.standing), number)


def count_gone_up(session: Session, actor: Actor, filters: Filters) -> int:
    """How many cases the list shows that went up from the actor's units, narrowed alike: its badge."""
    return _total(session, _narrowed(session, actor, replace(filters, standing=Standing.GONE_UP)))


def all_rows(
    session: Session, actor: Actor, filters: Filters, *, source: str | None = None
) -> Iterator[Case]:
    """Every case of the narrowed list, in its order, read a chunk at a time and never all at once.

    With a `source` only its orders, and these with their texts.
    """
    query = _narrowed(session, actor, filters).order_by(*_order(filters.standing))
    query = query.options(defer(Case.point)).execution_options(yield_per=CHUNK)
    query = query.where(Case.source == source) if source else query.options(defer(Case.body))
    return iter(session.scalars(query))


def get_case(session: Session, actor: Actor, number: str, *, lock: bool = False) -> Case:
    """The case of that number, locked where it is to be changed; raises NotFound outside the scope.

    Of a part the order is locked first: whoever locks several cases that belong together goes downwards.
    """
    query = visible_cases(actor).where(Case.number == number).options(joinedload(Case.suggestion))
    if lock:
        order_id = select(Case.parent_id).where(Case.number == number).scalar_subquery()
        session.execute(select(Case.id).where(Case.id == order_id).with_for_update())
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    case = session.scalar(query)
    if case is None:
        raise NotFound(_("There is no case of this number in your area."))
    return case


def find_by_number(session: Session, actor: Actor, text: str) -> Case | None:
    """The case whose number or order number is exactly `text`; filters do not matter to a number."""
    query = visible_cases(actor).where(or_(Case.number == text, Case.source_number == text))
    return session.scalars(query.order_by(Case.id).limit(1)).first()


def find_form(session: Session, actor: Actor, key: str) -> Case | None:
    """The case that the intake form with this key has registered already."""
    if not key:
        return None
    return session.scalar(visible_cases(actor).where(Case.source == "form", Case.source_number == key))


def held_now(session: Session, actor: Actor, unit_id: int) -> Sequence[Case]:
    """Every open case that the unit holds, as far as the actor sees it, nearest limit first."""
    query = visible_cases(actor).where(Case.holder_id == unit_id, Case.ended_at.is_(None))
    query = query.order_by(func.least(Case.tier_due_at, Case.due_at).asc().nulls_last(), Case.id)
    return session.scalars(query.options(defer(Case.body), defer(Case.point))).all()


def search_cases(session: Session, actor: Actor, text: str) -> Page:
    """Up to a page of cases whose title holds `text`, or whose party has that telephone number."""
    query = visible_cases(actor)
    if _PHONE.fullmatch(unicodedata.normalize("NFKC", text)):
        query = query.where(Case.id.in_(select(Party.case_id).where(Party.phone_hash == findable(text))))
    else:
        query = query.where(Case.title.ilike(f"%{text.translate(_WILD)}%"))
    return _page(session, query, _order(Standing.ALL), 1)


def list_by_key(session: Session, actor: Actor, case_ids: Iterable[int]) -> dict[int, Case]:
    """The cases among `case_ids` that the actor may see, with their texts."""
    query = visible_cases(actor).where(Case.id.in_(set(case_ids))).options(defer(Case.point))
    return {case.id: case for case in session.scalars(query)}


def titles(session: Session, actor: Actor, case_ids: Iterable[int]) -> dict[int, str]:
    """The titles of the cases among `case_ids` that the actor may see, the numbers of people masked."""
    query = visible_cases(actor).with_only_columns(Case.id, Case.title).where(Case.id.in_(set(case_ids)))
    return {row.id: mask_numbers(row.title) for row in session.execute(query)}


def list_parties(session: Session, case: Case) -> Sequence[Party]:
    """The people in a case that the asker may see; those of a part are the people of its order."""
    key = case.parent_id or case.id
    return session.scalars(select(Party).where(Party.case_id == key).order_by(Party.id)).all()


def list_events(session: Session, case: Case) -> Sequence[CaseEvent]:
    """The history, oldest first."""
    return session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)
    ).all()


def lon_lat(point: WKBElement | str | None) -> tuple[float, float] | None:
    """Degrees of WGS-84."""
    if not isinstance(point, WKBElement):
        return None
    shape = to_shape(point)
    return shape.x, shape.y


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Open, and one of the clocks that run has passed: what the red light says, in SQL."""
    runs = Case.suspended_at.is_(None) | Case.due_rule.in_(sorted(WRITTEN))
    return Case.ended_at.is_(None) & or_(Case.tier_due_at <= now, runs & (Case.due_at <= now))


def _narrowed(session: Session, actor: Actor, filters: Filters) -> Select[Case]:
    conditions: list[ColumnElement[bool]] = []
    if filters.cohort:
        conditions += filters.cohort.conditions(session, actor)
    if filters.kind:
        conditions.append(Case.kind == filters.kind)
    if filters.channel and not filters.cohort:
        conditions.append(Case.channel == filters.channel)
    if filters.unit:
        conditions.append(_within(filters.unit))
    return visible_cases(actor).where(*conditions, *_standing(actor, filters))


def _within(code: str) -> ColumnElement[bool]:
    unit_id = select(Unit.id).where(Unit.code == code).scalar_subquery()
    return or_(*(column == unit_id for column in PLACES))


def _standing(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    still_open = Case.ended_at.is_(None)
    conditions: dict[Standing, list[ColumnElement[bool]]] = {
        Standing.OPEN: [still_open],
        Standing.MINE: [still_open, Case.holder_id.in_(sorted(actor.units))],
        Standing.OVERDUE: [is_overdue(filters.now)],
        Standing.GONE_UP: [still_open, *_gone_up(actor)],
        Standing.ENDED: [Case.ended_at.is_not(None)],
        Standing.ALL: [],
    }
    return conditions[filters.standing]


def _gone_up(actor: Actor) -> list[ColumnElement[bool]]:
    """Went up from one of the actor's units, and is with none of those nor of the units below."""
    lifted = select(CaseTenure.case_id).where(
        CaseTenure.unit_id.in_(sorted(actor.units)), CaseTenure.is_lifted
    )
    return [Case.id.in_(lifted), Case.holder_id.not_in(sorted(actor.reach))]


def _order(standing: Standing) -> tuple[Any, ...]:
    if standing in (Standing.ENDED, Standing.ALL):
        return Case.received_at.desc(), Case.id.desc()
    return func.least(Case.tier_due_at, Case.due_at).asc().nulls_last(), Case.id


def _page(session: Session, query: Select[Case], order: tuple[Any, ...], number: int) -> Page:
    total = _total(session, query)
    number = clamped(number, total)
    rows = query.options(defer(Case.body), defer(Case.point)).order_by(*order)
    found = session.scalars(rows.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return Page(found, total, number)


def _total(session: Session, query: Select[Case]) -> int:
    return session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0

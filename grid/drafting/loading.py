"""The land of a street in a revision, and with the edits of a draft upon it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, Invalid
from app.core.formats import listed
from app.core.i18n import lazy as _
from grid.drafting.edits import Edit, read_edit
from grid.drafting.land import Fact, Land, differing
from grid.locating.gazetteer import current_revision
from grid.material.tiers import completed, parent_code
from grid.models import Boundary, Draft, DraftEdit, Unit, UnitEnd
from grid.vocabulary import DraftState


def revision_in_force(session: Session, street_id: int) -> int:
    """The revision in force; raises Conflict where nothing was ever published."""
    found = session.scalar(current_revision(street_id))
    if found is None:
        raise Conflict(_("The street has no published boundaries yet; import them first."))
    return found


def load_land(session: Session, street_id: int, revision_id: int) -> Land:
    """The land as the revision has it: the units drawn in it, with the names and counts of its publication.

    Of the one in force these are today's, and units that nobody has drawn yet are there too.
    """
    street = session.get_one(Unit, street_id).code
    is_now = revision_id == session.scalar(current_revision(street_id))
    is_waiting = Unit.id.not_in(select(UnitEnd.unit_id)) if is_now else false()
    rows = session.execute(
        select(Unit, func.ST_AsBinary(Boundary.outline), Boundary.facts)
        .outerjoin(Boundary, (Boundary.unit_id == Unit.id) & (Boundary.revision_id == revision_id))
        .where(Unit.street_code == street, Boundary.id.is_not(None) | is_waiting)
        .order_by(Unit.code)
    ).all()
    facts = [_fact(unit, None if is_now else then) for unit, _outline, then in rows]
    drawn = {unit.code: shapely.from_wkb(bytes(shape)) for unit, shape, _then in rows if shape is not None}
    above = {parent for fact in facts if (parent := parent_code(fact.code))}
    outlines: dict[str, BaseGeometry] = {code: _plain(drawn[code]) for code in drawn if code not in above}
    border = drawn.get(street) or completed(outlines, street)[street]
    taken = frozenset(session.scalars(select(Unit.code).where(Unit.street_code == street)))
    return Land(street, border, {fact.code: fact for fact in facts}, outlines, taken=taken)


def live_edits(session: Session, draft: Draft) -> Sequence[DraftEdit]:
    """The edits that count, in their order."""
    query = select(DraftEdit).where(DraftEdit.draft_id == draft.id, DraftEdit.undone_at.is_(None))
    return session.scalars(query.order_by(DraftEdit.id)).all()


def edited_land(session: Session, draft: Draft) -> Land:
    """The land of today with the draft's edits upon it.

    Another revision may have been published since the draft was begun. Raises Conflict, naming them, where
    it changed units that this draft changes as well; everything else of it is taken over.
    """
    edits = [read_edit(row.kind, row.said) for row in live_edits(session, draft)]
    now_in_force = revision_in_force(session, draft.street_id)
    land = load_land(session, draft.street_id, now_in_force)
    if now_in_force != draft.base_id:
        before = load_land(session, draft.street_id, draft.base_id)
        _demand_apart(touched_by(before, edits), differing(before, land))
    return apply_all(land, edits)


def shown_land(session: Session, draft: Draft) -> Land:
    """The land that the page of a draft shows: of one that has ended what was drawn, on its own base."""
    if draft.state is DraftState.OPEN:
        return edited_land(session, draft)
    if draft.revision_id is not None:
        return load_land(session, draft.street_id, draft.revision_id)
    edits = [read_edit(row.kind, row.said) for row in live_edits(session, draft)]
    return apply_all(base_land(session, draft), edits)


def base_land(session: Session, draft: Draft) -> Land:
    """What is in force; for a draft that has ended what it was drawn on, when its codes were free."""
    if draft.state is DraftState.OPEN:
        return load_land(session, draft.street_id, revision_in_force(session, draft.street_id))
    return replace(load_land(session, draft.street_id, draft.base_id), taken=frozenset())


def apply_all(land: Land, edits: Iterable[Edit]) -> Land:
    """The land after the edits, one upon the other; raises Invalid where one cannot be laid upon it."""
    for edit in edits:
        land = applied(edit, land)
    return land


def applied(edit: Edit, land: Land) -> Land:
    """The land after the edit; raises Invalid also where the outlines are too crooked to be reckoned with."""
    try:
        return edit.apply(land)
    except shapely.errors.ShapelyError:
        raise Invalid(_("The outlines cross or overlap here; mend that first, or undo.")) from None


def touched_by(land: Land, edits: Iterable[Edit]) -> set[str]:
    """The codes of units that must be as they were on `land` when the edits were drawn."""
    touched: set[str] = set()
    for edit in edits:
        touched |= edit.touched(land)
        land = applied(edit, land)
    return touched


def _demand_apart(touched: set[str], changed: set[str]) -> None:
    common = sorted(touched & changed)
    if common:
        raise Conflict(
            _(
                "Since this draft was begun, boundaries were published that change %(units)s as well."
                " Take back your edits of these, or begin a new draft.",
                units=listed(common),
            )
        )


def _fact(unit: Unit, then: dict[str, Any] | None) -> Fact:
    said = then or {"name": unit.name, "households": unit.households, "residents": unit.residents}
    return Fact(unit.code, unit.tier, said["name"], said["households"], said["residents"])


def _plain(outline: BaseGeometry) -> BaseGeometry:
    """A polygon where the outline is one: what is drawn has one part nearly always."""
    parts = shapely.get_parts(outline)
    return parts[0] if len(parts) == 1 else outline

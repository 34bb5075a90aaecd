"""The land of a street in a revision, and with the edits of a draft upon it."""

from collections.abc import Iterable, Sequence

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict
from app.core.i18n import lazy as _
from grid.drafting.edits import Edit, read_edit
from grid.drafting.land import Fact, Land, differing
from grid.locating.gazetteer import current_revision
from grid.material.tiers import completed
from grid.models import Boundary, Draft, DraftEdit, Unit, UnitEnd
from grid.vocabulary import CODE_LENGTH, PARENT_TIER


def revision_in_force(session: Session, street_id: int) -> int:
    """The revision in force; raises Conflict where nothing was ever published."""
    found = session.scalar(current_revision(street_id))
    if found is None:
        raise Conflict(_("The street has no published boundaries yet; import them first."))
    return found


def load_land(session: Session, street_id: int, revision_id: int) -> Land:
    """The land as the revision has it: units drawn in it, and those that were not drawn and did not end."""
    drawn = {
        code: shapely.from_wkb(bytes(outline))
        for code, outline in session.execute(
            select(Unit.code, func.ST_AsBinary(Boundary.outline))
            .join(Boundary, Boundary.unit_id == Unit.id)
            .where(Boundary.revision_id == revision_id)
        )
    }
    street = session.get_one(Unit, street_id).code
    ended = select(UnitEnd.unit_id)
    query = select(Unit).where(Unit.street_code == street, Unit.code.in_(drawn) | Unit.id.not_in(ended))
    facts = [
        Fact(unit.code, unit.tier, unit.name, unit.households, unit.residents)
        for unit in session.scalars(query.order_by(Unit.code))
    ]
    above = {parent for fact in facts if (parent := _parent(fact))}
    outlines: dict[str, BaseGeometry] = {code: _plain(drawn[code]) for code in drawn if code not in above}
    border = drawn.get(street) or completed(outlines, street)[street]
    return Land(street, border, {fact.code: fact for fact in facts}, outlines)


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
        _demand_apart(edits, differing(before, land))
    return apply_all(land, edits)


def apply_all(land: Land, edits: Iterable[Edit]) -> Land:
    """The land after the edits, one upon the other."""
    for edit in edits:
        land = edit.apply(land)
    return land


def _demand_apart(edits: Iterable[Edit], changed: set[str]) -> None:
    touched = {code for edit in edits for code in edit.touched()}
    common = sorted(touched & changed)
    if common:
        raise Conflict(
            _(
                "Since this draft was begun, boundaries were published that change %(units)s as well."
                " Take back your edits of these, or begin a new draft.",
                units=", ".join(common),
            )
        )


def _parent(fact: Fact) -> str | None:
    above = PARENT_TIER[fact.tier]
    return fact.code[: CODE_LENGTH[above]] if above else None


def _plain(outline: BaseGeometry) -> BaseGeometry:
    """A polygon where the outline is one: what is drawn has one part nearly always."""
    parts = shapely.get_parts(outline)
    return parts[0] if len(parts) == 1 else outline

"""The four principles on a draft, as they are on what is in force; and which drafts are open."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import local_day
from grid.check import held_units, local_standards, named_lanes
from grid.checking.finding import Finding
from grid.checking.ground import Ground, GroundUnit, Held, OpenDraft
from grid.checking.principles import check
from grid.drafting.edits import read_edit
from grid.drafting.land import Land
from grid.drafting.loading import live_edits, load_land, touched_by
from grid.material.tiers import parent_code
from grid.models import Draft, Unit
from grid.vocabulary import DraftState


def draft_findings(session: Session, street: Unit, land: Land, today: date) -> list[Finding]:
    """What the checks say of the land of a draft, inside the border of the street that no draft changes."""
    return check(
        Ground(
            units={
                code: GroundUnit(fact.tier, parent_code(code), fact.name, fact.households, fact.residents)
                for code, fact in land.units.items()
            },
            outlines={**land.every_outline(), land.street: land.border},
            lanes=named_lanes(session, street.id),
            postings=[held for one in held_units(session, street, today) if (held := _followed(one, land))],
            day=today,
            standards=local_standards(),
        )
    )


def open_drafts(session: Session, street_id: int) -> list[OpenDraft]:
    """The drafts of a street that are open, with the units they change."""
    query = select(Draft).where(Draft.street_id == street_id, Draft.state == DraftState.OPEN)
    found = []
    for draft in session.scalars(query.order_by(Draft.id)):
        edits = [read_edit(row.kind, row.said) for row in live_edits(session, draft)]
        units = touched_by(load_land(session, street_id, draft.base_id), edits)
        found.append(OpenDraft(draft.name, tuple(sorted(units)), local_day(draft.made_at)))
    return found


def _followed(held: Held, land: Land) -> Held | None:
    """The posting where its grid stays, or moves to another community; not where it is united or closed."""
    code = land.goes_on_as(held.code)
    return Held(code, held.since, held.until) if code else None

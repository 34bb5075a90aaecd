"""A draft from its beginning to its end: edits added and taken back; whoever draws must serve the street."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.i18n import lazy as _
from grid.drafting.edits import read_edit
from grid.drafting.land import Land
from grid.drafting.loading import applied, edited_land, live_edits, revision_in_force
from grid.models import Draft, DraftEdit
from grid.tree import in_scope
from grid.vocabulary import CODE_LENGTH, DraftState, EditKind, Tier

LONGEST_NAME = 60
MOST_EDITS = 500
"""Edits of one draft; more belong into a file of boundaries."""


def open_draft(session: Session, street_id: int, *, name: str, actor: Actor, now: datetime) -> Draft:
    """Begin a draft on the revision in force."""
    demand_drawer(actor, street_id)
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        wrong = _("a name of 1 to %(limit)s characters is needed", limit=LONGEST_NAME)
        raise Invalid(wrong, fields={"name": wrong})
    draft = Draft(
        street_id=street_id,
        base_id=revision_in_force(session, street_id),
        name=name,
        made_at=now,
        made_by=actor.id,
        made_by_name=actor.name,
    )
    session.add(draft)
    session.flush()
    return draft


def get_draft(session: Session, actor: Actor, draft_id: int, *, lock: bool = False) -> Draft:
    """A draft of a street whose grids the actor draws; raises NotFound else."""
    query = select(Draft).where(in_scope(actor, Draft.street_id), Draft.id == draft_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None or not actor.may(Permission.GRID_DRAW, found.street_id):
        raise NotFound(_("There is no such draft in your area."))
    return found


def add_edit(
    session: Session,
    draft: Draft,
    kind: str,
    said: Mapping[str, Any],
    *,
    seen: int | None = None,
    actor: Actor,
    now: datetime,
) -> Land:
    """Add an edit to the draft, which the caller holds locked; returns the land with it.

    `seen` is the key of the last edit that the person had before them, 0 for none: raises Conflict where
    somebody else has gone on. Raises Invalid where the edit makes no sense on the land as it is.
    """
    demand_open(draft, actor)
    edits = live_edits(session, draft)
    demand_seen(edits, seen)
    if len(edits) >= MOST_EDITS:
        raise Conflict(_("A draft has %(most)s edits at most; publish it and go on.", most=MOST_EDITS))
    edit = read_edit(kind, said)
    land = applied(edit, edited_land(session, draft))
    # What is there has just been laid upon what is in force: from here on that is what the draft is of.
    draft.base_id = revision_in_force(session, draft.street_id)
    session.add(
        DraftEdit(
            draft_id=draft.id,
            kind=EditKind(kind),
            said=asdict(edit),
            at=now,
            by_id=actor.id,
            by_name=actor.name,
        )
    )
    session.flush()
    return land


def demand_seen(edits: Sequence[DraftEdit], seen: int | None) -> None:
    """Raise Conflict where the last edit is not the one that the person had before them."""
    if seen is not None and seen != (edits[-1].id if edits else 0):
        raise Conflict(_("Somebody else has changed this draft since you opened it. Look at it anew."))


def undo(session: Session, draft: Draft, *, seen: int | None = None, actor: Actor, now: datetime) -> None:
    """Take the last edit back, which is `seen`; raises Conflict where there is none, or another."""
    demand_open(draft, actor)
    edits = live_edits(session, draft)
    demand_seen(edits, seen)
    if not edits:
        raise Conflict(_("There is nothing to take back."))
    edits[-1].undone_at = now
    session.flush()


def discard(session: Session, draft: Draft, *, actor: Actor, now: datetime) -> None:
    """Give the draft up; what was drawn stays to be read."""
    demand_open(draft, actor)
    draft.state, draft.ended_at = DraftState.DISCARDED, now
    session.flush()


def free_codes(session: Session, street_id: int, land: Land) -> dict[str, str]:
    """For each community the first code of a new grid that no unit ever had and no open draft proposes."""
    proposed = (
        select(DraftEdit.said["code"].astext)
        .join(Draft, Draft.id == DraftEdit.draft_id)
        .where(Draft.street_id == street_id, Draft.state == DraftState.OPEN, DraftEdit.undone_at.is_(None))
    )
    used = {*land.units, *land.heirs, *land.taken, *session.scalars(proposed)}
    communities = (code for code, fact in land.units.items() if fact.tier is Tier.COMMUNITY)
    return {community: _free(community, used) for community in communities}


def _free(community: str, used: set[str]) -> str:
    digits = CODE_LENGTH[Tier.GRID] - len(community)
    free = (f"{community}{number:0{digits}d}" for number in range(1, 10**digits))
    # Where every code is in use, the last is refused as one that is.
    return next((code for code in free if code not in used), f"{community}{10**digits - 1}")


def demand_drawer(actor: Actor, street_id: int) -> None:
    """Raise Forbidden unless the actor draws the grids of this street."""
    if not actor.may(Permission.GRID_DRAW, street_id):
        raise Forbidden(_("The grids of a street are drawn by its leaders."))


def demand_open(draft: Draft, actor: Actor) -> None:
    """Raise Forbidden for a stranger, Conflict where the draft has ended."""
    demand_drawer(actor, draft.street_id)
    if draft.state is not DraftState.OPEN:
        raise Conflict(_("This draft has ended; begin a new one."))

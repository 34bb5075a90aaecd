"""A draft from its beginning to its end: edits added and taken back; whoever draws must serve the street."""

from collections.abc import Mapping
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
from grid.drafting.loading import edited_land, live_edits, revision_in_force
from grid.models import Draft, DraftEdit, Unit
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
    """A draft of a street in the actor's reach; raises NotFound else."""
    query = select(Draft).where(in_scope(actor, Draft.street_id), Draft.id == draft_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
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
    if seen is not None and seen != (edits[-1].id if edits else 0):
        raise Conflict(_("Somebody else has changed this draft since you opened it. Look at it anew."))
    if len(edits) >= MOST_EDITS:
        raise Conflict(_("A draft has %(most)s edits at most; publish it and go on.", most=MOST_EDITS))
    edit = read_edit(kind, said)
    land = edit.apply(edited_land(session, draft))
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


def undo(session: Session, draft: Draft, *, actor: Actor, now: datetime) -> None:
    """Take the last edit back; raises Conflict where there is none."""
    demand_open(draft, actor)
    edits = live_edits(session, draft)
    if not edits:
        raise Conflict(_("There is nothing to take back."))
    edits[-1].undone_at = now
    session.flush()


def discard(session: Session, draft: Draft, *, actor: Actor, now: datetime) -> None:
    """Give the draft up; what was drawn stays to be read."""
    demand_open(draft, actor)
    draft.state, draft.ended_at = DraftState.DISCARDED, now
    session.flush()


def free_code(session: Session, street_id: int, community: str, land: Land) -> str:
    """The first code of a new grid of the community that no unit and no open draft of the street uses."""
    used = set(land.units) | set(land.heirs)
    length = CODE_LENGTH[Tier.GRID]
    used |= set(session.scalars(select(Unit.code).where(Unit.code.startswith(community))))
    proposed = (
        select(DraftEdit.said["code"].astext)
        .join(Draft, Draft.id == DraftEdit.draft_id)
        .where(Draft.street_id == street_id, Draft.state == DraftState.OPEN, DraftEdit.undone_at.is_(None))
    )
    used |= set(session.scalars(proposed))
    free = (f"{community}{number:0{length - len(community)}d}" for number in range(1, 1000))
    found = next((code for code in free if code not in used), None)
    if found is None:
        raise Conflict(_("Every code of the community is in use."))
    return found


def demand_drawer(actor: Actor, street_id: int) -> None:
    """Raise Forbidden unless the actor draws the grids of this street."""
    if not actor.may(Permission.GRID_DRAW, street_id):
        raise Forbidden(_("The grids of a street are drawn by its leaders."))


def demand_open(draft: Draft, actor: Actor) -> None:
    """Raise Forbidden for a stranger, Conflict where the draft has ended."""
    demand_drawer(actor, draft.street_id)
    if draft.state is not DraftState.OPEN:
        raise Conflict(_("This draft has ended; begin a new one."))

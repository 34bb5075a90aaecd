"""What is decided about an import once its file is here: it goes, is dropped, or is cancelled."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.errors import Conflict, NotFound
from app.core.i18n import lazy as _
from grid.tree import in_scope
from petitions.importing import pieces
from petitions.importing.requests import new_run
from petitions.importing.run import cancel
from petitions.models import ImportRun
from petitions.models.imports import RunState

_WHY_NOT = {
    RunState.ASKING: _("Say first what the columns of this file mean."),
    RunState.OPEN: _("The file is still being tried. Wait until that is done."),
    RunState.GONE: _("This file has gone in already."),
    RunState.DROPPED: _("This file was dropped and is no longer kept. Hand it in again."),
    RunState.CANCELLED: _("This was cancelled and the file is no longer kept. Hand it in again."),
    RunState.FAILED: _("This file could not be read as a whole. Mend it and hand it in again."),
    RunState.DONE: _("This file has been brought in already."),
    RunState.UNDONE: _("This import was undone. Hand the file in again."),
}


def lock_run(session: Session, run_id: int, actor: Actor) -> ImportRun:
    """The run of that key, locked; waits for the chunk that is being done.

    Raises Forbidden for whoever may not import, NotFound outside the actor's reach.
    """
    actor.demand(Permission.CASE_IMPORT)
    query = select(ImportRun).where(ImportRun.id == run_id, in_scope(actor, ImportRun.street_id))
    run = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if run is None:
        raise NotFound(_("There is no such import in your area."))
    actor.demand_at(Permission.CASE_IMPORT, run.street_id)
    return run


def let_go(session: Session, tried: ImportRun, *, actor: Actor, now: datetime) -> ImportRun:
    """Bring in the file of a dry run, locked by the caller, without the rows that were left out.

    It is a run of its own, which compares anew: what the dry run said may have changed meanwhile. Raises
    Conflict where the dry run does not wait for this.
    """
    _demand_tried(tried)
    run = _take_over(session, tried, tried.profile, tried.profile_id, dry_run=False, actor=actor, now=now)
    run.rehearsal_id = tried.id
    _decide(tried, RunState.GONE, actor, now)
    session.flush()
    return run


def try_again(
    session: Session, tried: ImportRun, profile: str, profile_id: int | None, *, actor: Actor, now: datetime
) -> ImportRun:
    """Try the file of a dry run, locked by the caller, once more by another profile; raises as `let_go`."""
    _demand_tried(tried)
    run = _take_over(session, tried, profile, profile_id, dry_run=True, actor=actor, now=now)
    _decide(tried, RunState.DROPPED, actor, now)
    session.flush()
    return run


def drop(session: Session, tried: ImportRun, *, actor: Actor, now: datetime) -> None:
    """Keep the file of a dry run, locked by the caller, no longer; raises Conflict where it does not wait."""
    _demand_tried(tried)
    pieces.drop(session, tried.id)
    _decide(tried, RunState.DROPPED, actor, now)
    session.flush()


def call_off(session: Session, run: ImportRun, *, actor: Actor, now: datetime) -> None:
    """Cancel a run that waits or is being done; what was brought in stays. Raises Conflict where it ended."""
    if not cancel(session, run, now):
        raise Conflict(_("This import has ended already; nothing is left to cancel."))
    run.decided_by, run.decided_at = actor.id, now
    session.flush()


def demand_here(run: ImportRun) -> None:
    """Raise Conflict where the file of a run is kept no longer or is being read."""
    if run.state not in (RunState.ASKING, RunState.TRIED):
        raise Conflict(_WHY_NOT[run.state])


def _demand_tried(run: ImportRun) -> None:
    if run.state is not RunState.TRIED:
        raise Conflict(_WHY_NOT[run.state])


def _take_over(
    session: Session,
    old: ImportRun,
    profile: str,
    profile_id: int | None,
    *,
    dry_run: bool,
    actor: Actor,
    now: datetime,
) -> ImportRun:
    """A run of its own, to which the file of another is given."""
    run = new_run(
        old.file_name,
        old.sha256,
        profile,
        profile_id,
        street_id=old.street_id,
        dry_run=dry_run,
        actor=actor,
        now=now,
    )
    session.add(run)
    session.flush()
    if not pieces.hand_over(session, old.id, run.id):
        raise pieces.gone()
    return run


def _decide(run: ImportRun, state: RunState, actor: Actor, now: datetime) -> None:
    run.state, run.decided_by, run.decided_at = state, actor.id, now

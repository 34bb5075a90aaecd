"""Wishes that an import be undone: asked for by a click, carried out by a tick, and told of on its page.

Thousands of cases take longer than anybody waits for a page. What is undone is undone in one transaction, so
that whoever dies in it has done nothing, and the next tick begins anew.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.models import User
from app.core.db import refusing
from app.core.errors import Conflict
from app.core.i18n import lazy as _
from app.core.secrecy import mask_numbers
from petitions.importing.going import lock_run
from petitions.importing.requests import get_import
from petitions.importing.run import MOST_FAILURES
from petitions.importing.undoing import demand_undoable, undo
from petitions.models import ImportRun, ImportUndoing


def ask_undo(session: Session, run_id: int, *, reason: str, actor: Actor, now: datetime) -> ImportUndoing:
    """Ask that the import be undone.

    Raises Forbidden or NotFound for whoever may not, Invalid without a reason, Conflict where there is
    nothing to be undone or where that is being done already.
    """
    run = get_import(session, run_id, actor)
    twice = Conflict(_("This import is being undone already."))
    # Whoever undoes it holds the run for long; nobody waits for that to be told of it.
    if _is_open(session, run):
        raise twice
    run = lock_run(session, run_id, actor)
    given = demand_undoable(run, reason=reason, actor=actor)
    wish = ImportUndoing(run_id=run.id, reason=mask_numbers(given), asked_by=actor.id, asked_at=now)
    with refusing("uq_import_undoings_open", twice):
        session.add(wish)
        session.flush()
    return wish


def undone_among(session: Session, run_ids: Collection[int]) -> frozenset[int]:
    """Which of these imports somebody has asked to be undone and are not yet."""
    open_ones = ImportUndoing.run_id.in_(run_ids), ImportUndoing.finished_at.is_(None)
    return frozenset(session.scalars(select(ImportUndoing.run_id).where(*open_ones)))


def claim_undoing(session: Session, but_not: Collection[int] = ()) -> ImportUndoing | None:
    """The oldest open wish that nobody works on, locked; `but_not` are keys of those that had their turn."""
    query = select(ImportUndoing).where(ImportUndoing.finished_at.is_(None), ImportUndoing.id.not_in(but_not))
    oldest = query.order_by(ImportUndoing.id).limit(1)
    return session.scalars(oldest.with_for_update(skip_locked=True)).first()


def take_undoing(session: Session, run_id: int, *, reason: str, actor: Actor, now: datetime) -> ImportUndoing:
    """The open wish of the import, claimed where nobody works on it, else a new one; raises as `ask_undo`."""
    query = select(ImportUndoing).where(ImportUndoing.run_id == run_id, ImportUndoing.finished_at.is_(None))
    wish = session.scalars(query.with_for_update(skip_locked=True)).first()
    return wish or ask_undo(session, run_id, reason=reason, actor=actor, now=now)


def carry_out_undoing(
    session: Session, wish: ImportUndoing, *, actor: Actor, clock: Callable[[], datetime]
) -> int:
    """Undo the import of a claimed wish; returns how many cases that were. Raises as `undo`."""
    run = session.get_one(ImportRun, wish.run_id, with_for_update=True, populate_existing=True)
    count = undo(session, run, reason=wish.reason, actor=actor, clock=clock)
    wish.cases, wish.finished_at = count, run.decided_at
    session.flush()
    return count


def refuse_undoing(session: Session, wish_id: int, reason: str, now: datetime) -> None:
    """Nothing was undone, for a reason that the page tells."""
    wish = session.get_one(ImportUndoing, wish_id, with_for_update=True, populate_existing=True)
    if wish.finished_at is None:
        wish.refused, wish.finished_at = reason, now
        session.flush()


def break_off_undoing(session: Session, wish_id: int, reason: str, now: datetime) -> None:
    """Count a failure that is not the import's; the last of several refuses the wish for `reason`."""
    wish = session.get_one(ImportUndoing, wish_id, with_for_update=True, populate_existing=True)
    if wish.finished_at is not None:
        return
    wish.failures += 1
    session.flush()
    if wish.failures >= MOST_FAILURES:
        refuse_undoing(session, wish_id, reason, now)


def last_undoing(session: Session, run: ImportRun) -> tuple[ImportUndoing, str | None] | None:
    """The last wish that the import be undone, and who had it."""
    query = select(ImportUndoing, User.name).outerjoin(User, User.id == ImportUndoing.asked_by)
    last = query.where(ImportUndoing.run_id == run.id).order_by(ImportUndoing.id.desc()).limit(1)
    row = session.execute(last.execution_options(populate_existing=True)).first()
    return (row[0], row[1]) if row else None


def _is_open(session: Session, run: ImportRun) -> bool:
    query = select(ImportUndoing.id).where(
        ImportUndoing.run_id == run.id, ImportUndoing.finished_at.is_(None)
    )
    return session.scalar(query) is not None

"""Taking back a whole import, all of it or nothing, while nobody has gone on with one of its cases.

A case that it made becomes void and bears its order's number no longer, so that the order can come in again
as new; one that a person made void keeps its number and does not come back. An order that it split ends with
its parts, which become void. A case that it changed says again what it said before.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import SERVICE, Actor
from app.auth.vocabulary import Permission
from app.core.bulk import chunks
from app.core.errors import Conflict
from app.core.formats import listed
from app.core.i18n import lazy as _
from app.core.secrecy import mask_numbers
from petitions.handling.closing import void
from petitions.handling.step import given
from petitions.history import Step
from petitions.importing.outcome import Verdict
from petitions.importing.restoring import Brought, NotRestorable, restore
from petitions.importing.secrets import differences_of
from petitions.models import Case, CaseEvent, ImportRow, ImportRun
from petitions.models.imports import RunState
from petitions.sameness.following import carry_out
from petitions.vocabulary import Verb

CHUNK = 500
NAMED = 20
"""What stands in the way is named up to this number; nobody reads more."""

ENDED = (RunState.DONE, RunState.CANCELLED, RunState.FAILED)


def can_be_undone(run: ImportRun) -> bool:
    """Whether the run has ended and left something, whoever has gone on with it."""
    return not run.is_dry_run and run.state in ENDED and bool(run.created or run.changed)


def demand_undoable(run: ImportRun, *, reason: str, actor: Actor) -> str:
    """The reason given, where `actor` may undo the run and something could be; raises as `undo`."""
    actor.demand_at(Permission.CASE_EXCLUDE, run.street_id)
    reason = given(reason)
    if not can_be_undone(run):
        raise Conflict(_("This import has done nothing that could be undone."))
    return reason


def undo(
    session: Session, run: ImportRun, *, reason: str, actor: Actor, clock: Callable[[], datetime]
) -> int:
    """Take back all that `run`, locked by the caller, has done; returns how many cases that were.

    `clock` is asked once every case is held: what the ticks did to one while this waited for it is earlier.

    Raises Forbidden for whoever may not void a case, Invalid without a reason, Conflict where the run has
    done nothing that could be undone, or naming the cases that somebody has gone on with and the rows of
    which it is no longer known what stood there before.
    """
    reason = demand_undoable(run, reason=reason, actor=actor)
    _demand_untouched(session, run)
    now, count = clock(), 0
    for group in _groups(session, run):
        changed = [each for each in group if not each.is_new]
        try:
            steps = restore(session, changed, run, reason=reason, actor=actor, now=now)
        except NotRestorable as error:
            raise Conflict(
                _(
                    "Nothing was undone: what stood there before is no longer known of %(rows)s.",
                    rows=_listed([str(row) for row in error.rows]),
                )
            ) from None
        made = [each for each in group if each.is_new]
        parts = [part.case for each in made for part in each.parts]
        steps += [_voided(each.case, run, reason, actor, now) for each in made if not each.parts]
        steps += [void(part, reason=reason, actor=actor, now=now) for part in parts]
        carry_out(session, steps)
        # A split order has ended with its parts; its number is given back by a step of its own.
        carry_out(session, [_freed(each.case, run, reason, actor, now) for each in made if each.parts])
        count += len(group)
    run.state, run.decided_by, run.decided_at = RunState.UNDONE, actor.id, now
    session.flush()
    return count


def _voided(case: Case, run: ImportRun, reason: str, actor: Actor, now: datetime) -> Step:
    done = void(case, reason=reason, actor=actor, now=now)
    changes, detail = {**done.changes, "source_number": None}, {**done.detail, "undone": run.id}
    return replace(done, changes=changes, detail=detail)


def _freed(order: Case, run: ImportRun, reason: str, actor: Actor, now: datetime) -> Step:
    return Step(
        case=order,
        verb=Verb.UPDATE,
        actor=actor,
        at=now,
        changes={"source_number": None},
        reason=mask_numbers(reason),
        detail={"undone": run.id},
    )


def _demand_untouched(session: Session, run: ImportRun) -> None:
    undone = set(session.scalars(select(ImportRun.id).where(ImportRun.state == RunState.UNDONE)))
    touched = []
    for group in _groups(session, run):
        confirmed = _confirmed(session, run, [each.case.id for each in group])
        touched += [each.case.number for each in group if each.case.id in confirmed]
        touched += [case.number for each in group for case in _touched(each, run, undone)]
    touched = list(dict.fromkeys(touched))
    if touched:
        raise Conflict(
            _(
                "Nothing was undone: somebody has gone on with %(cases)s. Void or mend cases one by one.",
                cases=_listed(touched),
            )
        )


def _confirmed(session: Session, run: ImportRun, case_ids: Sequence[int]) -> set[int]:
    """The cases of which a later import that stands has said that they are here; it leaves no event."""
    rows = (
        select(ImportRow.case_id)
        .join(ImportRun, ImportRun.id == ImportRow.run_id)
        .where(ImportRow.case_id.in_(case_ids), ImportRow.run_id > run.id)
        .where(ImportRun.is_dry_run.is_(False), ImportRun.state != RunState.UNDONE)
    )
    return {case_id for case_id in session.scalars(rows) if case_id}


def _touched(each: Brought, run: ImportRun, undone: set[int]) -> Iterator[Case]:
    """The case, and its parts, if anybody but the clocks has done something to it since; an import that was
    undone has done nothing."""
    if any(not _is_quiet(event, run, undone) for event in each.since(run)) or not each.stands(run):
        yield each.case
    for part in each.parts:
        if any(not _is_quiet(event, run, undone) for event in part.events[1:]):
            yield part.case


def _is_quiet(event: CaseEvent, run: ImportRun, undone: set[int]) -> bool:
    if import_id := event.detail.get("import"):
        return import_id == run.id or import_id in undone
    if "undone" in event.detail:
        return True
    # What moves the deadline of an order and so of its parts stands in the order's own history.
    if event.verb is Verb.FOLLOW and "order" in event.detail:
        return True
    return event.actor_id is None and event.actor_name == SERVICE.name


def _groups(session: Session, run: ImportRun) -> Iterator[list[Brought]]:
    """What the import made and changed, locked in the order of the cases' keys and parts after orders."""
    ids = session.scalars(
        select(ImportRow.case_id)
        .where(ImportRow.run_id == run.id, ImportRow.verdict.in_([Verdict.CREATED, Verdict.CHANGED]))
        .distinct()
        .order_by(ImportRow.case_id)
    ).all()
    for group in chunks(ids, CHUNK):
        yield _brought(session, run, group)


def _brought(session: Session, run: ImportRun, case_ids: Sequence[int]) -> list[Brought]:
    wanted = select(Case).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update()
    cases = session.scalars(wanted.execution_options(populate_existing=True)).all()
    found = {case.id: Brought(case, [], [], []) for case in cases}
    _load_events(session, found)
    rows = select(ImportRow).where(
        ImportRow.run_id == run.id,
        ImportRow.case_id.in_(case_ids),
        ImportRow.verdict.in_([Verdict.CREATED, Verdict.CHANGED]),
    )
    for row in session.scalars(rows.order_by(ImportRow.row)):
        if row.case_id:
            found[row.case_id].rows.append(row)
    changed = [row.row for each in found.values() for row in each.rows if row.verdict == Verdict.CHANGED]
    secrets = differences_of(session, run, changed)
    for each in found.values():
        each.differences.extend(secrets[row.row] for row in each.rows if row.row in secrets)
    _load_parts(session, found)
    return list(found.values())


def _load_parts(session: Session, found: Mapping[int, Brought]) -> None:
    """The parts of orders that the import made; those of others are left alone."""
    orders = [each.case.id for each in found.values() if each.is_new and each.case.part_count]
    if not orders:
        return
    wanted = select(Case).where(Case.parent_id.in_(orders)).order_by(Case.id).with_for_update()
    cases = session.scalars(wanted.execution_options(populate_existing=True)).all()
    parts = {case.id: Brought(case, [], [], []) for case in cases}
    _load_events(session, parts)
    for part in parts.values():
        if part.case.parent_id:
            found[part.case.parent_id].parts.append(part)


def _load_events(session: Session, found: Mapping[int, Brought]) -> None:
    events = select(CaseEvent).where(CaseEvent.case_id.in_(found)).order_by(CaseEvent.seq)
    for event in session.scalars(events):
        found[event.case_id].events.append(event)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    shown = listed(names[:NAMED])
    return str(_("%(names)s and %(count)s more", names=shown, count=more)) if more > 0 else shown

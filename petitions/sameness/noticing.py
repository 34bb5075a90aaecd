"""Every case that came in with an import is compared with earlier ones, many at a time, after its chunk.

What is found is a note beside the cases for lists and counts; nothing is linked, a person does that.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session, aliased, defer

from app.auth.actor import SERVICE, Actor
from app.core.bulk import insert_rows
from app.core.db import is_lost
from app.core.pages import PAGE_SIZE, Page, clamped
from app.core.statistics import make_known
from petitions.models import Case, CaseLikeness, ImportComparison, ImportRow, ImportRun, Party
from petitions.queries import visible_cases
from petitions.rules.sameness import Likeness
from petitions.sameness.candidates import Candidate, candidates
from petitions.sameness.comparing import undecided
from petitions.sameness.score import Part

_log = logging.getLogger(__name__)

ONE_COMPARER = 1_668_246_642
"""The lock of whoever compares, any number that is no other's."""

AT_ONCE = 200
MOST_FAILURES = 5
"""In a row, without a chunk compared between them."""


@dataclass(frozen=True, slots=True)
class Alike:
    """How many earlier cases one may be the same as, and whether one of them is by the same person."""

    count: int
    is_likely: bool
    same_person: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether an import has been compared, or its comparison was given up half-way, and how many of its cases
    could not be compared."""

    is_over: bool
    is_given_up: bool
    skipped: int


def claim_comparison(session: Session, but_not: Collection[int] = ()) -> ImportComparison | None:
    """The newest import whose new cases are not all compared, locked; None too where anybody else compares.

    Comparing several at once would leave no worker for what cannot wait. `but_not` are keys of runs in which
    nothing is left for now.
    """
    if not session.scalar(select(func.pg_try_advisory_xact_lock(ONE_COMPARER))):
        return None
    _begin(session)
    query = select(ImportComparison).where(
        ImportComparison.finished_at.is_(None), ImportComparison.run_id.not_in(but_not)
    )
    newest = query.order_by(ImportComparison.run_id.desc()).limit(1)
    return session.scalars(newest.with_for_update(skip_locked=True)).first()


def compare_next(session: Session, comparison: ImportComparison, now: datetime) -> int:
    """Compare the next open cases of a claimed import; returns how many rows were gone through.

    None is left for now where it is 0; where the import has ended as well, so has the comparison. Cases at
    which comparing fails are skipped and counted. Raises what concerns no case: a lost database, a deadlock,
    a statement that was cancelled or is wrong.
    """
    # Read before the rows, so that none is written after them and before the end that is seen here.
    is_over = session.scalar(select(ImportRun.finished_at).where(ImportRun.id == comparison.run_id))
    query = (
        select(ImportRow.row, ImportRow.case_id, Case.ended_at)
        .join(Case, Case.id == ImportRow.case_id)
        .where(ImportRow.run_id == comparison.run_id, ImportRow.row > comparison.reached)
        .where(ImportRow.verdict == "created")
        .order_by(ImportRow.row)
        .limit(AT_ONCE)
    )
    rows = session.execute(query).all()
    if rows:
        skipped = _notice_all(session, [row.case_id for row in rows if row.ended_at is None], now)
        if skipped:
            _log.error("%d cases of import %d were not compared", len(skipped), comparison.run_id)
        comparison.skipped += len(skipped)
        comparison.reached, comparison.failures = rows[-1].row, 0
    elif is_over:
        comparison.finished_at, comparison.failures = now, 0
    session.flush()
    return len(rows)


def break_off_comparison(session: Session, run_id: int, now: datetime) -> None:
    """Count a failure that is not a case's; after the last of several in a row the comparison is given up.

    While rows still come in it is tried on, and one that another worker has finished stays finished.
    """
    # Where it was begun and broken off in one transaction, nothing is left of its beginning.
    _begin(session)
    comparison = session.get_one(ImportComparison, run_id, with_for_update=True, populate_existing=True)
    if comparison.finished_at is not None:
        return
    comparison.failures += 1
    is_over = session.scalar(select(ImportRun.finished_at).where(ImportRun.id == run_id)) is not None
    if is_over and comparison.failures >= MOST_FAILURES:
        comparison.finished_at = now
    session.flush()


def notice(session: Session, case_ids: Collection[int], now: datetime) -> int:
    """Note for each of the cases which earlier ones it is like; returns for how many there was one."""
    make_known(session, (Case, Party), len(case_ids))
    found = candidates(session, case_ids, actor=SERVICE)
    rows = [_row(key, one, now) for key, alike in found.items() for one in alike]
    insert_rows(session, CaseLikeness, rows)
    return len(found)


def alike_of(session: Session, actor: Actor, case_ids: Collection[int]) -> Mapping[int, Alike]:
    """What lists tell of the cases; one whose like is decided, or that has none, is not in the mapping."""
    if not case_ids:
        return {}
    own, _old, pairs = _pairs(actor)
    told = pairs.where(own.id.in_(case_ids)).with_only_columns(
        own.id,
        func.count(),
        func.bool_or(CaseLikeness.is_likely),
        func.bool_or(CaseLikeness.same_person),
        maintain_column_froms=True,
    )
    return {row[0]: Alike(*row[1:]) for row in session.execute(told.group_by(own.id))}


def count_alike(session: Session, actor: Actor, run_id: int) -> tuple[int, int]:
    """How many new cases of an import are like an earlier one, and how many of these by the same person."""
    own, _old, pairs = _pairs(actor)
    by_person = func.count(own.id.distinct()).filter(CaseLikeness.same_person)
    told = pairs.where(own.id.in_(_new_in(run_id)))
    row = session.execute(
        told.with_only_columns(func.count(own.id.distinct()), by_person, maintain_column_froms=True)
    ).one()
    return row[0], row[1]


def list_alike(session: Session, actor: Actor, number: int, *, run_id: int | None = None) -> Page:
    """Pairs (later case, earlier case, likeness) that nobody has decided, with the texts of both.

    Those that are very likely the same come first, among them those by one person, then the newest.
    """
    own, old, pairs = _pairs(actor)
    if run_id is not None:
        pairs = pairs.where(own.id.in_(_new_in(run_id)))
    total = session.scalar(pairs.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    number = clamped(number, total)
    pairs = pairs.options(defer(own.point), defer(old.point))
    likeliest = CaseLikeness.is_likely.desc(), CaseLikeness.same_person.desc()
    listed = pairs.order_by(*likeliest, CaseLikeness.case_id.desc(), CaseLikeness.score.desc(), old.id)
    rows = session.execute(listed.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)).all()
    return Page(rows, total, number)


def reasons_of(likeness: CaseLikeness) -> list[Part]:
    """Why the two were found to be alike, the largest reason first."""
    return [Part(Likeness(name), measure, share) for name, measure, share in likeness.reasons]


def comparison_of(session: Session, run: ImportRun) -> Comparison:
    """How far the comparison of an import is."""
    kept = session.get(ImportComparison, run.id, populate_existing=True)
    if kept is None:
        return Comparison(False, False, 0)
    is_over = kept.finished_at is not None
    return Comparison(is_over, is_over and kept.failures > 0, kept.skipped)


def _begin(session: Session) -> None:
    """Imports that have begun since the last look wait to be compared from now on."""
    started = select(ImportRun.id).where(
        ImportRun.started_at.is_not(None),
        ImportRun.is_dry_run.is_(False),
        ~select(ImportComparison.run_id).where(ImportComparison.run_id == ImportRun.id).exists(),
    )
    # Two that look at once begin the same one once.
    new = insert(ImportComparison).from_select(["run_id"], started)
    session.execute(new.on_conflict_do_nothing())


def _notice_all(session: Session, case_ids: Sequence[int], now: datetime) -> list[int]:
    """Note the likenesses of the cases; returns those at which that fails, found by halves."""
    try:
        with session.begin_nested():
            notice(session, case_ids, now)
        return []
    except Exception as error:
        if isinstance(error, OperationalError | ProgrammingError) or is_lost(error):
            raise
        if len(case_ids) == 1:
            return list(case_ids)
    middle = len(case_ids) // 2
    return _notice_all(session, case_ids[:middle], now) + _notice_all(session, case_ids[middle:], now)


def _pairs(actor: Actor) -> tuple[Any, Any, Select[Any]]:
    """The later and the earlier case, both in the actor's reach, and what is not decided about them."""
    own, old = aliased(Case, name="own"), aliased(Case, name="old")
    query: Any = (
        select(own, old, CaseLikeness)
        .join(own, own.id == CaseLikeness.case_id)
        .join(old, old.id == CaseLikeness.other_id)
        .where(own.ended_at.is_(None), own.parent_id.is_(None), own.master_id.is_(None))
        .where(*undecided(own, old))
    )
    return own, old, query.where(*(_in_reach(actor, case) for case in (own, old)))


def _in_reach(actor: Actor, case: Any) -> Any:
    keys = visible_cases(actor).with_only_columns(Case.id).where(Case.id == case.id).correlate(case)
    return keys.exists()


def _new_in(run_id: int) -> Any:
    return select(ImportRow.case_id).where(ImportRow.run_id == run_id, ImportRow.verdict == "created")


def _row(case_id: int, one: Candidate, now: datetime) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "other_id": one.case_id,
        "score": one.score.total,
        "is_likely": one.score.is_likely,
        "same_person": any(part.likeness is Likeness.PERSON for part in one.score.parts),
        "reasons": [[part.likeness, part.measure, part.share] for part in one.score.parts],
        "found_at": now,
    }

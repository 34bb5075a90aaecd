"""Asking for an import, finding the next one to run, and telling what came of it."""

import io
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import IO, Any, BinaryIO, cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy as _
from app.core.keeping import import_keep_time
from grid.tree import Node, in_scope, load_tree
from grid.vocabulary import Tier
from petitions.importing import pieces
from petitions.importing.attending import is_attended
from petitions.importing.export_file import ExportFile, digest_of, open_export
from petitions.importing.header import Unrecognised
from petitions.importing.members import Member, is_archive, members
from petitions.importing.outcome import Verdict
from petitions.importing.profile import Profile
from petitions.importing.profiles import load_profiles
from petitions.models import Case, ImportRow, ImportRun
from petitions.models.imports import RunState

MAX_NAME = 200


def request_import(
    session: Session,
    *,
    street_id: int,
    file_name: str,
    content: bytes | IO[bytes],
    profile: str | None,
    dry_run: bool,
    actor: Actor,
    now: datetime,
    may_ask: bool = False,
) -> ImportRun:
    """Keep an uploaded file, given by its bytes or as a stream of them, as a run that the next tick does.

    Raises Forbidden or NotFound where the street is not the actor's to import for, Invalid for a file that
    cannot be read, and Unrecognised for one that no profile (or not the named one) fits; unless it `may_ask`,
    for then the run waits until a person has said what the columns mean.
    """
    _demand(actor, street_id)
    stream = _stream(content)
    told: dict[str, Any] = {"street_id": street_id, "dry_run": dry_run, "actor": actor, "now": now}
    try:
        export = open_export(stream, file_name, profile, load_profiles(session, [street_id]))
        run = open_run(session, export, **told)
    except Unrecognised:
        if not may_ask:
            raise
        run = new_run(file_name, digest_of(stream), "", **told)
        run.state, run.kept_until = RunState.ASKING, now + import_keep_time()
        session.add(run)
        session.flush()
    pieces.keep(session, run.id, stream)
    return run


def request_imports(
    session: Session,
    *,
    street_id: int,
    file_name: str,
    content: bytes | IO[bytes],
    profile: str | None,
    dry_run: bool,
    actor: Actor,
    now: datetime,
    may_ask: bool = False,
) -> list[ImportRun]:
    """As `request_import`; each file of an archive is a run of its own, ended where it cannot be read.

    Raises Invalid also for an archive that cannot be read as a whole.
    """
    given: dict[str, Any] = {"street_id": street_id, "profile": profile, "dry_run": dry_run}
    given |= {"actor": actor, "now": now, "may_ask": may_ask}
    stream = _stream(content)
    if not is_archive(stream):
        return [request_import(session, file_name=file_name, content=stream, **given)]
    _demand(actor, street_id)
    return [_request_member(session, member, given) for member in members(stream, file_name)]


def _stream(content: bytes | IO[bytes]) -> BinaryIO:
    return io.BytesIO(content) if isinstance(content, bytes) else cast(BinaryIO, content)


def _request_member(session: Session, member: Member, given: Mapping[str, Any]) -> ImportRun:
    try:
        return request_import(session, file_name=member.name, content=member.content, **given)
    except Invalid as error:
        run = new_run(
            member.name,
            digest_of(_stream(member.content)),
            given["profile"] or "",
            **{name: given[name] for name in ("street_id", "dry_run", "actor", "now")},
        )
        run.error, run.state = error.message, RunState.FAILED
        run.started_at = run.finished_at = given["now"]
        session.add(run)
        session.flush()
        return run


def open_run(
    session: Session,
    export: ExportFile,
    *,
    street_id: int,
    dry_run: bool,
    actor: Actor,
    now: datetime,
    resume: bool = False,
) -> ImportRun:
    """A run for `export`; raises Forbidden or NotFound as `request_import`.

    With `resume` it is the run of the same file that a command has left behind, if there is one.
    """
    _demand(actor, street_id)
    sha256, profile = export.sha256(), export.layout.profile
    if resume and (left := _broken_off(session, sha256, street_id, profile)):
        return left
    told: dict[str, Any] = {"street_id": street_id, "dry_run": dry_run, "actor": actor, "now": now}
    run = new_run(export.name, sha256, profile.name, profile.key, **told)
    session.add(run)
    session.flush()
    return run


def claim_next(session: Session, now: datetime, but_not: Collection[int] = ()) -> ImportRun | None:
    """The oldest uploaded file that is not finished and that nobody works on, locked and marked as begun.

    `but_not` are keys of runs that have had their turn. One that was begun before comes after those that were
    not, so that a file at which a worker dies keeps no other waiting.
    """
    query = select(ImportRun).where(
        ImportRun.state == RunState.OPEN,
        pieces.is_kept(),
        ~is_attended(),
        ImportRun.id.not_in(but_not),
    )
    order = (ImportRun.claimed_at.nulls_first(), ImportRun.requested_at, ImportRun.id)
    oldest = query.order_by(*order).limit(1)
    fresh = oldest.execution_options(populate_existing=True)
    locked = fresh.with_for_update(of=ImportRun, key_share=True, skip_locked=True)
    run = session.scalars(locked).first()
    if run is not None:
        run.claimed_at = now
        session.flush()
    return run


def list_streets(session: Session, actor: Actor) -> list[Node]:
    """The streets that the actor may import for, by code."""
    streets = (node for node in load_tree(session, actor.units).nodes.values() if node.tier is Tier.STREET)
    mine = [street for street in streets if actor.may(Permission.CASE_IMPORT, street.id)]
    return sorted(mine, key=lambda street: street.code)


def get_import(session: Session, run_id: int, actor: Actor) -> ImportRun:
    """One run; raises NotFound outside the actor's reach."""
    query = select(ImportRun).where(ImportRun.id == run_id, in_scope(actor, ImportRun.street_id))
    run = session.scalars(query).one_or_none()
    if run is None:
        raise NotFound(_("There is no such import in your area."))
    return run


def going_of(session: Session, tried: ImportRun) -> ImportRun | None:
    """The run by which the file of a dry run was brought in."""
    return session.scalars(select(ImportRun).where(ImportRun.rehearsal_id == tried.id)).first()


def verdicts(run: ImportRun, *, only: Verdict | None = None) -> Select[*tuple[Any, ...]]:
    """Rows (row, place, verdict, case number, case id, reason) of a run in the file's order."""
    query = (
        select(
            ImportRow.row,
            ImportRow.place,
            ImportRow.verdict,
            Case.number,
            ImportRow.case_id,
            ImportRow.reason,
        )
        .outerjoin(Case, Case.id == ImportRow.case_id)
        .where(ImportRow.run_id == run.id)
        .order_by(ImportRow.row)
    )
    return query.where(ImportRow.verdict == only) if only else query


def new_run(
    name: str,
    sha256: str,
    profile: str,
    profile_id: int | None = None,
    *,
    street_id: int,
    dry_run: bool,
    actor: Actor,
    now: datetime,
) -> ImportRun:
    """A run that waits, not yet written."""
    return ImportRun(
        street_id=street_id,
        file_name=name[-MAX_NAME:],
        sha256=sha256,
        profile=profile,
        profile_id=profile_id,
        is_dry_run=dry_run,
        requested_by=actor.id,
        requested_name=None if actor.id or actor.everywhere else actor.name,
        requested_at=now,
        state=RunState.OPEN,
        rows=0,
        marked={},
        **{verdict.value: 0 for verdict in Verdict},
    )


def _demand(actor: Actor, street_id: int) -> None:
    actor.demand(Permission.CASE_IMPORT)
    if not actor.covers(street_id):
        raise NotFound(_("There is no such street in your area."))
    actor.demand_at(Permission.CASE_IMPORT, street_id)


def _broken_off(session: Session, sha256: str, street_id: int, profile: Profile) -> ImportRun | None:
    """The latest unfinished run of the same file that is not kept here: an upload belongs to the tick."""
    query = select(ImportRun).where(
        ImportRun.sha256 == sha256,
        ImportRun.street_id == street_id,
        ImportRun.profile == profile.name,
        ImportRun.profile_id.is_not_distinct_from(profile.key),
        ImportRun.finished_at.is_(None),
        ~pieces.is_kept(),
        ImportRun.is_dry_run.is_(False),
    )
    return session.scalars(query.order_by(ImportRun.id.desc()).limit(1)).first()

"""Handing out a list of cases as a file; each time is written down for the auditor."""

from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth import account_log
from app.auth.actor import Actor
from app.auth.vocabulary import AccountAct
from grid.tree import in_scope
from petitions import queries
from petitions.export import HEADINGS, case_rows
from petitions.filters import Filters
from petitions.importing.profile import Profile, get_profile
from petitions.importing.profiles import load_profiles
from petitions.models import ImportRun
from petitions.office import load_office
from petitions.returns import returned_columns, returned_rows
from petitions.tabular import FileForm, write_table


def hand_out(
    session: Session, stream: IO[bytes], filters: Filters, *, form: FileForm, layout: str | None, actor: Actor
) -> int:
    """Write the narrowed list to `stream` and into the log who took it, with which filter and how many rows.

    `layout` is the code of the profile in whose columns the cases of its source are written, None for those
    of the page.
    Raises Invalid where there is no such profile or a sheet cannot hold the rows.
    """
    office = load_office(session, None if actor.everywhere else actor.units)
    name = None
    if layout:
        profile = get_profile(layout, _profiles(session, actor))
        name, cases = profile.name, queries.all_rows(session, actor, filters, source=profile.source)
        headings = [heading for heading, _role in returned_columns(profile)]
        rows = returned_rows(session, cases, profile, office, actor)
    else:
        headings = [str(heading) for heading in HEADINGS]
        rows = case_rows(queries.all_rows(session, actor, filters), office, actor, filters.now)
    written = write_table(headings, rows, stream, form)
    detail = {"rows": written, "form": form.value, "layout": name, "filter": filters.to_args()}
    account_log.write(
        session, AccountAct.CASES_EXPORTED, user_id=None, actor=actor, now=filters.now, detail=detail
    )
    return written


def layouts(session: Session, actor: Actor) -> list[Profile]:
    """The profiles by which files have come in for the actor's streets: what a list can be sent back in."""
    query = select(ImportRun.profile).where(in_scope(actor, ImportRun.street_id)).distinct()
    used = set(session.scalars(query))
    found = [profile for profile in _profiles(session, actor).values() if profile.name in used]
    return sorted(found, key=lambda profile: profile.name)


def _profiles(session: Session, actor: Actor) -> dict[str, Profile]:
    query = select(ImportRun.street_id).where(in_scope(actor, ImportRun.street_id)).distinct()
    return load_profiles(session, list(session.scalars(query)))

"""Saying by which profile a file is to be read that waits for it, or that was tried by another one."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from petitions.importing import pieces
from petitions.importing.export_file import open_export
from petitions.importing.going import demand_here, try_again
from petitions.importing.profile import Profile
from petitions.models import ImportRun
from petitions.models.imports import RunState


def assign_profile(
    session: Session, run: ImportRun, profile: Profile, *, actor: Actor, now: datetime
) -> ImportRun:
    """Have the next tick read the file of a run, locked by the caller, by the profile.

    It is the same run where it has waited for this, and a new trial where it was tried by another profile.
    Raises Conflict where the file is kept no longer, Unrecognised where the profile does not fit it.
    """
    demand_here(run)
    # It was read as a whole when it was handed in, and is again when it goes.
    stream = pieces.open_kept(session, run.id)
    open_export(stream, run.file_name, profile.code, {profile.code: profile}, beginning=True)
    if run.state is RunState.ASKING:
        run.profile, run.profile_id = profile.name, profile.key
        run.state, run.kept_until = RunState.OPEN, None
        session.flush()
        return run
    return try_again(session, run, profile.name, profile.key, actor=actor, now=now)

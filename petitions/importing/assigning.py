"""Saying by which profile a file that waits is to be read."""

from typing import BinaryIO

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.errors import Conflict
from app.core.i18n import lazy as _
from petitions.importing.export_file import open_export
from petitions.importing.profile import Profile
from petitions.models import ImportRun


def assign_profile(
    session: Session, run: ImportRun, stream: BinaryIO, profile: Profile, *, actor: Actor
) -> None:
    """Have the next tick bring in a file that has waited for it.

    `stream` is the file. Raises Conflict where it waits no longer, Unrecognised where the profile does not
    fit it, Forbidden where the actor may not import.
    """
    actor.demand(Permission.CASE_IMPORT)
    session.refresh(run, with_for_update=True)
    if not run.awaits_columns:
        raise Conflict(_("This file has been brought in or dropped meanwhile. Hand it in again."))
    open_export(stream, run.file_name, profile.code, {profile.code: profile})
    run.profile, run.profile_id = profile.name, profile.key
    session.flush()

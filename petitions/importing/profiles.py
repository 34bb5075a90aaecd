"""The profiles that a street may read files by: those of the program and its own."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy as _
from grid.tree import in_scope
from petitions.importing.definition import Definition, check_definition
from petitions.importing.profile import Profile, build, get_profile, shipped
from petitions.models import ImportProfile, ImportRun
from petitions.models.profile import LONGEST_NAME


def load_profiles(session: Session, street_ids: Collection[int]) -> dict[str, Profile]:
    """Those of the program and the ones in use in the streets, each by the code that it is asked for by."""
    latest = (
        select(ImportProfile)
        .where(ImportProfile.street_id.in_(street_ids))
        .ext(distinct_on(ImportProfile.street_id, ImportProfile.name))
        .order_by(ImportProfile.street_id, ImportProfile.name, ImportProfile.id.desc())
    )
    own = [_own(version) for version in session.scalars(latest) if not version.is_retired]
    return {profile.code: profile for profile in (*shipped().values(), *own)}


def profile_of(session: Session, run: ImportRun) -> Profile:
    """The profile that a run is read by, in the version it began with; raises Invalid where it is gone."""
    version = session.get(ImportProfile, run.profile_id) if run.profile_id else None
    return _own(version) if version else get_profile(run.profile)


def list_versions(session: Session, actor: Actor) -> Sequence[ImportProfile]:
    """The versions in use in the actor's streets, by name."""
    latest = (
        select(ImportProfile)
        .where(in_scope(actor, ImportProfile.street_id))
        .ext(distinct_on(ImportProfile.street_id, ImportProfile.name))
        .order_by(ImportProfile.street_id, ImportProfile.name, ImportProfile.id.desc())
    )
    return [version for version in session.scalars(latest) if not version.is_retired]


def get_version(session: Session, key: int, actor: Actor) -> ImportProfile:
    """One version of a profile; raises NotFound outside the actor's reach."""
    query = select(ImportProfile).where(ImportProfile.id == key, in_scope(actor, ImportProfile.street_id))
    version = session.scalars(query).one_or_none()
    if version is None:
        raise NotFound(_("There is no such layout in your area."))
    return version


def save_profile(
    session: Session, *, street_id: int, name: str, definition: Definition, actor: Actor, now: datetime
) -> Profile:
    """Keep a new profile, or a new version where the street has one of that name.

    Raises Invalid for a name that cannot be used and for what the definition must not say, Forbidden or
    NotFound where the street is not the actor's to import for.
    """
    _demand(actor, street_id)
    check_definition(definition)
    said = {key: value for key, value in definition.items() if key != "name"}
    version = _version(street_id, _usable(name), said, actor, now)
    session.add(version)
    session.flush()
    return _own(version)


def retire_profile(session: Session, version: ImportProfile, *, actor: Actor, now: datetime) -> None:
    """Offer a profile no longer; files that were read by it keep its name. Raises as `save_profile`."""
    _demand(actor, version.street_id)
    last = _version(version.street_id, version.name, version.definition, actor, now)
    last.is_retired = True
    session.add(last)
    session.flush()


def _usable(name: str) -> str:
    name = name.strip()
    faults = {
        _("Give the layout a name."): not name,
        _("At most %(limit)s characters.", limit=LONGEST_NAME): len(name) > LONGEST_NAME,
        _("A name cannot be a number alone."): name.isdigit(),
        _("A layout of the program is called so. Choose another name."): name in shipped(),
    }
    for fault, holds in faults.items():
        if holds:
            raise Invalid(fault, fields={"name": fault})
    return name


def _version(street_id: int, name: str, said: Definition, actor: Actor, now: datetime) -> ImportProfile:
    return ImportProfile(
        street_id=street_id,
        name=name,
        definition=dict(said),
        is_retired=False,
        made_at=now,
        made_by=actor.id,
        made_by_name=actor.name,
    )


def _own(version: ImportProfile) -> Profile:
    return build(version.name, version.definition, version.id)


def _demand(actor: Actor, street_id: int) -> None:
    actor.demand(Permission.CASE_IMPORT)
    if not actor.covers(street_id):
        raise NotFound(_("There is no such street in your area."))
    actor.demand_at(Permission.CASE_IMPORT, street_id)

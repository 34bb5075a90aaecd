"""Putting the material of one file into one street: the right verb, and whether it lies there."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy as _
from grid.aliases import load_aliases
from grid.importing.misplaced import far_away, shifted
from grid.importing.owners import demand_owners, post_owners
from grid.importing.reading import Material, Subject
from grid.landmarks import load_lanes, load_places
from grid.material.defects import demand_none
from grid.models import Unit
from grid.service import Outcome, apply_hierarchy, publish_boundaries
from grid.vocabulary import Tier


def apply(
    session: Session,
    material: Material,
    *,
    street_code: str | None,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Do what the file asks for, all of it or nothing.

    `street_code` names the street of lanes, places and aliases; it may be left out where there is one street
    only. Raises Defective or Invalid with what to mend.
    """
    if material.subject is Subject.HIERARCHY:
        demand_owners(session, material.rows, source=material.source, now=now)
        outcome = apply_hierarchy(session, material.rows, source=material.source, actor=actor, now=now)
        post_owners(session, material.rows, actor=actor, now=now)
        return outcome
    if material.subject is Subject.BOUNDARIES:
        demand_none(material.source, shifted(session, material))
        publish_boundaries(
            session,
            material.rows,
            datum=material.reference,
            source=material.source,
            actor=actor,
            now=now,
        )
        return Outcome(created=len(material.rows))
    street = find_street(session, street_code)
    if material.subject is Subject.ALIASES:
        return load_aliases(session, street.id, material.rows, source=material.source, actor=actor, now=now)
    demand_none(material.source, far_away(session, street, material))
    verb = load_lanes if material.subject is Subject.LANES else load_places
    return verb(session, street.id, material.rows, actor=actor, now=now)


def find_street(session: Session, code: str | None) -> Unit:
    """The street of `code`, or the only one there is; raises NotFound or Invalid with what to do."""
    query = select(Unit).where(Unit.tier == Tier.STREET)
    if code is not None:
        street = session.scalar(query.where(Unit.code == code))
        if street is None:
            raise NotFound(_("There is no street %(code)s; import its hierarchy first.", code=code))
        return street
    streets = session.scalars(query.order_by(Unit.code).limit(2)).all()
    if not streets:
        raise NotFound(_("There is no street yet; import a hierarchy first."))
    if len(streets) > 1:
        raise Invalid(_("There are several streets; say which with --street CODE."))
    return streets[0]

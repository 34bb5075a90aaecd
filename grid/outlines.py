"""Outlines for maps: the boundaries of the revision in force, of units in the asker's reach only."""

import json
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.auth.actor import Actor
from app.core.errors import NotFound
from app.core.i18n import lazy as _
from grid.locating.gazetteer import current_revision
from grid.models import Boundary, Revision, Unit
from grid.tree import in_scope
from grid.vocabulary import Tier

# Six decimals of a degree are a tenth of a metre here.
DECIMALS = 6


def outlines(session: Session, actor: Actor, tier: Tier) -> dict[str, Any]:
    """The outlines of every unit of `tier` in reach, as a GeoJSON FeatureCollection in degrees of WGS-84."""
    return _collection(session, in_scope(actor, Unit.id), Unit.tier == tier)


def outline_of(session: Session, actor: Actor, code: str) -> dict[str, Any]:
    """The outline of one unit; raises NotFound outside the reach or where nothing is published."""
    found = _collection(session, in_scope(actor, Unit.id), Unit.code == code)
    if not found["features"]:
        raise NotFound(_("There is no boundary of this unit in your area."))
    return found


def is_redrawn_since(session: Session, actor: Actor, moment: datetime) -> bool:
    """Whether boundaries of the actor's street were changed after `moment`; the first ones change nothing."""
    served = select(Unit.street_code).where(Unit.id.in_(actor.units))
    streets = select(Unit.id).where(Unit.tier == Tier.STREET)
    if not actor.everywhere:
        streets = streets.where(Unit.code.in_(served))
    earlier = aliased(Revision)
    changed = select(Revision.id).where(
        Revision.street_id.in_(streets),
        Revision.published_at > moment,
        exists().where(earlier.street_id == Revision.street_id, earlier.published_at < Revision.published_at),
    )
    return bool(session.scalar(select(changed.exists())))


def _collection(session: Session, *conditions: ColumnElement[bool]) -> dict[str, Any]:
    published = aliased(Revision)
    query = (
        select(Unit.code, Unit.name, Unit.tier, func.ST_AsGeoJSON(Boundary.outline, DECIMALS))
        .join(Boundary, Boundary.unit_id == Unit.id)
        .join(published, published.id == Boundary.revision_id)
        .where(published.id == current_revision(published.street_id).scalar_subquery(), *conditions)
        .order_by(Unit.code)
    )
    return {"type": "FeatureCollection", "features": [_feature(*row) for row in session.execute(query)]}


def _feature(code: str, name: str, tier: Tier, geometry: str) -> dict[str, Any]:
    about = {"code": code, "name": name, "tier": tier.value, "url": url_for("grid.unit", code=code)}
    return {"type": "Feature", "properties": about, "geometry": json.loads(geometry)}

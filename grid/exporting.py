"""The boundaries in force as features for a file."""

import shapely
from shapely.geometry import shape
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.i18n import lazy as _
from grid.importing.writing import Outline
from grid.locating.gazetteer import current_revision
from grid.models import Boundary, Unit


def boundaries_of(session: Session, street: Unit) -> list[Outline]:
    """Every outline of the revision in force of `street`, by code; raises NotFound before the first."""
    query = (
        select(Unit, func.ST_AsBinary(Boundary.outline), Boundary.datum, Boundary.given)
        .join(Boundary, Boundary.unit_id == Unit.id)
        .where(Boundary.revision_id == current_revision(street.id).scalar_subquery())
        .order_by(Unit.code)
    )
    found = [
        Outline(shapely.from_wkb(bytes(outline)), _about(unit), shape(given) if given else None, datum)
        for unit, outline, datum, given in session.execute(query)
    ]
    if not found:
        raise NotFound(_("street %(code)s has no published boundaries; import them", code=street.code))
    return found


def _about(unit: Unit) -> dict[str, str | int | None]:
    return {
        "code": unit.code,
        "name": unit.name,
        "tier": unit.tier.value,
        "parent": unit.parent_code,
        "households": unit.households,
        "residents": unit.residents,
    }

"""Files of a street as somebody might hand them in, and the message of a refusal."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.core.errors import AppError
from grid.material.rows import UnitRow
from grid.models import Boundary, LaneSegment, Place, Revision, Unit
from grid.service import apply_hierarchy
from grid.vocabulary import Tier
from tests.grid.conftest import NOW, import_file

WEST = [[113.06, 22.60], [113.07, 22.60], [113.07, 22.61], [113.06, 22.61], [113.06, 22.60]]
EAST = [[113.07, 22.60], [113.08, 22.60], [113.08, 22.61], [113.07, 22.61], [113.07, 22.60]]


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(encoding))
    return path


def features(tmp_path: Path, *items: tuple[dict[str, Any], str, Any]) -> Path:
    """A GeoJSON file of properties, type and coordinates."""
    path = tmp_path / "file.geojson"
    listed = [
        {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}
        for properties, kind, coordinates in items
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": listed}), encoding="utf-8")
    return path


def refused(session: Session, path: Path, **given: Any) -> str:
    """The message of a refusal; nothing may have been written."""
    tables = (Unit, Revision, Boundary, LaneSegment, Place)
    before = [session.scalar(select(func.count()).select_from(one)) for one in tables]
    # Names are joined in the language of whoever is told, at the moment of the refusal.
    with force_locale("en"):
        with pytest.raises(AppError) as caught:
            import_file(session, path, **given)
        assert [session.scalar(select(func.count()).select_from(one)) for one in tables] == before
        return caught.value.message


def two_grids(session: Session) -> None:
    """A hierarchy of one community with two grids."""
    rows = [
        UnitRow("440799001", "甲街道", Tier.STREET),
        UnitRow("440799001101", "东湖社区", Tier.COMMUNITY, "440799001"),
        UnitRow("440799001101001", "一网格", Tier.GRID, "440799001101"),
        UnitRow("440799001101002", "二网格", Tier.GRID, "440799001101"),
    ]
    apply_hierarchy(session, rows, actor=OPERATOR, now=NOW)


def outlines(tmp_path: Path, west: Any = WEST, east: Any = EAST, **more: Any) -> Path:
    """The boundaries of those two grids."""
    listed = [
        ({"code": "440799001101001"}, "Polygon", [west]),
        ({"code": "440799001101002"}, "Polygon", [east]),
    ]
    listed += [({"code": code}, "Polygon", [ring]) for code, ring in more.items()]
    return features(tmp_path, *listed)

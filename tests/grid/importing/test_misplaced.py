"""A datum declared wrongly: noticed on the district of 蓬江 in both datums, and the likely one is named."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from grid.geometry.datum import from_wgs84, to_wgs84
from grid.importing.misplaced import likelier_datum
from grid.material.rows import UnitRow
from grid.service import apply_hierarchy
from grid.vocabulary import Datum, Tier
from tests.grid.conftest import NOW, import_file
from tests.grid.material import features, refused
from tests.grid.shared import shared

HERE = shapely.Point(113.07, 22.60).buffer(0.01)
GRID = "440703099101001"


def declared(shape: shapely.Geometry, true: Datum, said: Datum) -> shapely.Geometry:
    """What is read where coordinates of `true` are declared as `said`."""
    return shapely.transform(
        shape, lambda xy: np.column_stack(to_wgs84(*from_wgs84(xy[:, 0], xy[:, 1], true), said))
    )


@pytest.mark.parametrize("true", [Datum.WGS84, Datum.CGCS2000, Datum.GCJ02, Datum.BD09])
@pytest.mark.parametrize("said", [Datum.WGS84, Datum.CGCS2000, Datum.GCJ02, Datum.BD09])
def test_the_true_datum_is_named_for_every_false_one(true: Datum, said: Datum) -> None:
    as_one = {Datum.WGS84, Datum.CGCS2000}
    likely = likelier_datum(HERE, declared(HERE, true, said), said)
    if true is said or {true, said} == as_one:
        assert likely is None
    else:
        assert likely is (Datum.WGS84 if true in as_one else true)


@pytest.mark.parametrize("scale", [0.9, 1.1])
def test_a_border_that_is_drawn_anew_is_no_wrong_datum(scale: float) -> None:
    drawn = shapely.transform(HERE, lambda xy: (xy - (113.07, 22.60)) * scale + (113.07, 22.60))
    assert likelier_datum(HERE, drawn, Datum.WGS84) is None


def pengjiang(folder: Path) -> dict[Datum, list[object]]:
    """The district as two sources draw it, as polygons of GeoJSON, by the datum each is in."""
    found = {}
    for datum, pattern in ((Datum.GCJ02, "pengjiang*gcj02*"), (Datum.WGS84, "*wgs84*")):
        (path,) = folder.glob(pattern)
        listed = json.loads(path.read_text(encoding="utf-8"))["features"]
        (feature,) = (one for one in listed if one["properties"]["name"] == "蓬江区")
        found[datum] = feature["geometry"]["coordinates"]
    return found


@shared("geo-jiangmen-boundaries")
@pytest.mark.parametrize(("first", "second"), [(Datum.WGS84, Datum.GCJ02), (Datum.GCJ02, Datum.WGS84)])
def test_a_real_district_in_the_wrong_datum_is_refused_with_the_right_one(
    session: Session, tmp_path: Path, folder: Path, first: Datum, second: Datum
) -> None:
    rows = [
        UnitRow("440703099", "蓬江", Tier.STREET),
        UnitRow("440703099101", "蓬江", Tier.COMMUNITY, "440703099"),
        UnitRow(GRID, "蓬江", Tier.GRID, "440703099101"),
    ]
    apply_hierarchy(session, rows, actor=OPERATOR, now=NOW)
    drawn = pengjiang(folder)
    import_file(session, features(tmp_path, ({"code": GRID}, "MultiPolygon", drawn[first])), datum=first)
    again = features(tmp_path, ({"code": GRID}, "MultiPolygon", drawn[second]))
    assert f"declare --datum {second.value}" in refused(session, again, datum=first)
    import_file(session, again, datum=second)

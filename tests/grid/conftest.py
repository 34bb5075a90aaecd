"""The demonstration street, imported from the files a user would import."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from app.demo import files
from app.demo.layout import lay_out
from app.demo.street import Street
from grid.geometry.reference import Reference
from grid.importing.apply import apply
from grid.importing.reading import read_material
from grid.locating.locate import Locator
from grid.models import Boundary, Revision, Unit
from grid.service import Outcome
from tests.factories.street import PUBLISHED, TinyStreet, box

NOW = datetime(2019, 12, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def drawn() -> Street:
    """The demonstration street as it is drawn, before any database."""
    return lay_out()


@pytest.fixture(scope="session")
def street_files(drawn: Street, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Its four files."""
    root = tmp_path_factory.mktemp("street")
    paths = {
        "hierarchy": root / "hierarchy.csv",
        "boundaries": root / "boundaries.geojson",
        "lanes": root / "lanes.geojson",
        "places": root / "places.csv",
    }
    files.to_hierarchy_csv(drawn, paths["hierarchy"])
    files.boundaries_geojson(drawn, paths["boundaries"])
    files.lanes_geojson(drawn, paths["lanes"])
    files.places_csv(drawn, paths["places"])
    return paths


@pytest.fixture
def imported(session: Session, street_files: dict[str, Path]) -> Unit:
    """The street in the database, with its boundaries, lanes and places."""
    for path in street_files.values():
        import_file(session, path)
    return session.query(Unit).filter_by(code="440703006").one()


@pytest.fixture
def locator(session: Session, imported: Unit) -> Locator:
    """The locator of that street."""
    return Locator.load(session, imported.id)


def import_file(
    session: Session, path: Path, datum: Reference | None = None, street: str | None = None
) -> Outcome:
    """Import one file as the command does."""
    material = read_material(path, datum)
    return apply(session, material, street_code=street, actor=OPERATOR, now=NOW)


@pytest.fixture
def crooked(session: Session, tiny: TinyStreet) -> TinyStreet:
    """The tiny street with a second revision of the same moment, in which B1 lost the corner of its edge."""
    revision = Revision(street_id=tiny.street.id, published_at=PUBLISHED, source_file="crooked.geojson")
    session.add(revision)
    session.flush()
    for unit, outline in (
        (tiny.a1, box(113.06, 22.60, 113.07, 22.61)),
        (tiny.a2, box(113.07, 22.60, 113.08, 22.61)),
        (tiny.b1, box(113.06, 22.61, 113.08, 22.62)),
    ):
        session.add(Boundary(revision_id=revision.id, unit_id=unit.id, outline=outline, datum="wgs84"))
    session.flush()
    return tiny

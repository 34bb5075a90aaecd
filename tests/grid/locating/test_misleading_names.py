"""Names that mislead: real communities, towns and villages of the district, and real addresses.

Nothing of the real data stands here; without it these tests say that they were skipped.
"""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from grid.aliases import load_aliases
from grid.locating.communities import core
from grid.locating.locate import Locator, Where
from grid.material.defects import Defective
from grid.material.rows import AliasRow, UnitRow
from grid.models import Unit
from grid.reason import Reason
from grid.service import apply_hierarchy
from grid.vocabulary import RouteMethod, Tier
from tests.grid.conftest import NOW
from tests.grid.shared import shared

OWN = "440703006"
DISTRICT = OWN[:6]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def real_street(session: Session, folder: Path, code: str = OWN) -> Locator:
    """A street of the district with its real communities, without boundaries."""
    names = {row["code"]: row["name"] for row in rows_of(folder / "pengjiang_6_streets.csv")}
    rows = [UnitRow(code, names[code], Tier.STREET)]
    rows += [
        UnitRow(row["code"], row["name"], Tier.COMMUNITY, code)
        for row in rows_of(folder / "pengjiang_139_communities.csv")
        if row["streetCode"] == code
    ]
    apply_hierarchy(session, rows, actor=OPERATOR, now=NOW)
    return Locator.load(session, session.query(Unit).filter_by(code=code).one().id)


@shared("admin-divisions")
def test_every_community_is_found_with_its_street_and_none_is_guessed_where_it_has_a_namesake(
    session: Session, folder: Path
) -> None:
    locator = real_street(session, folder)
    communities = rows_of(folder / "pengjiang_139_communities.csv")
    cores = Counter(core(row["name"]) for row in communities)
    codes = dict(session.query(Unit.id, Unit.code).all())
    own = [row for row in communities if row["streetCode"] == OWN]
    assert len(own) == 26
    shared_names = {row["name"] for row in own if cores[core(row["name"])] > 1}
    assert shared_names
    for row in own:
        named = locator.locate(address=f"环市街道{row['name']}")
        assert codes.get(named.community_id) == row["code"]
        bare = locator.locate(address=row["name"])
        if row["name"] in shared_names:
            assert (bare.method, bare.reason) == (RouteMethod.DESK, Reason.COMMUNITY_AMBIGUOUS)
            assert row["code"] in bare.candidates
        else:
            assert codes.get(bare.community_id) == row["code"]


@shared("admin-divisions")
def test_a_community_of_another_street_of_the_district_is_never_taken_for_one_of_ours(
    session: Session, folder: Path
) -> None:
    locator = real_street(session, folder)
    own = {core(row["name"]) for row in rows_of(folder / "huanshi_26_communities.csv")}
    others = [r for r in rows_of(folder / "pengjiang_139_communities.csv") if r["streetCode"] != OWN]
    for row in others:
        for address in (f"{row['streetName']}{row['name']}", row["name"]):
            route = locator.locate(address=f"蓬江区{address}")
            is_namesake = core(row["name"]) in own
            wanted = {Reason.OTHER_DISTRICT} | ({Reason.COMMUNITY_AMBIGUOUS} if is_namesake else set())
            assert (route.method, route.reason in wanted) == (RouteMethod.DESK, True), row["code"]


@shared("admin-divisions")
def test_a_namesake_in_another_district_lies_there_where_that_is_written(
    session: Session, folder: Path
) -> None:
    locator = real_street(session, folder)
    own = {core(row["name"]): row["name"] for row in rows_of(folder / "huanshi_26_communities.csv")}
    twice: dict[str, set[str]] = defaultdict(set)
    for row in rows_of(folder / "jiangmen_all_communities.csv"):
        if row["areaCode"] != DISTRICT and core(row["name"]) in own:
            twice[core(row["name"])].add(row["areaName"] + row["streetName"])
    assert len(twice) >= 5
    for name, places in twice.items():
        for place in places:
            route = locator.locate(address=f"江门市{place}{own[name]}")
            assert (route.method, route.reason) == (RouteMethod.DESK, Reason.OTHER_DISTRICT), place


@shared("admin-divisions")
def test_the_code_of_a_street_is_its_own_and_every_community_begins_with_it(
    session: Session, folder: Path
) -> None:
    streets = {row["code"]: row["name"] for row in rows_of(folder / "pengjiang_6_streets.csv")}
    assert streets[OWN] == "环市街道"
    for number, code in enumerate(sorted(streets)):
        locator = real_street(session, folder, code)
        rows = [r for r in rows_of(folder / "pengjiang_139_communities.csv") if r["streetCode"] == code]
        codes = dict(session.query(Unit.id, Unit.code).all())
        for row in rows:
            assert row["code"].startswith(code)
            found = locator.locate(address=f"{streets[code]}{row['name']}")
            assert codes.get(found.community_id) == row["code"]
        # The streets before it are known by now: their names lead away from this one.
        for other in sorted(streets)[:number]:
            away = locator.locate(address=f"蓬江区{streets[other]}")
            assert (away.method, away.reason) == (RouteMethod.DESK, Reason.OTHER_DISTRICT)


@shared("place-names")
def test_a_village_that_became_a_community_is_found_by_both_names(session: Session, folder: Path) -> None:
    divisions = folder.parent / "admin-divisions"
    if not divisions.is_dir():
        pytest.skip("no shared data: admin-divisions; set DINGFEN_SHARED")
    locator = real_street(session, divisions)
    codes = dict(session.query(Unit.id, Unit.code).all())
    villages = [row for row in rows_of(folder / "huanshi_villages_2018.csv") if row["type"] == "村"]
    became = [(row["name"], row["in_2023_stat_codes_as"].split()[0]) for row in villages
              if row["in_2023_stat_codes_as"]]  # fmt: skip
    assert len(became) >= 8
    for village, code in became:
        for written in (village, f"{village.removesuffix('村')}村委会", f"{village}村民委员会"):
            found = locator.locate(address=f"环市街道{written}")
            assert codes.get(found.community_id) == code, written


@shared("place-names")
def test_a_village_that_is_no_more_is_unknown_until_somebody_says_what_it_is(
    session: Session, folder: Path
) -> None:
    divisions = folder.parent / "admin-divisions"
    if not divisions.is_dir():
        pytest.skip("no shared data: admin-divisions; set DINGFEN_SHARED")
    locator = real_street(session, divisions)
    gone = [row["name"] for row in rows_of(folder / "huanshi_villages_2018.csv")
            if row["type"] == "村" and not row["in_2023_stat_codes_as"]]  # fmt: skip
    found = {village: locator.locate(address=f"环市街道{village}祠堂旁") for village in gone}
    assert {route.method for route in found.values()} == {RouteMethod.DESK}
    # One bears the name of a community in another street: that is no alias here, it asks a person for ever.
    elsewhere = {village for village, route in found.items() if route.reason == Reason.OTHER_DISTRICT}
    assert len(elsewhere) < len(gone)
    street = session.query(Unit).filter_by(code=OWN).one()
    heir = session.query(Unit).filter_by(code=f"{OWN}107").one()
    for village in gone:
        row = AliasRow(village, heir.name)
        if village in elsewhere:
            with pytest.raises(Defective):
                load_aliases(session, street.id, [row], source="villages.csv", actor=OPERATOR, now=NOW)
        else:
            load_aliases(session, street.id, [row], source="villages.csv", actor=OPERATOR, now=NOW)
            now_found = Locator.load(session, street.id).locate(address=f"环市街道{village}祠堂旁")
            assert now_found.community_id == heir.id


@shared("place-names")
def test_real_addresses_are_answered_and_none_goes_to_a_grid_it_does_not_name(
    session: Session, imported: Unit, folder: Path
) -> None:
    locator = Locator.load(session, imported.id)
    lines = (folder / "jiangmen_address_strings.txt").read_text(encoding="utf-8-sig").splitlines()
    routes = locator.locate_many([Where(line) for line in lines if line.strip()])
    assert routes
    # The lanes of the demonstration are made up: no real address lies in one of its grids.
    assert {route.grid_id for route in routes} == {None}

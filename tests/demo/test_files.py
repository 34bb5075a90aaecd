"""The files of the street are what a user would import."""

import csv
import json

import shapely

from app.demo.files import boundaries_geojson, lanes_geojson, places_csv, to_hierarchy_csv


def test_the_hierarchy_names_parents_before_their_children(street, tmp_path):
    to_hierarchy_csv(street, tmp_path / "hierarchy.csv")
    with (tmp_path / "hierarchy.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["code", "name", "tier", "parent_code", "households", "residents"]
    assert [row["tier"] for row in rows].count("community") == 26
    seen = {""}
    for row in rows:
        assert row["parent_code"] in seen
        seen.add(row["code"])


def test_boundaries_come_back_vertex_by_vertex(street, tmp_path):
    boundaries_geojson(street, tmp_path / "boundaries.geojson")
    collection = json.loads((tmp_path / "boundaries.geojson").read_text("utf-8"))
    shapes = {f["properties"]["code"]: json.dumps(f["geometry"]) for f in collection["features"]}
    assert len(shapes) == 1 + 26 + 104
    for grid in street.grids():
        assert shapely.from_geojson(shapes[grid.code]) == grid.polygon


def test_lanes_are_one_line_a_segment_with_the_numbers_of_both_sides(street, tmp_path):
    lanes_geojson(street, tmp_path / "lanes.geojson")
    features = json.loads((tmp_path / "lanes.geojson").read_text("utf-8"))["features"]
    assert len(features) == sum(len(lane.segments) for lane in street.lanes)
    assert {feature["geometry"]["type"] for feature in features} == {"LineString"}
    assert set(features[0]["properties"]) == {"lane", "left_from", "left_to", "right_from", "right_to"}


def test_places_keep_their_aliases(street, tmp_path):
    places_csv(street, tmp_path / "places.csv")
    with (tmp_path / "places.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["name", "kind", "lon", "lat", "address", "aliases"]
    assert len(rows) == len(street.places)
    assert {row["kind"] for row in rows} == {"compound", "market", "school", "park", "building"}
    assert rows[0]["aliases"].split("|") == list(street.places[0].aliases)

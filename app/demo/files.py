"""The street as the files a user would import: hierarchy, boundaries, lanes and places."""

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from app.demo.street import Street

Row = tuple[str | int | float, ...]


def to_hierarchy_csv(street: Street, path: Path) -> None:
    """Write code, name, tier, parent_code, households and residents, parents before children."""
    header = ("code", "name", "tier", "parent_code", "households", "residents")
    _write_csv(path, header, _hierarchy(street))


def boundaries_geojson(street: Street, path: Path) -> None:
    """Write the outline of every unit of the three tiers, each with its code."""
    shapes: list[tuple[str, BaseGeometry]] = [(street.code, street.polygon)]
    shapes += [(community.code, community.polygon) for community in street.communities]
    shapes += [(grid.code, grid.polygon) for grid in street.grids()]
    _write_features(path, ((shape, {"code": code}) for code, shape in shapes))


def lanes_geojson(street: Street, path: Path) -> None:
    """Write one line a segment with its lane and the house numbers of both sides (null: outside)."""
    _write_features(
        path,
        (
            (
                segment.line,
                {
                    "lane": lane.name,
                    "left_from": segment.left_from,
                    "left_to": segment.left_to,
                    "right_from": segment.right_from,
                    "right_to": segment.right_to,
                },
            )
            for lane in street.lanes
            for segment in lane.segments
        ),
    )


def places_csv(street: Street, path: Path) -> None:
    """Write name, kind, lon, lat (WGS-84), address and aliases, these parted by `|`."""
    rows = (
        (place.name, place.kind, place.point.x, place.point.y, place.address, "|".join(place.aliases))
        for place in street.places
    )
    _write_csv(path, ("name", "kind", "lon", "lat", "address", "aliases"), rows)


def _hierarchy(street: Street) -> Iterator[Row]:
    grids = list(street.grids())
    households, residents = sum(g.households for g in grids), sum(g.residents for g in grids)
    yield street.code, street.name, "street", "", households, residents
    for community in street.communities:
        households = sum(grid.households for grid in community.grids)
        residents = sum(grid.residents for grid in community.grids)
        yield community.code, community.name, "community", street.code, households, residents
        for grid in community.grids:
            yield grid.code, grid.name, "grid", community.code, grid.households, grid.residents


def _write_csv(path: Path, header: Row, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)


def _write_features(path: Path, shapes: Iterable[tuple[BaseGeometry, dict[str, Any]]]) -> None:
    features = [
        {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
        for shape, properties in shapes
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")

"""A draft as the browser's editor reads it, in degrees of WGS-84."""

import json
import re
from typing import Any

import shapely
from sqlalchemy.orm import Session

from app.core.errors import AppError
from app.core.formats import moment
from grid.checking.finding import Finding
from grid.drafting.drafts import free_codes
from grid.drafting.edits import read_edit
from grid.drafting.land import Land, differing
from grid.drafting.loading import applied, base_land, live_edits, shown_land
from grid.drafting.words import edit_words
from grid.models import Draft
from grid.vocabulary import Tier

_NUMBERED = re.compile(r"(.*?)([0-9]+)(\D*)")


def draft_state(session: Session, draft: Draft) -> dict[str, Any]:
    """Everything that the editor shows: the land with its changes, the edits, and the next free codes.

    Where the draft cannot be laid upon what is in force, `conflict` says why and the land is without it.
    """
    base = base_land(session, draft)
    conflict = None
    try:
        land = shown_land(session, draft)
    except AppError as error:
        land, conflict = base, str(error.message)
    edits = _edits(session, draft, base)
    return {
        "seen": edits[-1]["id"] if edits else 0,
        "state": draft.state.value,
        "conflict": conflict,
        "edits": edits,
        "land": land_view(land, differing(base, land)),
        "border": _geojson(land.border),
        "communities": [
            {"code": code, "name": land.units[code].name, "free": free, "next": next_name(land, code, free)}
            for code, free in sorted(free_codes(session, draft.street_id, land).items())
        ],
    }


def next_name(land: Land, community: str, code: str) -> str:
    """What the next grid of a community may be called: as its last one, with the number after that."""
    named = [
        fact.name for fact in land.units.values() if fact.tier is Tier.GRID and fact.community == community
    ]
    numbered = [found for name in named if (found := _NUMBERED.fullmatch(name))]
    if not numbered:
        return f"{land.units[community].name}{code[len(community) :]}"
    before, number, after = max(numbered, key=lambda found: int(found[2])).groups()
    return f"{before}{int(number) + 1:0{len(number)}d}{after}"


def finding_view(finding: Finding) -> dict[str, Any]:
    """A finding with its place on the map."""
    return {
        "check": finding.check.value,
        "blocking": finding.blocking,
        "units": list(finding.units),
        "message": str(finding.message),
        "at": finding.at,
        "shape": _geojson(finding.shape) if finding.shape is not None else None,
    }


def _edits(session: Session, draft: Draft, land: Land) -> list[dict[str, Any]]:
    """The edits in words; where one makes no sense any more, the rest is told by its kind."""
    told = []
    is_whole = True
    for row in live_edits(session, draft):
        said: object = row.kind.value
        if is_whole:
            try:
                edit = read_edit(row.kind, row.said)
                said, land = edit_words(edit, land), applied(edit, land)
            except AppError:
                is_whole = False
        told.append({"id": row.id, "words": str(said), "by": row.by_name, "at": moment(row.at)})
    return told


def land_view(land: Land, changed: set[str]) -> dict[str, Any]:
    """The lowest units as a GeoJSON FeatureCollection, each with what it is called and whether it changed."""
    features = []
    for code, outline in sorted(land.outlines.items()):
        fact = land.units[code]
        about = {
            "code": code,
            "name": fact.name,
            "community": fact.community,
            "households": fact.households,
            "residents": fact.residents,
            "changed": code in changed,
            "tier": fact.tier.value,
        }
        features.append({"type": "Feature", "properties": about, "geometry": _geojson(outline)})
    return {"type": "FeatureCollection", "features": features}


def _geojson(shape: Any) -> Any:
    return json.loads(shapely.to_geojson(shape))

"""What a street knows of itself, read from the database: outlines, lanes, places, names; and its version."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import shapely
from sqlalchemy import Select, Text, and_, cast, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.errors import NotFound
from app.core.i18n import lazy as _
from app.core.settings import Setting, put_setting
from grid.locating.communities import community_forms, core, grid_forms
from grid.locating.coverage import Outline
from grid.locating.divisions import CITY, DISTRICT, STREET, Division, division_names, shipped
from grid.locating.houses import Segment
from grid.locating.lexicon import Lexicon, Name, NameKind
from grid.locating.likeness import Likenesses
from grid.locating.numerals import plain
from grid.models import Alias, Boundary, Lane, LaneSegment, Place, Revision, Unit
from grid.tree import Node, Tree, load_tree
from grid.vocabulary import AliasState, Tier

_PREFIX = "gazetteer:"

Version = tuple[int | None, tuple[str, ...]]


@dataclass(frozen=True)
class Gazetteer:
    """Everything the locator needs of one street.

    `segments` and `places` are keyed by position: names in `lexicon` point at lanes by `Segment.lane` and
    at places by index. `namesakes` maps the core of a community's name to the codes of communities
    elsewhere in the district that share it.
    """

    street_id: int
    tree: Tree
    outlines: tuple[Outline, ...]
    segments: tuple[Segment, ...]
    places: tuple[shapely.Point, ...]
    lexicon: Lexicon
    likenesses: Likenesses
    communities: dict[str, str]
    namesakes: dict[str, tuple[str, ...]]


def current_revision(street_id: int | InstrumentedAttribute[int]) -> Select[int]:
    """The revision in force of a street, or of the street in a column, as a query of its id."""
    newest = (Revision.published_at.desc(), Revision.id.desc())
    return select(Revision.id).where(Revision.street_id == street_id).order_by(*newest).limit(1)


def touch(session: Session, street_code: str, now: datetime) -> None:
    """Tell every process that units, lanes or places of the street have changed, once this is committed.

    The mark ends in chance, not a count: a count that was rolled back would come again and mean other rows.
    """
    put_setting(session, _PREFIX + street_code, f"{now.isoformat()} {uuid4().hex}")


def version(session: Session, street_id: int) -> Version:
    """What the gazetteer of a street is built from, in one query.

    Marks of the city's other streets count too, because their names decide what is ambiguous here.
    """
    city = select(func.left(Unit.code, CITY)).where(Unit.id == street_id).scalar_subquery()
    marks = select(func.array_agg(cast(Setting.value, Text))).where(
        func.starts_with(Setting.name, literal(_PREFIX).concat(city))
    )
    row = session.execute(
        select(current_revision(street_id).scalar_subquery(), marks.scalar_subquery())
    ).one()
    return row[0], tuple(sorted(row[1] or ()))


def load_gazetteer(session: Session, street_id: int) -> Gazetteer:
    """Read the current revision, the lanes, the places and the names; NotFound for what is no street."""
    street = session.get(Unit, street_id)
    if street is None or street.tier is not Tier.STREET:
        raise NotFound(_("There is no street with the id %(id)s.", id=street_id))
    tree = load_tree(session, [street_id])
    neighbours = _units_of_city(session, street.code)
    lanes, segments = _lanes(session, street_id)
    places = session.execute(
        select(Place.name, Place.aliases, func.ST_AsBinary(Place.point), Place.id)
        .where(Place.street_id == street_id)
        .order_by(Place.id)
    ).all()
    named = [*lanes, *_place_names(places), *_community_names(tree), *_grid_names(tree)]
    named += _alias_names(session, street_id, tree, {place[3]: index for index, place in enumerate(places)})
    divisions = division_names((street.code, street.name), neighbours)
    return Gazetteer(
        street_id=street_id,
        tree=tree,
        outlines=_outlines(session, street_id),
        segments=segments,
        places=tuple(shapely.from_wkb([bytes(place[2]) for place in places])),
        lexicon=Lexicon([*named, *divisions]),
        likenesses=Likenesses(named),
        communities={core(node.name): node.code for node in _communities(tree)},
        namesakes=_namesakes(street.code, neighbours),
    )


def _units_of_city(session: Session, street_code: str) -> list[Division]:
    """Codes and names of the streets of the city and the communities of the district, other than our own."""
    query = select(Unit.code, Unit.name).where(
        Unit.street_code != street_code,
        or_(
            and_(Unit.tier == Tier.STREET, Unit.code.startswith(street_code[:CITY])),
            and_(Unit.tier == Tier.COMMUNITY, Unit.code.startswith(street_code[:DISTRICT])),
        ),
    )
    return [(code, name) for code, name in session.execute(query)]


def _outlines(session: Session, street_id: int) -> tuple[Outline, ...]:
    query = (
        select(Unit.id, Unit.code, Unit.tier, func.ST_AsBinary(Boundary.outline))
        .join(Boundary, Boundary.unit_id == Unit.id)
        .where(Boundary.revision_id == current_revision(street_id).scalar_subquery())
    )
    return tuple(
        Outline(unit_id, code, tier, shapely.from_wkb(bytes(outline)))
        for unit_id, code, tier, outline in session.execute(query)
    )


def _lanes(session: Session, street_id: int) -> tuple[list[tuple[str, Name]], tuple[Segment, ...]]:
    ranges = (LaneSegment.left_from, LaneSegment.left_to, LaneSegment.right_from, LaneSegment.right_to)
    query = (
        select(Lane.id, Lane.name, func.ST_AsBinary(LaneSegment.line), *ranges)
        .join(LaneSegment, LaneSegment.lane_id == Lane.id)
        .where(Lane.street_id == street_id)
        .order_by(Lane.id, LaneSegment.id)
    )
    names: dict[int, str] = {}
    segments = []
    for lane_id, name, line, *numbers in session.execute(query):
        names[lane_id] = name
        segments.append(Segment(lane_id, shapely.from_wkb(bytes(line)), *numbers))
    return [(plain(name), Name(NameKind.LANE, key)) for key, name in names.items()], tuple(segments)


def _place_names(places: Iterable[Sequence[Any]]) -> Iterator[tuple[str, Name]]:
    for index, (name, aliases, *_rest) in enumerate(places):
        yield from ((plain(text), Name(NameKind.PLACE, index)) for text in (name, *aliases))


def _alias_names(
    session: Session, street_id: int, tree: Tree, places: dict[int, int]
) -> Iterator[tuple[str, Name]]:
    """The confirmed other names; `places` has the index of each place by its id."""
    query = select(Alias.wording, Alias.lane_id, Alias.place_id, Alias.unit_id).where(
        Alias.street_id == street_id, Alias.state == AliasState.CONFIRMED
    )
    for wording, lane_id, place_id, unit_id in session.execute(query.order_by(Alias.id)):
        if lane_id is not None:
            yield plain(wording), Name(NameKind.LANE, lane_id)
        elif place_id is not None:
            yield plain(wording), Name(NameKind.PLACE, places[place_id])
        elif unit_id is not None and not tree[unit_id].is_ended:
            kind = NameKind.GRID if tree[unit_id].tier is Tier.GRID else NameKind.COMMUNITY
            yield plain(wording), Name(kind, tree[unit_id].code)


def _communities(tree: Tree) -> list[Node]:
    return [node for node in tree.standing if node.tier is Tier.COMMUNITY]


def _community_names(tree: Tree) -> Iterator[tuple[str, Name]]:
    for node in _communities(tree):
        known = Name(NameKind.COMMUNITY, node.code)
        yield from ((form, known) for form in community_forms(node.name))


def _grid_names(tree: Tree) -> Iterator[tuple[str, Name]]:
    for node in tree.standing:
        if node.tier is Tier.GRID and node.parent_id in tree.nodes:
            known = Name(NameKind.GRID, node.code)
            yield from ((form, known) for form in grid_forms(node.name, tree.nodes[node.parent_id].name))


def _namesakes(street_code: str, neighbours: Iterable[Division]) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for code, name in (*shipped(), *neighbours):
        if len(code) > STREET and code[:DISTRICT] == street_code[:DISTRICT] and code[:STREET] != street_code:
            found.setdefault(core(name), set()).add(code)
    return {name: tuple(sorted(codes)) for name, codes in found.items()}

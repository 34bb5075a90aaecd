"""What the words about a place point to, before anything is decided. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from grid.locating.address import Reading

Point = tuple[float, float]
Spot = tuple[Sequence[int], Point]
"""The units at a point; more than one on a shared border."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Units are indices of the street's outlines.

    `houses` are the spots of house numbers, `places` the meanings of each place name, `lanes` the units
    along each lane named, `crossing` those around the spot where the only two lanes named meet.
    `houses_across` are spots on the other side of the lane from a number, and `places_across` the meanings
    of names that the place meant lies opposite of. `alike` are the units of names that were perhaps meant.
    """

    reading: Reading
    is_blank: bool
    houses: Sequence[Spot] = ()
    places: Sequence[Sequence[Spot]] = ()
    lanes: Sequence[Sequence[int]] = ()
    houses_across: Sequence[Spot] = ()
    places_across: Sequence[Sequence[Spot]] = ()
    crossing: Sequence[int] = ()
    alike: Sequence[int] = ()


def all_units(spots: Iterable[Spot]) -> Iterator[int]:
    """The units at several spots, some perhaps twice."""
    return chain.from_iterable(units for units, _ in spots)

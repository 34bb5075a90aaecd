"""Land in two units."""

from collections.abc import Iterator

import numpy as np
import shapely

from grid.checking.finding import Check, Finding
from grid.checking.seamless.land import Land
from grid.checking.seamless.pieces import piece_finding, pieces


def overlaps(land: Land) -> Iterator[Finding]:
    """Each piece of land that two leaves share. Where all edges meet corner by corner there is none."""
    suspects = np.flatnonzero(~shapely.is_empty(land.invalid_edges))
    if not len(suspects):
        return
    shapes = land.leaf_shapes
    asked, met = land.leaf_tree.query(shapes[suspects], predicate="intersects")
    pairs = np.unique(np.sort(np.stack([suspects[asked], met]), axis=0), axis=1)
    first, second = pairs[:, pairs[0] != pairs[1]]
    found, numbers = pieces(shapely.intersection(shapes[first], shapes[second]))
    for piece, number in zip(found, numbers, strict=True):
        units = (land.leaves[first[number]], land.leaves[second[number]])
        yield piece_finding(land, Check.OVERLAP, units, piece)

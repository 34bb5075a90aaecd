"""Units that leave the outline of their parent."""

from collections.abc import Iterator

import numpy as np
import shapely

from grid.checking.finding import Check, Finding
from grid.checking.seamless.land import Land
from grid.checking.seamless.pieces import piece_finding, pieces


def outside(land: Land) -> Iterator[Finding]:
    """Each part of a unit beyond its parent's outline."""
    pairs = sorted(land.above.items())
    if not pairs:
        return
    inner = land.of_codes([code for code, _ in pairs])
    outer = land.of_codes([parent for _, parent in pairs])
    shapely.prepare(outer)
    beyond = np.flatnonzero(~shapely.covers(outer, inner))
    found, numbers = pieces(shapely.difference(inner[beyond], outer[beyond]))
    for piece, number in zip(found, numbers, strict=True):
        code, parent = pairs[beyond[number]]
        yield piece_finding(land, Check.OUTSIDE_PARENT, (code, parent), piece)

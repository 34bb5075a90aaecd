"""Rings that cross or touch themselves, holes outside, parts that overlap: no valid area."""

from collections.abc import Iterator

import shapely

from app.core.i18n import lazy as _
from grid.checking.finding import Check, Finding
from grid.checking.ground import Ground
from grid.geometry.validity import invalid_at


def crossings(ground: Ground) -> Iterator[Finding]:
    """Outlines that are not valid areas, each with the first spot where it fails."""
    for code, outline in sorted(ground.outlines.items()):
        at = invalid_at(outline)
        if at:
            message = _(
                "the outline of %(code)s crosses or touches itself at %(lon)s, %(lat)s; mend it there",
                code=code,
                lon=f"{at[0]:.6f}",
                lat=f"{at[1]:.6f}",
            )
            yield Finding(Check.CROSSING, True, (code,), message, at=at, shape=shapely.Point(at))

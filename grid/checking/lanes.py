"""Lanes as borders (街巷定界): a grid's border ought to follow named lanes. It warns and never blocks."""

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from app.core.i18n import lazy as _
from grid.checking.borders import borders
from grid.checking.finding import Check, Finding
from grid.checking.ground import Ground


def border_findings(ground: Ground) -> Iterator[Finding]:
    """Grids whose border follows named lanes for too short a part of its length."""
    for code, border in borders(ground).items():
        if border.share >= ground.standards.along_lanes:
            continue
        metres, off = border.length_m - border.along_m, border.off
        message = _(
            "%(metres)s m of the border of %(code)s follow no named lane (lanes in the north: "
            "%(north)s, east: %(east)s, south: %(south)s, west: %(west)s); draw it along lanes",
            metres=f"{metres:.0f}",
            code=code,
            **{side.value: "、".join(lanes) or _("none") for side, lanes in border.sides.items()},
        )
        spot = shapely.line_interpolate_point(_longest(off), 0.5, normalized=True)
        yield Finding(
            Check.BORDER,
            False,
            (code,),
            message,
            length_m=round(metres, 1),
            at=(spot.x, spot.y),
            shape=off,
        )


def _longest(lines: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(lines)
    return parts[int(np.argmax(shapely.length(parts)))]

"""The rule of house numbers on a lane: each stands once. Pure."""

from collections.abc import Iterator, Sequence

from app.core.i18n import lazy as _
from grid.material.defects import Defect
from grid.material.rows import LaneRow

Range = tuple[int, int, LaneRow, str]


def numbering_defects(rows: Sequence[LaneRow]) -> list[Defect]:
    """Half or reversed ranges, and numbers that two ranges of one lane both claim."""
    defects: list[Defect] = []
    lanes: dict[str, list[Range]] = {}
    for row in rows:
        for side in ("left", "right"):
            first, last = getattr(row, f"{side}_from"), getattr(row, f"{side}_to")
            if (first is None) != (last is None):
                message = _("give both ends of the range, or neither")
                defects.append(Defect(row.row, f"{side}_from", message))
            elif first is not None and first > last:
                message = _("%(first)s to %(last)s descends; turn the line", first=first, last=last)
                defects.append(Defect(row.row, f"{side}_from", message))
            elif first is not None:
                lanes.setdefault(row.lane, []).append((first, last, row, side))
    for ranges in lanes.values():
        defects += _overlaps(sorted(ranges, key=lambda one: one[:2]))
    return defects


def _overlaps(ranges: Sequence[Range]) -> Iterator[Defect]:
    for index, earlier in enumerate(ranges):
        for later in ranges[index + 1 :]:
            if later[0] > earlier[1]:
                break
            if _share(earlier, later):
                first, last, row, side = later
                message = _(
                    "%(lane)s %(first)s to %(last)s meets the range of row %(row)s; a number stands once",
                    lane=row.lane,
                    first=first,
                    last=last,
                    row=earlier[2].row,
                )
                yield Defect(row.row, f"{side}_from", message)


def _share(one: Range, other: Range) -> bool:
    """Whether two ranges that meet have a number in common; odd and even ones do not."""
    parities = [{first % 2} if (last - first) % 2 == 0 else {0, 1} for first, last, *_rest in (one, other)]
    return bool(parities[0] & parities[1])

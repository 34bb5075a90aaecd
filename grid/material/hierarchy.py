"""The rules of the three tiers: whose code begins with whose, and what a parent must be. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from app.core.i18n import lazy as _
from grid.material.defects import Defect
from grid.material.rows import UnitRow
from grid.vocabulary import CODE_LENGTH, PARENT_TIER, Tier

LONGEST_NAME = 60


def hierarchy_defects(rows: Sequence[UnitRow], known: Mapping[str, Tier]) -> list[Defect]:
    """Everything that keeps `rows` from joining the units `known` by code."""
    tiers = {**known, **{row.code: row.tier for row in rows}}
    first_row: dict[str, int] = {}
    defects: list[Defect] = []
    for row in rows:
        defects += _own_defects(row, known)
        defects += _parent_defects(row, tiers)
        if row.code in first_row:
            first = first_row[row.code]
            message = _("code %(code)s stands in row %(row)s too; keep one", code=row.code, row=first)
            defects.append(Defect(row.row, "code", message))
        first_row.setdefault(row.code, row.row)
    return defects


def _own_defects(row: UnitRow, known: Mapping[str, Tier]) -> Iterator[Defect]:
    length = CODE_LENGTH[row.tier]
    if not (row.code.isascii() and row.code.isdigit() and len(row.code) == length):
        message = _("code %(code)s must be %(length)s digits for this tier", code=row.code, length=length)
        yield Defect(row.row, "code", message)
    elif known.get(row.code, row.tier) is not row.tier:
        yield Defect(row.row, "tier", _("code %(code)s is a unit of another tier already", code=row.code))
    if not row.name or len(row.name) > LONGEST_NAME:
        message = _("a name of 1 to %(limit)s characters is needed", limit=LONGEST_NAME)
        yield Defect(row.row, "name", message)
    for column in ("households", "residents"):
        value = getattr(row, column)
        if value is not None and value < 0:
            yield Defect(row.row, column, _("a count cannot be negative"))


def _parent_defects(row: UnitRow, tiers: Mapping[str, Tier]) -> Iterator[Defect]:
    wanted, parent = PARENT_TIER[row.tier], row.parent_code
    if wanted is None:
        if parent:
            yield Defect(row.row, "parent_code", _("a street has no parent here; leave the column empty"))
    elif not parent:
        yield Defect(row.row, "parent_code", _("%(code)s needs its parent's code", code=row.code))
    elif parent not in tiers:
        message = _("parent %(code)s is unknown; give it a row or import it first", code=parent)
        yield Defect(row.row, "parent_code", message)
    elif tiers[parent] is not wanted:
        yield Defect(row.row, "parent_code", _("parent %(code)s is not of the tier above", code=parent))
    elif not row.code.startswith(parent):
        message = _("code %(code)s must begin with its parent's, %(parent)s", code=row.code, parent=parent)
        yield Defect(row.row, "code", message)

"""What a sheet holds that its reader does not tell: how far it reaches, formula errors, merged cells."""

from dataclasses import dataclass, field

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column; the first of each is 0."""


@dataclass(slots=True)
class Survey:
    """One sheet; `errors` are the places of cells whose formula failed, by row and then by column.

    `cells` is at most how many it has when unpacked as a full rectangle, and `text` how many bytes its
    shared or repeated texts take then, each as often as it is shown.
    """

    cells: int = 0
    text: int = 0
    errors: dict[int, set[int]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)

    def add_error(self, row: int, column: int) -> None:
        """Note a cell whose formula failed."""
        self.errors.setdefault(row, set()).add(column)

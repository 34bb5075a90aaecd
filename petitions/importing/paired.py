"""Sheets that are forms: one order to a sheet, each label with its value in the cell beside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from petitions.importing.header_words import heading_of
from petitions.importing.layout import Layout
from petitions.importing.profile import Profile
from petitions.importing.table import LONGEST_NAME, Cell, Table

SEARCHED = 100
"""Rows of a sheet in which labels are looked for."""

FEWEST_ROWS = 3
"""Labels stand below each other in a form; in fewer rows they are the headings of a table."""


@dataclass(frozen=True, slots=True)
class _Form:
    table: Table
    values: dict[str, Cell]


class FormTable(Table):
    """Forms as the rows of one table, the first being 1."""

    def __init__(self, forms: Sequence[_Form], roles: dict[str, tuple[str, ...]]) -> None:
        self.name = ", ".join(form.table.name for form in forms)
        self.size = len(forms)
        self._forms = forms
        self._roles = roles

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """The values of each form in the order of the roles, from the first of their labels that has one."""
        for number, form in enumerate(self._forms, start=1):
            said = ([form.values.get(label, "") for label in labels] for labels in self._roles.values())
            yield number, [next((value for value in values if value != ""), "") for values in said]

    def place(self, row: int, /) -> str | None:
        """The sheet, where there are several."""
        return self._forms[row - 1].table.name[:LONGEST_NAME] if self.size > 1 else None


def form_layout(tables: Sequence[Table], profile: Profile) -> Layout | None:
    """The forms of the profile among the sheets, or None where there is none."""
    roles = {role: tuple(labels) for role, labels in profile.columns.items()}
    labels = {label for choices in roles.values() for label in choices}
    forms = [_Form(table, values) for table in tables if (values := _values(table, labels))]
    if not forms:
        return None
    headings = tuple(_shown(choices, forms[0]) for choices in roles.values())
    places: dict[str, tuple[int, ...]] = {role: (at,) for at, role in enumerate(roles)}
    return Layout(profile, FormTable(forms, roles), 0, headings, places)


def _values(table: Table, labels: set[str]) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    rows = 0
    for _number, cells in islice(table.rows(), SEARCHED):
        pairs = [(heading_of(cell), beside) for cell, beside in pairwise([*cells, ""])]
        named = {label: value for label, value in pairs if label in labels}
        rows += bool(named)
        for label, value in named.items():
            if found.get(label, "") == "":
                found[label] = "" if heading_of(value) in labels else value
    return found if rows >= FEWEST_ROWS else {}


def _shown(choices: Sequence[str], form: _Form) -> str:
    return next((label for label in choices if label in form.values), choices[0])

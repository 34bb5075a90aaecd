"""Why a row was not taken; every reason says where, what, and what to do."""

import re
from collections.abc import Sequence

from app.core.i18n import lazy as _
from app.core.secrecy import mask_numbers
from petitions.models.imports import Mark


class RowFault(Exception):
    """One row cannot be taken; the others can. `args[0]` is the reason as a person reads it."""

    marks: tuple[Mark, ...] = ()

    @property
    def reason(self) -> str:
        """The reason in the language of the process."""
        return str(self.args[0])


class Unread(RowFault):
    """The layout does not read a cell, and another explanation of the columns may."""

    marks = (Mark.UNREAD,)


QUOTED = 20
"""Characters of a cell that a reason may repeat: enough to find it again, and no record of a person."""


def quoted(text: str) -> str:
    """The beginning of a cell as a reason repeats it, numbers of people masked."""
    masked = mask_numbers(text)
    return masked if len(masked) <= QUOTED else masked[:QUOTED] + "…"


def spoilt_number(column: str) -> object:
    """A number that was rounded by a spreadsheet before it came here."""
    return _(
        "Column %(column)s: a spreadsheet has rounded this number. Export the column as text.", column=column
    )


def in_column(column: str, fault: object) -> object:
    """A sentence about a matter, with the column that it comes from."""
    return _("Column %(column)s: %(fault)s", column=column, fault=fault)


def missing(column: str) -> object:
    """A cell that must hold something."""
    return _("Column %(column)s is blank.", column=column)


def unknown_word(column: str, word: str) -> object:
    """A word that the profile does not know."""
    return _(
        'Column %(column)s: the profile does not know the word "%(word)s".', column=column, word=quoted(word)
    )


def unreadable_date(column: str, text: str, forms: str) -> object:
    """A date in none of the declared forms."""
    return _(
        'Column %(column)s: "%(text)s" is no date that can be read. Write it such as %(forms)s.',
        column=column,
        text=quoted(text),
        forms=forms,
    )


_PARTS = {"year": _("year"), "month": _("month"), "day": _("day")}


def no_such_month(column: str, text: str, order: Sequence[str], month: int) -> object:
    """A date whose second or first number is too high for the order in which dates are read."""
    told = {"column": column, "text": quoted(text), "order": _ordered(order), "number": month}
    if order[0] == "year":
        return _(
            'Column %(column)s: "%(text)s" is read as %(order)s, and %(number)s is no month. Mend it.', **told
        )
    return _(
        'Column %(column)s: "%(text)s" is read as %(order)s, and %(number)s is no month. Mend it, or choose'
        " the other order of day and month for the columns.",
        **told,
    )


def no_such_day(column: str, text: str, order: Sequence[str], day: int) -> object:
    """A date whose month has fewer days, in the order in which dates are read."""
    return _(
        'Column %(column)s: "%(text)s" is read as %(order)s, and there is no day %(number)s in that month.'
        " Mend it.",
        column=column,
        text=quoted(text),
        order=_ordered(order),
        number=day,
    )


def _ordered(order: Sequence[str]) -> str:
    return "/".join(str(_PARTS[part]) for part in order)


def ambiguous_date(column: str, text: str) -> object:
    """A date that two declared forms read differently."""
    return _(
        'Column %(column)s: "%(text)s" can be read as more than one date.', column=column, text=quoted(text)
    )


def implausible_date(column: str, text: str, first: int, last: int) -> object:
    """A date before or after anything that could be imported."""
    return _(
        'Column %(column)s: "%(text)s" does not lie in the years %(first)s to %(last)s.'
        " Mend it, or leave the cell blank where there is no date.",
        column=column,
        text=quoted(text),
        first=first,
        last=last,
    )


def bad_point(column: str) -> object:
    """A coordinate that is none."""
    return _("Column %(column)s is not a coordinate in degrees.", column=column)


def no_count(column: str, text: str) -> object:
    """A number of persons that is none."""
    return _('Column %(column)s: "%(text)s" is not a number of persons.', column=column, text=quoted(text))


def too_long(column: str, limit: int) -> object:
    """A text longer than its column."""
    return _("Column %(column)s is longer than %(limit)s characters.", column=column, limit=limit)


def unexpected() -> object:
    """The program, not the row, has failed; the row can be handed in again once it is mended."""
    return _("This row could not be taken in by a fault of the program. Tell the people who look after it.")


def other_street() -> object:
    """The order number is known, but not here."""
    return _("Another street has an order with this number.")


FORMULA_ERROR = "#ERROR!"
"""What stands for a cell whose formula failed, where the file does not say how."""

BEGINS_ERROR = frozenset("#E")
"""By one of these every such cell begins, and few others do."""

_FORMULA_ERRORS = re.compile(
    r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|ERROR!|SPILL!|CALC!|GETTING_DATA|#{2,})|Err:\d{3}"
)


def is_formula_error(text: str) -> bool:
    """Whether a cell holds the failure of a formula, or a column too narrow for its value, and no value."""
    return _FORMULA_ERRORS.fullmatch(text) is not None


def failed_formula(column: str) -> object:
    """A formula that has no value, or a number that a narrow column has turned into signs."""
    return _(
        "Column %(column)s holds the error of a formula and no value. Write the value itself.", column=column
    )


def merged_number(column: str, row: int) -> object:
    """One number over several rows."""
    return _(
        "Column %(column)s: the cell is merged with that of row %(row)s. Give each order its own number.",
        column=column,
        row=row,
    )

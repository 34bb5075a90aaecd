"""What a person wrote into the form of a verb, read field by field; every fault is named at its field."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.tree import Node, Tree
from petitions.states.edge import Need

Form = Mapping[str, str]
_Member = TypeVar("_Member", bound=StrEnum)


@dataclass(slots=True)
class Entries:
    """The fields of a form; the first reading of a field at fault raises Invalid."""

    form: Form
    tree: Tree

    def text(self, need: Need) -> str:
        """The text without blanks around it, empty where there is none."""
        return self.form.get(need, "").strip()

    def unit(self, need: Need = Need.UNIT) -> Node:
        """The unit whose code was chosen."""
        node = self.tree.by_code.get(self.form.get(need, ""))
        return _demanded(node, need, _("Choose a unit."))

    def unit_or_none(self, need: Need) -> Node | None:
        """The unit whose code was chosen, or None where the field was left blank."""
        return self.unit(need) if self.text(need) else None

    def member(self, need: Need, vocabulary: type[_Member]) -> _Member:
        """The member of `vocabulary` that was chosen."""
        return _demanded(self.member_or_none(need, vocabulary), need, _("Choose from the list."))

    def member_or_none(self, need: Need, vocabulary: type[_Member]) -> _Member | None:
        """The member that was chosen, or None where the field was left blank."""
        text = self.text(need)
        if not text:
            return None
        known = {member.value: member for member in vocabulary}
        return _demanded(known.get(text), need, _("Choose from the list."))

    def day(self, need: Need) -> date:
        """The day that was written as 2020-12-31."""
        return _demanded(self.day_or_none(need), need, _("Choose a day."))

    def day_or_none(self, need: Need) -> date | None:
        """The day that was written, or None where the field was left blank."""
        text = self.text(need)
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        # A mistyped year would be a day that no calendar and no column can hold.
        is_plausible = day is not None and 1990 <= day.year <= 2100
        return _demanded(day if is_plausible else None, need, _("Write the day as 2020-12-31."))

    def answer(self, need: Need) -> bool:
        """Yes or no."""
        return _demanded(self.answer_or_none(need), need, _("Yes or no?"))

    def answer_or_none(self, need: Need) -> bool | None:
        """Yes, no, or None where the question was left open."""
        return {"yes": True, "no": False}.get(self.text(need))

    def is_checked(self, need: Need) -> bool:
        """Whether the box was ticked."""
        return bool(self.text(need))


def _demanded(value: Any, need: Need, fault: Any) -> Any:
    if value is None:
        raise Invalid(fault, fields={need.value: fault})
    return value

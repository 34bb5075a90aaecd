"""Whether a street knows a category. A new name is asked about once: most are slips of a known one."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.core.formats import listed
from app.core.i18n import lazy as _
from petitions.categories.suggesting import known_categories
from petitions.categories.word_list import word_list
from petitions.models import Case
from petitions.vocabulary import Ending

NEAREST = 3


class NotKnown(Invalid):
    """No case of the street has this category yet; `nearest` are known ones like it, the likest first."""

    def __init__(self, name: str, nearest: Sequence[str]) -> None:
        self.name, self.nearest = name, nearest
        message = (
            _(
                "No case here is called “%(name)s” yet; the nearest are %(nearest)s. Enter it all the same?",
                name=name,
                nearest=listed(nearest),
            )
            if nearest
            else _("No case here is called “%(name)s” yet. Enter it all the same?", name=name)
        )
        super().__init__(message, fields={"category": message, "sure": name})


def demand_known(session: Session, street_id: int, category: str | None, *, sure: str | None) -> None:
    """Raise NotKnown unless the street knows the category, or the person was asked and is `sure` of it."""
    if category and category != sure and not _is_known(session, street_id, category):
        raise NotKnown(category, _nearest(session, street_id, category))


def _is_known(session: Session, street_id: int, name: str) -> bool:
    if name in _shipped():
        return True
    used = select(Case.id).where(
        Case.street_id == street_id, Case.category == name, Case.ending.is_distinct_from(Ending.VOID)
    )
    return session.scalar(used.limit(1)) is not None


def _nearest(session: Session, street_id: int, name: str) -> list[str]:
    # Where the street has sorted nothing yet, the list of words stands for what is known.
    known = known_categories(session, street_id) or sorted(_shipped())
    likeness = {each: SequenceMatcher(None, name, each).ratio() for each in known if each != name}
    alike = sorted((each for each in likeness if likeness[each]), key=lambda each: -likeness[each])
    return alike[:NEAREST]


def _shipped() -> set[str]:
    return word_list().words.keys() | set(word_list().classes.values())

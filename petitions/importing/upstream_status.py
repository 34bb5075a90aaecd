"""What the platform says of an order's state: shown where it is otherwise here, and never obeyed."""

from dataclasses import dataclass

from app.core.i18n import lazy as _
from petitions.labels import label
from petitions.states.anywhere import ENDED
from petitions.vocabulary import CaseState

LONGEST = 20
"""Characters of a word that tells a state."""


@dataclass(frozen=True, slots=True)
class UpstreamStatus:
    """The platform's word, and whether by it the order has ended."""

    word: str
    is_ended: bool


def contradiction(said: UpstreamStatus | None, state: CaseState) -> str | None:
    """A sentence where the platform's state and the case's own differ in whether it has ended, else None."""
    if said is None or said.is_ended == (state in ENDED):
        return None
    return str(
        _(
            'The platform says "%(theirs)s"; here the case is: %(ours)s. The state here stands.',
            theirs=said.word,
            ours=label(state),
        )
    )

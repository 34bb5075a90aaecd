"""How a source writes what is sent back to it, as its file shows it: headings, dates and words. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from petitions.importing.dates import SERIAL, reads
from petitions.importing.definition import LONGEST, MOST
from petitions.importing.profile import common
from petitions.importing.sight import Column
from petitions.importing.suggesting import NEARLY_ALL

FINE = frozenset({"status"})
"""Roles whose words say more than their code: of several for one code none is written back."""


def headings_of(columns: Iterable[Column]) -> list[str]:
    """All headings in the order of the file, also of what is not read; none where they are not to be kept."""
    found = [column.heading for column in columns if column.heading not in common()["ignored"]]
    return found if len(found) <= MOST and all(len(each) <= LONGEST for each in found) else []


def date_form(column: Column, forms: Sequence[str]) -> str | None:
    """The form in which nearly all dates of a column are written; None where it shows none, or several."""
    texts = [cell for cell in column.samples if isinstance(cell, str)]
    if not texts or len(texts) < len(column.samples):
        return None
    share = {form: sum(reads(cell, form) for cell in texts) / len(texts) for form in forms if form != SERIAL}
    found = [form for form, part in share.items() if part >= NEARLY_ALL]
    return found[0] if len(found) == 1 else None


def words_of(role: str, column: Column, known: Mapping[str, str]) -> dict[str, str]:
    """By code the word that stands for it in a column, the commonest of several."""
    found: dict[str, list[str]] = {}
    for word in sorted(column.words or {}, key=lambda word: -(column.words or {})[word]):
        if code := known.get(word):
            found.setdefault(code, []).append(word)
    return {code: words[0] for code, words in found.items() if len(words) == 1 or role not in FINE}

"""Login names: one person, one name, however it is typed."""

import unicodedata

from app.core.i18n import lazy as _

MAX_LENGTH = 40


def plain(text: str) -> str:
    """The name as it is kept: full-width letters made plain, small letters, no blanks around it."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def fault(text: str, *, blanks: bool) -> object | None:
    """What is wrong with a name, or None; `blanks` says whether a blank may stand inside."""
    if not 1 <= len(text) <= MAX_LENGTH:
        return _("Between 1 and %(limit)s characters are needed.", limit=MAX_LENGTH)
    if any(_is_hidden(character, blanks) for character in text):
        return _("Invisible characters are not taken; type the name anew.")
    return None


def _is_hidden(character: str, blanks: bool) -> bool:
    kind = unicodedata.category(character)
    return kind.startswith("C") or (kind.startswith("Z") and not (blanks and character == " "))

"""The form in which a person says what the columns of a file mean. Pure."""

import re
from collections.abc import Iterable, Mapping

from petitions.importing.picking import Picks

UNSAID = "?"
_BETWEEN = re.compile(r"[\s、,，;；]+")


def read_picks(form: Mapping[str, str]) -> Picks:
    """The picks of a form. `role-N` is the meaning of column N, `word:ROLE:WORD` the code of a word."""
    roles = {
        int(name.removeprefix("role-")): role
        for name, role in form.items()
        if role and re.fullmatch(r"role-\d{1,5}", name)
    }
    words: dict[str, dict[str, str]] = {}
    for name, code in form.items():
        if name.startswith("word:") and code != UNSAID:
            _word, role, word = name.split(":", 2)
            words.setdefault(role, {})[word] = code
    return Picks(
        source=form.get("source") or form.get("name", ""),
        kind=form.get("kind", "hotline"),
        channel=form.get("channel", "hotline"),
        datum=form.get("datum") or None,
        order=form.get("order") or None,
        untimed=bool(form.get("untimed")),
        roles=roles,
        words=words,
        address_labels=_texts(form.get("address_labels", "")),
        text_labels=_texts(form.get("text_labels", "")),
    )


def joined(texts: Iterable[str]) -> str:
    """Texts as a person writes them in one field."""
    return "、".join(texts)


def _texts(field: str) -> list[str]:
    return [text.rstrip(":：") for text in _BETWEEN.split(field) if text.strip(":：")]

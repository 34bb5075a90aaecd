"""Where a street has no model yet: a category by the words that stand in a text, from data/words.toml. Pure.

Words are a start and never sure of anything.
"""

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from petitions.categories.model import Guess

MOST_SCORE = 0.9
TITLE_COUNTS = 2


@dataclass(frozen=True, slots=True)
class WordList:
    """Words by category, `classes` the broad class of each, whose words are also those of its categories."""

    words: Mapping[str, tuple[str, ...]]
    classes: Mapping[str, str]
    beginning: Mapping[str, list[tuple[str, str]]] = field(init=False)
    """Words with their category, by their first character: a text is gone through once."""

    def __post_init__(self) -> None:
        beginning = defaultdict(list)
        for name, words in self.words.items():
            for word in words:
                beginning[word[0]].append((word, name))
        object.__setattr__(self, "beginning", dict(beginning))

    def guess(self, texts: Sequence[str], known: Collection[str] = ()) -> list[Guess | None]:
        """A category for each text (its title before the first NUL); None where no word of one stands in it.

        Only what is `known` is suggested, where anything is: a street that sorts by classes is told classes.
        """
        wanted = set(known) & (self.words.keys() | set(self.classes.values())) if known else set(self.words)
        return [self._guess(text, wanted) for text in texts]

    def _guess(self, text: str, wanted: set[str]) -> Guess | None:
        found: dict[str, int] = {}
        for name, hits in self._hits(text).items():
            for told in {name, self.classes[name]} & wanted:
                found[told] = found.get(told, 0) + hits
        if not found:
            return None
        best = max(found, key=lambda told: found[told])
        # With one short word alone it is a guess, with many that agree it is likely.
        share = found[best] / (sum(found.values()) + 4)
        return Guess(best, round(min(share, MOST_SCORE), 4), is_sure=False)

    def _hits(self, text: str) -> Mapping[str, int]:
        """The characters of the words of each category that stand in the text, each word counted once."""
        title = text.find("\0")
        hits: dict[str, int] = defaultdict(int)
        for word, name, at in self._found(text):
            hits[name] += len(word) * (TITLE_COUNTS if at < title else 1)
        return hits

    def _found(self, text: str) -> Iterator[tuple[str, str, int]]:
        seen = set()
        for at, character in enumerate(text):
            for word, name in self.beginning.get(character, ()):
                if word not in seen and text.startswith(word, at):
                    seen.add(word)
                    yield word, name, at


@cache
def word_list() -> WordList:
    """The shipped table."""
    text = files("petitions.categories").joinpath("data/words.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["category"]
    return WordList(
        {row["name"]: tuple(row["words"]) for row in rows}, {row["name"]: row["class"] for row in rows}
    )

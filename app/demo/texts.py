"""Titles and bodies of orders, composed from the shipped phrases so that a day's orders read varied."""

import re
from random import Random
from typing import Any

from app.demo.addresses import Address
from app.demo.vocabulary import words

_SLOT = re.compile(r"\{(\w+)\}")

# A suggestion needs a situation for which there is advice, an inquiry one about which something is asked.
_NEEDED = {"suggestion": "advice", "inquiry": "questions"}

Kind = dict[str, Any]
Situation = dict[str, Any]


def kinds() -> list[Kind]:
    """The kinds of matter with their shares, order types, endings and situations."""
    return list(words("matters")["matter"])


def fill(pattern: str, rng: Random, **known: str) -> str:
    """The pattern with each slot replaced by its known value or else by a drawn word."""
    slots = words("phrases")["slots"]

    def replacement(match: re.Match[str]) -> str:
        name = match.group(1)
        return known[name] if name in known else str(rng.choice(slots[name]))

    return _SLOT.sub(replacement, pattern)


def phrase(section: str, name: str, rng: Random) -> str:
    """One filled sentence of a list in the shared phrases, such as a reply or an agreement."""
    return fill(rng.choice(words("phrases")[section][name]), rng)


def write_order(kind: Kind, order_type: str, address: Address, rng: Random) -> tuple[str, str]:
    """The title, one line of what and where, and the body as a hotline clerk takes it down.

    The body says when, where, what, what it does to people, and what is asked for.
    """
    needed = _NEEDED.get(order_type, "text")
    situation = rng.choice([entry for entry in kind["situations"] if needed in entry])
    frame = words("phrases")["frame"]
    title = fill(situation["title"], rng, spot=address.spot)
    line = fill(frame["titles"][order_type], rng, title=title, label=kind["label"], spot=address.spot)
    return line, _body(kind, situation, order_type, address, rng)


def _body(kind: Kind, situation: Situation, order_type: str, address: Address, rng: Random) -> str:
    phrases = words("phrases")
    when = rng.choice(phrases["when"][_pace(kind, situation)])
    pattern = rng.choice(phrases["frame"][_frame(order_type, when)])
    below_address = "{address}" in pattern
    history = phrases["history"]
    parts = {
        "opening": rng.choice(_openings(order_type, situation)),
        "when": when,
        "situation": situation["text"],
        "effect": rng.choice([*kind["effects"], *situation.get("effects", ())]),
        "history": rng.choice([*history["any"], *history.get(kind["when"], ())])
        if rng.random() < history["share"]
        else "",
        "demand": rng.choice([*kind["demands"], *situation.get("demands", ())]),
        "advice": rng.choice(situation.get("advice", [""])),
        "question": rng.choice(situation.get("questions", [""])),
        "closing": rng.choice(phrases["closing"]["note" if below_address else "any"]),
    }
    text = _SLOT.sub(lambda match: parts.get(match.group(1), match.group(0)), pattern)
    here = phrases["frame"]["here"] if below_address and address.point else address.place
    return fill(text, rng, place=here, address=address.text)


def _pace(kind: Kind, situation: Situation) -> str:
    lasting = any(word in situation["text"] for word in words("phrases")["when"]["lasting"])
    return "since" if lasting else str(kind["when"])


def _openings(order_type: str, situation: Situation) -> list[str]:
    opening = words("phrases")["opening"]
    speakers = tuple(opening["speakers"])
    own_words = situation["text"].startswith(speakers)
    return [text for text in opening[order_type] if not (own_words and text.startswith(speakers))]


def _frame(order_type: str, when: str) -> str:
    if order_type in _NEEDED:
        return order_type
    return "once" if when.startswith(tuple(words("phrases")["when"]["once"])) else "lines"

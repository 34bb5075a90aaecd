"""Profiles: what the columns and words of one kind of export mean. Data files, one to a profile."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions.vocabulary import CaseKind, Channel

COMMON = "common.toml"


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of file.

    `columns` maps a role to headings: alternatives of which the first present counts, but all of them
    joined for an address. `required` names roles without whose column the profile does not fit; with
    `exact` no other column may stand beside them; a `form` has each order on a sheet of its own, its columns
    being labels. `registered` is a role whose moment is the registration's,
    where the file is the record of it and which therefore has to be asked for by name, else None: the import
    is the registration. `words` maps a role and
    a word to a stored code, "" meaning none. `address_labels` are looked for inside the text. `returned` are
    the roles and headings of the answer, in their order, where a list is sent back to where it came from.
    """

    name: str
    source: str
    kind: CaseKind
    channel: Channel
    columns: Mapping[str, tuple[str, ...]]
    required: frozenset[str]
    exact: bool
    form: bool
    registered: str | None
    dates: tuple[str, ...]
    words: Mapping[str, Mapping[str, str]]
    blank: frozenset[str]
    anonymous_names: frozenset[str]
    address_labels: tuple[str, ...]
    text_labels: tuple[str, ...]
    returned: tuple[tuple[str, str], ...]

    def word(self, role: str, code: str) -> str:
        """The file's word for a stored code, its own before the common ones; blank where it has none."""
        known = self.words.get(role, {})
        return next((word for word, meant in known.items() if meant == code), "")


@cache
def shipped() -> dict[str, Profile]:
    """The profiles of the package by name."""
    folder = files("petitions") / "profiles"
    common = tomllib.loads((folder / COMMON).read_text("utf-8"))
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {
        profile.name: profile
        for name in found
        if name != COMMON
        for profile in [_build(name.removesuffix(".toml"), (folder / name).read_text("utf-8"), common)]
    }


def get_profile(name: str) -> Profile:
    """The profile called `name`; raises Invalid naming those there are."""
    profiles = shipped()
    if name not in profiles:
        raise Invalid(
            _("There is no profile %(name)s. Choose one of: %(names)s.", name=name, names=", ".join(profiles))
        )
    return profiles[name]


def _build(name: str, text: str, common: Mapping[str, Any]) -> Profile:
    own = tomllib.loads(text)
    said = {**common, **own}
    roles = common["words"].keys() | own.get("words", {}).keys()
    return Profile(
        name=name,
        source=said["source"],
        kind=CaseKind(said["kind"]),
        channel=Channel(said["channel"]),
        columns={role: tuple(headings) for role, headings in said["columns"].items()},
        required=frozenset(said["required"]),
        exact=said.get("exact", False),
        form=said.get("form", False),
        registered=said.get("registered"),
        dates=tuple(said["dates"]),
        words={role: _words(role, own.get("words", {}), common["words"]) for role in roles},
        blank=frozenset(said["blank"]),
        anonymous_names=frozenset(said["anonymous_names"]),
        address_labels=tuple(said.get("address_labels", ())),
        text_labels=tuple(said.get("text_labels", ())),
        returned=tuple((common["returned"] | own.get("returned", {})).items()),
    )


def _words(role: str, own: Mapping[str, Any], common: Mapping[str, Any]) -> dict[str, str]:
    """A profile's own words come first, and its own meaning of a common one counts."""
    return {**own.get(role, {}), **common.get(role, {}), **own.get(role, {})}

"""Profiles: what the columns and words of one kind of export mean. Data files, one to a profile."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from app.core.errors import Invalid
from app.core.formats import listed
from app.core.i18n import lazy as _
from petitions.importing.dates import SERIAL
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
    `headings` are all of the file in its order, empty where it is not known. `written_dates` is by role the
    form of its dates, and `written_words` by role and code its word, where the file shows how it writes them.
    `datum` is that of points without a column for it. Columns called as in `ignored` say nothing, and do no
    harm where the profile is exact. `key` is that of a street's own profile, None for one of the program.
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
    headings: tuple[str, ...] = ()
    written_dates: Mapping[str, str] = field(default_factory=dict)
    written_words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    datum: str | None = None
    ignored: frozenset[str] = frozenset()
    key: int | None = None

    @property
    def code(self) -> str:
        """What it is asked for by: its name, or its key where a street has made it."""
        return self.name if self.key is None else str(self.key)

    @property
    def written_date(self) -> str:
        """The form in which dates are written; a day number is only read."""
        return next(form for form in self.dates if form != SERIAL)

    def status_word(self, code: str) -> str:
        """The file's own word for whether an order has ended; blank where it has several for it, or none.

        The common ones are those of all files.
        """
        if written := self.written_words.get("status", {}).get(code):
            return written
        common_ones = common()["words"]["status"]
        own = [w for w, meant in self.words["status"].items() if meant == code and w not in common_ones]
        return own[0] if len(own) == 1 and "status" not in self.written_words else ""

    def word(self, role: str, code: str) -> str:
        """The file's word for a stored code, its own before the common ones; blank where it has none."""
        if written := self.written_words.get(role, {}).get(code):
            return written
        known = self.words.get(role, {})
        return next((word for word, meant in known.items() if meant == code), "")


@cache
def common() -> Mapping[str, Any]:
    """What every profile knows unless it says otherwise."""
    return tomllib.loads((files("petitions") / "profiles" / COMMON).read_text("utf-8"))


@cache
def definitions() -> dict[str, Mapping[str, Any]]:
    """What the profiles of the program say, by name."""
    folder = files("petitions") / "profiles"
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {
        name.removesuffix(".toml"): tomllib.loads((folder / name).read_text("utf-8"))
        for name in found
        if name != COMMON
    }


@cache
def shipped() -> dict[str, Profile]:
    """The profiles of the program by name."""
    return {name: build(name, own) for name, own in definitions().items()}


def get_profile(code: str, profiles: Mapping[str, Profile] | None = None) -> Profile:
    """The profile asked for by `code`, or called so, by default one of the program.

    Raises Invalid naming those there are.
    """
    known = shipped() if profiles is None else profiles
    named = [profile for profile in known.values() if profile.name == code]
    if code not in known and not named:
        raise Invalid(
            _(
                "There is no profile %(name)s. Choose one of: %(names)s.",
                name=code,
                names=listed(profile.name for profile in known.values()),
            )
        )
    return known.get(code) or named[0]


def definition_of(profile: Profile) -> Mapping[str, Any]:
    """What a profile of the program says, as a street's own may say it."""
    own = definitions()[profile.name]
    return {"dates": common()["dates"], **{key: said for key, said in own.items() if key != "registered"}}


def build(name: str, own: Mapping[str, Any], key: int | None = None) -> Profile:
    """The profile that a checked definition and what is common to all of them make together."""
    said = {**common(), **own}
    roles = common()["words"].keys() | own.get("words", {}).keys()
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
        words={role: _words(role, own.get("words", {}), common()["words"]) for role in roles},
        blank=frozenset(said["blank"]),
        anonymous_names=frozenset(said["anonymous_names"]),
        address_labels=tuple(said.get("address_labels", ())),
        text_labels=tuple(said.get("text_labels", ())),
        returned=tuple((common()["returned"] | own.get("returned", {})).items()),
        headings=tuple(said.get("headings", ())),
        written_dates=said.get("written_dates", {}),
        written_words=said.get("written_words", {}),
        datum=said.get("datum"),
        ignored=frozenset((*common()["ignored"], *own.get("ignored", ()))),
        key=key,
    )


def _words(role: str, own: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, str]:
    """A profile's own words come first, and its own meaning of a common one counts."""
    return {**own.get(role, {}), **shared.get(role, {}), **own.get(role, {})}

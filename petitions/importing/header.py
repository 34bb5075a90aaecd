"""Finding the row of headings, and with it the profile that a file fits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from app.core.errors import Invalid
from app.core.formats import listed
from app.core.i18n import lazy as _
from petitions.importing.header_words import heading_of
from petitions.importing.layout import Layout, join_sheets
from petitions.importing.paired import form_layout
from petitions.importing.profile import Profile, get_profile, shipped
from petitions.importing.roles import JOINED
from petitions.importing.table import Table

SEARCHED = 20
"""Titles and notes may stand above the headings; they are looked for in this many rows."""


@dataclass(frozen=True, slots=True)
class _Heads:
    table: Table
    row: int
    headings: tuple[str, ...]


class Unrecognised(Invalid):
    """The file can be read, but what its columns mean is for a person to say.

    `fits` are the codes of profiles that all fit it, or of the one that was asked for.
    """

    def __init__(self, message: object, fits: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.fits = tuple(fits)


def recognise(
    tables: Sequence[Table],
    file_name: str,
    named: str | None,
    known: Mapping[str, Profile] | None = None,
) -> Layout:
    """The layout of the tables that fit; raises Unrecognised where none does, or more than one profile.

    Several sheets of one profile are read as one table, one below the other.

    `named` asks for one profile; otherwise each of the `known` is tried, by default those of the program, and
    one that the street has made is preferred. Those whose file is the record of registration are not tried:
    such a file writes into the past, and so into figures that have been given out, which nobody may ask for
    by the mere look of its headings.
    """
    known = shipped() if known is None else known
    profiles = (
        [get_profile(named, known)] if named else [each for each in known.values() if not each.registered]
    )
    rows = [heads for table in tables for heads in _candidates(table)]
    fitting = [(profile, heads) for profile in profiles for heads in rows if _fits(profile, heads.headings)]
    own = [fit for fit in fitting if fit[0].key is not None]
    fitting = own or fitting
    if not fitting:
        forms = [layout for each in profiles if each.form and (layout := form_layout(tables, each))]
        if forms:
            return forms[0]
        if not named:
            _demand_name(file_name, rows, known)
        raise _nothing_fits(file_name, profiles, rows)
    fits = {profile.code: profile.name for profile, _heads in fitting}
    if len(fits) > 1:
        raise Unrecognised(
            _(
                "%(file)s fits several profiles; name one of: %(names)s.",
                file=file_name,
                names=listed(fits.values()),
            ),
            list(fits),
        )
    return join_sheets([_layout(file_name, fitting[0][0], heads) for heads in _lowest(fitting)])


def _lowest(fitting: Sequence[tuple[Profile, _Heads]]) -> list[_Heads]:
    """The row of headings of each sheet; of headings in several rows, some of them merged, the last."""
    found: dict[str, _Heads] = {}
    for _profile, heads in fitting:
        kept = found.get(heads.table.name)
        if kept is None or heads.row == kept.row + 1:
            found[heads.table.name] = heads
    return list(found.values())


def _demand_name(file_name: str, rows: Sequence[_Heads], known: Mapping[str, Profile]) -> None:
    for profile in known.values():
        if profile.registered and any(_fits(profile, heads.headings) for heads in rows):
            raise Unrecognised(
                _(
                    "%(file)s fits the profile %(profile)s, which takes the moments of registration from the"
                    " file. Name that profile if this is what you want.",
                    file=file_name,
                    profile=profile.name,
                ),
                [profile.code],
            )


def _candidates(table: Table) -> list[_Heads]:
    rows = islice(table.rows(), SEARCHED)
    found = [_Heads(table, number, tuple(map(heading_of, cells))) for number, cells in rows]
    return [heads for heads in found if any(heads.headings)]


def _fits(profile: Profile, headings: Sequence[str]) -> bool:
    if profile.form or _missing(profile, headings):
        return False
    if not profile.exact:
        return True
    own = {heading for choices in profile.columns.values() for heading in choices} | profile.ignored
    own |= {heading for _role, heading in profile.returned}
    return {heading for heading in headings if heading} <= own


def _missing(profile: Profile, headings: Iterable[str]) -> list[str]:
    """The required columns that `headings` lack, each by its first name."""
    present = set(headings)
    roles = [role for role in profile.columns if role in profile.required]
    return [profile.columns[role][0] for role in roles if present.isdisjoint(profile.columns[role])]


def _nothing_fits(file_name: str, profiles: Sequence[Profile], rows: Sequence[_Heads]) -> Unrecognised:
    lacks = [(_missing(each, heads.headings), each, heads.row) for each in profiles for heads in rows]
    columns, profile, row = min(lacks, key=lambda lack: len(lack[0]))
    asked = [profile.code] if len(profiles) == 1 else []
    if len(columns) == len(profile.required):
        return Unrecognised(
            _(
                "%(file)s: no headings of a known profile in the first %(count)s rows. Known are: %(names)s.",
                file=file_name,
                count=SEARCHED,
                names=listed(each.name for each in profiles),
            ),
            asked,
        )
    if not columns:
        return Unrecognised(
            _(
                "%(file)s, row %(row)s: the profile %(profile)s allows no further columns.",
                file=file_name,
                row=row,
                profile=profile.name,
            ),
            asked,
        )
    return Unrecognised(
        _(
            "%(file)s, row %(row)s: the column %(columns)s is missing for the profile %(profile)s.",
            file=file_name,
            row=row,
            columns=listed(columns),
            profile=profile.name,
        ),
        asked,
    )


def _layout(file_name: str, profile: Profile, heads: _Heads) -> Layout:
    places: dict[str, tuple[int, ...]] = {}
    for role, choices in profile.columns.items():
        present = [heading for heading in choices if heading in heads.headings]
        for heading in present if role in JOINED else present[:1]:
            if heads.headings.count(heading) > 1:
                raise Invalid(
                    _(
                        "%(file)s, row %(row)s: the column %(column)s stands there twice. Remove one.",
                        file=file_name,
                        row=heads.row,
                        column=heading,
                    )
                )
            places[role] = (*places.get(role, ()), heads.headings.index(heading))
    return Layout(profile, heads.table, heads.row, heads.headings, places)

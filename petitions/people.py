"""The people that an intake form names: who speaks, for whom and with whom, and the other side."""

from collections.abc import Iterator

from app.core.i18n import lazy as _
from petitions.fields import Faults, Form, read_name, read_phone, read_text
from petitions.intake import PartyIntake
from petitions.vocabulary import CaseKind, PartyRole

MOST_PEOPLE = 200
"""Named one by one on a screen; a longer list of signers is a paper to be kept, not typed."""
MAX_IDENTITY = 30

SPEAKER = {
    CaseKind.PETITION: PartyRole.PETITIONER,
    CaseKind.HOTLINE: PartyRole.REPORTER,
    CaseKind.DISPUTE: PartyRole.APPLICANT,
}
# What a further person may be, in the order of the form.
FURTHER = (PartyRole.JOINT_SIGNER, PartyRole.REPRESENTATIVE, PartyRole.REPRESENTED)


def read_people(form: Form, kind: CaseKind, faults: Faults) -> tuple[PartyIntake, ...]:
    """Everybody the form names; faults are added at their fields.

    Who speaks for somebody else is an agent. Whoever wishes to stay anonymous gives no name.
    """
    further = [_further(form, index, faults) for index in people_rows(form)]
    named = [person for person in further if _is_somebody(person)]
    is_agent = any(person.role is PartyRole.REPRESENTED for person in named)
    anonymous = bool(form.get("is_anonymous"))
    speaker = PartyIntake(
        role=PartyRole.AGENT if is_agent else SPEAKER[kind],
        name=None if anonymous else read_name(form, "name", faults),
        phone=read_phone(form, "phone", faults),
        identity_number=None if anonymous else read_text(form, "identity_number", MAX_IDENTITY, faults),
        is_anonymous=anonymous,
    )
    found = [speaker] if anonymous or _is_somebody(speaker) else []
    other = PartyIntake(
        PartyRole.RESPONDENT, read_name(form, "other_name", faults), read_phone(form, "other_phone", faults)
    )
    if kind is CaseKind.DISPUTE and _is_somebody(other):
        named.append(other)
    return (*found, *named)


def people_rows(form: Form) -> Iterator[int]:
    """The numbers of the further persons' rows that the form was sent with."""
    return (index for index in range(MOST_PEOPLE) if f"person-{index}-role" in form)


def _further(form: Form, index: int, faults: Faults) -> PartyIntake:
    prefix = f"person-{index}-"
    role = form.get(prefix + "role", "")
    if role not in FURTHER:
        faults[prefix + "role"] = _("Choose from the list.")
    return PartyIntake(
        role=PartyRole(role) if role in FURTHER else PartyRole.JOINT_SIGNER,
        name=read_name(form, prefix + "name", faults),
        phone=read_phone(form, prefix + "phone", faults),
        identity_number=read_text(form, prefix + "identity_number", MAX_IDENTITY, faults),
    )


def _is_somebody(person: PartyIntake) -> bool:
    return bool(person.name or person.phone or person.identity_number)

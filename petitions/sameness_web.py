"""On the page of a case: what belongs together with it, what may, and what a person decides about that."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup

from app.auth.actor import Actor
from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import AppError, Invalid, NotFound
from app.core.i18n import lazy as _
from grid.tree import Tree, load_tree
from petitions.actions.table import units_within
from petitions.categories.knowing import NotKnown, demand_known
from petitions.labels import GROUND, label
from petitions.models import Case
from petitions.office import load_office
from petitions.queries import get_case, list_by_key
from petitions.rules.grounds import Ground
from petitions.sameness.allowed import allowed
from petitions.sameness.candidates import candidates
from petitions.sameness.deciding import DECISIONS, Why, decide
from petitions.sameness.pairing import lock_pair
from petitions.sameness.parts import Part
from petitions.sameness.several import FEWEST_PARTS, MOST_PARTS
from petitions.sameness.splitting import split as split_order
from petitions.sameness.ties import Ties, ties_of
from petitions.sameness.words import likeness_words
from petitions.timeline import Entry
from petitions.vocabulary import Verb
from petitions.web import Refused, case_page, demand_unchanged

_TYING = frozenset({Verb.MERGE, Verb.LINK_REPEAT, Verb.SPLIT, Verb.FOLLOW})
PART_FIELDS = ("title", "body", "category", "address", "unit")

_ALONE = frozenset({Verb.UNMERGE, Verb.UNLINK_REPEAT, Verb.SPLIT})
"""Forms that name no other case, of which the panel has one each."""

BY_NUMBER = "number"
"""The form for a case that a person knows by its number."""

bp = Blueprint("sameness", __name__, template_folder="templates", url_prefix="/cases/<number>/sameness")
bp.add_app_template_filter(likeness_words)

Page = Any


@dataclass(frozen=True, slots=True)
class _Draft:
    """What a form that was refused held; `form` is its verb, the other case's number, or `number`."""

    form: str
    said: Mapping[str, str]
    faults: Mapping[str, Any]

    @classmethod
    def of(cls, refused: Refused | None, case: Case) -> "_Draft":
        """That of this request; where none was refused, the order's text waits to be cut into matters."""
        if refused is None or refused.name not in {*DECISIONS, Verb.SPLIT}:
            return cls("", {"part-0-body": case.body}, {})
        named = BY_NUMBER if "by_number" in refused.draft else refused.draft.get("other", "")
        form = refused.name if refused.name in _ALONE else named
        return cls(form, refused.draft, refused.error.fields)

    @property
    def names_other(self) -> bool:
        """Whether it is that of one pair."""
        return self.form not in {"", BY_NUMBER, *_ALONE}

    @property
    def rows(self) -> list[int]:
        """The numbers of the matters of a split."""
        return part_rows(self.said)


@bp.app_template_global()
def grounds() -> Mapping[Ground, Any]:
    """The ready reasons why two cases are not the same."""
    return GROUND


@bp.app_template_global()
def sameness_panel(
    case: Case, tree: Tree, history: Sequence[Entry], refused: Refused | None = None
) -> Markup:
    """What is tied to the case, what may be the same, and the forms that its state and the asker allow."""
    session, me = db.session(), actor()
    may, draft = allowed(case, me), _Draft.of(refused, case)
    # What was refused is shown again where it was; else the like of a case is looked for afterwards.
    alike = _alike(case, me, may) if draft.form else {}
    if draft.names_other and draft.form not in {one.number for one in alike["found"]}:
        # What is no longer like it keeps what was typed in the form that names any case.
        draft = replace(draft, form=BY_NUMBER)
    # Whatever ties another case to this one is an event of this one too.
    is_tied = case.parent_id is not None or any(entry.verb in _TYING for entry in history)
    page = render_template(
        "petitions/_sameness.html",
        case=case,
        tree=tree,
        ties=ties_of(session, me, case) if is_tied else Ties(),
        is_asked=_is_asked(case, may),
        **alike,
        may=may,
        verbs=Verb,
        units=units_within(tree, me) if Verb.SPLIT in may else [],
        draft=draft,
    )
    return Markup(page)  # noqa: S704  # rendered with escaping just above


@bp.get("/alike")
@requires(Permission.CASE_VIEW)
def alike(number: str) -> str:
    """The part of the page that shows what may be the same; it is fetched once the page stands."""
    me = actor()
    case = get_case(db.session(), me, number)
    may = allowed(case, me)
    return render_template(
        "petitions/_alike.html",
        **_alike(case, me, may),
        case=case,
        tree=load_tree(db.session(), [case.street_id]),
        may=may,
        draft=_Draft.of(None, case),
    )


@bp.post("/<verb>")
@requires(Permission.CASE_VIEW)
def do(number: str, verb: str) -> Page:
    """Merge, link, take back or dismiss, with the case that the form names."""
    if verb not in {one.value for one in DECISIONS}:
        raise NotFound(_("There is no such action."))
    asked, form = Verb(verb), request.form

    def write() -> None:
        session, me = db.session(), actor()
        pair = lock_pair(session, me, number, asked, form.get("other", ""))
        demand_unchanged(pair.case)
        office = load_office(session, [pair.case.street_id])
        decide(session, pair, office, asked, _why(form), actor=me, now=now())

    return _done(number, asked, write)


@bp.post("/split")
@requires(Permission.CASE_VIEW)
def split(number: str) -> Page:
    """Split the order into the matters that the form describes."""

    def write() -> None:
        session, me, form = db.session(), actor(), request.form
        case = get_case(session, me, number, lock=True)
        demand_unchanged(case)
        office = load_office(session, [case.street_id])
        parts = read_parts(form, office.tree)
        if Verb.SPLIT in allowed(case, me):
            _demand_known(case, form)
        split_order(session, case, office, parts, reason=form.get("reason", ""), actor=me, now=now())

    return _done(number, Verb.SPLIT, write)


def read_parts(form: Mapping[str, str], tree: Tree) -> list[Part]:
    """The matters of the form; a row without a word is none."""
    rows = {
        row: {name: form.get(f"part-{row}-{name}", "").strip() for name in PART_FIELDS}
        for row in part_rows(form)
    }
    unknown = [row for row, said in rows.items() if said["unit"] and said["unit"] not in tree.by_code]
    if unknown:
        fault = _("Choose a unit.")
        raise Invalid(fault, fields={f"part-{row}-unit": fault for row in unknown})
    return [_part(said, tree) for said in rows.values() if any(said.values())]


def _demand_known(case: Case, form: Mapping[str, str]) -> None:
    """Raise Invalid for the categories of matters that nobody here knows and the person is not sure of."""
    faults: dict[str, object] = {}
    for row in part_rows(form):
        category, sure = form.get(f"part-{row}-category", "").strip(), form.get(f"part-{row}-sure")
        try:
            demand_known(db.session(), case.street_id, category, sure=sure)
        except NotKnown as error:
            faults |= {f"part-{row}-{name}": fault for name, fault in error.fields.items()}
    if faults:
        raise Invalid(_("Some fields need mending."), fields=faults)


def part_rows(form: Mapping[str, str]) -> list[int]:
    """The numbers of the rows that the form was sent with, or those of an empty form."""
    sent = [row for row in range(4 * MOST_PARTS) if f"part-{row}-body" in form]
    return sent if len(sent) >= FEWEST_PARTS else list(range(FEWEST_PARTS))


def _part(said: Mapping[str, str], tree: Tree) -> Part:
    return Part(
        body=said["body"],
        title=said["title"],
        category=said["category"] or None,
        address=said["address"] or None,
        unit_id=tree.by_code[said["unit"]].id if said["unit"] else None,
    )


def _why(form: Mapping[str, str]) -> Why:
    said = form.get("ground", "")
    if said and said not in set(Ground):
        raise Invalid(_("Choose from the list."), fields={"ground": _("Choose from the list.")})
    return Why(form.get("reason", ""), Ground(said) if said else None)


def _alike(case: Case, me: Actor, may: Collection[Verb]) -> dict[str, Any]:
    """What may be the same as the case, and the cases meant with their texts, by key."""
    if not _is_asked(case, may):
        return {"found": [], "matters": {}}
    session = db.session()
    found = candidates(session, [case.id], actor=me).get(case.id, [])
    return {"found": found, "matters": list_by_key(session, me, [one.case_id for one in found])}


def _is_asked(case: Case, may: Collection[Verb]) -> bool:
    """Whether the like of the case is looked for: it is open, stands for itself, and somebody may decide."""
    stands_alone = case.ended_at is None and case.parent_id is None and case.master_id is None
    return stands_alone and Verb.DISMISS in may


def _done(number: str, verb: Verb, write: Callable[[], None]) -> Page:
    """One decision on the case as the person read it; what is wrong is said on the page of the case."""
    try:
        with transaction():
            write()
    except AppError as error:
        if error.status in (403, 404):
            raise
        # From the list of pairs too: there what was typed would be lost.
        return case_page(number, Refused(verb.value, label(verb), error)), error.status
    flash(_("Done: %(verb)s.", verb=label(verb)), "success")
    if "listed" in request.form:
        return _back_to_list()
    return redirect(url_for("petitions.show", number=number))


def _back_to_list() -> Page:
    form = request.form
    return redirect(url_for("alike.index", run=form.get("run", type=int), page=form.get("page", type=int)))

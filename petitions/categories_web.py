"""Categories that are suggested: to be confirmed, on the page of a case, in the intake form, and how good."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import AppError, Conflict
from app.core.i18n import lazy as _
from app.core.pages import page_number
from grid.tree import Node, Tree, load_tree
from grid.vocabulary import Tier
from petitions.categories.knowing import NotKnown, demand_known
from petitions.categories.learning import FEWEST_EXAMPLES, FEWEST_OF_ONE, LOOKED_EVERY, count_sorted
from petitions.categories.suggesting import find_suggestion, guess, known_categories, latest_model
from petitions.handling.attention import categorise
from petitions.importing.requests import get_import
from petitions.intake import MAX_BODY, MAX_TITLE, title_from
from petitions.models import Case, ImportRun
from petitions.queries import get_case
from petitions.sameness.following import carry_out
from petitions.sorting import count_waiting, decided, list_waiting
from petitions.states.machine import find_edge, machine_of
from petitions.vocabulary import Verb

LOOKED_BACK = timedelta(days=365)
MOST_AT_ONCE = 50

bp = Blueprint("categories", __name__, template_folder="templates", url_prefix="/categories")

Page = Response | str


@bp.get("")
@requires(Permission.CASE_HANDLE)
def index() -> Page:
    """The suggestions that wait for a person, of one import where it is named, and how good they are."""
    return _list(request.args.get("run", type=int))


@bp.post("/confirm")
@requires(Permission.CASE_HANDLE)
def confirm() -> Page | tuple[str, int]:
    """Set the categories of the cases that were ticked; each by itself, so that one fault stops no other.

    Names that nobody here knows yet are asked about on the page, once for all of their cases.
    """
    form = request.form
    numbers, run_id = form.getlist("confirm")[:MOST_AT_ONCE], form.get("run", type=int)
    answers = dict(zip(form.getlist("new"), form.getlist("as"), strict=False))
    errors = {number: _confirm(number, form.get(f"category-{number}", ""), answers) for number in numbers}
    done = sum(error is None for error in errors.values())
    if done:
        flash(_("%(count)s categories are set.", count=done), "success")
    if not numbers:
        flash(_("Tick the cases whose category is right."), "warning")
    asked: dict[str, tuple[NotKnown, list[str]]] = {}
    for number, error in errors.items():
        if isinstance(error, NotKnown):
            asked.setdefault(error.name, (error, []))[1].append(number)
        elif error:
            flash(f"{number}: {error.message}", "danger")
    if asked:
        return _list(run_id, list(asked.values())), NotKnown.status
    return redirect(url_for("categories.index", run=run_id))


@bp.post("/suggest")
@requires(Permission.CASE_REGISTER)
def suggest() -> Page:
    """The field of the intake form with what its text suggests; a POST, so that no text stands in a log.

    What the person wrote there stays; what was filled in before gives way to what the text says now.
    """
    session, form = db.session(), request.form
    body, said = form.get("body", "").strip()[:MAX_BODY], form.get("category", "").strip()
    streets = _streets(load_tree(session, actor().units))
    found = None
    if body and streets:
        title = form.get("title", "").strip()[:MAX_TITLE] or title_from(body)
        found = guess(session, streets[0].id, [(title, body)])[0][0]
    if "take" in form and found:
        said = found.category
    elif not said or said == form.get("filled_in", ""):
        said = found.category if found and found.is_sure else ""
    return render_template("categories/_field.html", found=found, said=said, faults={})


@bp.app_template_global()
def category_panel(case: Case) -> Markup:
    """What is suggested for a case without a category, to be confirmed with one click by whoever may."""
    found = find_suggestion(case)
    if found is None:
        return Markup()
    edge = find_edge(machine_of(case.kind, case.rule_set), case.state, Verb.CATEGORISE)
    may = edge is not None and edge.by is not None and actor().may(edge.by, case.holder_id)
    page = render_template("categories/_panel.html", case=case, found=found, may=may)
    return Markup(page)  # noqa: S704  # rendered with escaping just above


@bp.app_template_global()
def suggested_in(run: ImportRun) -> int:
    """How many cases of an import wait for somebody to confirm a suggested category."""
    return 0 if run.is_dry_run else count_waiting(db.session(), actor(), run_id=run.id)


def _list(run_id: int | None, asked: Sequence[tuple[NotKnown, list[str]]] = ()) -> str:
    session, me = db.session(), actor()
    tree = load_tree(session, me.units)
    streets = _streets(tree)
    since = now() - LOOKED_BACK
    return render_template(
        "categories/index.html",
        run=get_import(session, run_id, me) if run_id else None,
        page=list_waiting(session, me, page_number(), run_id=run_id),
        tree=tree,
        asked=asked,
        known=sorted({name for street in streets for name in known_categories(session, street.id)}),
        models=[(one, latest_model(session, one.id), decided(session, one.id, since)) for one in streets],
    )


@bp.app_template_global()
def first_training(street: Node) -> Markup:
    """When the first model of the street is learnt, and how much is sorted so far."""
    page = render_template(
        "categories/_first.html",
        so_far=count_sorted(db.session(), street.id),
        needed=FEWEST_EXAMPLES,
        of_one=FEWEST_OF_ONE,
        minutes=LOOKED_EVERY // 60,
    )
    return Markup(page)  # noqa: S704  # rendered with escaping just above


def _confirm(number: str, said: str, answers: Mapping[str, str]) -> AppError | None:
    """What stands in the way, if anything; `answers` says what new names that were asked about shall be."""
    session, me = db.session(), actor()
    try:
        with transaction():
            case = get_case(session, me, number, lock=True)
            if case.category:
                raise Conflict(_("Somebody has said the category of this case meanwhile."))
            category = answers.get(said, said)
            step = categorise(case, category=category, actor=me, now=now())
            sure = said if said in answers else None
            demand_known(session, case.street_id, step.changes["category"], sure=sure)
            carry_out(session, [step])
    except AppError as error:
        return error
    return None


def _streets(tree: Tree) -> list[Node]:
    """The streets of the person's units; the hierarchy and its figures are no secret to those below."""
    streets = (node for node in tree.nodes.values() if node.tier is Tier.STREET)
    return sorted(streets, key=lambda node: node.code)

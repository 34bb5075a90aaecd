"""The pages of cases: list, search, one case and what can be done to it."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from app.auth.actor import Actor
from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.calendar_store import load_calendar
from app.core.clock import local_day, now
from app.core.db import db, transaction
from app.core.errors import AppError, Conflict
from app.core.i18n import lazy as _
from app.core.pages import page_number
from app.core.secrecy import mask_name, mask_numbers, mask_phone
from grid.labels import method_label, reason_label, tier_label
from grid.tree import load_tree
from petitions import limits, queries
from petitions.actions.fields import Asked, Field, Group, fields_of, group_of
from petitions.actions.table import act, offered
from petitions.categories.knowing import demand_known
from petitions.filter_words import filter_words
from petitions.filters import Standing, read_filters
from petitions.handing_out import hand_out, layouts
from petitions.labels import label
from petitions.limits import case_light, next_limit, own_limit, statutory_limit
from petitions.models import Case
from petitions.office import load_office
from petitions.order_limits import hand_back_by, sign_by
from petitions.rules.collective import is_collective
from petitions.sameness.following import carry_out
from petitions.states.edge import Edge
from petitions.tabular import FileForm
from petitions.tenures import tenures
from petitions.timeline import entries, held_for, leader_in_charge
from petitions.vocabulary import CaseKind, Channel
from petitions.words import (
    after_words,
    amount_words,
    cohort_words,
    place_name,
    profile_name,
    read_assists,
    source_words,
    verb_icon,
    verb_name,
)

bp = Blueprint("petitions", __name__, template_folder="templates", url_prefix="/cases")
bp.add_app_template_filter(label)
bp.add_app_template_filter(tier_label)
bp.add_app_template_filter(method_label)
bp.add_app_template_filter(reason_label)
bp.add_app_template_filter(mask_name)
bp.add_app_template_filter(mask_phone)
bp.add_app_template_filter(mask_numbers)
bp.add_app_template_filter(source_words)
bp.add_app_template_filter(verb_icon)
bp.add_app_template_filter(verb_name)
bp.add_app_template_filter(profile_name)
bp.add_app_template_filter(filter_words)
bp.add_app_template_global(place_name)
bp.add_app_template_global(amount_words)
bp.add_app_template_global(after_words)
bp.add_app_template_global(cohort_words)
bp.add_app_template_global(case_light)
bp.add_app_template_global(next_limit)

TYPES = {
    FileForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileForm.CSV: "text/csv; charset=utf-8",
}

Page = Response | str | tuple[str, int]


@bp.app_template_global()
def case_titles(case_ids: Iterable[int]) -> dict[int, str]:
    """The titles of those of the cases that the asker may see, by key: what the inbox shows."""
    return queries.titles(db.session(), actor(), case_ids)


@dataclass(frozen=True, slots=True)
class Refused:
    """A form of the page of a case that was not carried out, to be shown again as it was sent."""

    name: str
    title: Any
    error: AppError

    @property
    def draft(self) -> Mapping[str, str]:
        """What the person had typed."""
        return request.form

    @property
    def seen(self) -> int:
        """The last event on the page that the person had before them."""
        return request.form.get("version", 0, type=int)


@bp.app_template_filter()
def shown(text: str | None, case: Case) -> str:
    """A text of the case as far as whoever opened the page may read it."""
    return queries.shown(text, case, actor())


@bp.get("")
@requires(Permission.CASE_VIEW)
def index() -> Page:
    """The narrowed list, or the rows behind a figure."""
    filters = read_filters(request.args, now=now())
    session, me = db.session(), actor()
    tree = load_tree(session, me.units)
    has_above = any(tree.parent(unit) for unit in me.units)
    return render_template(
        "petitions/index.html",
        page=queries.list_cases(session, me, filters, page_number()),
        filters=filters,
        standings=[standing for standing in Standing if has_above or standing is not Standing.GONE_UP],
        gone_up=queries.count_gone_up(session, me, filters) if has_above else 0,
        tree=tree,
        kinds=list(CaseKind),
        channels=list(Channel),
        now=filters.now,
        calendar=load_calendar(session),
        layouts=layouts(session, me),
    )


@bp.get("/export.xlsx", defaults={"form": FileForm.XLSX})
@bp.get("/export.csv", defaults={"form": FileForm.CSV})
@requires(Permission.CASE_VIEW)
def export(form: FileForm) -> Response:
    """The whole narrowed list as a file, in the columns of the page or of the file that the cases came in."""
    session, me, filters = db.session(), actor(), read_filters(request.args, now=now())
    with ExitStack() as unless_sent:
        stream = unless_sent.enter_context(TemporaryFile())
        with transaction():
            layout = request.args.get("layout") or None
            hand_out(session, stream, filters, form=form, layout=layout, actor=me)
        # From here on the answer closes it, once it is sent.
        unless_sent.pop_all()
    stream.seek(0)
    name = f"{_('Cases')}-{local_day(filters.now):%Y%m%d}.{form.value}"
    return send_file(stream, mimetype=TYPES[form], as_attachment=True, download_name=name)


@bp.post("/search")
@requires(Permission.CASE_VIEW)
def search() -> Page:
    """By number at once to the case; else by telephone or title. The words never stand in an address."""
    text = request.form.get("q", "").strip()
    if not text:
        return redirect(url_for("petitions.index"))
    found = queries.find_by_number(db.session(), actor(), text)
    if found:
        return redirect(url_for("petitions.show", number=found.number))
    page = queries.search_cases(db.session(), actor(), text)
    tree = load_tree(db.session(), actor().units)
    calendar = load_calendar(db.session())
    return render_template(
        "petitions/search.html", page=page, text=text, tree=tree, now=now(), calendar=calendar
    )


@bp.get("/<number>")
@requires(Permission.CASE_VIEW)
def show(number: str) -> Page:
    """One case with its clocks, its place, its people and its history."""
    return case_page(number)


@bp.post("/<number>/<verb>")
@requires(Permission.CASE_VIEW)
def do(number: str, verb: str) -> Page:
    """Do one thing to the case, unless it has changed since the person read it."""
    session, form, me = db.session(), request.form, actor()
    try:
        with transaction():
            case = queries.get_case(session, me, number, lock=True)
            demand_unchanged(case)
            office = load_office(session, [case.street_id])
            moment = now()
            step = act(case, office, verb, form, actor=me, now=moment)
            demand_known(session, case.street_id, step.changes.get("category"), sure=form.get("sure"))
            carry_out(session, [step])
    except AppError as error:
        if error.status in (403, 404):
            raise
        return case_page(number, Refused(verb, verb_name(verb), error)), error.status
    flash(_("Done: %(verb)s.", verb=label(step.verb)), "success")
    # A case handed back or ruled away may lie outside the person's area now.
    if not queries.is_visible(case, me):
        return redirect(url_for("petitions.index"))
    return redirect(url_for("petitions.show", number=number))


def demand_unchanged(case: Case) -> None:
    """Raise Conflict where the case has gone on since the page that sent this form was opened."""
    if request.form.get("version", type=int) != case.event_count:
        raise Conflict(
            _(
                "Somebody else has acted on this case since you opened the page."
                " Read what is new, then decide."
            )
        )


def case_page(number: str, refused: Refused | None = None) -> str:
    """The page of a case, with what could not be done and the form as it was filled in."""
    case = queries.get_case(db.session(), actor(), number)
    return render_template("petitions/show.html", **_page_of(case, actor()), refused=refused)


def _page_of(case: Case, me: Actor) -> dict[str, Any]:
    session = db.session()
    office = load_office(session, [case.street_id])
    tree = office.tree
    moment = now()
    asked = Asked(case, office, me, moment)
    events = queries.list_events(session, case)
    return {
        "case": case,
        "collective": is_collective(case.kind, case.persons_present, current_app.config["COLLECTIVE_FROM"]),
        "tree": tree,
        "now": moment,
        "calendar": office.calendar,
        "line": list(reversed(tree.line(case.holder_id))),
        "statutory": statutory_limit(case),
        "own": own_limit(case, office.policies),
        "lon_lat": queries.lon_lat(case.point),
        "parties": queries.list_parties(session, case),
        "may_read_names": queries.may_read_names(case, me),
        "entries": entries(events, tree),
        "held": held_for(tenures((event.at, event.verb, event.changes) for event in events), tree, moment),
        "actions": _forms(asked),
        "leader": leader_in_charge(events),
        "assists": read_assists(case, tree),
        "after": limits.after_step(case),
        "sign_by": sign_by(case, office.calendar),
        "hand_back_by": hand_back_by(case, office.calendar),
    }


def _forms(asked: Asked) -> dict[Group, list[tuple[Edge, list[Field]]]]:
    """What the person may do, by its place on the page, each with the fields of its form."""
    forms: dict[Group, list[tuple[Edge, list[Field]]]] = {group: [] for group in Group}
    for edge in offered(asked.case, asked.office, asked.actor, asked.now):
        forms[group_of(edge.verb)].append((edge, fields_of(edge, asked)))
    return forms

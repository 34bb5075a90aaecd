"""What mediation adds to the page of a case, and what its forms do."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import AppError
from app.core.i18n import lazy as _
from mediation import service
from mediation.forms import read_opening, read_session, read_terms
from mediation.labels import mediation_label
from mediation.queries import list_dossiers
from mediation.vocabulary import AgreementForm, StartedBy
from petitions.handling.step import waits
from petitions.models import Case
from petitions.office import Office, load_office
from petitions.queries import get_case
from petitions.states.machine import allowed, machine_of
from petitions.vocabulary import Verb
from petitions.web import Refused, case_page, demand_unchanged

bp = Blueprint("mediation", __name__, template_folder="templates", url_prefix="/cases/<number>/mediation")
bp.add_app_template_filter(mediation_label)


@bp.app_template_global()
def mediation_panel(case: Case, refused: Refused | None = None) -> Markup:
    """The mediations of a case and the forms that its state and the asker's reach allow."""
    me = actor()
    found = list_dossiers(db.session(), case)
    may = me.may(Permission.CASE_MEDIATE, case.holder_id)
    possible = allowed(machine_of(case.kind, case.rule_set), case.state) if may else []
    verbs = {verb for verb in possible if not waits(case, verb)}
    is_running = bool(found) and found[0].mediation.ended_at is None
    if not found and Verb.OPEN_MEDIATION not in verbs:
        return Markup("")
    page = render_template(
        "mediation/_panel.html",
        case=case,
        dossiers=found,
        may_read_names=me.covers(case.holder_id) and me.can(Permission.CASE_HANDLE),
        may_open=Verb.OPEN_MEDIATION in verbs and not is_running,
        may_go_on=bool(verbs) and is_running,
        starts=list(StartedBy),
        agreement_forms=list(AgreementForm),
        refused=refused,
    )
    return Markup(page)  # noqa: S704  # rendered with escaping just above


@bp.post("/open")
@requires(Permission.CASE_MEDIATE)
def start(number: str) -> Any:
    """Accept a mediation with both parties' consent."""

    def verb(case: Case, office: Office) -> None:
        mediator, started_by, sides = read_opening(request.form)
        session = db.session()
        service.open_mediation(
            session,
            case,
            office,
            mediator=mediator,
            started_by=started_by,
            sides=sides,
            actor=actor(),
            now=now(),
        )

    return _do(number, "opening", _("Open a mediation"), verb)


@bp.post("/session")
@requires(Permission.CASE_MEDIATE)
def hold(number: str) -> Any:
    """Write down one meeting."""

    def verb(case: Case, _office: Office) -> None:
        held_at, place, text = read_session(request.form)
        service.hold_session(
            db.session(), case, held_at=held_at, place=place, text=text, actor=actor(), now=now()
        )

    return _do(number, "session", _("Write down a session"), verb)


@bp.post("/agreement")
@requires(Permission.CASE_MEDIATE)
def conclude(number: str) -> Any:
    """Conclude the agreement, which settles the case."""

    def verb(case: Case, _office: Office) -> None:
        service.agree(db.session(), case, read_terms(request.form), actor=actor(), now=now())

    return _do(number, "agreement", _("Conclude the agreement"), verb)


@bp.post("/failure")
@requires(Permission.CASE_MEDIATE)
def end(number: str) -> Any:
    """End the mediation without agreement; the case goes on."""

    def verb(case: Case, _office: Office) -> None:
        service.fail(db.session(), case, reason=request.form.get("reason", ""), actor=actor(), now=now())

    return _do(number, "failure", _("End without agreement"), verb)


def _do(number: str, name: str, title: object, verb: Callable[[Case, Office], None]) -> Any:
    """One verb on the case as the person read it; what is wrong is said on the page of the case."""
    try:
        with transaction():
            case = get_case(db.session(), actor(), number, lock=True)
            demand_unchanged(case)
            verb(case, load_office(db.session(), [case.street_id]))
    except AppError as error:
        if error.status in (403, 404):
            raise
        return case_page(number, Refused(name, title, error)), error.status
    flash(_("Done: %(verb)s.", verb=title), "success")
    return redirect(url_for("petitions.show", number=number))

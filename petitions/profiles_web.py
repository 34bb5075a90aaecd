"""The layouts of files: those of the program and the street's own, handed out and taken in as files."""

import io
import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid, NotFound
from app.core.i18n import lazy as _
from petitions.importing.definition import read_definition
from petitions.importing.profile import Profile, build, definition_of, shipped
from petitions.importing.profiles import get_version, list_versions, retire_profile, save_profile
from petitions.importing.requests import list_streets
from petitions.importing.roles import ROLES
from petitions.words import profile_name

bp = Blueprint("profiles", __name__, template_folder="templates", url_prefix="/imports/layouts")

Answer = Response | str | tuple[str, int]


@bp.get("")
@requires(Permission.CASE_IMPORT)
def index() -> Answer:
    """Every layout with its columns."""
    return _list(None)


@bp.post("")
@requires(Permission.CASE_IMPORT)
def take() -> Answer:
    """Take in a layout that another street, or this one, has handed out."""
    session, me, form = db.session(), actor(), request.form
    try:
        file = request.files.get("file")
        if file is None or not file.filename:
            raise Invalid(_("Choose a file."), fields={"file": _("Choose a file.")})
        said = read_definition(file.read())
        name = form.get("name", "").strip() or str(said.get("name", ""))
        with transaction():
            profile = save_profile(
                session,
                street_id=form.get("street", 0, type=int),
                name=name,
                definition=said,
                actor=me,
                now=now(),
            )
    except Invalid as error:
        return _list(error), error.status
    flash(_("The layout %(name)s is kept.", name=profile.name), "success")
    return redirect(url_for("profiles.index"))


@bp.get("/<code>.json")
@requires(Permission.CASE_IMPORT)
def download(code: str) -> Answer:
    """A layout as a file: of the program by its name, of a street by its key."""
    if code.isdecimal() and len(code) < 18:
        version = get_version(db.session(), int(code), actor())
        name, said = version.name, version.definition
    elif code in shipped() and not shipped()[code].registered:
        name, said = str(profile_name(code)), dict(definition_of(shipped()[code]))
    else:
        raise NotFound(_("There is no such layout in your area."))
    text = json.dumps({"name": name, **said}, ensure_ascii=False, indent=2)
    stream = io.BytesIO(text.encode())
    return send_file(stream, mimetype="application/json", as_attachment=True, download_name=f"{name}.json")


@bp.post("/<int:key>/retire")
@requires(Permission.CASE_IMPORT)
def retire(key: int) -> Answer:
    """Offer a layout no longer."""
    session, me = db.session(), actor()
    with transaction():
        retire_profile(session, get_version(session, key, me), actor=me, now=now())
    flash(_("The layout is no longer offered. What was read by it keeps its name."), "success")
    return redirect(url_for("profiles.index"))


def _list(error: Invalid | None) -> str:
    session, me = db.session(), actor()
    own = [
        (version, _said(build(version.name, version.definition, version.id)))
        for version in list_versions(session, me)
    ]
    return render_template(
        "petitions/profiles.html",
        own=own,
        shipped=[(profile, _said(profile)) for profile in shipped().values()],
        streets=list_streets(session, me),
        error=error,
    )


def _said(profile: Profile) -> list[tuple[Any, str]]:
    """What each role is called and the headings that stand for it."""
    return [
        (label, " / ".join(profile.columns[role])) for role, label in ROLES.items() if role in profile.columns
    ]

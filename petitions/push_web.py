"""The door for upstreams that send by themselves: signed requests in, JSON out."""

from typing import Any

from flask import Blueprint, jsonify, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.auth.login import csrf, signed
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from app.core.pages import PAGE_SIZE, clamped, page_number
from petitions.importing.outcome import Verdict
from petitions.importing.profile import Profile, get_profile
from petitions.importing.profiles import load_profiles
from petitions.importing.requests import verdicts
from petitions.models import ImportRun, Upstream
from petitions.upstreams.orders import as_table
from petitions.upstreams.receiving import (
    Sent,
    Signed,
    TooMany,
    Unsigned,
    demand_signed,
    demand_slow,
    find_sender,
    get_pushed,
    note_refusal,
    receive,
)

LONGEST_NAME = 80

bp = Blueprint("push", __name__, url_prefix="/api/push/<code>")
csrf.exempt(bp)

Answer = Response | tuple[Response, int]


@bp.post("")
@signed
def deliver(code: str) -> Answer:
    """Take orders as JSON, or a file; 202 with the address of each import."""
    upstream = _sender(code)
    body = request.get_data()
    with transaction():
        name, runs = receive(db.session(), upstream, _sent(upstream, body), now())
    told = [{"id": key, "url": url_for("push.show", code=code, run_id=key)} for key in runs]
    return jsonify(delivery=name, runs=told), 202


@bp.get("/runs/<int:run_id>")
@signed
def show(code: str, run_id: int) -> Answer:
    """How far an import is, and the verdicts on a page of its rows."""
    upstream = _sender(code)
    run = get_pushed(db.session(), upstream, run_id)
    return jsonify(_told(run, page_number()))


def _sender(code: str) -> Upstream:
    """Who has signed this request; every refusal counts against the address that it came from."""
    session, moment, address = db.session(), now(), request.remote_addr or ""
    demand_slow(session, address, moment)
    headers, target = request.headers, request.environ.get("RAW_URI") or request.full_path.rstrip("?")
    signed = Signed(
        code,
        headers.get("X-Dingfen-Timestamp", ""),
        headers.get("X-Dingfen-Signature", ""),
        request.method,
        target,
    )
    try:
        upstream = find_sender(session, signed, moment)
        # Of somebody unknown not even the body is read.
        return demand_signed(upstream, signed, request.get_data() if upstream else b"", moment)
    except Unsigned:
        with transaction():
            note_refusal(session, address, moment)
        raise


def _sent(upstream: Upstream, body: bytes) -> Sent:
    name = request.headers.get("X-Dingfen-Delivery", "").strip()
    if len(name) > LONGEST_NAME:
        raise Invalid(_("The name of a delivery has at most %(most)s characters.", most=LONGEST_NAME))
    profile = request.args.get("profile") or None
    file_name, content = _file(upstream, body, profile)
    return Sent(name, body, file_name, content, profile, dry_run=request.args.get("dry_run") == "1")


def _file(upstream: Upstream, body: bytes, profile: str | None) -> tuple[str, bytes]:
    """The file by its name: orders as JSON become a table, a form has one file, else the body is it."""
    if request.mimetype == "application/json":
        stamp = request.headers.get("X-Dingfen-Timestamp", "")
        return f"{upstream.code}-{stamp}.csv", as_table(body, _profile(upstream, profile))
    if request.mimetype == "multipart/form-data":
        files = list(request.files.values())
        if len(files) != 1 or not files[0].filename:
            raise Invalid(_("Send exactly one file in the form."))
        return files[0].filename, files[0].read()
    name = request.args.get("name", "").strip()
    if not name:
        raise Invalid(_("Say what the file is called: ?name=orders.xlsx"))
    return name, body


def _profile(upstream: Upstream, named: str | None) -> Profile | None:
    asked = named or upstream.profile
    return get_profile(asked, load_profiles(db.session(), [upstream.street_id])) if asked else None


def _told(run: ImportRun, number: int) -> dict[str, Any]:
    session, query = db.session(), verdicts(run)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = clamped(number, total)
    rows = session.execute(query.offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE))
    return {
        "id": run.id,
        "file": run.file_name,
        "state": run.state.value,
        "finished": run.finished_at is not None,
        "error": run.error,
        "rows": run.rows,
        **{verdict.value: getattr(run, verdict) for verdict in Verdict},
        "page": number,
        "pages": max(1, -(-total // PAGE_SIZE)),
        "verdicts": [
            {"row": row.row, "verdict": row.verdict, "case": row.number, "reason": row.reason} for row in rows
        ],
    }


@bp.errorhandler(TooMany)
def _too_many(error: TooMany) -> Answer:
    answer = jsonify(code=error.code, message=error.message, fields={})
    answer.headers["Retry-After"] = "60"
    return answer, error.status

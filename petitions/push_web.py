"""The door for upstreams that send by themselves: signed requests in, JSON out."""

import hashlib
import io
from tempfile import TemporaryFile
from typing import IO

from flask import Blueprint, current_app, jsonify, request, url_for
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Response

from app.auth.login import csrf, signed
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import AppError, Invalid
from app.core.i18n import lazy as _
from app.core.pages import page_number
from app.core.plain_text import plain
from petitions.importing.profile import Profile
from petitions.models import Upstream
from petitions.upstreams.naming import default_name, demand_name
from petitions.upstreams.orders import as_table
from petitions.upstreams.receiving import Sent, get_pushed, receive
from petitions.upstreams.sender import Unsigned, demand_signed, find_sender, layout_for, signing_of
from petitions.upstreams.signing import Signed, Signing
from petitions.upstreams.telling import told_of
from petitions.upstreams.throttle import TooMany, note_refusal, too_many_refused

LONGEST_NAME = 80
PIECE = 1 << 20
MOST_JSON = 32 << 20
"""Bytes; orders as JSON are held in memory."""
MOST_BODY = 128 << 20
"""Bytes of any other body; a larger file goes into the watched folder."""

bp = Blueprint("push", __name__, url_prefix="/api/push/<code>")
csrf.exempt(bp)


class TooLarge(AppError):
    """More bytes than are taken at once."""

    status = 413
    code = "too_large"


Answer = Response | tuple[Response, int]


@bp.post("")
@signed
def deliver(code: str) -> Answer:
    """Take orders as JSON, or a file; 202 with the address of each import."""
    with TemporaryFile() as body:
        upstream, signed, sha256 = _sender(code, body)
        with transaction():
            sent = _sent(upstream, signed, body, sha256)
            with sent.content:
                name, runs = receive(db.session(), upstream, sent, now())
    told = [{"id": key, "url": url_for("push.show", code=code, run_id=key)} for key in runs]
    return jsonify(delivery=name, runs=told), 202


@bp.get("/runs/<int:run_id>")
@signed
def show(code: str, run_id: int) -> Answer:
    """How far an import is, and the verdicts on a page of its rows."""
    with TemporaryFile() as body:
        upstream, _signed, _sha256 = _sender(code, body)
    run = get_pushed(db.session(), upstream, run_id)
    return jsonify(told_of(db.session(), run, page_number()))


def _sender(code: str, body: IO[bytes]) -> tuple[Upstream, Signed, str]:
    """Who has signed this request, what is signed, and its checksum; the body is written to `body`.

    Every refusal counts against the address that it came from and the code.
    """
    session, moment, signed = db.session(), now(), _signed(code)
    try:
        upstream = find_sender(session, signed, moment)
        signing = signing_of(upstream, signed, moment)
        sha256 = _spool(body, signing, signed)
        return demand_signed(upstream, signing), signed, sha256
    except Unsigned:
        with transaction():
            is_too_many = note_refusal(session, request.remote_addr or "", code, moment)
        if is_too_many:
            raise too_many_refused() from None
        raise


def _signed(code: str) -> Signed:
    headers = request.headers
    return Signed(
        code,
        headers.get("X-Dingfen-Timestamp", ""),
        headers.get("X-Dingfen-Signature", ""),
        request.method,
        request.environ.get("RAW_URI") or request.full_path.rstrip("?"),
        headers.get("X-Dingfen-Delivery", ""),
        headers.get("Content-Type", ""),
    )


def _spool(body: IO[bytes], signing: Signing, signed: Signed) -> str:
    """Write the body to a file and sign it piece by piece; raises TooLarge before it is all read.

    Answers the checksum of address, type and body.
    """
    most = min(MOST_JSON if _is_json() else MOST_BODY, current_app.config["MAX_CONTENT_LENGTH"])
    digest = hashlib.sha256(f"{signed.target}\n{signed.kind}\n".encode("utf-8", "surrogateescape"))
    size = request.content_length or 0
    if size <= most:
        size = 0
        while size <= most and (piece := request.stream.read(PIECE)):
            size += len(piece)
            for take in (body.write, digest.update, signing.feed):
                take(piece)
    if size > most:
        raise TooLarge(_("Larger than the %(limit)s MiB that are taken at once.", limit=most >> 20))
    body.seek(0)
    return digest.hexdigest()


def _is_json() -> bool:
    return request.mimetype == "application/json"


def _sent(upstream: Upstream, signed: Signed, body: IO[bytes], sha256: str) -> Sent:
    name = signed.delivery.strip()
    if len(name) > LONGEST_NAME:
        raise Invalid(_("The name of a delivery has at most %(most)s characters.", most=LONGEST_NAME))
    layout = layout_for(db.session(), upstream, request.args.get("profile") or None)
    file_name, content = _file(upstream, signed, body, layout)
    dry_run = request.args.get("dry_run") == "1"
    return Sent(name, sha256, signed.signature, file_name, content, layout.code if layout else None, dry_run)


def _file(
    upstream: Upstream, signed: Signed, body: IO[bytes], layout: Profile | None
) -> tuple[str, IO[bytes]]:
    """The file by its name: orders as JSON become a table, a form has one file, else the body is it."""
    named = request.args.get("name", "").strip()
    if _is_json():
        said, table = as_table(body.read(), layout)
        name = said or named or default_name(upstream.name, int(signed.timestamp))
        return demand_name(name), io.BytesIO(table)
    if request.mimetype == "multipart/form-data":
        name, file = _form_file(body)
        try:
            return demand_name(named or name), file
        except Invalid:
            file.close()
            raise
    if not named:
        raise Invalid(_("Say what the file is called: ?name=orders.xlsx"))
    return demand_name(named), body


def _form_file(body: IO[bytes]) -> tuple[str, IO[bytes]]:
    # The body was read to be signed, so the form is parsed from what was kept of it.
    parsed = FormDataParser(max_form_parts=20, silent=True).parse(
        body, request.mimetype, request.content_length, request.mimetype_params
    )
    files = [file for _name, file in parsed[2].items(multi=True)]
    if len(files) != 1 or not files[0].filename:
        for file in files:
            file.close()
        raise Invalid(_("Send exactly one file in the form."))
    return plain(files[0].filename), files[0].stream


@bp.errorhandler(TooMany)
def _too_many(error: TooMany) -> Answer:
    answer = jsonify(code=error.code, message=error.message, fields={})
    answer.headers["Retry-After"] = "60"
    return answer, error.status

"""A real receiver of webhooks as a process of its own: `python -m tests.receivers.http_receiver DIRECTORY`.

It writes its port to `port`, every request to `taken.jsonl`, and answers as `behaviour.json` says at that
moment: `status`, `answer` (the body), `location`; with `secret` it answers 403 to what is not signed
with it, in our own way or in DingTalk's; `hang` takes the request and keeps silent, `drip` sends
its answer a byte at a time, `die` takes the request and ends the process, `cut` breaks off in mid-answer.
"""

import argparse
import base64
import hmac
import json
import os
import ssl
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

HANG_SECONDS = 60


class Handler(BaseHTTPRequestHandler):
    """Takes what is posted and answers as it is told."""

    protocol_version = "HTTP/1.1"
    directory = Path()

    def do_POST(self) -> None:  # the library's name
        body = self.rfile.read(int(self.headers["Content-Length"]))
        told = self._told()
        self._keep(body)
        if told.get("die"):
            os._exit(1)
        if told.get("hang"):
            time.sleep(HANG_SECONDS)
        if "secret" in told and not self._is_signed(told["secret"].encode(), body):
            told = {"status": 403, "answer": "wrong signature"}
        answer = str(told.get("answer", '{"errcode":0,"errmsg":"ok"}')).encode()
        self.send_response(told.get("status", 200))
        self.send_header("Content-Length", str(len(answer)))
        if "location" in told:
            self.send_header("Location", told["location"])
        self.end_headers()
        self._answer(answer, told)

    def do_GET(self) -> None:  # likewise
        """Where a redirect would lead."""
        self._keep(b"")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the library's name
        """Say nothing."""

    def _answer(self, answer: bytes, told: dict[str, Any]) -> None:
        if told.get("cut"):
            self.wfile.write(answer[:3])
            self.close_connection = True
            return
        for byte in answer if told.get("drip") else ():
            self.wfile.write(bytes([byte]))
            time.sleep(0.3)
        if not told.get("drip"):
            self.wfile.write(answer)

    def _is_signed(self, secret: bytes, body: bytes) -> bool:
        if "X-Dingfen-Signature" in self.headers:
            said = self.headers["X-Dingfen-Timestamp"].encode() + b"." + body
            expected = "sha256=" + hmac.new(secret, said, "sha256").hexdigest()
            return hmac.compare_digest(expected, self.headers["X-Dingfen-Signature"])
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        said = asked.get("timestamp", "").encode() + b"\n" + secret
        expected = base64.b64encode(hmac.new(secret, said, "sha256").digest()).decode()
        return hmac.compare_digest(expected, asked.get("sign", ""))

    def _told(self) -> dict[str, Any]:
        path = self.directory / "behaviour.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def _keep(self, body: bytes) -> None:
        kept = {
            "method": self.command,
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": body.decode(),
        }
        with (self.directory / "taken.jsonl").open("a") as file:
            file.write(json.dumps(kept, ensure_ascii=False) + "\n")


def serve(directory: Path, port: int, certificate: Path | None) -> None:
    """Serve until the process is ended."""
    Handler.directory = directory
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    draft = directory / "port.new"
    draft.write_text(str(server.server_address[1]))
    draft.rename(directory / "port")
    server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--certificate", type=Path)
    given = parser.parse_args()
    serve(given.directory, given.port, given.certificate)

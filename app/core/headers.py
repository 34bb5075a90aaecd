"""Headers of every answer: nothing loads from elsewhere, no page is framed, no script stands in a page."""

import re

from flask import Flask, Response, request

_TEMPLATE = re.compile(r"(https?://)([^/]+)/")


def init_app(app: Flask) -> None:
    """Send them with every answer."""
    policy = _policy(app.config.get("TILES_URL", ""))

    @app.after_request
    def _with_policy(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        return _set(response)


def _policy(tiles: str) -> str:
    """What a page may load; the host of `tiles`, a background for maps, may be asked for pictures."""
    found = _TEMPLATE.match(tiles)
    host = f" {found[1]}{found[2].replace('{s}', '*')}" if found else ""
    # Leaflet and ECharts place things by style attributes; scripts and style sheets come from files only.
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "style-src-attr 'unsafe-inline'",
            f"img-src 'self' data:{host}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _set(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    # Pages show what only this person may see, so no shared or disk cache may keep them.
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response

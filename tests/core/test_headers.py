"""What a page may load: nothing from elsewhere, but the tiles of a background where one is set."""

import pytest
from flask import Flask

from app.core import headers


@pytest.mark.parametrize(
    ("tiles", "images"),
    [
        ("", "img-src 'self' data:;"),
        ("https://tiles.test/{z}/{x}/{y}.png?key=1", "img-src 'self' data: https://tiles.test;"),
        ("https://{s}.tiles.test/{z}/{x}/{y}.png", "img-src 'self' data: https://*.tiles.test;"),
        ("javascript:alert(1)//", "img-src 'self' data:;"),
    ],
)
def test_images_come_from_here_and_from_the_tiles_that_are_set(tiles: str, images: str) -> None:
    app = Flask("plain")
    app.config["TILES_URL"] = tiles
    headers.init_app(app)
    policy = app.test_client().get("/nowhere").headers["Content-Security-Policy"]
    assert images in policy
    assert "script-src 'self';" in policy

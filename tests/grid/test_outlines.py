"""What the map draws is what the locator answers by."""

from flask import Flask
from sqlalchemy.orm import Session

from app.auth.actor import OPERATOR
from grid.outlines import outline_of, outlines
from grid.vocabulary import Tier
from tests.factories.street import TinyStreet, make_street


def test_of_two_revisions_of_one_moment_the_later_one_is_drawn(
    app: Flask, session: Session, crooked: TinyStreet
) -> None:
    other = make_street(session, "440798001", "乙街道")
    with app.test_request_context():
        drawn = outlines(session, OPERATOR, Tier.GRID)["features"]
        assert [feature["properties"]["code"] for feature in drawn] == [
            *(unit.code for unit in (other.a1, other.a2, other.b1)),
            *(unit.code for unit in (crooked.a1, crooked.a2, crooked.b1)),
        ]
        ((ring,),) = outline_of(session, OPERATOR, crooked.b1.code)["features"][0]["geometry"]["coordinates"]
        assert len(ring) == 5

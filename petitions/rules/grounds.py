"""Why two matters that look alike are not the same: the reasons that come up again and again."""

from enum import StrEnum


class Ground(StrEnum):
    """A ready reason to choose from, beside words of one's own."""

    OTHER_PLACE = "other_place"
    OTHER_MATTER = "other_matter"
    OTHER_PERSON = "other_person"
    OTHER_TIME = "other_time"

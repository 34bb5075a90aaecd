"""How the first rows of a file would be read by a profile, before it is kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from petitions.importing.header import recognise
from petitions.importing.profile import Profile
from petitions.importing.reading import ReadRow, RowReader
from petitions.importing.table import Table

READ = 2_000
SHOWN = 3
MOST_REASONS = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """Some rows as they are read, how many can be and cannot be, and the commonest reasons why not."""

    rows: tuple[ReadRow, ...]
    readable: int
    refused: int
    reasons: Mapping[str, int]


def preview(table: Table, file_name: str, profile: Profile, now: datetime) -> Preview:
    """The first rows of the table; raises Invalid where the profile does not fit its headings."""
    reader = RowReader(recognise([table], file_name, profile.code, {profile.code: profile}))
    rows = [reader.read(number, cells, now) for number, cells in islice(reader.rows(), READ)]
    refused = [row for row in rows if row.refused]
    reasons = Counter(row.refused for row in refused if row.refused)
    readable = [row for row in rows if not row.refused]
    return Preview((*readable[:SHOWN],), len(readable), len(refused), dict(reasons.most_common(MOST_REASONS)))

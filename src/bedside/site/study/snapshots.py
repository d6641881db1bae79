"""What a person remembers as bytes of a row, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import numpy as np
import zstandard

from bedside.errors import StoreError
from bedside.site.study.models import StudySnapshot
from bedside.study import Memory, Subject

_ROW = np.dtype(
    [("stability_days", "<f8"), ("difficulty", "<f8"), ("last_on", "<i4"), ("n_reviews", "<i4"), ("n_lapses", "<i4")]
)
MAX_BYTES = 256 * 1024 * 1024  # unpacked; 100,000 subjects take about 8 MB


@dataclass(frozen=True, slots=True)
class Remembering:
    """What is remembered after some entries of a log, and by which zone and parameters.

    The entries are the first `n_reviews` and `n_withdrawals`; all that came later was kept after `kept_up_to`, or withdrawn
    after `withdrawn_up_to`. Where the numbers say otherwise, this is of no use.
    """

    n_reviews: int
    n_withdrawals: int
    kept_up_to: datetime | None
    withdrawn_up_to: datetime | None
    zone: str
    parameters: tuple[float, ...]
    memories: Mapping[Subject, Memory]


def kept_snapshot(user_id: UUID) -> Remembering | None:
    """What was remembered when the snapshot of a person was made; None: there is none."""
    row = StudySnapshot.objects.filter(pk=user_id).first()
    if row is None:
        return None
    return Remembering(
        n_reviews=row.n_reviews,
        n_withdrawals=row.n_withdrawals,
        kept_up_to=row.kept_up_to,
        withdrawn_up_to=row.withdrawn_up_to,
        zone=row.zone,
        parameters=tuple(row.parameters),
        memories=unpacked(bytes(row.memories)),
    )


def write_snapshot(user_id: UUID, now: Remembering) -> None:
    """Put it in the place of the older one. Call it inside a transaction."""
    told = {
        "zone": now.zone,
        "parameters": list(now.parameters),
        "n_reviews": now.n_reviews,
        "n_withdrawals": now.n_withdrawals,
        "kept_up_to": now.kept_up_to,
        "withdrawn_up_to": now.withdrawn_up_to,
        "memories": packed(now.memories),
    }
    StudySnapshot.objects.update_or_create(user_id=user_id, defaults=told)


def packed(memories: Mapping[Subject, Memory]) -> bytes:
    """Memories as bytes: the names of the subjects by line, a zero, and the columns row by row; compressed."""
    rows = sorted(memories.items())
    columns = np.array(
        [(one.stability_days, one.difficulty, one.last_on.toordinal(), one.n_reviews, one.n_lapses) for _, one in rows],
        dtype=_ROW,
    )
    names = "\n".join(subject for subject, _ in rows).encode()
    return zstandard.compress(names + b"\0" + columns.tobytes())


def unpacked(text: bytes) -> dict[Subject, Memory]:
    """The memories that `packed` wrote.

    Raises:
        StoreError: it did not write these bytes.
    """
    try:
        names, zero, columns = zstandard.decompress(text, max_output_size=MAX_BYTES).partition(b"\0")
        subjects = names.decode().split("\n") if names else []
        rows = np.frombuffer(columns, dtype=_ROW).tolist()
    except (zstandard.ZstdError, ValueError) as error:
        raise StoreError(f"a snapshot of the study log can't be read: {error}") from error
    if not zero or len(rows) != len(subjects):
        raise StoreError("a snapshot of the study log can't be read: it is cut off")
    return {
        Subject(subject): Memory(stability, difficulty, date.fromordinal(last), n_reviews, n_lapses)
        for subject, (stability, difficulty, last, n_reviews, n_lapses) in zip(subjects, rows, strict=True)
    }

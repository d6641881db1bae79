"""What a sitting needs of patient cases. They lie in a package above this one, which plugs itself in when the site starts.

A form holds a case by its digests (`FormCase`), and the log holds its commands; everything else about it is asked here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bedside.delivery import Form, Sitting

if TYPE_CHECKING:
    from bedside.site.accounts.models import User
    from bedside.site.exam.day_cases import DayCases
    from bedside.site.exam.models import Sitting as SittingRow


@dataclass(frozen=True, slots=True)
class DrawnCase:
    """A case of a form: its text as it will be kept, and its real minutes without those for final orders."""

    id: str
    text: str
    digest: str  # of the text
    catalogue: str
    semantics: str
    seed: int
    minutes: int


@dataclass(frozen=True, slots=True)
class KeptText:
    """The text of a case as it is kept."""

    hash: str
    text: str
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class PlayedCase:
    """A case of a sitting that was begun, as its report has it. `percent` is None where it can't be scored any more."""

    run: str
    block: int
    case: str
    title: str
    minutes: int | None
    text: str
    percent: float | None
    band: str
    band_text: str
    end_reason: str
    ended_text: str


class Cases(Protocol):
    """The patient cases, as the sitting knows them."""

    def are_there(self) -> bool:
        """Is there a folder with cases at all?"""

    def make_ready(self) -> None:
        """Read what the proofs of cases rest on, which is slow the first time; from then on their number is exact."""

    def n_drawable(self, *, unmet_by: User | None = None) -> int:
        """From how many a form can be drawn: those whose proof stands, one of each diagnosis; of a person, those not met."""

    def draw(self, wanted: DayCases, *, user: User, seed: int) -> Sequence[DrawnCase]:
        """Cases for these lengths, those that the user has not met first."""

    def keep_texts(self, texts: Iterable[str], *, at: datetime) -> None:
        """Keep these texts, those that are not kept yet."""

    def texts(self, hashes: Collection[str]) -> Sequence[KeptText]:
        """The kept texts of these digests, in the order of the digests."""

    def score(self, row: SittingRow) -> Sequence[PlayedCase]:
        """The cases that were begun, in the order of the form, once their scores are written down."""

    def played(self, row: SittingRow) -> Mapping[int, PlayedCase]:
        """The cases that were begun, by their block, as they were last written down."""

    def problems(self, row: SittingRow, form: Form, state: Sitting) -> list[str]:
        """Where a kept text or a score is not what the form and the log say."""


class _NoCases:
    """A site without patient cases."""

    def are_there(self) -> bool:
        return False

    def make_ready(self) -> None:
        """There is nothing to read."""

    def n_drawable(self, *, unmet_by: User | None = None) -> int:
        return 0

    def draw(self, wanted: DayCases, *, user: User, seed: int) -> Sequence[DrawnCase]:
        return ()

    def keep_texts(self, texts: Iterable[str], *, at: datetime) -> None:
        """None are kept."""

    def texts(self, hashes: Collection[str]) -> Sequence[KeptText]:
        return ()

    def score(self, row: SittingRow) -> Sequence[PlayedCase]:
        return ()

    def played(self, row: SittingRow) -> Mapping[int, PlayedCase]:
        return {}

    def problems(self, row: SittingRow, form: Form, state: Sitting) -> list[str]:
        return []


_plugged: list[Cases] = [_NoCases()]


def plug_in(cases: Cases) -> None:
    """Say what stands for the cases from now on; once, when the site starts."""
    _plugged[:] = [cases]


def cases() -> Cases:
    """The patient cases of this site."""
    return _plugged[0]

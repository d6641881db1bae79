"""Invented journeys for tests, and their files, signed by a key that is given or made."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bedside.delivery import canonical, signed_bytes
from bedside.journeys import (
    WITHDRAWAL_FORMAT,
    Chance,
    Journey,
    JourneyWeek,
    Note,
    Result,
    Start,
    journey_as_dict,
)
from bedside.site.journeys.models import LibraryJourney
from tests.support.sittings import T0

NOBODYS_KEY, NO_SIGNATURE = "0" * 64, "0" * 128
FIFTY = Start("50 and over", "PK", "over 20", "20 to 40", "ur", 450)


def week(number: int, *, hours: float = 10, days: int = 5, p: int | None = None) -> JourneyWeek:
    """A week with so many hours, half of them reviews; with a chance to pass (per mille) where one was told."""
    minutes = round(hours * 60)
    chance = Chance(p, max(0, p - 150), min(1000, p + 150)) if p is not None else None
    parts = {"review": minutes // 2, "new": minutes - minutes // 2}
    return JourneyWeek(number, parts, days, 60, 36, {"renal": 20, "blood": 40}, chance)  # type: ignore[arg-type]


def weeks(n: int, *, hours: float = 10, ready_in: int | None = None) -> tuple[JourneyWeek, ...]:
    """So many weeks, each with these hours; the chance is 82% from the week `ready_in` on, and 60% before."""
    return tuple(
        week(number, hours=hours, p=None if ready_in is None else 820 if number >= ready_in else 600) for number in range(n)
    )


def journey(**changes: Any) -> Journey:
    """A journey of twelve weeks that led to a pass: somebody over fifty who works. Its signature fits nothing."""
    made = Journey(
        format="bedside-journey/1",
        id=uuid4(),
        revision=1,
        is_example=False,
        programme="exam",
        step="first",
        n_weeks=12,
        start=FIFTY,
        weeks=weeks(12, ready_in=9),
        results=(Result(11, "exam", "first", "pass"),),
        notes=(Note(3, "The mornings before work were mine."),),
        public_key=NOBODYS_KEY,
        signature=NO_SIGNATURE,
    )
    return replace(made, **changes)


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public half of a key, as it stands in a file."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def packed(one: Journey, key: Ed25519PrivateKey | None = None) -> bytes:
    """The file of a journey, signed."""
    return _signed(journey_as_dict(one), key)


def packed_withdrawal(journey_id: UUID, key: Ed25519PrivateKey) -> bytes:
    """The file that withdraws a journey, signed."""
    return _signed({"format": WITHDRAWAL_FORMAT, "id": str(journey_id)}, key)


def put_in_library(*journeys: Journey) -> list[UUID]:
    """The journeys in the library, as if they had been imported; their ids."""
    LibraryJourney.objects.bulk_create(
        LibraryJourney(id=one.id, public_key=one.public_key, revision=one.revision, story=journey_as_dict(one), imported_at=T0)
        for one in journeys
    )
    return [one.id for one in journeys]


def _signed(told: dict[str, Any], key: Ed25519PrivateKey | None) -> bytes:
    key = key or Ed25519PrivateKey.generate()
    told = {**told, "public_key": public_hex(key), "signature": NO_SIGNATURE}
    told["signature"] = key.sign(signed_bytes(told)).hex()
    return canonical(told) + b"\n"

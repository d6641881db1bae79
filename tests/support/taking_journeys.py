"""Two people's keys, and taking what they signed."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bedside.journeys import Journey
from bedside.site.journeys.taking import Taken, take
from tests.support.journeys import packed, packed_withdrawal, public_hex
from tests.support.sittings import T0

THEIRS, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()


def taken(one: Journey, key: Ed25519PrivateKey = THEIRS, *, named: bool = True) -> Taken:
    return take(packed(one, key), file="a.json", actor=None, at=T0, from_keys=[public_hex(key)] if named else [])


def withdrawn(journey_id: Any, key: Ed25519PrivateKey = THEIRS) -> Taken:
    return take(packed_withdrawal(journey_id, key), file="w.json", actor=None, at=T0)

"""Writing one's journey to a file, and withdrawing it. Nothing leaves by itself: both give a file to hand on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bedside.delivery import canonical, signed_bytes
from bedside.errors import ConflictError, NotFoundError
from bedside.journeys import WITHDRAWAL_FORMAT, Choices, Journey, journey_as_dict, read_journey, shared
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.journeys.emptying import empty
from bedside.site.journeys.models import JourneyShare, LibraryJourney
from bedside.site.journeys.telling import journey_of
from bedside.site.keys import derived_salt, journey_key, journey_key_hex

NO_SIGNATURE = "0" * 128


def preview(user: User, content: Content, choices: Choices, *, at: datetime) -> Journey:
    """The journey exactly as it would be written, but for its signature.

    Raises:
        ConflictError: there is nothing to tell yet.
    """
    whole = journey_of(user, content, at=at)
    row = _standing(user, whole)
    return replace(shared(whole, choices), id=row.pk, revision=row.revision + 1, public_key=journey_key_hex(settings.DATA))


def share(user: User, content: Content, choices: Choices, *, at: datetime) -> tuple[Journey, bytes]:
    """The journey, and the bytes of its file. The same journey is written again under its id with the next revision.

    Raises:
        ConflictError: there is nothing to tell yet.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two at once would write one revision twice
        told = preview(user, content, choices, at=at)
        row = JourneyShare.objects.filter(pk=told.id).first()
        if row is None:
            row = JourneyShare(id=told.id, user=user, programme=told.programme, step=told.step, revision=0)
        row.revision, row.shared_at, row.public_key = told.revision, at, told.public_key
        row.save()
        packed = _signed(journey_as_dict(told))
    journey, _message = read_journey(packed, file="the journey")  # what is written can be read
    assert isinstance(journey, Journey)
    return journey, packed


def withdraw(user: User, journey_id: UUID, *, at: datetime) -> bytes:
    """The file that withdraws a journey wherever it is imported; the journey goes from the library of this server at once.

    It may be asked for again, so that a lost file is written anew.

    Raises:
        NotFoundError: this person shared no such journey from here.
        ConflictError: it was signed by a key that this server has no longer, so that nobody would believe the withdrawal.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        row = JourneyShare.objects.filter(pk=journey_id, user=user).first()
        if row is None:
            raise NotFoundError(f"no journey {journey_id} was shared by this person from here")
        if not is_of_present_key(row):
            raise ConflictError(
                f"journey {journey_id} was signed by the key {row.public_key}, which is not this server's any longer, so that "
                "nobody would believe the withdrawal; put keys/signing_key.pem of that time back into the data folder, or ask "
                "those who have the journey to take it out (bedside journey remove)"
            )
        if row.withdrawn_at is None:
            row.withdrawn_at = at
            row.save(update_fields=["withdrawn_at"])
        here = LibraryJourney.objects.filter(
            pk=journey_id, public_key=journey_key_hex(settings.DATA), withdrawn_at=None
        ).first()
        if here is not None:
            empty(here, actor=user, at=at)
    told = {"format": WITHDRAWAL_FORMAT, "id": str(journey_id), "public_key": journey_key_hex(settings.DATA)}
    return _signed(told)


def is_of_present_key(row: JourneyShare) -> bool:
    """Was it signed by the key that this server has now, by which alone it can be written anew and withdrawn?"""
    return row.public_key in ("", journey_key_hex(settings.DATA))


def shares_of(user: User) -> list[JourneyShare]:
    """What this person shared from here, the latest first."""
    return list(JourneyShare.objects.filter(user=user).order_by("-shared_at"))


def _standing(user: User, journey: Journey) -> JourneyShare:
    """The share of the same step that stands, or the beginning of a new one, whose id is the same until it is written.

    One that an earlier key of this server signed does not stand: nobody would take its next revision from the new key.
    """
    rows = list(JourneyShare.objects.filter(user=user, programme=journey.programme, step=journey.step))
    found = next((row for row in rows if row.withdrawn_at is None and is_of_present_key(row)), None)
    if found is not None:
        return found
    name = f"journey {user.pk} {journey.programme} {journey.step} {len(rows)}"
    new = UUID(hex=derived_salt(settings.DATA, name)[:32], version=4)
    return JourneyShare(id=new, user=user, programme=journey.programme, step=journey.step, revision=0)


def _signed(told: dict[str, Any]) -> bytes:
    told = {**told, "signature": NO_SIGNATURE}
    told["signature"] = journey_key(settings.DATA).sign(signed_bytes(told)).hex()
    return canonical(told) + b"\n"

"""Rows of sittings.

`sitting_events` is the truth, with `ledger_rows` beside it. `snapshots`, `responses`, `sitting_items.is_flagged`, the outcome
of each event and the state of each sitting are projections: `actions.rebuild` makes them again from the events.

A foreign key has no index of its own (`db_index=False`) where a unique constraint or an index begins with the same column: it
finds the same rows, and each index that a saved answer need not touch is a page less to write for it.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from bedside.delivery import GENESIS, Form, form_from_dict
from bedside.site.accounts.models import User
from bedside.site.append_only import AppendOnly
from bedside.site.library.models import ItemVersion


class Sitting(models.Model):
    """One candidate taking one form.

    `state`, `block`, `deadline`, `ended_at`, `n_answered`, `break_ms`, `break_ends_at` and `is_disclosed` are what the fold
    said when it last ran; time that passes without an event does not change them, `queries.standing` does.
    """

    STATES: ClassVar = ["created", "between_blocks", "on_break", "in_block", "paused", "suspended", "finished", "voided"]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sittings")
    programme = models.CharField(max_length=100)
    step = models.CharField(max_length=100)
    day = models.PositiveSmallIntegerField(default=1)  # of the step
    kind = models.CharField(max_length=20)  # which form: "full", "half" or "block"
    clock = models.CharField(max_length=20, default="real")  # or "compressed"
    is_proctored = models.BooleanField(default=False)
    marking: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)  # by kind of item
    mode = models.CharField(max_length=20)
    form: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    salt = models.CharField(max_length=64, default="")  # 32 bytes in the form's digest; "" in sittings of before there were any
    filter: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    seed = models.BigIntegerField()  # the choice of items is a function of it, the pool and the filter
    n_asked = models.PositiveSmallIntegerField()
    n_items = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=20, default="created")
    block = models.PositiveSmallIntegerField(null=True)
    deadline = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    n_answered = models.PositiveSmallIntegerField(default=0)
    break_ms = models.BigIntegerField(null=True)  # what the break bank holds; null: breaks cost nothing
    break_ends_at = models.DateTimeField(null=True)  # when it is used up, while a break takes from it
    n_arrivals = models.PositiveIntegerField(default=0)
    is_disclosed = models.BooleanField(default=False)  # the report was given out, and with it every key
    last_seen_at = models.DateTimeField(null=True)  # when its player last called; written at most each few seconds
    clock_at = models.DateTimeField()  # the latest time used here; a computer clock set back does not take it back

    class Meta:
        db_table = "sittings"
        indexes: ClassVar = [
            models.Index(fields=["user", "-created_at"], name="sittings_user_created"),
            models.Index(fields=["-created_at"], condition=Q(is_proctored=True), name="sittings_proctored"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(mode__in=["tutor", "timed", "exam"]), name="sittings_mode_known"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["created", "between_blocks", "on_break", "in_block", "paused", "suspended", "finished", "voided"]
                ),
                name="sittings_state_known",
            ),
            models.CheckConstraint(condition=Q(clock__in=["real", "compressed"]), name="sittings_clock_known"),
            models.CheckConstraint(condition=Q(n_items__gte=1), name="sittings_has_items"),
        ]

    def __str__(self) -> str:
        return f"sitting {self.id}"

    def delivery_form(self) -> Form:
        """The form as the core reads it."""
        return form_from_dict(self.form)


class SittingItem(models.Model):
    """One item of a sitting's form, and which text of it was delivered. `is_flagged` is a projection."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="items", db_index=False)
    position = models.PositiveSmallIntegerField()  # in the form, from 1
    block = models.PositiveSmallIntegerField()  # from 1
    item = models.CharField(max_length=200)
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)  # as `Key.as_text` writes it: "BD", or "=7.35±0.02"
    is_flagged = models.BooleanField(default=False)

    class Meta:
        db_table = "sitting_items"
        indexes: ClassVar = [models.Index(fields=["item"], name="sitting_items_item")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "position"], name="sitting_items_one_a_position"),
            models.UniqueConstraint(fields=["sitting", "item"], name="sitting_items_an_item_once"),
        ]

    def __str__(self) -> str:
        return f"item {self.position} of sitting {self.sitting_id}"


class Writer(models.Model):
    """Who may add events to a sitting: a player, this server, or a proctor. A newer player supersedes the older one.

    A foreign writer came with a merge: another server issued it, and only a further merge adds to it here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="writers")
    kind = models.CharField(max_length=10)  # "player", "server" or "proctor"
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # the proctor
    is_foreign = models.BooleanField(default=False)
    issued_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    last_seq = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()  # the effective time of its last event, before which none of it can lie
    n_syncs = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "writers"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["player", "server", "proctor"]), name="writers_kind_known"),
            models.UniqueConstraint(
                fields=["sitting"], condition=Q(kind="player", superseded_at__isnull=True), name="writers_one_player_a_sitting"
            ),
            models.UniqueConstraint(
                fields=["sitting"], condition=Q(kind="server", is_foreign=False), name="writers_one_server_a_sitting"
            ),
            models.UniqueConstraint(
                fields=["sitting", "user"], condition=Q(kind="proctor", is_foreign=False), name="writers_one_a_proctor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Sync(models.Model):
    """A synchronisation of a player: the server's time from which it counts, once it has seen the acknowledgement.

    Kept one by one, since an acknowledgement can be lost: the player then still counts from the one before.
    """

    writer = models.ForeignKey(Writer, on_delete=models.PROTECT, related_name="syncs", db_index=False)
    number = models.PositiveIntegerField()  # 0 is the issue of the writer
    acknowledged = models.PositiveIntegerField()  # the sequence number it acknowledged
    at = models.DateTimeField()

    class Meta:
        db_table = "syncs"
        constraints: ClassVar = [models.UniqueConstraint(fields=["writer", "number"], name="syncs_numbered")]

    def __str__(self) -> str:
        return f"sync {self.number} of writer {self.writer_id}"


class SittingEvent(models.Model):
    """One event, kept for ever with both clocks. Only `outcome` and `reason`, what the fold made of it, can change."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="events", db_index=False)
    # looked up within its sitting only, for which the identity below has an index
    writer = models.ForeignKey(Writer, on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    arrival = models.PositiveIntegerField()  # the how-manieth event of the sitting to arrive here, from 1
    type = models.CharField(max_length=30)
    body: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    elapsed_ms = models.PositiveBigIntegerField()
    received_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    after_disclosure = models.BooleanField(default=False)  # the key of its item had been given out when it arrived
    after_takeover = models.BooleanField(default=False)  # its writer had been superseded when it arrived
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=30, default="")

    class Meta:
        db_table = "sitting_events"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "writer", "seq"], name="sitting_events_identity"),
            models.UniqueConstraint(fields=["sitting", "arrival"], name="sitting_events_arrival"),
            models.CheckConstraint(condition=Q(seq__gte=1), name="sitting_events_seq_from_1"),
            models.CheckConstraint(
                condition=Q(outcome="accepted", reason="") | (Q(outcome="refused") & ~Q(reason="")),
                name="sitting_events_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(effective_at__lte=models.F("received_at")), name="sitting_events_not_before_their_time"
            ),
        ]

    def __str__(self) -> str:
        return f"event {self.seq} of writer {self.writer_id}"


class Server(models.Model):
    """This server and the head of its ledger; one row. Locking it puts the arrivals in order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    only = models.BooleanField(default=True, unique=True)
    position = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        db_table = "servers"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(only=True), name="servers_one_row")]

    def __str__(self) -> str:
        return f"server {self.id}"


class LedgerRow(AppendOnly):
    """One row of this server's append-only chain: an event that arrived, or a changed key.

    `digest` is the SHA-256 of the event or the change as it was kept. A changed key is of no one sitting; its row names the
    change as its writer, and 1 as the number.
    """

    position = models.PositiveBigIntegerField(primary_key=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)  # found by its position; an index of random values would cost a page each
    sitting = models.ForeignKey(Sitting, null=True, on_delete=models.PROTECT, related_name="ledger", db_index=False)
    writer_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "ledger_rows"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "writer_id", "seq"], name="ledger_rows_an_arrival_once"),
        ]

    def __str__(self) -> str:
        return f"ledger row {self.position}"


class Snapshot(models.Model):
    """A sitting's fold after its first `arrival` events to arrive; replay would equal it."""

    sitting = models.OneToOneField(Sitting, primary_key=True, on_delete=models.CASCADE, related_name="snapshot")
    arrival = models.PositiveIntegerField()
    folded: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()

    class Meta:
        db_table = "snapshots"

    def __str__(self) -> str:
        return f"snapshot of sitting {self.sitting_id} at {self.arrival}"


class Response(models.Model):
    """One item answered in one sitting: a projection of its events, for practice and exam alike."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="responses", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="responses", db_index=False)
    item = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    block = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    options = models.CharField(max_length=26)  # letters in the order shown, run together
    choice = models.CharField(max_length=26)
    value = models.CharField(max_length=40, default="")  # of a numeric item, as it was typed
    correct = models.BooleanField()
    ms = models.PositiveIntegerField()
    changes = models.PositiveIntegerField()
    confidence = models.CharField(max_length=10, default="")
    mode = models.CharField(max_length=20)
    answered_at = models.DateTimeField()

    class Meta:
        db_table = "responses"
        indexes: ClassVar = [models.Index(fields=["user", "item"], name="responses_user_item")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "item"], name="responses_one_an_item"),
            models.CheckConstraint(condition=~Q(choice="", value=""), name="responses_have_a_choice"),
        ]

    def __str__(self) -> str:
        return f"response to {self.item} in sitting {self.sitting_id}"


class KeyChange(AppendOnly):
    """A key that was found wrong after it had been delivered: what it counts as from now on, by whom and why.

    Each has its row in the ledger, so that a change of it shows as a changed event does: it is bound into the one chain whose
    heads go out signed with every acknowledgement and every receipt. A chain of their own, or a digest beside each score,
    would be held by nobody but this database; and a change counts for sittings that have no score yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    before = models.CharField(max_length=200)
    after = models.CharField(max_length=200)  # as `Key.as_text` writes it, or "" where the item no longer counts
    why = models.TextField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "key_changes"
        indexes: ClassVar = [models.Index(fields=["item", "version", "at"], name="key_changes_item")]

    def __str__(self) -> str:
        return f"key of {self.item} {self.version}"


class ScoreVersion(AppendOnly):
    """One score of a sitting as it was reckoned at one time; a later one never takes its place, it comes after it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="scores")
    number = models.PositiveIntegerField()  # from 1
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(default="")
    change = models.ForeignKey(KeyChange, null=True, on_delete=models.PROTECT, related_name="scores")
    score: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 of the score's canonical bytes

    class Meta:
        db_table = "score_versions"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "number"], name="score_versions_numbered"),
        ]

    def __str__(self) -> str:
        return f"score {self.number} of sitting {self.sitting_id}"


def at_or_none(value: datetime | None) -> str | None:
    """An instant as the API writes it."""
    return None if value is None else value.isoformat().replace("+00:00", "Z")

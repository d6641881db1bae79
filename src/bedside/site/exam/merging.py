"""What was carried here is put together with what is here: the union of the events by their identity.

Two kinds of files come. A sitting from another server (bedside-sitting/2) brings its events with their clocks and the facts of
their arrival there, and all of it is kept as it was. What a player could not send (bedside-events/1) arrives now, and counts
from the synchronisations of its writer as if it had been sent.

An event that is known already must be the same event. Only when it arrived may differ, since one event can reach two servers;
each keeps its own arrival. Where the form has a grace, that decides whether the event counts, and then it must be the same too.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bedside.delivery import (
    CLIENT_TYPES,
    EVENTS_FORMAT,
    SITTING_FORMAT,
    SITTING_FORMATS,
    Answered,
    CarriedLog,
    Event,
    Form,
    Mode,
    PlayersFile,
    PlayersLog,
    SittingFile,
    late_answers,
    read_body,
    read_json,
    read_record,
    read_sitting_file,
    see_sitting,
    signed_bytes,
    what_differs,
)
from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import LOCAL_LEARNER, User
from bedside.site.accounts.queries import user_named
from bedside.site.database import one_write
from bedside.site.exam.carried_texts import keep_carried_media, keep_carried_texts, key_of_text, read_media
from bedside.site.exam.case_port import cases
from bedside.site.exam.desk import Arrival, Desk
from bedside.site.exam.log import event_of, reasons_of
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.models import SittingItem, Sync, Writer
from bedside.site.exam.reopened import see_stays_over
from bedside.site.exam.scores import last_version, score_version
from bedside.site.exam.trusted import MERGED, new_proctors, see_signature

MAX_AHEAD = timedelta(minutes=10)  # `assumed`: further than that, one of two servers' clocks is wrong and must be set first


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did. `refused` are those of the new events that the rules refuse."""

    sitting: UUID
    user: str
    origin: str
    is_new: bool  # this server had never seen the sitting
    n_new: int
    n_known: int
    refused: tuple[tuple[UUID, int, str], ...]
    state: str
    head: str


def merge_file(packed: bytes, *, file: str, at: datetime, user: str | None = None, from_keys: Collection[str] = ()) -> Merged:
    """Merge a file into this server's store, whole or not at all.

    `user` names whose sitting it becomes where this server has never seen it; without, the name in the file. A sitting must
    be signed by one of `from_keys`; where none is named, by a key that this server trusts.

    Raises:
        BedsideError: the file can't be read, contradicts itself or what is here, or asks for somebody who is not here; nothing
            was written.
    """
    told = read_json(packed, file=file)
    match told.get("format"):
        case format_ if format_ in SITTING_FORMATS:
            carried, signed = read_sitting_file(packed, file=file)
            see_signature(carried, signed_bytes(signed), file=file, from_keys=from_keys)
            return _merge_sitting(carried, _log_of(carried, file=file), digest=_digest(packed), at=at, user=user)
        case format_ if format_ == EVENTS_FORMAT:
            if from_keys:
                raise UsageError(f"{file}: what a player saved is signed by nobody; leave out --from-key")
            return _merge_players(read_record(PlayersFile, told, file=file), digest=_digest(packed), at=at, user=user)
        case _:
            raise UsageError(f'{file}: field "format" must be "{SITTING_FORMAT}" or "{EVENTS_FORMAT}"')


# --- a sitting from another server ------------------------------------------------------------------------------------


def _log_of(carried: SittingFile, *, file: str) -> CarriedLog:
    try:
        log = see_sitting(carried, key_of_text=key_of_text)
        read_media(carried)
    except UsageError as error:
        raise UsageError(f"{file}: {error}") from None
    return log


def _merge_sitting(carried: SittingFile, log: CarriedLog, *, digest: str, at: datetime, user: str | None) -> Merged:
    _see_clock(log.events, at)
    with one_write():
        row = SittingRow.objects.select_for_update().filter(pk=carried.sitting.id).first()
        is_new = row is None
        if row is None:
            row = _made(carried, log.form, _owner(user, carried.sitting.user.name), at)
        else:
            _see_same(row, carried, user)
        proctors = new_proctors(row, carried)
        _join_writers(row, carried, at)
        _join_syncs(row, carried)
        fresh = _fresh(row, log)
        # what happens here from now on comes after all that happened elsewhere
        desk = Desk.open(row, max([at, *(event.received_at for event in log.events)]))
        before = desk.folded()
        desk.add_foreign(fresh)
        see_stays_over(desk, here=before, there=log.events)
        _seat(desk)
        head = desk.keep()
        origin = f"server {carried.server}, key {carried.public_key}"
        _note(row, at, fresh, {"format": carried.format, "origin": origin, "file": digest, "proctors": proctors})
        _score_again(row, at=desk.at)
        return _merged(desk, fresh, log.events, head=head, origin=origin, is_new=is_new)


def _see_clock(events: Iterable[Event], at: datetime) -> None:
    latest = max(event.received_at for event in events)
    if latest > at + MAX_AHEAD:
        raise ConflictError(
            f"the file holds an event that arrived at {latest.isoformat()}, but it is {at.isoformat()} here: one of the two "
            "computers' clocks is wrong; set it right and merge again"
        )


def _owner(named: str | None, in_file: str) -> User:
    if named is not None:
        return user_named(named)
    found = user_named(in_file) if in_file == LOCAL_LEARNER else User.objects.filter(username=in_file).first()
    if found is None:
        raise NotFoundError(
            f'the sitting is by "{in_file}", and nobody here has that name; say whose it is with --user NAME, or make the '
            f"user with `bedside user add {in_file}`"
        )
    return found


def _made(carried: SittingFile, form: Form, user: User, at: datetime) -> SittingRow:
    told = carried.sitting
    row = SittingRow.objects.create(
        id=told.id,
        user=user,
        programme=told.programme,
        step=told.step,
        day=told.day,
        kind=told.kind,
        mode=told.mode,
        clock=told.clock,
        is_proctored=told.is_proctored,
        marking=told.marking,
        salt=told.salt or "",
        form=carried.form,
        filter=told.filter,
        seed=int(told.seed),
        n_asked=told.n_asked,
        n_items=len(carried.items),
        created_at=told.created_at,
        clock_at=at,
    )
    keep_carried_media(read_media(carried))
    cases().keep_texts([one.text for one in carried.case_texts], at=at)
    versions = keep_carried_texts(carried)
    SittingItem.objects.bulk_create(
        SittingItem(
            sitting=row,
            position=item.position,
            block=item.block,
            item=item.item,
            item_version=versions[item.hash],
            key=item.key,
        )
        for item in carried.items
    )
    Writer.objects.create(sitting=row, kind="server", issued_at=at, last_at=at)
    return row


def _see_same(row: SittingRow, carried: SittingFile, user: str | None) -> None:
    """The file's sitting is the one that is here."""
    told = carried.sitting
    here = {
        "form": row.form,
        "marking": row.marking,
        "programme": row.programme,
        "step": row.step,
        "day": row.day,
        "kind": row.kind,
        "clock": row.clock,
        "is_proctored": row.is_proctored,
        "created_at": row.created_at,
        "salt": row.salt or None,
    }
    there = {"form": carried.form, **{name: getattr(told, name) for name in here if name != "form"}}
    for name, value in here.items():
        if there[name] != value:
            raise ConflictError(f'sitting {row.pk} is here with another "{name}" than in the file')
    items = [(one.position, one.item, one.item_version.hash, one.key) for one in row.items.select_related("item_version").all()]
    if sorted(items) != [(one.position, one.item, one.hash, one.key) for one in carried.items]:
        raise ConflictError(f"sitting {row.pk} is here with other items, texts or keys than in the file")
    if user is not None and user != row.user.username:
        raise ConflictError(f'sitting {row.pk} is here already, and it is by "{row.user.username}"; leave out --user')


def _join_writers(row: SittingRow, carried: SittingFile, at: datetime) -> None:
    known = {writer.pk: writer for writer in row.writers.all()}
    elsewhere = set(
        Writer.objects.filter(pk__in=[writer.id for writer in carried.writers])
        .exclude(sitting=row)
        .values_list("pk", flat=True)
    )
    if elsewhere:
        raise ConflictError(f"writer {min(elsewhere)} of the file is here already, in another sitting")
    for writer in carried.writers:
        mine = known.get(writer.id)
        if mine is not None:
            if (mine.kind, mine.issued_at) != (writer.kind, writer.issued_at):
                raise ConflictError(f"writer {writer.id} is here as another kind of writer, or issued at another time")
            continue
        Writer.objects.create(
            id=writer.id,
            sitting=row,
            kind=writer.kind,
            is_foreign=True,
            issued_at=writer.issued_at,
            superseded_at=at if writer.kind == "player" else None,  # who has the seat is settled when all is folded
            last_at=writer.issued_at,
        )


def _join_syncs(row: SittingRow, carried: SittingFile) -> None:
    """Add the synchronisations that are not here. One that is here stays: what counted from it has its time already, and two
    servers that one player has talked to may each have given the same number."""
    known = set(Sync.objects.filter(writer__sitting=row).values_list("writer_id", "number"))
    fresh = [sync for sync in carried.syncs if (sync.writer, sync.number) not in known]
    Sync.objects.bulk_create(
        Sync(writer_id=sync.writer, number=sync.number, acknowledged=sync.acknowledged, at=sync.at) for sync in fresh
    )
    last: dict[UUID, int] = {}
    for sync in fresh:
        last[sync.writer] = max(sync.number, last.get(sync.writer, 0))
    for writer, number in last.items():
        Writer.objects.filter(pk=writer, n_syncs__lt=number).update(n_syncs=number)


def _fresh(row: SittingRow, log: CarriedLog) -> list[Event]:
    """Those of the events that are not here yet. The others must be the same as those here."""
    form, events = log.form, log.events
    known = {(kept.writer_id, kept.seq): event_of(kept) for kept in row.events.all()}
    there = {event.identity: event for event in events}
    late_here, late_there = late_answers(form, (there | known).values()), late_answers(form, (known | there).values())
    fresh = []
    for event in events:
        mine = known.get(event.identity)
        if mine is None:
            fresh.append(event)
        elif differing := what_differs(mine, event, has_grace=form.grace_s is not None):
            raise ConflictError(
                f"event {event.seq} of writer {event.writer} differs from the one that is here in {differing}; "
                "nothing was merged"
            )
    if contested := late_here ^ late_there:
        writer, seq = min(contested, key=str)
        raise ConflictError(
            f"event {seq} of writer {writer} came in time by the arrivals of one server, and by those of the other after the "
            "key of its item or the next part of its set was given out; nothing was merged"
        )
    return fresh


def _seat(desk: Desk) -> None:
    """The player that the log has last is the one that has the sitting; every other is superseded."""
    current = desk.folded().writer
    players = desk.row.writers.filter(kind="player")
    if current is not None:
        players.filter(superseded_at__isnull=True).exclude(pk=current).update(superseded_at=desk.at)
        players.filter(pk=current).update(superseded_at=None)


# --- what a player could not send -------------------------------------------------------------------------------------


def _merge_players(carried: PlayersFile, *, digest: str, at: datetime, user: str | None) -> Merged:
    with one_write():
        row = SittingRow.objects.select_for_update().filter(pk=carried.sitting).first()
        if row is None:
            raise NotFoundError(
                f"there is no sitting {carried.sitting} here; what a player saved can only be merged where the sitting is: "
                "export it on the server that it was begun on, merge that file first, and then this one"
            )
        if user is not None and user != row.user.username:
            raise ConflictError(f'sitting {row.pk} is by "{row.user.username}"; leave out --user')
        desk = Desk.open(row, at)
        standing = desk.folded()
        known = {(kept.writer_id, kept.seq) for kept in row.events.all()}
        before = len(desk.added)
        answered = [item for log in carried.writers for item in _take(desk, log)]
        fresh = desk.added[before:]
        desk.close_expired()
        see_stays_over(desk, here=standing)
        if desk.form.mode is Mode.TUTOR:
            desk.disclose(item for item in dict.fromkeys(answered) if item in desk.folded().answers)
        head = desk.keep()
        origin = "a player's file"
        _note(row, at, fresh, {"format": EVENTS_FORMAT, "origin": origin, "file": digest})
        sent = [(log.writer, event.seq) for log in carried.writers for event in log.events]
        _score_again(row, at=desk.at)
        merged = _merged(desk, fresh, fresh, head=head, origin=origin, is_new=False)
        return replace(merged, n_known=len(known & set(sent)))


def _take(desk: Desk, log: PlayersLog) -> list[str]:
    """Take what one writer could not send; answers the items that it answered."""
    writer = desk.row.writers.filter(pk=log.writer, kind="player").first()
    if writer is None:
        raise NotFoundError(
            f"the sitting has no player {log.writer} here; merge the sitting of the server that issued it first, and then this"
        )
    arrivals = [Arrival(one.seq, read_body(one.type, one.fields), one.elapsed_ms, one.sync) for one in log.events]
    for one in log.events:
        if one.type not in CLIENT_TYPES:
            raise UsageError(f'event {one.seq} of writer {log.writer}: a player does not write "{one.type}"')
    missing = desk.take(writer, sorted(arrivals, key=lambda arrival: arrival.seq))
    if missing:
        raise ConflictError(
            f"events of writer {log.writer} are missing before event {min(missing)}: this server has them up to "
            f"{writer.last_seq}; merge the sitting of the server that it was on first, and then this"
        )
    return [arrival.body.item for arrival in arrivals if isinstance(arrival.body, Answered)]


# --- both -------------------------------------------------------------------------------------------------------------


def _digest(packed: bytes) -> str:
    return hashlib.sha256(packed).hexdigest()


def _note(row: SittingRow, at: datetime, fresh: Sequence[Event], detail: Mapping[str, Any]) -> None:
    by_type = dict(sorted(Counter(event.type for event in fresh).items()))
    audit(actor=None, verb=MERGED, subject=str(row.pk), at=at, detail={**detail, "n_new": len(fresh), "events": by_type})


def _score_again(row: SittingRow, *, at: datetime) -> None:
    """Where a score was given out already, and what was merged alters it, that is the next version of it."""
    if row.state == "finished" and last_version(row) is not None:
        score_version(row, at=at)
        cases().score(row)


def _merged(desk: Desk, fresh: Sequence[Event], events: Sequence[Event], *, head: str, origin: str, is_new: bool) -> Merged:
    reasons = reasons_of(desk.state)
    return Merged(
        sitting=desk.row.pk,
        user=desk.row.user.username,
        origin=origin,
        is_new=is_new,
        n_new=len(fresh),
        n_known=len(events) - len(fresh),
        refused=tuple((*event.identity, reasons[event.identity]) for event in fresh if event.identity in reasons),
        state=desk.state.state,
        head=head,
    )

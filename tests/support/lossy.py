"""A candidate at a computer behind a bad network, in virtual time: the player's queue and its sender, and the real API.

The model follows the player: what is done is written to the computer's disk first, with a number, the number of the last
acknowledgement that was read, and the milliseconds since then on a clock that only counts. One batch is under way at a time; a
batch without an answer is sent again after a wait. A request may be lost on its way, reach the server long after the player has
given it up, or be kept by the server while its answer is lost. Instants are seconds after `T0`.
"""

from __future__ import annotations

import heapq
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from tests.support.site import Clock
from tests.support.sittings import T0

TIMEOUT_S = 15.0
LONGEST_WAIT_S = 20.0
LONGEST_ANSWER_S = TIMEOUT_S  # an answer that takes longer is not waited for


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one request: seconds to the server (None: it is lost), and back (None: only the answer is)."""

    there_s: float | None
    back_s: float | None


PERFECT = Fate(0, 0)
SLOW = Fate(1, 1)
LOST = Fate(None, None)
ANSWER_LOST = Fate(1, None)
LATE = Fate(40, 1)  # the player has given it up and sent it again, perhaps twice, before it arrives


@dataclass(frozen=True, slots=True)
class Deed:
    """Something the candidate did, under the identity that its event has, and what the player's own clock then said."""

    writer: str
    seq: int
    type: str
    fields: dict[str, Any]
    at_s: float
    shown_ms: int | None  # left of the block

    @property
    def at(self) -> datetime:
        return T0 + timedelta(seconds=self.at_s)


@dataclass(slots=True)
class World:
    """Virtual time, the server, and the network between it and every player."""

    client: Client
    clock: Clock
    fates: Iterator[Fate]
    now_s: float = 0.0
    fates_met: list[Fate] = field(default_factory=list)
    _queue: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _ticket: Iterator[int] = field(default_factory=itertools.count)

    def at(self, at_s: float, then: Callable[[], None]) -> None:
        """Let something happen then, to the millisecond, in which the player counts."""
        heapq.heappush(self._queue, (round(at_s, 3), next(self._ticket), then))

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Let time pass until nothing is left to happen, or `until` holds."""
        while self._queue and not until():
            self.now_s, _, then = heapq.heappop(self._queue)
            then()

    def send(self, path: str, body: object, then: Callable[[int, dict[str, Any]], None]) -> None:
        """Post through the network; `then` hears the answer, if there is one."""
        fate = next(self.fates, PERFECT)
        self.fates_met.append(fate)
        if fate.there_s is None:
            return
        sent = json.dumps(body)

        def arrive() -> None:
            # no two requests reach a server in the same microsecond
            self.clock.at = max(T0 + timedelta(seconds=self.now_s), self.clock.at + timedelta(microseconds=1))
            response = self.client.post(path, sent, content_type="application/json")
            if fate.back_s is not None:
                status, told = response.status_code, response.json()
                self.at(self.now_s + fate.back_s, lambda: then(status, told))

        self.at(self.now_s + fate.there_s, arrive)


@dataclass(slots=True)
class LossyPlayer:
    """One player. Its queue outlives it: after a take-over it still sends what it has."""

    world: World
    sitting: str
    batch: int = 100
    writer: str = ""
    seq: int = 0
    sync: int = 0
    synced_s: float = 0.0
    deadline_s: float | None = None
    is_time_up: bool = False
    is_superseded: bool = False
    queue: list[dict[str, Any]] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    failures: int = 0
    try_: int = 0  # the number of the request that is waited for
    is_waiting: bool = False

    @property
    def path(self) -> str:
        return f"/api/sittings/{self.sitting}"

    def do(self, type_: str, **fields: Any) -> None:
        """Written down, then sent as soon as nothing else is under way."""
        self.seq += 1
        shown_ms = self._shown_ms()
        elapsed_ms = round((self.world.now_s - self.synced_s) * 1000)
        event = {"seq": self.seq, "type": type_, "elapsed_ms": elapsed_ms, "sync": self.sync, **fields}
        self.queue.append(event)
        self.deeds.append(Deed(self.writer, self.seq, type_, fields, self.world.now_s, shown_ms))
        self.wake()

    def _shown_ms(self) -> int | None:
        if self.deadline_s is None:
            return None
        left_ms = round((self.deadline_s - self.world.now_s) * 1000)
        self.is_time_up = self.is_time_up or left_ms <= 0  # the page has left the block, whatever it hears afterwards
        return 0 if self.is_time_up else left_ms

    @property
    def waits_for_block(self) -> bool:
        """A block that was asked for comes from the server."""
        return any(event["type"] == "block_opened" for event in self.queue)

    def wake(self) -> None:
        if self.queue and not self.is_waiting and self.writer:
            self._send()

    def _send(self) -> None:
        self.is_waiting = True
        self.try_ += 1
        mine = self.try_
        body = {"writer": self.writer, "events": self.queue[: self.batch]}
        self.world.send(f"{self.path}/events", body, lambda status, told: self._hear(mine, status, told))
        self.world.at(self.world.now_s + TIMEOUT_S, lambda: self._give_up(mine))

    def _hear(self, number: int, status: int, told: dict[str, Any]) -> None:
        if number != self.try_ or not self.is_waiting:
            return  # given up long ago
        if status == 503:
            self._wait()
            return
        assert status in {200, 409}, told
        assert status == 200 or told["code"] == "writer_superseded", told
        assert told["acknowledged"] >= self.queue[0]["seq"], told
        self.queue = [event for event in self.queue if event["seq"] > told["acknowledged"]]
        self.refused |= {one["seq"]: one["reason"] for one in told["refused"]}
        self.is_waiting, self.failures = False, 0
        if status == 200:
            self.sync, self.synced_s = told["sync"], self.world.now_s
            self.heads.append(told["head"])
            left_ms = told["remaining_ms"]
            self.deadline_s = None if left_ms is None else self.world.now_s + left_ms / 1000
        else:
            self.is_superseded = True
        self.wake()

    def _give_up(self, number: int) -> None:
        if number == self.try_ and self.is_waiting:
            self._wait()

    def _wait(self) -> None:
        self.try_ += 1  # an answer that comes now is not heard
        self.failures += 1
        self.world.at(self.world.now_s + min(LONGEST_WAIT_S, 2.0 ** (self.failures - 1)), self._send)

    def take_over(self) -> LossyPlayer:
        """The same sitting in a new tab of this browser, which sends what this one still has under its old name."""
        newer = LossyPlayer(self.world, self.sitting, self.batch)
        newer._ask_for_writer()
        return newer

    def _ask_for_writer(self) -> None:
        """Ask to take the sitting from the player that has it now, as its state says; a call that is too late takes nothing."""
        if self.writer:
            return
        self.try_ += 1
        mine = self.try_
        older = self.world.client.get(self.path).json()["writer"]

        def hear(status: int, told: dict[str, Any]) -> None:
            if self.writer or mine != self.try_:
                return
            if status == 409:
                self._ask_for_writer()
                return
            assert status == 201, told
            self.writer, self.synced_s = told["writer"], self.world.now_s

        self.world.send(f"{self.path}/writers", {"supersedes": older}, hear)
        self.world.at(self.world.now_s + TIMEOUT_S, lambda: self._ask_for_writer() if mine == self.try_ else None)


@dataclass(frozen=True, slots=True)
class Step:
    """The candidate waits, and then does something."""

    after_s: float
    type: str  # of an event, or "take_over"
    fields: dict[str, Any] = field(default_factory=dict)


def play(
    client: Client, clock: Clock, made: dict[str, Any], steps: Iterable[Step], *, fates: Iterable[Fate] = (), batch: int = 100
) -> list[LossyPlayer]:
    """Play the steps through a network of these fates, and a perfect one when they are used up, until all is sent.

    `made` is the answer to the making of the sitting, which stood at `T0`. Answers the players, each taken over by the next.
    """
    world = World(client, clock, iter(fates))
    players = [LossyPlayer(world, made["id"], batch, made["writer"])]
    todo = list(steps)

    def step_on() -> None:
        player = players[-1]
        if not player.writer or player.waits_for_block:
            world.at(world.now_s + 0.5, step_on)  # the candidate has nothing to do anything with yet
            return
        step = todo.pop(0)
        if step.type == "take_over":
            players.append(player.take_over())
        else:
            player.do(step.type, **step.fields)
        if todo:
            world.at(world.now_s + todo[0].after_s, step_on)

    if todo:
        world.at(todo[0].after_s, step_on)
    world.run()
    assert not todo
    assert all(not player.queue for player in players)
    return players

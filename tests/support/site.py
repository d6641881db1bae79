"""A small content folder, a clock that stands still, and a player that talks to the API as a program would."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.test import Client

from tests.support.items import item_text, write_item, write_takeaways
from tests.support.sittings import T0

AREAS = {"renal": "diagnosis", "cardiovascular": "management", "blood": "diagnosis"}
ITEMS_AN_AREA = 4
KEY = "B"

_RECORD = "sources: [page], as_of: 2026-01-01, confidence: high"
PROGRAMME = f"""\
schema: programme/1
name: exam
title: "The Exam"
owner: "A board"
country: "Nowhere"
summary: "An exam that exists for tests."
checked_on: 2026-01-01
sources:
  page: {{title: "A page", kind: official, url: "https://example.org/page"}}
steps:
  - name: first
    title: "First step"
    item_kinds:
      - {{id: kind.first, code: one_best_answer, title: "One best answer", form: one_best_answer, {_RECORD}}}
    forms:
      - {{id: form.first, layout: [{{blocks: 2, minutes: 30, items_min: 20, items_max: 20}}], {_RECORD}}}
    axes:
      - name: system
        title: "System"
        is_partition: true
        codes: {{renal: "Renal", cardiovascular: "Heart and vessels", blood: "Blood"}}
      - name: competency
        title: "Competency"
        is_partition: true
        codes: {{diagnosis: "Diagnosis", management: "Management"}}
      - name: discipline
        title: "Discipline"
        is_partition: false
        codes: {{physiology: "Physiology", pathology: "Pathology"}}
    marking:
      - {{id: mark.first, kinds: [one_best_answer], correct: 1, wrong: 0, {_RECORD}}}
    standards:
      - {{id: standard.first, kind: none, {_RECORD}}}
"""


def write_content(folder: Path) -> Path:
    """A content folder with one programme of one step and twelve items; the key of each is B."""
    (folder / "programmes").mkdir(parents=True)
    (folder / "programmes" / "exam.yaml").write_text(PROGRAMME, encoding="utf-8")
    write_takeaways(folder)
    for area, competency in AREAS.items():
        for number in range(1, ITEMS_AN_AREA + 1):
            write_plain_item(folder, f"{area}-{number:04d}", system=area, competency=competency)
    return folder


def write_plain_item(
    folder: Path,
    item_id: str,
    *,
    system: str = "renal",
    competency: str = "diagnosis",
    version: int = 1,
    head: dict[str, str] | None = None,
) -> Path:
    """An item whose every secret word holds SECRET, so that a test can look for it."""
    entry = f"\n  - {{programme: exam, step: first, system: {system}, competency: {competency}, discipline: [physiology]}}"
    options = "\n".join(
        f"- [{'x' if letter == KEY else ' '}] Choice {letter} of {item_id}\n  : SECRET reason {letter} of {item_id}."
        for letter in "ABCD"
    )
    text = item_text(
        {
            "id": item_id,
            "version": str(version),
            "blueprint": entry,
            "sources": '\n  - "SECRET source. Journal 1998;338:26"',
            **(head or {}),
        },
        stem=f"A 24-year-old woman is brought to the office, as item {item_id} in version {version} has it.",
        options=options,
    )
    return write_item(folder, item_id, text)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = T0

    def now(self) -> datetime:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Player:
    """A scripted player: keeps its queue until the server has acknowledged it, and sends it again after each failure."""

    client: Client
    clock: Clock
    sitting: str
    writer: str
    seq: int = 0
    queue: list[dict[str, Any]] = field(default_factory=list)
    synced_at: datetime = T0

    @property
    def path(self) -> str:
        return f"/api/sittings/{self.sitting}"

    def note(self, type_: str, **fields: Any) -> None:
        """Something happened; it is queued and not sent."""
        self.seq += 1
        elapsed_ms = int((self.clock.at - self.synced_at).total_seconds() * 1000)
        self.queue.append({"seq": self.seq, "type": type_, "elapsed_ms": elapsed_ms, **fields})

    def send(self) -> dict[str, Any]:
        """Send the queue and take the acknowledgement in."""
        told = self.post(self.queue)
        self.take(told)
        return told

    def take(self, told: dict[str, Any]) -> None:
        self.queue = [event for event in self.queue if event["seq"] > told["acknowledged"]]
        self.synced_at = self.clock.at

    def post(self, events: list[dict[str, Any]], *, expect: int = 200) -> dict[str, Any]:
        return post(self.client, f"{self.path}/events", {"writer": self.writer, "events": events}, expect=expect)

    def do(self, type_: str, **fields: Any) -> dict[str, Any]:
        """Something happened and is sent at once."""
        self.note(type_, **fields)
        return self.send()

    def open_block(self) -> list[dict[str, Any]]:
        """Begin, open block 1, and answer its items."""
        self.note("started")
        self.note("block_opened", block=1)
        self.send()
        items: list[dict[str, Any]] = get(self.client, f"{self.path}/blocks/1")["items"]
        return items

    def state(self) -> dict[str, Any]:
        return get(self.client, self.path)

    def take_over(self) -> Player:
        """The same sitting in another tab."""
        made = post(self.client, f"{self.path}/writers", {}, expect=201)
        return Player(self.client, self.clock, self.sitting, made["writer"], synced_at=self.clock.at)


def get(client: Client, path: str, *, expect: int = 200) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == expect, response.content
    told: dict[str, Any] = response.json()
    return told


def post(client: Client, path: str, body: object, *, expect: int = 200) -> dict[str, Any]:
    response = client.post(path, json.dumps(body), content_type="application/json")
    assert response.status_code == expect, response.content
    told: dict[str, Any] = response.json()
    return told


def new_player(client: Client, clock: Clock, **wish: Any) -> Player:
    """A player with a sitting of its own, by default a timed block of four items."""
    body = {"programme": "exam", "step": "first", "mode": "timed", "items": 4, **wish}
    made = post(client, "/api/sittings", body, expect=201)
    return Player(client, clock, made["id"], made["writer"], synced_at=clock.at)

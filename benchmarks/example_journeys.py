"""The invented example journeys: simulated learners live some months by the command line, and the program tells what they did.

    python -m benchmarks.example_journeys [--only SLUG] [--kept FOLDER] [--out content/journeys]

Who they are and when they had time stands in `benchmarks/support/invented.py`, what they wrote beside it. Each studies as in
`benchmarks/lives.py`: `bedside study today` says what to do, and the outcome goes to `bedside study answer`; a mind that
forgets by FSRS-6 decides what is right. A practice test gives what the mind knows on that day, with its error. Whether an exam
is passed is drawn with the chance that the program itself told on that day. The questions are made up, two for each of 1200
takeaways of a step: the bank's own, some 150 a step, would be used up in two weeks.

With --kept the databases stay, and a life that was lived is only told anew. One seed gives the same files, the keys too: they
are derived from it, sign nothing else, and vouch for nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time as watch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bedside.study import DEFAULTS
from benchmarks.learners import FAST, GUESS, SLIP, FsrsMind
from benchmarks.lives import KEY, ROOT, ZONE, Candidate, Life, code_of, command, write_content
from benchmarks.support.invented import INVENTED, Invented, Stretch

NAMESPACE = UUID("5b0c7f3e-3f0b-4c55-9d0e-6f2a4c1d7e90")
TAKEAWAYS = 1200  # of a step
CONTENT_ON = date(2026, 11, 1)  # by whose edition the made-up questions have their areas
RESULT_AFTER = 21  # days from the exam to its result
TEST_CUT, TEST_ERROR, TEST_SPREAD = 62.0, 4.0, 10.0  # per cent right, of the invented practice tests


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default=None, choices=[one.slug for one in INVENTED])
    parser.add_argument("--kept", type=Path, default=None, help="Folder in which content and databases stay.")
    parser.add_argument("--out", type=Path, default=ROOT / "content" / "journeys")
    parser.add_argument("--live-only", action="store_true", help="Live, and tell nothing.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        kept = (asked.kept or Path(scratch)).absolute()
        if asked.only is None:
            _each(kept, asked.out.absolute(), is_told=not asked.live_only)
            return
        invented = next(one for one in INVENTED if one.slug == asked.only)
        _one(invented, kept, asked.out, is_told=not asked.live_only)


def _each(kept: Path, out: Path, *, is_told: bool) -> None:
    """All, one process after the other: the program keeps one data folder for as long as it runs."""
    for one in INVENTED:
        words = ["--only", one.slug, "--kept", str(kept), "--out", str(out), *([] if is_told else ["--live-only"])]
        subprocess.run([sys.executable, "-m", "benchmarks.example_journeys", *words], cwd=ROOT, check=True)


def _one(invented: Invented, kept: Path, out: Path, *, is_told: bool) -> None:
    folder = kept / invented.slug
    folder.mkdir(parents=True, exist_ok=True)
    content, index = _content_in(kept, invented.step)
    os.environ |= {"BEDSIDE_CONTENT": str(content), "BEDSIDE_DATA": str(folder / "data"), "BEDSIDE_LOG": "ERROR"}
    os.environ["BEDSIDE_DRAFTS"] = "1"  # what is made up has no reviews
    lived = folder / "lived.json"
    began = watch.monotonic()
    if not lived.exists():
        learner = Learner.of(invented, json.loads(index.read_text(encoding="utf-8")))
        learner.spend(folder)
        lived.write_text(json.dumps([sat.as_json() for sat in learner.sat]), encoding="utf-8")
        print(f"{learner.summary()}; lived in {watch.monotonic() - began:.0f} s", flush=True)
    if is_told:
        sat = [Sat(**one) for one in json.loads(lived.read_text(encoding="utf-8"))]
        packed = _told(invented, sat)
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{invented.slug}.json").write_bytes(packed)
        print(f"{invented.slug}: {len(packed) / 1000:.1f} kB", flush=True)


def _content_in(kept: Path, step: str) -> tuple[Path, Path]:
    """The folder of the made-up questions of a step, written once for all who take it, and the questions by takeaway."""
    content, index = kept / f"content-{step}", kept / f"questions-{step}.json"
    if not index.exists():
        index.write_text(json.dumps(write_content(content, TAKEAWAYS, CONTENT_ON, (step,))), encoding="utf-8")
    return content, index


# --- a life


@dataclass(frozen=True, slots=True)
class Sat:
    """An exam that was sat: on which day of the life, what came of it, and the chance that the program told before."""

    day: int
    outcome: str
    chance: float

    def as_json(self) -> dict[str, Any]:
        return {"day": self.day, "outcome": self.outcome, "chance": self.chance}


@dataclass(slots=True)
class Learner(Life):
    """A life of `benchmarks/lives.py` with stretches of its own, practice tests and exams."""

    invented: Invented = field(kw_only=True)
    sat: list[Sat] = field(default_factory=list)

    @classmethod
    def of(cls, invented: Invented, families: Mapping[str, Sequence[str]]) -> Learner:
        """The learner as they are on the first day."""
        candidate = Candidate(invented.slug, invented.step, 0, lambda *_: 0.0)
        return cls(candidate, families, invented.day(invented.n_days), 0, _chance_of(invented), invented=invented)

    def __post_init__(self) -> None:
        self.names = [name for name in self.families if f".{self.candidate.step}_" in name]
        areas = sorted({code_of(name) for name in self.names})
        mean = self.invented.knows
        known = dict(zip(areas, self.rng.beta(6 * mean, 6 * (1 - mean), len(areas)), strict=True))
        knows = np.array([self.rng.random() < known[code_of(name)] for name in self.names])
        parameters = FAST if self.invented.forgets_fast else DEFAULTS
        self.mind = FsrsMind(knows, self.rng.lognormal(np.log(self.invented.stability), 0.7, len(knows)), parameters)

    def spend(self, scratch: Path) -> None:
        """Every day, from the first to the last."""
        invented, number = self.invented, 0
        self.begins = invented.begins
        command("user", "add", invented.slug, "--no-password")
        for stretch in invented.stretches:
            self._set("--week", ",".join(map(str, stretch.week)))
            for _ in range(stretch.days):
                self._day(stretch, number, scratch)
                number += 1
            print(f"{invented.slug}: day {number} of {invented.n_days}, {self.hours:.0f} h", flush=True)

    def _day(self, stretch: Stretch, number: int, scratch: Path) -> None:
        on = self.invented.day(number)
        if number in self.invented.dates:
            exam = self.invented.dates[number]
            day = self.invented.day(exam).isoformat() if exam else "none"
            self._set("--programme", "usmle", "--step", self.invented.step, "--exam-on", day)
        is_kept, share = self.rng.random() < stretch.keeps, float(self.rng.uniform(stretch.low, 1.0))
        if number in self.invented.sits:
            self._sit(number, on)
        elif number in self.invented.practice_tests:
            self._practice_test(number, on)
        elif is_kept:
            self.day(on, number, share, scratch)

    def _set(self, *words: str) -> None:
        command("study", "set", "--user", self.candidate.name, *words)

    def _sit(self, number: int, on: date) -> None:
        """Pass with the chance that the program tells."""
        plan = json.loads(command("study", "plan", "--user", self.candidate.name, "--on", on.isoformat(), "--json"))
        chance = (plan["passing"] or {}).get("p_pass") or 0.0
        outcome = "pass" if self.rng.random() < chance else "fail"
        self.sat.append(Sat(number, outcome, chance))
        right = self.would_be_right(number)
        print(f"{self.candidate.name}: day {number}: chance {chance:.0%}, {outcome}; {right:.0%} right", flush=True)

    def _practice_test(self, number: int, on: date) -> None:
        from bedside.site import clock  # noqa: PLC0415 - once Django has started
        from bedside.site.accounts.queries import user_named  # noqa: PLC0415
        from bedside.site.content import current_content  # noqa: PLC0415
        from bedside.site.passing.practice_scores import TypedScore, add_score  # noqa: PLC0415

        score = round(100 * self.would_be_right(number) + TEST_ERROR * float(self.rng.standard_normal()))
        typed = TypedScore("Practice test", on, float(score), TEST_CUT, TEST_ERROR, TEST_SPREAD)
        user, step = user_named(self.candidate.name), self.invented.step
        add_score(user, current_content(), typed, programme="usmle", step=step, today=on, at=clock.now())

    def would_be_right(self, number: int) -> float:
        """The share of all questions that they would have right on a day."""
        recall = float(self.mind.recall(number).mean())
        return recall * (1 - SLIP) + (1 - recall) * GUESS

    def outcome(self, piece: Mapping[str, Any], at: datetime, number: int) -> Iterator[dict[str, Any]]:
        """As in `Life`, but that in a block somebody guesses and slips too, and meets either question of a takeaway."""
        if piece["kind"] != "block":
            yield from Life.outcome(self, piece, at, number)
            return
        n_items = min(int("".join(sign for sign in piece["name"] if sign.isdigit())), len(self.names))
        for index in self.rng.choice(len(self.names), n_items, replace=False).tolist():
            is_recalled = self.rng.random() < self.mind.recall(number)[index]
            self.mind.learn(np.array([index]), number, np.array([is_recalled]))
            is_right = self.rng.random() > SLIP if is_recalled else self.rng.random() < GUESS
            item = self.families[self.names[index]][int(self.rng.integers(2))]
            chosen, seconds = KEY if is_right else "B", int(self.rng.integers(50, 110))
            stamp = at.isoformat()
            yield {"item": item, "chosen": chosen, "seconds": seconds, "confidence": None, "at": stamp, "timed": True}

    def hold_to_promises(self, told: Mapping[str, Any], on: date) -> None:
        """`benchmarks/lives.py` does; here only the record counts."""

    def plan_of(self, on: date) -> list[str]:
        """Nobody reads it here."""
        return []

    def summary(self) -> str:
        return f"{self.candidate.name}: {self.n_sessions} sessions, {self.hours:.0f} h, {dict(self.kinds)}"


def _chance_of(invented: Invented) -> np.random.Generator:
    return np.random.default_rng([invented.seed, *invented.slug.encode()])


# --- the telling


def _told(invented: Invented, sat: Sequence[Sat]) -> bytes:
    """The file of a life that was lived."""
    from bedside.cli import django_site  # noqa: PLC0415

    django_site.start()
    from bedside.journeys import Choices, Journey, journey_as_dict, read_journey, shared  # noqa: PLC0415 - once it has started
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.content import current_content  # noqa: PLC0415
    from bedside.site.journeys.telling import journey_of  # noqa: PLC0415

    at = _evening(invented, invented.n_days - 1)
    user = user_named(invented.slug)
    _write_rows(invented, sat, user, at)
    whole = journey_of(user, current_content(), at=at)
    told = shared(whole, Choices(has_text=True, start=frozenset(invented.start) | {"level"}))
    key = _key_of(invented)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    told = replace(told, id=uuid5(NAMESPACE, invented.slug), revision=1, is_example=True, public_key=public)
    packed = _signed(journey_as_dict(told), key)
    journey, _message = read_journey(packed, file=invented.slug)  # what is written can be read
    assert isinstance(journey, Journey)
    return packed


def _write_rows(invented: Invented, sat: Sequence[Sat], user: Any, at: datetime) -> None:
    """Start, notes and results, as the person would have typed them; those of an earlier telling go."""
    from bedside.pathway import record_from  # noqa: PLC0415 - once Django has started
    from bedside.site.journeys.models import JourneyNote, JourneyStart  # noqa: PLC0415
    from bedside.site.pathway.actions import keep_record  # noqa: PLC0415

    JourneyStart.objects.filter(user=user).delete()
    JourneyStart.objects.create(user=user, changed_at=at, **invented.start)
    JourneyNote.objects.filter(user=user).delete()
    for day, text in invented.notes(sat[-1].outcome if sat else None):
        key = uuid5(NAMESPACE, f"{invented.slug} {day}")
        JourneyNote.objects.create(user=user, key=key, on=invented.day(day), text=text, changed_at=at)
    if not sat:
        return
    attempts = [
        {
            "programme": "usmle",
            "step": invented.step,
            "date": invented.day(one.day),
            "result": one.outcome,
            "reported": min(invented.day(one.day + RESULT_AFTER), at.date()),
        }
        for one in sat
    ]
    steps = {"usmle": frozenset({invented.step})}
    record, findings = record_from({"schema": "record/1", "attempts": attempts}, steps=steps, certificates=frozenset())
    if record is None:
        raise SystemExit(f"{invented.slug}: {findings}")
    keep_record(user, record, at=at)


def _evening(invented: Invented, number: int) -> datetime:
    return datetime.combine(invented.day(number), time(22), tzinfo=ZONE)


def _key_of(invented: Invented) -> Ed25519PrivateKey:
    """A key that anybody can derive: an example is nobody's, and its signature only makes the file whole."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"bedside example {invented.slug}".encode()).digest())


def _signed(told: dict[str, Any], key: Ed25519PrivateKey) -> bytes:
    from bedside.delivery import canonical, signed_bytes  # noqa: PLC0415

    told = {**told, "signature": "0" * 128}
    told["signature"] = key.sign(signed_bytes(told)).hex()
    return canonical(told) + b"\n"


if __name__ == "__main__":
    main()

"""Three candidates live 120 days by the command line; what Today said each day is written down and held to its promises.

    python -m benchmarks.lives [--days 120] [--takeaways 300] [--minutes 60] [--out FOLDER] [--seed 1]

Each day a candidate asks `bedside study today --on DAY`, does what it says as far as their day goes, and gives the outcome to
`bedside study answer`. They forget by FSRS-6 with parameters of their own, which the program does not know; they guess and
slip. The steady one studies six days a week, the erratic one on about half of the days with two weeks in which nothing is
done, and the late starter begins 35 days before the exam. The content is the project's own programmes and cases with made-up
items, two for each takeaway, so that there is enough for so many days.

With --out, NAME.md has a line for each day of a candidate, as Today said it. A summary is printed; broken promises are named
and end it with status 1: the minutes of a day, 60% for one area, 14 days for each area, a reason for each piece.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bedside.cli import run
from bedside.programme import read_programmes
from bedside.site import clock
from benchmarks.learners import FAST, GUESS, SLIP, FsrsMind

ROOT = Path(__file__).resolve().parent.parent
KEY = "A"
DRUGS = {"A": "Amiloride", "B": "Bumetanide", "C": "Captopril", "D": "Digoxin", "E": "Enalapril"}
MOST_OF_ONE_AREA, BREADTH_DAYS, CASE_DAYS, REAL_DAYS = 0.6, 14, 7, 14


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody with their step, their share of a day's minutes on each day, and how many days before the exam they begin."""

    name: str
    step: str
    begins: int
    done: Callable[[np.random.Generator, date, int], float]  # of a day's minutes, 0 to 1; by day and its number


def _steady(rng: np.random.Generator, on: date, _number: int) -> float:
    return 0.0 if on.weekday() == 6 else 1.0


def _erratic(rng: np.random.Generator, _on: date, number: int) -> float:
    return 0.0 if 50 <= number < 64 or rng.random() < 0.45 else float(rng.uniform(0.3, 1.0))


def _late(_rng: np.random.Generator, _on: date, _number: int) -> float:
    return 1.0


CANDIDATES = (
    Candidate("steady", "step2ck", 120, _steady),
    Candidate("erratic", "step3", 120, _erratic),
    Candidate("late", "step1", 35, _late),
)
STEPS = tuple(candidate.step for candidate in CANDIDATES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=120)
    parser.add_argument("--takeaways", type=int, default=300)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ends-on", type=date.fromisoformat, default=None, help="Last day; by default yesterday.")
    parser.add_argument("--out", type=Path, default=None, help="Folder for what Today said; without it only the summary.")
    asked = parser.parse_args()
    last = asked.ends_on or clock.today() - timedelta(days=1)  # what is answered must lie in the past
    exam_on = last + timedelta(days=1)
    if asked.out:
        asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        content = Path(scratch) / "content"
        families = write_content(content, asked.takeaways, last)
        os.environ |= {"BEDSIDE_CONTENT": str(content), "BEDSIDE_DATA": str(Path(scratch) / "data"), "BEDSIDE_LOG": "ERROR"}
        os.environ["BEDSIDE_DRAFTS"] = "1"  # what is made up has no reviews
        broken = []
        for candidate in CANDIDATES:
            life = Life(candidate, families, exam_on, asked.minutes, np.random.default_rng([asked.seed, asked.minutes]))
            life.live(last - timedelta(days=min(asked.days, candidate.begins) - 1), last, Path(scratch))
            if asked.out:
                (asked.out / f"{candidate.name}.md").write_text("\n".join(life.lines) + "\n", encoding="utf-8")
            print(life.summary(), flush=True)
            broken += [f"{candidate.name}: {text}" for text in life.broken]
    for text in broken:
        print(f"BROKEN {text}")
    sys.exit(1 if broken else 0)


# --- a life

ZONE = ZoneInfo("UTC")


@dataclass(slots=True)
class Life:
    """One candidate with their mind, and what was seen."""

    candidate: Candidate
    families: Mapping[str, Sequence[str]]
    exam_on: date
    minutes: int
    rng: np.random.Generator
    lines: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    hours: float = 0.0
    n_sessions: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    met_on: dict[str, date] = field(default_factory=dict)  # area title → last met
    titles: dict[str, str] = field(default_factory=dict)  # by the code of an area, as far as Today has named it
    last_on: date | None = None
    mind: FsrsMind = field(init=False)
    begins: date = field(init=False)

    def __post_init__(self) -> None:
        self.names = [name for name in self.families if f".{self.candidate.step}_" in name]
        areas = sorted({code_of(name) for name in self.names})
        known = dict(zip(areas, self.rng.beta(1.5, 2.5, len(areas)), strict=True))
        knows = np.array([self.rng.random() < known[code_of(name)] for name in self.names])
        self.mind = FsrsMind(knows, self.rng.lognormal(np.log(300), 0.7, len(knows)), FAST)

    def live(self, first: date, last: date, scratch: Path) -> None:
        """Every day from the first to the last."""
        self.begins = first
        name = self.candidate.name
        command("user", "add", name, "--no-password")
        setting = ["--programme", "usmle", "--step", self.candidate.step, "--exam-on", self.exam_on.isoformat()]
        command("study", "set", "--user", name, "--minutes", str(self.minutes), *setting)
        self.lines += [f"# {name}: {self.candidate.step}, {self.minutes} minutes a day, exam on {self.exam_on}", ""]
        for number in range((last - first).days + 1):
            on = first + timedelta(days=number)
            share = self.candidate.done(self.rng, on, number)
            self.day(on, number, share, scratch)

    def day(self, on: date, number: int, share: float, scratch: Path) -> None:
        """Ask, do a share of it, and tell how it went."""
        told = json.loads(command("study", "today", "--user", self.candidate.name, "--on", on.isoformat(), "--json"))
        self.hold_to_promises(told, on)
        room, moment = share * told["minutes"], datetime.combine(on, time(18), tzinfo=ZONE)
        lines: list[dict[str, Any]] = []
        done: Counter[str] = Counter()
        for piece in told["pieces"]:
            if piece["minutes"] > room + 1e-9:
                continue  # something shorter may still fit
            room -= piece["minutes"]
            moment += timedelta(minutes=piece["minutes"])
            lines += self.outcome(piece, moment, number)
            done[piece["kind"]] += 1
            self.hours += piece["minutes"] / 60
            if piece["area"]:
                self.met_on[piece["area"]] = on
                self.titles[code_of(piece["name"].partition(":")[2])] = piece["area"]
        if lines:
            path = scratch / "outcome.jsonl"
            path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
            command("study", "answer", str(path), "--user", self.candidate.name)
            self.n_sessions += 1
            self.last_on = on
        self.kinds += done
        self.lines.append(self.line_of(told, on, number, done))
        if number % 14 == 0:
            self.lines += self.plan_of(on)

    def outcome(self, piece: Mapping[str, Any], at: datetime, number: int) -> Iterator[dict[str, Any]]:
        """What came of a piece, as `bedside study answer` takes it."""
        stamp = at.isoformat()
        match piece["kind"]:
            case "review" | "new":
                name = piece["name"].partition(":")[2]
                place = self.names.index(name)
                is_recalled = self.rng.random() < self.mind.recall(number)[place]
                self.mind.learn(np.array([place]), number, np.array([is_recalled]))
                item = piece.get("item")
                if item is None:
                    yield {"takeaway": name, "grade": 3 if is_recalled else 1, "seconds": 30, "at": stamp}
                    return
                is_right = self.rng.random() > SLIP if is_recalled else self.rng.random() < GUESS
                chosen = KEY if is_right else "B"
                confidence = ["sure", None, "unsure"][int(self.rng.integers(3))]
                seconds = int(self.rng.integers(40, 110))
                yield {"item": item, "chosen": chosen, "seconds": seconds, "confidence": confidence, "at": stamp}
            case "case":
                percent = int(self.rng.integers(45, 95))
                yield {"case": piece["name"], "percent": percent, "minutes": piece["minutes"], "at": stamp}
            case "block":
                n_items = min(int(re.sub(r"\D", "", piece["name"])), len(self.names))
                for index in self.rng.choice(len(self.names), n_items, replace=False).tolist():
                    title = self.titles.get(code_of(self.names[index]))
                    if title:
                        self.met_on[title] = at.date()
                    is_recalled = self.rng.random() < self.mind.recall(number)[index]
                    self.mind.learn(np.array([index]), number, np.array([is_recalled]))
                    item = self.families[self.names[index]][0]
                    yield {
                        "item": item,
                        "chosen": KEY if is_recalled else "B",
                        "seconds": 80,
                        "confidence": None,
                        "at": stamp,
                        "timed": True,
                    }
            case other:
                raise SystemExit(f'Today offers a piece of the kind "{other}", which is new here')

    def hold_to_promises(self, told: Mapping[str, Any], on: date) -> None:
        """Compare what Today says with what is promised of it."""
        minutes, pieces = told["minutes"], told["pieces"]
        if told["planned_minutes"] > minutes + 1e-6:
            self.broken.append(f"{on}: {told['planned_minutes']} minutes are planned, there are {minutes}")
        if minutes > self.minutes + 1e-6:
            self.broken.append(f"{on}: {minutes} minutes, the candidate said {self.minutes}")
        used: dict[str, list[float]] = defaultdict(list)
        for piece in pieces:
            used[piece["area"]].append(piece["minutes"])
            if not piece["text"]:
                self.broken.append(f"{on}: {piece['name']} without a reason")
        for area, spent in used.items():
            if area and len(used) > 1 and len(spent) > 1 and sum(spent) > MOST_OF_ONE_AREA * minutes + 1e-6:
                self.broken.append(f"{on}: {area} takes {sum(spent):.0f} of {minutes:.0f} minutes")
        owed = {one["area"] for one in told["left_out"]}
        has_block = any(piece["kind"] == "block" for piece in pieces)  # it has something of every area
        for area, day in self.met_on.items():
            if (on - day).days >= BREADTH_DAYS and area not in used and area not in owed and pieces and not has_block:
                self.broken.append(f"{on}: {area} was not met since {day} and is not called")

    def line_of(self, told: Mapping[str, Any], on: date, number: int, done: Counter[str]) -> str:
        asked = Counter(piece["kind"] for piece in told["pieces"])
        what = ", ".join(f"{n} {kind}" for kind, n in asked.items()) or "nothing"
        did = ", ".join(f"{n} {kind}" for kind, n in done.items()) or "nothing"
        reasons = "; ".join(dict.fromkeys(piece["text"] for piece in told["pieces"][:12:4]))
        left = "; ".join(one["text"] for one in told["left_out"])
        out = f" Left out: {left}." if left else ""
        minutes = f"{told['planned_minutes']:.0f} of {told['minutes']:.0f} min"
        return f"- {number + 1}. {on} {on:%a}: {minutes}: {what}. Done: {did}. ({reasons}).{out}"

    def plan_of(self, on: date) -> list[str]:
        """The plan as it stands."""
        told = json.loads(command("study", "plan", "--user", self.candidate.name, "--on", on.isoformat(), "--json"))
        short = {key: told[key] for key in ("score", "shortfall", "days_kept", "catch_up") if told.get(key)}
        weeks = [{key: week[key] for key in week if key in ("starts_on", "phase", "minutes")} for week in told["weeks"][:3]]
        return [f"  - plan: {json.dumps(short)} {json.dumps(weeks)}"]

    def summary(self) -> str:
        known = float(self.mind.recall((self.exam_on - self.begins).days).mean())
        kinds = ", ".join(f"{n} {kind}" for kind, n in self.kinds.items())
        return f"{self.candidate.name}: {self.n_sessions} sessions, {self.hours:.0f} h, {kinds}; knows {known:.0%} on the day"


def code_of(name: str) -> str:
    """The code of the area of a takeaway of `write_content`."""
    return name.partition(".")[0]


def command(*arguments: str) -> str:
    """Run `bedside` with these arguments; answers what it says. A command that fails ends everything."""
    said = io.StringIO()
    with redirect_stdout(said):
        status = run(arguments)
    if status:
        raise SystemExit(f"bedside {' '.join(arguments)}: exit status {status}")
    return said.getvalue()


# --- the content


def write_content(folder: Path, n_takeaways: int, on: date, steps: Sequence[str] = STEPS) -> dict[str, list[str]]:
    """The project's programmes and cases, and made-up items of each step; answers the items by takeaway."""
    for name in ("programmes", "reference", "cases", "orders"):
        shutil.copytree(ROOT / "content" / name, folder / name)
    usmle = read_programmes(folder / "programmes").get("usmle").on(on)
    families: dict[str, list[str]] = {}
    rng = np.random.default_rng(7)
    by_step = {edition.step.name: edition for edition in usmle.steps}
    for digit, step in enumerate(steps, start=1):
        axes = {axis.name: list(axis.codes) for axis in by_step[step].axes}
        for number in range(n_takeaways):
            area = axes["system"][int(rng.integers(len(axes["system"])))]
            name = f"{area}.{step}_{number:04d}"
            entry = f"{{programme: usmle, step: {step}, system: {area}, competency: {axes['competency'][0]}}}"
            families[name] = [_write_item(folder, f"{area}-{digit}{number:04d}{part}", name, entry) for part in "12"]
    _write_takeaways(folder, list(families))
    return families


def _write_item(folder: Path, item: str, takeaway: str, entry: str) -> str:
    marks = {one: "x" if one == KEY else " " for one in DRUGS}
    options = "\n".join(f"- [{marks[one]}] {drug}\n  : {drug} is made up." for one, drug in DRUGS.items())
    head = [
        "---",
        "schema: item/1",
        f"id: {item}",
        "version: 1",
        f"blueprint: [{entry}]",
        f"takeaways: [{takeaway}]",
        "setting: office",
        "difficulty: 0.6",
        "seconds: 90",
        "authors: [made-up]",
        "status: draft",
        'sources: ["Made up for a simulation"]',
        "---",
    ]
    path = folder / "items" / takeaway.partition(".")[0] / f"{item}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    stem = f"A 24-year-old woman comes to the office, as {item} has it."
    body = [stem, "", "Which of the following drugs is most likely the cause?", "", options, ""]
    path.write_text("\n".join([*head, *body]), encoding="utf-8")
    return item


def _write_takeaways(folder: Path, names: Sequence[str]) -> None:
    by_area: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_area[name.partition(".")[0]].append(name)
    (folder / "takeaways").mkdir()
    for area, mine in by_area.items():
        lines = ["schema: takeaways/1", "takeaways:"]
        for name in mine:
            lines += [f"  - id: {name}", f'    text: "What {name} teaches."']
            lines += [f"    codes: {{usmle: {{system: {area}}}}}", '    sources: ["Made up for a simulation"]']
        (folder / "takeaways" / f"{area}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

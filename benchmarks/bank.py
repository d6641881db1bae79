"""How long `bedside bank check` takes on 10,000 items: reading alone, reading and linting, and the whole command.

    python -m benchmarks.bank [--items 10000]

The items are nonsense that is sound in form. The goal is 20 s for the whole command on two cores.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bedside.bank import AxisCodes, Codes, Root, lint_bank, read_analytes, read_bank

CONTENT = Path(__file__).parents[1] / "content"
GOAL_S = 20.0
SYSTEMS = ("renal", "blood", "cardiovascular", "respiratory", "endocrine")
SYLLABLES = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "xo", "zu", "kra", "plo", "stri"]

HEAD = """\
---
schema: item/1
id: {id}
version: 1
blueprint:
  - {{programme: usmle, step: step1, system: {system}, competency: medical_knowledge, discipline: [physiology, pathology]}}
takeaways: [{system}.nonsense_{family}]
setting: office
difficulty: 0.6
seconds: 90
authors: [nobody]
status: draft
sources:
  - "Nobody A. Nonsense. Journal of Nothing 2020;1:1-2"
---
"""


def word(rng: random.Random) -> str:
    return "".join(rng.choices(SYLLABLES, k=rng.randint(2, 4)))


def sentence(rng: random.Random, n_words: int) -> str:
    words = [word(rng) for _ in range(n_words)]
    return " ".join([words[0].capitalize(), *words[1:]]) + "."


def item(rng: random.Random, item_id: str, system: str) -> str:
    """One item of about 120 words and five options."""
    vitals = (
        f"Temperature is {rng.uniform(36, 40):.1f}°C, pulse is {rng.randint(50, 140)}/min, respirations are "
        f"{rng.randint(10, 34)}/min, and blood pressure is {rng.randint(80, 190)}/{rng.randint(40, 79)} mm Hg."
    )
    stem = f"A {rng.randint(18, 90)}-year-old {rng.choice(('man', 'woman'))} comes to the office because of " + " ".join(
        sentence(rng, 12).lower() if n == 0 else sentence(rng, 12) for n in range(6)
    )
    table = f"| | |\n|---|---|\n| Sodium | {rng.randint(120, 150)} mEq/L |\n| Potassium | {rng.uniform(2.5, 6):.1f} mEq/L |"
    options = sorted({f"{word(rng).capitalize()} {word(rng)}" for _ in range(5)})
    key = rng.randrange(len(options))
    lines = [
        f"- [{'x' if n == key else ' '}] {text}\n  : {sentence(rng, 14)} {sentence(rng, 10)}" for n, text in enumerate(options)
    ]
    head = HEAD.format(id=item_id, system=system, family=rng.randrange(50))
    question = "Which of the following is the most likely cause of these findings?"
    return f"{head}{stem} {vitals}\n\n{table}\n\n{question}\n\n" + "\n".join(lines) + "\n"


def generate(root: Path, n_items: int) -> None:
    """A content folder with that many items."""
    rng = random.Random(20260514)
    for part in ("programmes", "reference"):
        shutil.copytree(CONTENT / part, root / part)
    (root / "takeaways").mkdir()
    for system in SYSTEMS:
        entries = "".join(
            f'  - id: {system}.nonsense_{n}\n    text: "{sentence(rng, 10)}"\n    sources: ["Nobody A. 2020"]\n'
            for n in range(50)
        )
        (root / "takeaways" / f"{system}.yaml").write_text(f"schema: takeaways/1\ntakeaways:\n{entries}", encoding="utf-8")
        (root / "items" / system).mkdir(parents=True)
    for n in range(n_items):
        system = SYSTEMS[n % len(SYSTEMS)]
        item_id = f"{system}-{n // len(SYSTEMS):04d}"
        (root / "items" / system / f"{item_id}.md").write_text(item(rng, item_id, system), encoding="utf-8")


def codes() -> Codes:
    return {
        "usmle": {
            "step1": {
                "system": AxisCodes(frozenset(SYSTEMS), is_partition=True),
                "competency": AxisCodes(frozenset({"medical_knowledge"}), is_partition=True),
                "discipline": AxisCodes(frozenset({"physiology", "pathology"}), is_partition=False),
            }
        }
    }


def measure(root: Path, n_items: int) -> None:
    """Print the seconds of each part."""
    started = time.perf_counter()
    bank = read_bank([Root(root, "nonsense")], codes=codes())
    read = time.perf_counter()
    findings = lint_bank(bank.all_items, analytes=read_analytes(root / "reference" / "analytes.yaml"))
    linted = time.perf_counter()
    assert len(bank.items) == n_items, bank.findings[:3]
    command = [sys.executable, "-m", "bedside", "bank", "check", str(root), "--json"]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    checked = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{n_items:,} items")
    print(f"reading              {read - started:6.2f} s")
    print(f"linting              {linted - read:6.2f} s   {len(findings):,} findings")
    print(f"bedside bank check   {checked - linted:6.2f} s   goal {GOAL_S:.0f} s   peak {peak:,.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    n_items = parser.parse_args().items
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "content"
        generate(root, n_items)
        measure(root, n_items)


if __name__ == "__main__":
    main()

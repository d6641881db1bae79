"""The bank is nobody else's: no question shares more than the usual wording with a public set of questions.

The public sets stay outside the repository; BEDSIDE_SAMPLES names the folder that holds them.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bedside.bank import Bank, Item, Root, make_member, read_bank
from bedside.cli.bank_content import surroundings

CONTENT = Path(__file__).parents[2] / "content"
SAMPLES = os.environ.get("BEDSIDE_SAMPLES")
SETS = ("medqa_us_dev_mediq", "medmcqa_medagents_test", "mmlu_medical_test")
RUN = 7  # words
# "temperature is 37.3°C (99.1°F), pulse is" is everybody's: stock phrases reach 9% of an item's runs
MOST = 0.15
SEEDS = (1, 251)
Run = tuple[str, ...]

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(SAMPLES is None, reason="BEDSIDE_SAMPLES does not name a folder with sample data"),
]


def runs(text: str) -> list[Run]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return [tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1)]


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)


@pytest.fixture(scope="module")
def public() -> dict[Run, set[str]]:
    """Every run of words of the public questions, and in which of them it stands."""
    found: defaultdict[Run, set[str]] = defaultdict(set)
    for name in SETS:
        path = Path(SAMPLES or ".") / "data" / "items" / f"{name}.jsonl.gz"
        if not path.is_file():
            pytest.skip(f"no {path.name} in the sample data")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                for run in runs(" ".join(texts_in(json.loads(line)))):
                    found[run].add(f"{name}:{number}")
    return found


def own_bank() -> Bank:
    return read_bank([Root(CONTENT, "bedside")], codes=surroundings(CONTENT).codes)


def text_of(item: Item) -> str:
    stimulus = item.stimulus.text if item.stimulus else ""
    return " ".join([stimulus, item.stem, item.lead_in, *(option.text for option in item.options)])


def nearest(text: str, public: dict[Run, set[str]]) -> tuple[float, str]:
    """The share of a text's runs that one public question has too, of the one that has most."""
    own = runs(text)
    shared = Counter(name for run in own for name in public.get(run, ()))
    name, n = max(shared.items(), key=lambda one: one[1], default=("", 0))
    return n / max(1, len(own)), name


def test_no_question_is_near_one_of_a_public_set(public: dict[Run, set[str]]) -> None:
    bank = own_bank()
    members = [make_member(model, seed).item for model in bank.models.values() for seed in SEEDS]
    near = {item.id: nearest(text_of(item), public) for item in (*bank.items.values(), *members)}

    assert {name: told for name, told in near.items() if told[0] > MOST} == {}


def test_a_question_that_was_copied_with_other_numbers_would_be_found(public: dict[Run, set[str]]) -> None:
    with gzip.open(Path(SAMPLES or ".") / "data" / "items" / "medqa_us_dev_mediq.jsonl.gz", "rt", encoding="utf-8") as lines:
        copied = " ".join(json.loads(next(lines))["context"]).replace("21", "28")

    assert nearest(copied, public)[0] > 4 * MOST

"""How well memory is predicted on real review logs, beside what was published on them.

    BEDSIDE_SAMPLES=DIR python -m benchmarks.memory

The logs are not part of this repository; `DIR/data/srs` holds them. Nothing of them is printed but the figures.

- One learner of Anki, 12,580 reviews. Whole days of 24 hours between reviews, as the published figures have it; then study days
  from 04:00; then predicted by parameters that were fitted to earlier reviews only, in five parts by time of which the first
  sixth is never scored (the protocol of the srs-benchmark, whose table over 9,999 learners is printed beside).
- Four learners of SuperMemo (SM-15), with SM-15's own predictions. Items count until a day has two records, pass from grade 3
  on, scored from the second record on. Parameters are fitted again by twentieths of the log, to what came before.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import numpy as np

from bedside.study import (
    DEFAULTS,
    Grade,
    History,
    Origin,
    Parameters,
    Predictions,
    Quality,
    Review,
    card,
    fitted,
    histories,
    predictions,
    quality,
)

N_SPLITS = 5
SM15 = ("Winston", "VNCamel", "ZebesYoshi", "Pariance")


@dataclass(frozen=True, slots=True)
class Record:
    """A line of a SuperMemo history. `index` is the forgetting index that SM-15 expected, in per cent."""

    day: int
    hour: float
    is_first: bool
    grade: int
    index: int


@dataclass(frozen=True, slots=True)
class Result:
    """A row of the table."""

    name: str
    found: Quality

    def __str__(self) -> str:
        auc = f"{self.found.auc:.4f}" if self.found.auc is not None else "-"
        return f"{self.name:46} {self.found.n:6} {self.found.log_loss:9.4f} {self.found.rmse_bins:10.4f} {auc:>7}"


def anki_log(path: Path) -> list[Review]:
    """The log of one learner of Anki."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        Review(
            UUID(int=n),
            card(UUID(int=int(row["card_id"]))),
            Grade(int(row["review_rating"])),
            datetime.fromisoformat(row["review_time"]),
            Origin.IMPORTED,
        )
        for n, row in enumerate(rows)
    ]


def whole_days(log: Sequence[Review]) -> list[History]:
    """The reviews by card, with the whole days of 24 hours between them."""
    by_card: dict[str, list[Review]] = {}
    for review in sorted(log, key=lambda review: review.at):
        by_card.setdefault(review.subject, []).append(review)
    return [
        History(
            reviews[0].subject,
            tuple(int(review.grade) for review in reviews),
            (0, *((later.at - earlier.at) // timedelta(days=1) for earlier, later in pairwise(reviews))),
            tuple(review.at.toordinal() for review in reviews),
        )
        for reviews in by_card.values()
    ]


def by_time(found: Sequence[History], fit: Callable[[Sequence[History], int], Parameters | None], n_parts: int) -> Predictions:
    """Predictions of each part but the first, by parameters fitted to the parts before it; cut between days."""
    usual = predictions(found, DEFAULTS)
    days = np.sort(usual.day)
    cuts = sorted({int(days[len(days) * part // n_parts]) for part in range(1, n_parts)})
    made: list[Predictions] = []
    for low, high in pairwise([*cuts, int(days[-1]) + 1]):
        parameters = fit(found, low) or DEFAULTS
        whole = predictions(found, parameters)
        made.append(whole.where((whole.day >= low) & (whole.day < high)))
    return joined(made)


def joined(parts: Sequence[Predictions]) -> Predictions:
    """Predictions one after the other."""
    return Predictions(
        np.concatenate([part.p_recall for part in parts]),
        np.concatenate([part.is_recalled for part in parts]),
        np.concatenate([part.elapsed_days for part in parts]),
        np.concatenate([part.n_days for part in parts]),
        np.concatenate([part.n_lapses for part in parts]),
        np.concatenate([part.day for part in parts]),
    )


def refit(found: Sequence[History], before_day: int) -> Parameters | None:
    """Parameters from what came before a day."""
    return fitted(found, before_day, n_reviews=0, on=date.fromordinal(before_day))


def anki_results(folder: Path) -> list[Result]:
    """The rows for the learner of Anki."""
    log = anki_log(folder / "anki_revlog_one_learner.csv.gz")
    published = whole_days(log)
    usual = predictions(published, DEFAULTS)
    constant = replace(usual, p_recall=np.full(len(usual), usual.is_recalled.mean()))
    everything = refit(published, int(usual.day.max()) + 1) or DEFAULTS
    days = histories(log, UTC)
    late = by_time(days, lambda _found, _day: DEFAULTS, N_SPLITS + 1)
    return [
        Result("whole days: constant (published .5112)", quality(constant)),
        Result("whole days: defaults (published .4587, .714)", quality(usual)),
        Result("whole days: fitted on itself (.4387, .724)", quality(predictions(published, everything))),
        Result("study days: defaults", quality(predictions(days, DEFAULTS))),
        Result("study days, later five sixths: defaults", quality(late)),
        Result("study days, later five sixths: fitted before", quality(by_time(days, refit, N_SPLITS + 1))),
    ]


def sm15_histories(path: Path) -> tuple[list[History], Predictions]:
    """The items of one learner of SuperMemo that the protocol keeps, and SM-15's own predictions of what is scored."""
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
        text = file.read()
    kept: list[History] = []
    theirs: list[float] = []
    for n, block in enumerate(text.split("\nItem ")):
        records = sorted(_records(block), key=lambda record: (record.day, record.hour))
        if not records or not records[0].is_first or any(one.grade > 5 or one.index == 100 for one in records[1:]):
            continue
        scored = _until_a_day_repeats(records[1:])
        if not scored:
            continue
        days = [record.day for record in scored]
        gaps = (0, *(later - earlier for earlier, later in pairwise(days)))
        grades = tuple(max(1, record.grade - 1) for record in scored)  # 0 to 2: again, 3: hard, 4: good, 5: easy
        kept.append(History(card(UUID(int=n)), grades, gaps, tuple(days)))
        theirs += [1 - record.index / 100 for record in scored[1:]]
    usual = predictions(kept, DEFAULTS)
    return kept, replace(usual, p_recall=np.array(theirs))


def _records(block: str) -> Iterator[Record]:
    for line in block.splitlines():
        if line.startswith("ElNo="):
            found = dict(part.split("=", 1) for part in line.split())
            day, month, year = (int(part) for part in found["Date"].split("."))
            yield Record(
                date(year, month, day).toordinal(),
                float(found.get("Hour", "0")),
                (found["Rep"], found["Laps"]) == ("1", "0"),
                int(found.get("Grade", "99")),
                int(found.get("expFI", "0")),
            )


def _until_a_day_repeats(records: Sequence[Record]) -> list[Record]:
    kept: list[Record] = []
    for record in records:
        if kept and record.day == kept[-1].day:
            break
        kept.append(record)
    return kept


def sm15_results(folder: Path, name: str) -> list[Result]:
    """The rows for one learner of SuperMemo."""
    found, theirs = sm15_histories(folder / f"sm15_{name}.txt.gz")
    with (folder / f"sm15_{name}.published.json").open(encoding="utf-8") as file:
        published = json.load(file)
    usual = predictions(found, DEFAULTS)
    later = by_time(found, refit, 20)
    first = usual.where(usual.day < later.day.min())
    sm15, fsrs = (f"{published[one]['LogLoss']:.4f}" for one in ("SM15", "FSRS"))
    return [
        Result(f"{name}: SM-15 (published {sm15}, n {published['size']})", quality(theirs)),
        Result(f"{name}: defaults", quality(usual)),
        Result(f"{name}: fitted as it grows (published {fsrs})", quality(joined([first, later]))),
    ]


def main() -> None:
    folder = Path(os.environ.get("BEDSIDE_SAMPLES", "")) / "data"
    if not (folder / "srs").is_dir():
        print("BEDSIDE_SAMPLES does not name a folder with data/srs: nothing to measure")
        return
    print(f"{'':46} {'n':>6} {'log loss':>9} {'RMSE(bins)':>10} {'AUC':>7}")
    for row in anki_results(folder / "srs"):
        print(row)
    for name in SM15:
        for row in sm15_results(folder / "srs", name):
            print(row)
    print("\npublished over 9,999 learners, weighted by reviews:")
    with (folder / "published" / "srs_benchmark_10k.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if line["algorithm"] in {"FSRS-rs", "FSRS-6", "FSRS-6 default param.", "FSRS-5", "AVG", "SM-2"}:
                figures = f"{line['logloss_weighted']:>9} {line['rmse_bins_weighted']:>10} {line['auc_weighted']:>7}"
                print(f"{line['algorithm']:46} {'':6} {figures}")


if __name__ == "__main__":
    main()

"""`bedside measure predict`: will the next answer be right?"""

from __future__ import annotations

import csv
import io
import json
import math
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.cli.whole_file import see_place, write_whole
from bedside.findings import plural

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bedside.measure import LearnerLog, NextAnswerModel, PredictionQuality

SHOWN = 12  # weights that people read


def command(  # noqa: PLR0917 - options have names
    train: Annotated[
        Path, typer.Option(help="Answers to learn from: person,item,correct[,skills,at]; CSV (also .gz) or Parquet.")
    ],
    test: Annotated[Path, typer.Option(help="Answers of other learners, to predict.")],
    predictions: Annotated[
        Path | None, typer.Option(help="Write person,item,correct,chance to this CSV file, in order of time within a person.")
    ] = None,
    weights: Annotated[Path | None, typer.Option(help="Write the weights of the named columns to this CSV file.")] = None,
    rows_as_they_are: Annotated[
        bool,
        typer.Option(
            "--rows-as-they-are", help="Take rows that repeat an answer under a further skill as answers of their own."
        ),
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Predict each answer of the test learners from their earlier answers, with a model fitted on the training learners.

    `skills` has `;` between several. `at` is a number in any one unit, the same in both files, or a time in ISO 8601; without
    it the rows of a learner are in order.
    """
    for out in (predictions, weights):
        if out is not None:
            see_place(out)
    known, asked = _read(train, test, merge=not rows_as_they_are)
    began = time.perf_counter()
    model, chance = _predicted(known, asked, seed)
    took_s = time.perf_counter() - began
    found = _quality(asked, chance)
    if predictions is not None:
        write_whole(predictions, _predictions(asked, chance).encode())
    if weights is not None:
        write_whole(weights, _weights(model).encode())
    typer.echo(json.dumps(_told(found, took_s), allow_nan=False) if as_json else _text(found, model, took_s))


def _read(train: Path, test: Path, *, merge: bool) -> tuple[LearnerLog, LearnerLog]:
    from bedside.measure import read_learner_log  # noqa: PLC0415

    known, asked = read_learner_log(train, merge=merge), read_learner_log(test, merge=merge)
    if (known.at is None) != (asked.at is None):
        _say("one of the files has no times, so none are used")
        known, asked = known.without_times(), asked.without_times()
    _tell(known, asked)
    return known, asked


def _predicted(known: LearnerLog, asked: LearnerLog, seed: int) -> tuple[NextAnswerModel, NDArray[np.float64]]:
    from bedside.measure import fit_next_answer, predict_next_answers  # noqa: PLC0415

    model = fit_next_answer(known, seed=seed)
    return model, predict_next_answers(model, asked)


def _quality(asked: LearnerLog, chance: NDArray[np.float64]) -> PredictionQuality:
    from bedside.measure import prediction_quality  # noqa: PLC0415

    return prediction_quality(asked.correct, chance)


def _say(sentence: str) -> None:
    print(f"bedside: {sentence}", file=sys.stderr)  # noqa: T201


def _tell(known: LearnerLog, asked: LearnerLog) -> None:
    n_merged = known.n_merged + asked.n_merged
    if n_merged:
        _say(f"{plural(n_merged, 'row')} with a further skill of the same answer joined to it")
    n_both = len(set(known.persons.tolist()) & set(asked.persons.tolist()))
    if n_both:
        _say(f"{plural(n_both, 'person')} in both files: taken as different learners; if they are not, the figures flatter")


def _told(found: PredictionQuality, took_s: float) -> dict[str, float | int | None]:
    return {
        "auc": None if math.isnan(found.auc) else found.auc,
        "log_loss": found.log_loss,
        "brier": found.brier,
        "ece": found.ece,
        "n": found.n,
        "seconds": round(took_s, 3),
    }


def _text(found: PredictionQuality, model: NextAnswerModel, took_s: float) -> str:
    auc = "not defined: all answers are alike" if math.isnan(found.auc) else f"{found.auc:.4f}"
    lines = [
        f"{plural(found.n, 'answer')} predicted; fitted and predicted in {took_s:.1f} s",
        f"AUC {auc}, log loss {found.log_loss:.4f}, Brier {found.brier:.4f}, calibration error {found.ece:.4f}",
        "",
        "The heaviest columns, in logits for one standard deviation more:",
    ]
    heaviest = list(model.weight_of().items())[:SHOWN]
    return "\n".join(lines + [f"{weight:+7.3f}  {name}" for name, weight in heaviest])


def _predictions(log: LearnerLog, chance: NDArray[np.float64]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("person", "item", "correct", "chance"))
    columns = (log.persons[log.person()], log.items[log.item], log.correct.astype(int), (f"{one:.6f}" for one in chance))
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue()


def _weights(model: NextAnswerModel) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("column", "weight", "mean", "standard_deviation"))
    where = {name: n for n, name in enumerate(model.columns.names)}
    for name, weight in model.weight_of().items():
        at = where[name]
        writer.writerow((name, f"{weight:.6f}", f"{model.columns.centre[at]:.6f}", f"{model.columns.scale[at]:.6f}"))
    return text.getvalue()

"""`bedside measure predict`: what it answers, writes and says."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from bedside.cli import run
from bedside.measure import LearnerLog, fit_next_answer, predict_next_answers, prediction_quality, read_learner_log
from tests.measure.made_learner_log import made_log


def written(log: LearnerLog, path: Path) -> None:
    rows = [
        (log.persons[person], log.items[item], int(correct), ";".join(log.skills[log.skill[low:high]]))
        for person, item, correct, low, high in zip(
            log.person(), log.item, log.correct, log.skill_starts[:-1], log.skill_starts[1:], strict=True
        )
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("person", "item", "correct", "skills"), *rows])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    written(made_log(24, 20, 1), tmp_path / "train.csv")
    written(made_log(6, 20, 2), tmp_path / "test.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_json_gives_the_quality_that_the_library_gives_and_the_seconds(folder, capsys):
    status = run(["measure", "predict", "--train", "train.csv", "--test", "test.csv", "--json"])

    told = json.loads(capsys.readouterr().out)
    test = read_learner_log("test.csv")
    expected = prediction_quality(test.correct, predict_next_answers(fit_next_answer(read_learner_log("train.csv")), test))
    assert status == 0
    assert list(told) == ["auc", "log_loss", "brier", "ece", "n", "seconds"]
    assert [told[name] for name in ("auc", "log_loss", "brier", "ece", "n")] == pytest.approx(
        [expected.auc, expected.log_loss, expected.brier, expected.ece, 120]
    )
    assert told["seconds"] > 0


def test_predictions_and_weights_are_written_as_tables(folder, capsys):
    status = run(
        ["measure", "predict", "--train", "train.csv", "--test", "test.csv", "--predictions", "p.csv", "--weights", "w.csv"]
    )

    assert status == 0
    assert "AUC 0." in capsys.readouterr().out
    with (folder / "p.csv").open() as file:
        predictions = list(csv.DictReader(file))
    assert len(predictions) == 120
    assert all(0 < float(one["chance"]) < 1 for one in predictions)
    with (folder / "w.csv").open() as file:
        assert "easiness of the item" in {one["column"] for one in csv.DictReader(file)}


def test_times_in_one_file_only_are_not_used_and_persons_in_both_are_named(folder, capsys):
    lines = (folder / "train.csv").read_text().splitlines()
    timed = [lines[0] + ",at"] + [f"{line},{n}" for n, line in enumerate(lines[1:])]
    (folder / "timed.csv").write_text("\n".join(timed) + "\n")

    status = run(["measure", "predict", "--train", "timed.csv", "--test", "train.csv"])

    said = capsys.readouterr().err
    assert status == 0
    assert "none are used" in said
    assert "24 persons in both files" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--train", "nowhere.csv", "--test", "test.csv"], "nowhere.csv"),
        (["--train", "test.csv", "--test", "test.csv"], "eight learners"),
        (["--train", "train.csv", "--test", "test.csv", "--weights", "no/w.csv"], "there is no folder"),
    ],
)
def test_what_can_not_be_done_is_one_line_and_status_2(folder, capsys, arguments, said):
    status = run(["measure", "predict", *arguments])

    error = capsys.readouterr().err
    assert status == 2
    assert said in error
    assert "Traceback" not in error

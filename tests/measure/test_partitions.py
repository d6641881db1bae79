"""Answers in partitions give the figures of all of them at once, whatever files they come in and whoever works on them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import NotFoundError, UsageError
from bedside.measure import (
    Calibration,
    ClusterMissingError,
    CodesError,
    DuplicatesError,
    Items,
    MeasureError,
    Model,
    Partitions,
    Responses,
    ResponsesError,
    calibrate,
)
from bedside.measure.data.name_hashes import name_hashes
from bedside.measure.data.partitioning import partition_of
from tests.measure.made_responses import answers_of, planted_items

SAME = 1e-9


def long_table(responses: Responses) -> pl.DataFrame:
    """A row an answer, in any order."""
    table = pl.DataFrame(
        {
            "person": [f"p{person}" for person in responses.person()],
            "item": responses.items[responses.item].astype(str),
            "correct": responses.correct,
        }
    )
    return table.sample(fraction=1.0, shuffle=True, seed=4)


def in_files(folder: Path, table: pl.DataFrame, n: int = 3) -> Path:
    """The rows in so many files, so that hardly anybody's answers are in one."""
    folder.mkdir()
    step = -(-len(table) // n)
    for place in range(n):
        table.slice(place * step, step).write_parquet(folder / f"part-{place}.parquet")
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(31)
    made = answers_of(rng.normal(size=900), planted_items(15, rng, guessing=True), rng, answered=0.8)
    return in_files(tmp_path_factory.mktemp("answers") / "files", long_table(made))


@pytest.fixture(scope="module")
def responses(folder: Path) -> Responses:
    return Responses.read(folder)


def see_same(one: Calibration, other: Calibration, tolerance: float = SAME) -> None:
    """All that a calibration says."""
    assert (one.fingerprint, one.items.ids, one.left_out) == (other.fingerprint, other.items.ids, other.left_out)
    assert (one.n_persons, one.n_responses, one.iterations) == (other.n_persons, other.n_responses, other.iterations)
    assert (one.errors, one.converged, one.n_parameters) == (other.errors, other.converged, other.n_parameters)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=tolerance)
    for name in ("discrimination", "difficulty", "guessing", "se_discrimination", "se_difficulty", "se_guessing"):
        np.testing.assert_allclose(getattr(one.items, name), getattr(other.items, name), rtol=0, atol=tolerance)
    for group, same in zip(one.groups, other.groups, strict=True):
        assert (group.name, group.n_persons) == (same.name, same.n_persons)
        values, others = (np.array([g.mean, g.sd, g.se_mean, g.se_sd]) for g in (group, same))
        np.testing.assert_allclose(values, others, rtol=0, atol=tolerance)


@pytest.mark.parametrize("n_partitions", [1, 3, 40])
def test_any_number_of_partitions_gives_the_figures_of_all_at_once(
    folder: Path, responses: Responses, n_partitions: int
) -> None:
    with Partitions.open(folder, n_partitions=n_partitions) as partitions:
        assert partitions.n_partitions == n_partitions

        see_same(calibrate(partitions), calibrate(responses))


@pytest.mark.parametrize(
    "options", [{"model": "3pl"}, {"model": "rasch", "population": "free"}, {"equal_slopes": True}, {"errors": False}]
)
def test_so_does_every_model(folder: Path, responses: Responses, options: dict[str, Any]) -> None:
    with Partitions.open(folder) as partitions:
        see_same(calibrate(partitions, **options), calibrate(responses, **options))


def test_so_do_groups_and_anchors_and_one_opening_serves_several_calibrations(folder: Path, responses: Responses) -> None:
    found = calibrate(responses, errors=False).items
    nothing = np.full(5, np.nan)
    anchors = Items(found.ids[:5], found.discrimination[:5], found.difficulty[:5], np.zeros(5), nothing, nothing, nothing)
    groups = {str(person): "old" if int(person[1:]) % 3 else "new" for person in responses.persons}
    with Partitions.open(folder) as partitions:
        see_same(calibrate(partitions, groups=groups), calibrate(responses, groups=groups))
        see_same(calibrate(partitions, anchors=anchors), calibrate(responses, anchors=anchors))


@pytest.mark.parametrize("model", ["2pl", "3pl"])
def test_so_do_compiled_loops_in_32_bits_but_for_rounding(
    folder: Path, responses: Responses, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bedside.measure.calibrating.size.DENSE_BELOW", 0)
    monkeypatch.setattr("bedside.measure.calibrating.size.SINGLE_ABOVE", 0)
    with Partitions.open(folder, n_partitions=4) as partitions:
        found = calibrate(partitions, model=model, tolerance=1e-4)

    see_same(found, calibrate(responses, model=model, tolerance=1e-4), tolerance=2e-5)


def test_errors_of_each_item_by_itself_are_the_same(
    folder: Path, responses: Responses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bedside.measure.calibrating.standard_errors.MAX_FULL_ITEMS", 10)
    monkeypatch.setattr("bedside.measure.calibrating.size.DENSE_BELOW", 0)
    with Partitions.open(folder, n_partitions=4) as partitions:
        found = calibrate(partitions)

    assert found.errors == "by item"
    see_same(found, calibrate(responses), tolerance=1e-8)


def test_complete_answers_are_worked_on_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    made = answers_of(rng.normal(size=600), planted_items(12, rng), rng)
    folder = in_files(tmp_path / "files", long_table(made))
    monkeypatch.setattr("bedside.measure.calibrating.size.DENSE_BELOW", 0)
    with Partitions.open(folder, n_partitions=4) as partitions:
        see_same(calibrate(partitions), calibrate(Responses.read(folder)))


def test_a_first_look_takes_the_same_persons_however_they_are_shared_out(
    folder: Path, responses: Responses, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With very many answers, a sample says where to begin: its log-likelihoods come first."""
    monkeypatch.setattr("bedside.measure.calibrating.size.DENSE_BELOW", 0)
    monkeypatch.setattr("bedside.measure.calibrating.calibration.SAMPLE_RESPONSES", 3_000)
    seen: dict[str, list[float]] = {"at once": [], "shared": []}

    def note(which: str) -> Callable[[int, float, float], None]:
        return lambda cycle, log_likelihood, move: seen[which].append(log_likelihood)

    at_once = calibrate(responses, on_cycle=note("at once"))
    with Partitions.open(folder, n_partitions=5) as partitions:
        shared = calibrate(partitions, on_cycle=note("shared"))

    assert len(seen["shared"]) > shared.iterations
    assert seen["shared"][0] > at_once.log_likelihood / 2  # of a third or so of the persons
    np.testing.assert_allclose(seen["shared"], seen["at once"], rtol=1e-9)
    see_same(shared, at_once, tolerance=1e-8)


def test_files_may_be_long_or_wide_csv_or_parquet_in_folders_of_folders(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    made = answers_of(rng.normal(size=200), planted_items(8, rng), rng)
    table = long_table(made)
    wide = table.filter(pl.col("item").is_in(["i0", "i1", "i2"])).pivot("item", index="person", values="correct")
    rest = table.filter(~pl.col("item").is_in(["i0", "i1", "i2"]))
    deep = tmp_path / "answers" / "year=2026"
    deep.mkdir(parents=True)
    (tmp_path / "answers" / "_SUCCESS.csv").write_text("not a table", encoding="utf-8")
    (tmp_path / "answers" / ".hidden.csv").write_text("not a table", encoding="utf-8")
    wide.write_csv(deep / "wide.csv")
    rest.slice(0, 400).write_parquet(deep / "a.parquet")
    rest.slice(400).write_csv(tmp_path / "more.csv")
    paths = [tmp_path / "answers", tmp_path / "more.csv"]

    responses = Responses.read(paths)
    with Partitions.open(paths) as partitions:
        found = calibrate(partitions)

    assert (responses.n_persons, responses.n_responses) == (200, made.n_responses)
    see_same(found, calibrate(responses))
    alone = tmp_path / "alone.parquet"
    table.write_parquet(alone)
    assert found.fingerprint == calibrate(Responses.read(alone)).fingerprint


def test_a_large_file_is_read_in_pieces_and_errors_name_the_row_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bedside.measure.data.partitioning.SPLIT_ROWS", 100)
    rng = np.random.default_rng(7)
    table = long_table(answers_of(rng.normal(size=100), planted_items(5, rng), rng))
    path = tmp_path / "answers.parquet"
    table.write_parquet(path)
    stages: list[tuple[str, int, int]] = []
    with Partitions.open(path, on_stage=lambda *stage: stages.append(stage)) as partitions:
        see_same(calibrate(partitions), calibrate(Responses.read(path)))
    assert ("reading", 5, 5) in stages

    table.with_columns(pl.when(pl.int_range(pl.len()) == 316).then(7).otherwise("correct").alias("correct")).write_parquet(path)
    with pytest.raises(CodesError, match=r"answers\.parquet: row 317: an answer is 1, 0 or empty, but 1 is '7'"):
        Partitions.open(path)


@pytest.mark.parametrize("repeats", ["first", "last"])
def test_of_answers_given_twice_the_one_that_counts_is_that_of_the_files_in_order(
    tmp_path: Path, repeats: Literal["first", "last"]
) -> None:
    rng = np.random.default_rng(8)
    table = long_table(answers_of(rng.normal(size=50), planted_items(6, rng), rng))
    again = table.slice(0, 40).with_columns(correct=1 - pl.col("correct"))
    folder = in_files(tmp_path / "files", pl.concat([table, again]), 4)

    responses = Responses.read(folder, repeats=repeats)
    with Partitions.open(folder, repeats=repeats, n_partitions=55) as partitions:  # some without persons
        assert partitions.n_repeats == responses.n_repeats == 40
        see_same(calibrate(partitions, errors=False, max_cycles=4), calibrate(responses, errors=False, max_cycles=4))

    with pytest.raises(DuplicatesError, match=r"more than one answer to an item, \d+ too many: p\d+ on i\d.*; and \d+ more"):
        Partitions.open(folder)


def test_what_has_no_variance_is_named_as_at_once(tmp_path: Path) -> None:
    rows: list[tuple[str, str, int | None]] = [(f"p{n}", item, n % 2) for n in range(8) for item in ("a", "b")]
    rows += [(f"p{n}", "easy", 1) for n in range(8)] + [("nobody", "a", None), ("p0", "empty", None), ("weak", "a", 0)]
    folder = in_files(tmp_path / "files", pl.DataFrame(rows, schema=["person", "item", "correct"], orient="row"))

    with Partitions.open(folder, n_partitions=20) as partitions:
        there, at_once = partitions.no_variance(), Responses.read(folder).no_variance()
        assert partitions.n_empty == 2

    for name in ("persons_all_right", "persons_all_wrong", "persons_without_answers"):
        assert sorted(getattr(there, name)) == sorted(getattr(at_once, name)) != []
    assert (there.items_all_right, there.items_without_answers) == (("easy",), ("empty",))


def test_a_person_without_a_group_is_named(folder: Path) -> None:
    with Partitions.open(folder) as partitions:
        with pytest.raises(MeasureError, match="899 persons have answers but no group: "):
            calibrate(partitions, groups={"p1": "a"})
        with pytest.raises(UsageError, match="by the names of persons"):
            calibrate(partitions, groups=["a", "b"])


@given(st.lists(st.text(max_size=30), min_size=1, max_size=20), st.integers(1, 50))
def test_a_name_has_the_same_number_in_whatever_company(names: list[str], n_partitions: int) -> None:
    together = name_hashes(names)

    assert (together == np.concatenate([name_hashes([name]) for name in names])).all()
    assert len({tuple(pair) for pair in together.tolist()}) == len(set(names))
    assert ((partition_of(together, n_partitions) >= 0) & (partition_of(together, n_partitions) < n_partitions)).all()


def test_nothing_is_left_in_the_scratch_folder(folder: Path, tmp_path: Path) -> None:
    scratch, bad = tmp_path / "scratch", tmp_path / "bad.csv"
    scratch.mkdir()
    bad.write_text("person,item,correct\np1,i1,maybe\n", encoding="utf-8")

    with Partitions.open(folder, scratch=scratch):
        assert len(list(scratch.iterdir())) == 1
    assert list(scratch.iterdir()) == []
    with pytest.raises(CodesError, match="maybe"):
        Partitions.open(bad, scratch=scratch)
    assert list(scratch.iterdir()) == []


def test_what_cannot_be_opened_is_refused(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("person,item,correct\np1,i1,\n", encoding="utf-8")
    (tmp_path / "bare").mkdir()

    with pytest.raises(NotFoundError, match="no such file"):
        Partitions.open(tmp_path / "missing.parquet")
    with pytest.raises(NotFoundError, match="holds no file of responses"):
        Partitions.open(tmp_path / "bare")
    with pytest.raises(ResponsesError, match="no answer"):
        Partitions.open(empty)
    with pytest.raises(UsageError, match="named twice"):
        Partitions.open([folder, folder / "part-0.parquet"])
    with pytest.raises(UsageError, match="no file of responses is named"):
        Partitions.open([])
    with pytest.raises(UsageError, match="not both"):
        Partitions.open(folder, workers=2, scheduler="tcp://127.0.0.1:1")
    with pytest.raises(UsageError, match="at least one worker"):
        Partitions.open(folder, workers=0)
    with pytest.raises(UsageError, match="1 to 10,000 partitions"):
        Partitions.open(folder, n_partitions=0)
    with pytest.raises(UsageError, match="no such folder"):
        Partitions.open(folder, scratch=tmp_path / "nowhere")


def test_columns_that_differ_between_files_can_be_read_but_not_kept(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("person,item,correct,ms\np1,i1,1,900\n", encoding="utf-8")
    other.write_text("person,item,correct,ward\np1,i2,0,A\n", encoding="utf-8")

    responses = Responses.read([one, other], keep=())
    assert (responses.n_responses, responses.unknown_columns) == (2, ("ward",))
    with pytest.raises(ResponsesError, match=r"other\.csv: its columns \(ward\) are not those of .*one\.csv \(ms\)"):
        Responses.read([one, other])


def test_without_dask_workers_are_refused_and_the_extra_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(ClusterMissingError, match=r"bedside\[cluster\]"):
        Partitions.open(folder, workers=2)


def test_nothing_of_dask_is_imported_where_one_process_does_the_work(folder: Path) -> None:
    code = (
        "import sys; from bedside.measure import Partitions, calibrate\n"
        f"with Partitions.open({str(folder)!r}) as partitions: calibrate(partitions, errors=False, max_cycles=1)\n"
        "sys.exit(any(name.partition('.')[0] in ('dask', 'distributed') for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=120).returncode == 0

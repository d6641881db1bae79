"""Workers in processes of their own: the same figures, also when one is killed, and nothing left behind when interrupted."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from bedside.cli import run
from bedside.measure import ClusterError, CodesError, Model, Partitions, Responses, calibrate
from tests.measure.made_responses import answers_of, planted_items
from tests.measure.test_partitions import in_files, long_table, see_same

PROCESSES = Path("/proc")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(41)
    made = answers_of(rng.normal(size=2_000), planted_items(20, rng, guessing=True), rng, answered=0.8)
    return in_files(tmp_path_factory.mktemp("answers") / "files", long_table(made))


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A cluster that is there already: its worker is a thread of this process, so that it starts at once."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        protocol="tcp://",
        host="127.0.0.1",
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    ) as cluster:
        yield cluster.scheduler_address


def test_an_existing_cluster_gives_the_same_figures_and_keeps_its_workers(folder: Path, scheduler: str, tmp_path: Path) -> None:
    at_once = calibrate(Responses.read(folder))
    for _ in range(2):
        with Partitions.open(folder, scheduler=scheduler, scratch=tmp_path) as partitions:
            assert partitions.n_workers == 1
            see_same(calibrate(partitions), at_once)
        assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_with_the_data_comes_home_as_it_is_said_at_once(scheduler: str, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("person,item,correct\np1,i1,1\np1,i2,maybe\n", encoding="utf-8")

    with pytest.raises(CodesError) as there:
        Partitions.open(path, scheduler=scheduler)
    with pytest.raises(CodesError) as at_once:
        Responses.read(path)

    assert str(there.value) == str(at_once.value)
    assert (there.value.file, there.value.text) == (at_once.value.file, at_once.value.text)


def test_a_scheduler_that_is_not_there_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("bedside.measure.calibrating.cluster.CONNECT_S", 0.2)

    with pytest.raises(ClusterError, match=r"no scheduler of Dask at tcp://127\.0\.0\.1:9"):
        Partitions.open(folder, scheduler="tcp://127.0.0.1:9")


@pytest.mark.slow
@pytest.mark.parametrize("model", ["2pl", "3pl"])
def test_when_a_worker_is_killed_the_run_ends_with_the_same_figures(folder: Path, model: Model) -> None:
    pytest.importorskip("distributed")
    at_once = calibrate(Responses.read(folder), model=model)

    def kill(cycle: int, log_likelihood: float, move: float) -> None:
        if cycle == 3:
            workers = multiprocessing.active_children()
            assert len(workers) == 2
            os.kill(workers[0].pid or 0, signal.SIGKILL)

    with Partitions.open(folder, workers=2) as partitions:
        undisturbed = calibrate(partitions, model=model)
        assert partitions.n_lost() == 0
        disturbed = calibrate(partitions, model=model, on_cycle=kill)
        assert partitions.n_lost() == 1

    assert multiprocessing.active_children() == []
    see_same(undisturbed, at_once)
    see_same(disturbed, at_once)
    assert disturbed.log_likelihood == undisturbed.log_likelihood
    assert (disturbed.items.difficulty == undisturbed.items.difficulty).all()
    np.testing.assert_array_equal(disturbed.items.se_difficulty, undisturbed.items.se_difficulty)


@pytest.mark.slow
def test_the_command_answers_the_same_with_workers(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed")
    groups = tmp_path / "groups.csv"
    groups.write_text("person,group\n" + "".join(f"p{n},{'ab'[n % 2]}\n" for n in range(2_000)), encoding="utf-8")
    command = ["measure", "calibrate", str(folder), "--groups", str(groups), "--json"]
    assert run(command) == 0
    before = capsys.readouterr()
    at_once = json.loads(before.out)

    assert run([*command, "--workers", "2"]) == 0

    said = capsys.readouterr()
    told = json.loads(said.out)
    assert (told["workers"], told["workers_lost"]) == (2, 0)
    assert (told["fingerprint"], told["n_responses"]) == (at_once["fingerprint"], at_once["n_responses"])
    for item, same in zip(told["items"], at_once["items"], strict=True):
        assert item == pytest.approx(same, abs=1e-9)
    assert told["groups"] == [pytest.approx(group, abs=1e-9) for group in at_once["groups"]]
    assert sorted(line[:40] for line in said.err.splitlines()) == sorted(line[:40] for line in before.err.splitlines())


@pytest.mark.slow
@pytest.mark.skipif(not PROCESSES.is_dir(), reason="processes are counted where Linux shows them")
@pytest.mark.parametrize("stage", ["starting", "working"])
def test_ctrl_c_leaves_no_worker_no_scratch_and_no_half_a_file(folder: Path, tmp_path: Path, stage: str) -> None:
    pytest.importorskip("distributed")
    scratch, out = tmp_path / "scratch", tmp_path / "items.csv"
    scratch.mkdir()
    command = [
        sys.executable, "-m", "bedside", "measure", "calibrate", str(folder), "--model", "3pl", "--workers", "2",
        "--scratch", str(scratch), "--out", str(out),
    ]  # fmt: skip
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    waited_for = "*/dask-scratch-space" if stage == "starting" else "*/partition-*.npz"
    until(lambda: any(scratch.glob(waited_for)))

    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    said = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "Traceback" not in said[1]
    assert list(tmp_path.iterdir()) == [scratch]
    assert list(scratch.iterdir()) == []
    until(lambda: session_of(process.pid) == [])


def session_of(leader: int) -> list[int]:
    """The processes that a command has started and that still run."""
    found = []
    for entry in PROCESSES.iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            if int(fields[3]) == leader and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def until(is_so: Callable[[], bool], patience_s: float = 60) -> None:
    """Wait for something."""
    end = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)

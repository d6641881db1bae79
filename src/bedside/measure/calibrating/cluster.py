"""Workers of Dask: processes of this computer, or of an existing cluster.

A piece of work that was under way when a worker died is done again by another, and so is the making of what that worker held:
Dask knows how each was made. Nothing of Dask is imported before it is asked for.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from itertools import cycle
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

from bedside import __version__
from bedside.errors import BedsideError
from bedside.measure.problems import ClusterError, ClusterMissingError, named

CONNECT_S = 10
LOOPBACK = "127.0.0.1"


class Cluster:
    """Workers, and what was asked of them."""

    def __init__(self, client: Any, stack: ExitStack) -> None:
        self._client = client
        self._stack = stack
        self._seen: set[str] = set()
        self.n_workers = len(self._note_workers())

    @classmethod
    def local(cls, n_workers: int, folder: Path) -> Cluster:
        """Start processes on this computer, which talk encrypted and on the loopback only; they end with this one.

        Raises:
            ClusterMissingError: Dask is not installed.
        """
        distributed = _distributed()
        import dask  # noqa: PLC0415

        with ExitStack() as stack:
            threads = max(1, (os.cpu_count() or 1) // n_workers)
            settings = {
                "temporary-directory": str(folder),
                "distributed.scheduler.http.routes": [],  # no pages
                "distributed.worker.http.routes": [],
            }
            with dask.config.set(settings), _interrupts_held():
                cluster = stack.enter_context(
                    distributed.LocalCluster(
                        n_workers=n_workers, threads_per_worker=1, processes=True, host=LOOPBACK, dashboard_address=None,
                        scheduler_kwargs={"dashboard_address": f"{LOOPBACK}:0"}, security=True,
                        silence_logs=logging.CRITICAL, env={"POLARS_MAX_THREADS": str(threads)},
                    )
                )  # fmt: skip
            client = stack.enter_context(distributed.Client(cluster, set_as_default=False))
            return cls(client, stack.pop_all())

    @classmethod
    def at(cls, scheduler: str, folder: Path) -> Cluster:
        """The workers of a cluster that is there, all of which must see `folder` and have this version of Bedside.

        Raises:
            ClusterMissingError: Dask is not installed.
            ClusterError: there is no scheduler, it has no workers, or they can't be used.
        """
        distributed = _distributed()
        with ExitStack() as stack:
            try:
                client = stack.enter_context(distributed.Client(scheduler, timeout=CONNECT_S, set_as_default=False))
            except (OSError, ValueError) as error:
                raise ClusterError(f"there is no scheduler of Dask at {scheduler}: {error}") from error
            found = cls(client, stack.pop_all())
        try:
            found.see_usable(scheduler, folder)
        except BaseException:
            found.close()
            raise
        return found

    def see_usable(self, scheduler: str, folder: Path) -> None:
        """See that there are workers, and that they can do the work."""
        if not self.n_workers:
            raise ClusterError(f"the scheduler at {scheduler} has no workers")
        try:
            told = self._client.run(_state, str(folder))
        except Exception as error:
            raise ClusterError(
                f"a worker of {scheduler} can't run Bedside {__version__}; is it installed there? {error}"
            ) from error
        others = sorted({version for version, _ in told.values() if version != __version__})
        if others:
            raise ClusterError(f"workers of {scheduler} have Bedside {named(others)}, and this is {__version__}")
        blind = [address for address, (_, sees) in told.items() if not sees]
        if blind:
            raise ClusterError(f"workers don't see {folder}, give a folder that all share as scratch: {named(blind)}")

    def hold(self, work: Callable[..., Any], each: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Futures of things that stay where they are made, as many at each worker as it has threads for; where one dies, others
        make its things again."""
        workers = sorted(self._client.scheduler_info(n_workers=-1)["workers"].items())
        places = [address for address, worker in workers for _ in range(worker["nthreads"])] or [None]
        return [
            self._client.submit(work, *arguments, pure=False, workers=place, allow_other_workers=place is not None)
            for arguments, place in zip(each, cycle(places), strict=False)
        ]

    def run(self, work: Callable[..., Any], each: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        """All at once; what is answered first waits for its turn.

        Raises:
            ClusterError: workers died again and again, or the scheduler is gone.
            What the work raises.
        """
        self._note_workers()
        futures = [self._client.submit(_guarded, work, *arguments, pure=False) for arguments in each]
        try:
            while futures:
                yield _answer(_result(futures.pop(0)))
        finally:
            if futures:  # it was given up
                self._client.cancel(futures)
            self._note_workers()

    def everywhere(self, work: Callable[..., Any], *arguments: Any) -> None:
        """Once in every worker that is there now."""
        self._client.run(work, *arguments, on_error="ignore")

    def n_lost(self) -> int:
        """How many of the workers that were ever there are not any more."""
        return len(self._seen - self._note_workers())

    def close(self) -> None:
        """End the workers that were started here, and leave others."""
        self._stack.close()

    def _note_workers(self) -> set[str]:
        now = set(self._client.scheduler_info(n_workers=-1)["workers"])
        self._seen |= now
        return now


def _distributed() -> Any:
    try:
        import distributed  # noqa: PLC0415
    except ImportError as error:
        raise ClusterMissingError(
            "to share work out to other processes, install the extra `cluster`: pip install 'bedside[cluster]'"
        ) from error
    return distributed


def _result(future: Any) -> Any:
    from distributed import KilledWorker  # noqa: PLC0415
    from distributed.comm.core import CommClosedError  # noqa: PLC0415

    try:
        return future.result()
    except KilledWorker as error:
        raise ClusterError(
            "several workers died at the same piece of work; they may have had too little memory: take fewer workers, or more"
            " partitions"
        ) from error
    except (CancelledError, CommClosedError, TimeoutError) as error:
        raise ClusterError(f"the scheduler or its workers are gone: {type(error).__name__} {error}") from error


class _Refusal:
    """An error of ours, carried home: they don't all survive being packed themselves."""

    def __init__(self, error: BedsideError) -> None:
        self.kind, self.arguments, self.state = type(error), error.args, dict(error.__dict__)


def _guarded(work: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return work(*arguments)
    except BedsideError as error:
        return _Refusal(error)


def _answer(answer: Any) -> Any:
    if not isinstance(answer, _Refusal):
        return answer
    error = answer.kind.__new__(answer.kind)
    error.args = answer.arguments
    error.__dict__.update(answer.state)
    raise error


def _state(folder: str) -> tuple[str, bool]:
    """The version of Bedside that a worker has, and whether it sees a folder."""
    return __version__, Path(folder).is_dir()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Processes that are started from here on, and by threads that are, don't hear Ctrl+C, which a terminal sends to all of
    them: this one hears it afterwards, and ends them in order."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows, where a console asks each process
        yield
        return
    resource_tracker.ensure_running()  # starting it would let the signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

"""Answers in partitions by person, on which several processes work: a source of a calibration.

Files are read once, by the workers, and what is in them is shared out by person into a scratch folder; each worker holds some
partitions in memory and sends sums. Sums are added up in the order of partitions, whoever sends them first.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import reduce
from operator import add
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import numpy as np

from bedside.errors import UsageError
from bedside.measure.calibrating import partition_work
from bedside.measure.calibrating.cluster import Cluster
from bedside.measure.calibrating.em_expected import Expected
from bedside.measure.calibrating.em_parameters import Floats, Parameters
from bedside.measure.calibrating.executors import Executor, Here
from bedside.measure.calibrating.fingerprints import fingerprint_of
from bedside.measure.calibrating.observed_information import Sums
from bedside.measure.calibrating.partition_work import Loading, Seen
from bedside.measure.calibrating.setup import Counts
from bedside.measure.calibrating.size import Size
from bedside.measure.calibrating.source import Grouping, Groups, ungrouped
from bedside.measure.data.name_hashes import name_hashes
from bedside.measure.data.partitioning import (
    Split,
    gathering_of,
    partition_of,
    pieces_of,
    refuse_repeated,
    split,
    write_gathering,
)
from bedside.measure.data.reading import Paths, Table, answer_files, label_of, open_table
from bedside.measure.data.responses import NoVariance
from bedside.measure.data.rows import Repeats
from bedside.measure.items import Model
from bedside.measure.problems import MeasureError, named

LEAST, MOST = 8, 10_000  # partitions; as many for any number of workers up to the least, so that figures are the same
PARTITION_ANSWERS = 20_000_000
CSV_BYTES = 12  # of an answer, about; packed, a quarter of it

T = TypeVar("T")
OnStage = Callable[[str, int, int], None]


class Partitions:
    """Answers shared out to workers. Close it, or use it in `with`: it holds processes and a folder."""

    def __init__(self, executor: Executor, folder: Path, stack: ExitStack, threads: int) -> None:
        self._executor, self._folder, self._stack, self._threads = executor, folder, stack, threads
        self._items: tuple[str, ...] = ()
        self._splits: list[Split] = []
        self._seen: list[Seen] = []
        self._held: tuple[object, list[Any]] | None = None
        self.unknown_columns: tuple[str, ...] = ()
        self.n_workers = executor.n_workers

    @classmethod
    def open(
        cls,
        paths: Paths,
        *,
        workers: int | None = None,
        scheduler: str | None = None,
        repeats: Repeats = "refuse",
        scratch: Path | str | None = None,
        n_partitions: int | None = None,
        threads: int = 1,
        on_stage: OnStage = lambda stage, done, of: None,
    ) -> Partitions:
        """Read files of answers and share what is in them out by person.

        Args:
            paths: files or folders, as `Responses.read` takes them. A person's answers may be in several.
            workers: processes to start on this computer. Without them and without a scheduler, this process does all of it.
            scheduler: the address of a Dask scheduler, whose workers are taken; they must see the files and `scratch` by the
                same names.
            repeats: where a person answered an item more than once: refuse, or take the first or last in the order of files.
            scratch: the folder in which a folder for the partitions is made, some 3 bytes an answer, and 6 to 14 while answers
                are shared out; None is the system's. It is removed on closing.
            n_partitions: None: one for some 20 million answers, but at least 8.
            threads: of each process.
            on_stage: called with what is done, and how much of how many pieces is.

        Raises:
            ClusterError: the workers can't be had; ClusterMissingError where Dask is not installed.
            What `Responses.read` raises.
        """
        if workers is not None and scheduler is not None:
            raise UsageError("take either workers of this computer or those of a scheduler, not both")
        if workers is not None and workers < 1:
            raise UsageError(f"there is at least one worker, not {workers:,}")
        if n_partitions is not None and not 1 <= n_partitions <= MOST:
            raise UsageError(f"there can be 1 to {MOST:,} partitions, not {n_partitions:,}")
        files = answer_files(paths)
        tables = [open_table(path.absolute()) for path in files]
        with ExitStack() as stack:
            folder = _scratch(stack, scratch)
            on_stage("starting workers", 0, 1)
            executor = _executor(workers, scheduler, folder)
            stack.callback(executor.close)
            found = cls(executor, folder, stack.pop_all(), threads)
        try:
            n = n_partitions or min(max(LEAST, _answers_about(tables) // PARTITION_ANSWERS, executor.n_workers), MOST)
            found._share_out(tables, n, repeats, label_of(files), on_stage)
        except BaseException:
            found.close()
            raise
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the workers that were started for it, and remove its folder."""
        self._held = None
        self._stack.close()

    @property
    def n_partitions(self) -> int:
        """How many partitions there are."""
        return len(self._seen)

    @property
    def n_empty(self) -> int:
        """How many rows or cells hold no answer."""
        return sum(one.n_empty for one in self._splits)

    @property
    def n_repeats(self) -> int:
        """How many answers were left out since their person had answered the item before (or after)."""
        return sum(one.n_repeats for one in self._seen)

    def n_lost(self) -> int:
        """How many workers have died; what they did was done again."""
        return self._executor.n_lost()

    def no_variance(self) -> NoVariance:
        """Persons and items without variance, by name."""
        counts, told = self.counts(), [one.no_variance for one in self._seen]

        def those(which: Any) -> tuple[str, ...]:
            return tuple(name for name, is_one in zip(counts.items, which, strict=True) if is_one)

        return NoVariance(
            persons_all_right=tuple(name for one in told for name in one.persons_all_right),
            persons_all_wrong=tuple(name for one in told for name in one.persons_all_wrong),
            persons_without_answers=tuple(name for one in told for name in one.persons_without_answers),
            items_all_right=those((counts.n_given > 0) & (counts.n_right == counts.n_given)),
            items_all_wrong=those((counts.n_given > 0) & (counts.n_right == 0)),
            items_without_answers=those(counts.n_given == 0),
        )

    def prepare(self, *, model: Model, errors: bool) -> None:
        """Have every worker compile what a calibration takes."""
        counts = self.counts()
        size = Size(counts.n_persons, len(counts.items), int(counts.n_given.sum()))
        self._executor.everywhere(partition_work.prepare_here, size, model, errors)

    def counts(self) -> Counts:
        """What is known of the items."""
        n_given, n_right = (
            reduce(add, which) for which in zip(*((one.n_given, one.n_right) for one in self._seen), strict=True)
        )
        return Counts(self._items, n_given, n_right, sum(one.persons.n_persons for one in self._seen))

    def grouping(self, groups: Groups | None) -> Grouping:
        """The groups, where persons are of several.

        Raises:
            UsageError: groups are not given by name.
            MeasureError: some persons have none.
        """
        if groups is None:
            return ungrouped(self.counts().n_persons)
        if not isinstance(groups, Mapping):
            raise UsageError("with partitions, groups are given by the names of persons")
        parts = self._groups_by_partition(groups)
        each = [(self._folder, number, part) for number, part in enumerate(parts)]
        seen = list(self._executor.run(partition_work.count_groups, each))
        missing = [name for one in seen for name in one.missing]
        if missing:
            raise MeasureError(f"{len(missing):,} persons have answers but no group: {named(missing)}")
        sizes = sum((Counter(one.sizes) for one in seen), Counter[str]())
        names = sorted(sizes)
        return Grouping(tuple(names), tuple(sizes[name] for name in names), groups if len(names) > 1 else None)

    def fingerprint(self) -> str:
        """What says which answers these are."""
        return fingerprint_of(reduce(add, (one.persons for one in self._seen)), self._items)

    def expecting(self, stay: Sequence[str], grouping: Grouping, nodes: Floats, *, two_rows: bool) -> PartitionedPersons:
        """The answers to the items that stay, ready."""
        staying = set(stay)
        stays = np.array([name in staying for name in self._items])
        counts = self.counts().of(stays)
        size = Size(counts.n_persons, len(counts.items), int(counts.n_given.sum()))
        key = (tuple(stay), grouping, nodes.tobytes())
        if self._held is None or self._held[0] != key:
            self._held = None
            by = Loading(stays, grouping.names, nodes, size, self._threads)
            of = grouping.of
            parts = self._groups_by_partition(of) if isinstance(of, Mapping) else [None] * self.n_partitions
            each = [(self._folder, number, part, by) for number, part in enumerate(parts)]
            self._held = (key, self._executor.hold(partition_work.load_partition, each))
        return PartitionedPersons(self._executor, self._held[1], nodes, size, two_rows=two_rows)

    def _share_out(self, tables: Sequence[Table], n: int, repeats: Repeats, label: str, on_stage: OnStage) -> None:
        """By piece, and then by partition."""
        self.unknown_columns = tuple(dict.fromkeys(name for table in tables for name in table.unknown_columns))
        pieces = pieces_of(tables)
        (self._folder / "pieces").mkdir()
        found = self._executor.run(split, [(self._folder, piece, n) for piece in pieces])
        self._splits = list(_told(found, "reading", len(pieces), on_stage))
        gathering = gathering_of(self._splits, repeats, label)
        self._items = gathering.items
        write_gathering(self._folder, gathering)
        found = self._executor.run(partition_work.gather_partition, [(self._folder, number) for number in range(n)])
        self._seen = list(_told(found, "sharing out by person", n, on_stage))
        refuse_repeated(label, [(one.refused, one.n_repeats) for one in self._seen])
        shutil.rmtree(self._folder / "pieces", ignore_errors=True)

    def _groups_by_partition(self, groups: Mapping[str, str]) -> list[dict[str, str]]:
        parts: list[dict[str, str]] = [{} for _ in range(self.n_partitions)]
        names = list(groups)
        for name, number in zip(names, partition_of(name_hashes(names), self.n_partitions).tolist(), strict=True):
            parts[number][name] = groups[name]
        return parts


class PartitionedPersons:
    """Persons in partitions, ready for expectations: see `Persons`."""

    def __init__(self, executor: Executor, held: Sequence[Any], nodes: Floats, size: Size, *, two_rows: bool) -> None:
        self._executor, self._held, self._two_rows = executor, held, two_rows
        self.nodes, self.size = nodes, size

    def expect(self, parameters: Parameters, *, every: int = 1) -> Expected:
        """The E-step."""
        return self._summed(partition_work.expect, parameters, self._two_rows, every)

    def score_products(self, parameters: Parameters) -> Floats:
        """Products of expected scores, by item."""
        return self._summed(partition_work.score_products, parameters)

    def information_sums(self, parameters: Parameters) -> Sums:
        """What the whole information takes."""
        return self._summed(partition_work.sum_information, parameters)

    def close(self) -> None:
        """The partitions stay with the workers, for what is asked next."""

    def _summed(self, work: Callable[..., T], *arguments: Any) -> T:
        """What the partitions give, added up in their order as it arrives."""
        found: Iterator[T] = self._executor.run(work, [(one, *arguments) for one in self._held])
        return reduce(add, found)


def _executor(workers: int | None, scheduler: str | None, folder: Path) -> Executor:
    if scheduler is not None:
        return Cluster.at(scheduler, folder)
    return Here() if workers is None else Cluster.local(workers, folder)


def _scratch(stack: ExitStack, scratch: Path | str | None) -> Path:
    if scratch is not None and not Path(scratch).is_dir():
        raise UsageError(f"{scratch}: there is no such folder to put partitions into")
    folder = Path(tempfile.mkdtemp(prefix="bedside-", dir=None if scratch is None else Path(scratch).absolute()))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _answers_about(tables: Sequence[Table]) -> int:
    """How many answers there are; of files that don't say it, about."""
    return sum(
        table.n_rows() * (1 if table.is_long else len(table.item_columns)) or table.path.stat().st_size // CSV_BYTES
        for table in tables
    )


def _told(found: Iterator[Any], stage: str, n: int, on_stage: OnStage) -> Iterator[Any]:
    on_stage(stage, 0, n)
    for done, one in enumerate(found, start=1):
        yield one
        on_stage(stage, done, n)

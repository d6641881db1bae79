"""Calls that save answers are served in one thread, and what they put aside is kept together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from bedside.cli.saving_thread import MAX_AT_ONCE, Dispatcher

WAIT_S = 30  # for another thread; a machine may be busy


@dataclass(eq=False)
class Task:
    """A connection with a request, and what serving it does."""

    is_saving: bool
    run: Callable[[], None]
    done: threading.Event = field(default_factory=threading.Event)
    is_cancelled: bool = False
    thread: str = ""

    @property
    def requests(self) -> list[Task]:
        return [self]

    def service(self) -> None:
        self.thread = threading.current_thread().name
        try:
            self.run()
        finally:
            self.done.set()

    def cancel(self) -> None:
        self.is_cancelled = True


@dataclass
class Bench:
    """A dispatcher whose calls are words; `keep` notes which were kept together."""

    kept: list[list[str]] = field(default_factory=list)
    put_aside: Callable[[Any], None] = lambda _: None
    before_keep: Callable[[Sequence[str]], None] = lambda _: None

    def keep(self, calls: Sequence[str]) -> None:
        self.before_keep(calls)
        self.kept.append(list(calls))

    def lend(self, put_aside: Callable[[Any], None]) -> None:
        self.put_aside = put_aside

    def saving(self, word: str) -> Task:
        return Task(True, lambda: self.put_aside(word))


@contextmanager
def dispatching(bench: Bench) -> Iterator[Dispatcher]:
    dispatcher = Dispatcher(is_saving=lambda request: request.is_saving, answer=bench.keep, lend=bench.lend)
    dispatcher.set_thread_count(2)
    try:
        yield dispatcher
    finally:
        dispatcher.shutdown()


def _all_wait_while_one_is_kept(bench: Bench, dispatcher: Dispatcher, others: Sequence[Task]) -> None:
    """Serve one task, and let all others come while it is kept."""
    first = bench.saving("first")

    def more_come(_: Sequence[str]) -> None:
        bench.before_keep = lambda _: None
        for task in others:
            dispatcher.add_task(task)

    bench.before_keep = more_come
    dispatcher.add_task(first)
    for task in (first, *others):
        assert task.done.wait(WAIT_S)


def test_calls_that_came_while_others_were_kept_are_kept_together() -> None:
    bench = Bench()
    with dispatching(bench) as dispatcher:
        _all_wait_while_one_is_kept(bench, dispatcher, [bench.saving(word) for word in "abc"])
    assert bench.kept == [["first"], ["a", "b", "c"]]


def test_a_round_has_an_end_however_many_wait() -> None:
    bench = Bench()
    with dispatching(bench) as dispatcher:
        _all_wait_while_one_is_kept(bench, dispatcher, [bench.saving(str(n)) for n in range(MAX_AT_ONCE + 3)])
    assert [len(group) for group in bench.kept] == [1, MAX_AT_ONCE, 3]


def test_each_call_goes_on_from_where_it_was_put_aside_with_what_it_had() -> None:
    bench = Bench()
    said: list[str] = []

    def serve(word: str) -> None:
        mine = word.upper()
        bench.put_aside(word)
        said.append(mine)
        bench.put_aside(word * 2)
        said.append(mine * 2)

    with dispatching(bench) as dispatcher:
        tasks = [Task(True, lambda: serve("a")), Task(True, lambda: serve("b")), bench.saving("c")]
        _all_wait_while_one_is_kept(bench, dispatcher, tasks)
    assert bench.kept == [["first"], ["a", "b", "c"], ["aa", "bb"]]
    assert said == ["A", "B", "AA", "BB"]


@pytest.mark.parametrize("error", [ValueError, SystemExit])
def test_a_call_that_fails_takes_no_other_with_it(error: type[BaseException]) -> None:
    bench = Bench()

    def fail() -> None:
        raise error

    with dispatching(bench) as dispatcher:
        later = bench.saving("later")
        _all_wait_while_one_is_kept(bench, dispatcher, [bench.saving("a"), Task(True, fail), bench.saving("b")])
        dispatcher.add_task(later)
        assert later.done.wait(WAIT_S)
    assert bench.kept == [["first"], ["a", "b"], ["later"]]


def test_calls_whose_keeping_breaks_off_go_on_and_those_after_them_are_kept() -> None:
    bench = Bench()

    def fail(_: Sequence[str]) -> None:
        bench.before_keep = lambda _: None
        raise RuntimeError

    with dispatching(bench) as dispatcher:
        bench.before_keep = fail
        lost, later = bench.saving("lost"), bench.saving("later")
        for task in (lost, later):
            dispatcher.add_task(task)
            assert task.done.wait(WAIT_S)
    assert bench.kept == [["later"]]


def hold(until: threading.Event) -> None:
    """Keep as a disk does that takes long."""
    assert until.wait(WAIT_S)


def test_calls_that_save_nothing_have_threads_of_their_own() -> None:
    bench = Bench()
    is_kept = threading.Event()
    with dispatching(bench) as dispatcher:
        bench.before_keep = lambda _: hold(is_kept)
        saving, other = bench.saving("a"), Task(False, lambda: None)
        dispatcher.add_task(saving)
        dispatcher.add_task(other)
        assert other.done.wait(WAIT_S)
        assert not saving.done.is_set()
        is_kept.set()
        assert saving.done.wait(WAIT_S)
    assert saving.thread == "saving" != other.thread


def test_what_waits_when_the_server_stops_is_dropped_and_what_is_under_way_is_finished() -> None:
    bench = Bench()
    is_under_way, may_go_on = threading.Event(), threading.Event()

    def begin(_: Sequence[str]) -> None:
        is_under_way.set()
        hold(may_go_on)

    bench.before_keep = begin
    with dispatching(bench) as dispatcher:
        under_way, waits = bench.saving("a"), bench.saving("b")
        dispatcher.add_task(under_way)
        assert is_under_way.wait(WAIT_S)
        dispatcher.add_task(waits)
        stops = threading.Thread(target=dispatcher.shutdown)
        stops.start()
        while not waits.is_cancelled:
            pass
        may_go_on.set()
        stops.join(WAIT_S)
    assert under_way.done.is_set()
    assert not waits.done.is_set()
    assert bench.kept == [["a"]]

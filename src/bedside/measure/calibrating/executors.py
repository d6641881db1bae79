"""Who does the work on partitions: this process, one partition after the other, or others (`cluster`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol


class Executor(Protocol):
    """Does one piece of work for each of several arguments."""

    n_workers: int

    def hold(self, work: Callable[..., Any], each: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Make something of each and keep it where it was made; what is answered stands for it in the arguments of `run`."""

    def run(self, work: Callable[..., Any], each: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        """What the work makes of each, in order."""

    def everywhere(self, work: Callable[..., Any], *arguments: Any) -> None:
        """Do something once in every process."""

    def n_lost(self) -> int:
        """How many workers have died so far."""

    def close(self) -> None:
        """Let go of all workers that are its own."""


class Here:
    """This process."""

    n_workers = 1

    def hold(self, work: Callable[..., Any], each: Sequence[tuple[Any, ...]]) -> list[Any]:
        """The things themselves."""
        return [work(*arguments) for arguments in each]

    def run(self, work: Callable[..., Any], each: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        """One after the other."""
        return (work(*arguments) for arguments in each)

    def everywhere(self, work: Callable[..., Any], *arguments: Any) -> None:
        """Here."""
        work(*arguments)

    def n_lost(self) -> int:
        """None."""
        return 0

    def close(self) -> None:
        """Nothing is held."""

"""Whatever was done on which machine, and in whatever order their files are brought to each other: they become the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedside.site.accounts.models import User
from bedside.site.study.log import memories_of
from bedside.site.study.zones import keep_zone, zone_of
from tests.support import lives
from tests.support.examples import examples
from tests.support.lives import Machine
from tests.support.servers import Server, Servers
from tests.support.sittings import T0

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="each server of a test is a file of SQLite"),
]
Deed = Callable[[User], object]
DAYS = st.integers(0, 3).map(lambda n: T0 + timedelta(days=n))

deeds = st.one_of(
    st.builds(lambda n, salt: lives.reviews(n, salt=salt), st.integers(1, 6), st.sampled_from("ab")),
    st.builds(lambda n, salt: lives.take_back(n, salt=salt), st.integers(0, 5), st.sampled_from("ab")),
    st.builds(
        lambda n, text, at, gone: lives.note(n, text, at=at, is_removed=gone),
        st.integers(0, 2),
        st.sampled_from(["one", "two", "three"]),
        DAYS,
        st.booleans(),
    ),
    st.builds(lambda text, at: lives.item_note("renal-0001", text, at=at), st.sampled_from(["", "x", "y"]), DAYS),
    st.builds(lambda minutes, at: lives.profile(minutes, at=at), st.integers(10, 12), DAYS),
    st.builds(lambda name, at: lambda user: keep_zone(user, name, at=at), st.sampled_from(["UTC", "America/Chicago"]), DAYS),
)
histories = st.lists(st.lists(deeds, max_size=6), min_size=3, max_size=3)


def copied(machine: Machine, folder: Path) -> Machine:
    """The same machine once more."""
    home = folder / uuid4().hex
    shutil.copytree(machine.server.home, home)
    other = object.__new__(Machine)
    other.server, other.folder, other.n_files, other.name = Server(home), folder, 0, machine.name
    other.user_id = machine.user_id
    return other


def joined(folder: Path, first: Machine, *others: Machine) -> Machine:
    """A copy of the first, to which the files of the others were brought one after the other."""
    result = copied(first, folder)
    for other in others:
        result.bring(other.export())
    return result


def learned(machine: Machine) -> object:
    """What is remembered there."""
    with machine.server.at_work():
        return dict(memories_of(machine.user_id, zone_of(machine.user_id)))


def made(servers: Servers, folder: Path, lived: Sequence[Sequence[Deed]]) -> list[Machine]:
    """Machines on which these things were done."""
    found = []
    for done in lived:
        machine = Machine(servers.new(), folder)
        with machine.server.at_work():
            for deed in done:
                deed(machine.user)
        found.append(machine)
    return found


@settings(
    max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(lived=histories)
def test_machines_that_are_brought_together_become_the_same(
    lived: Sequence[Sequence[Deed]], servers: Servers, tmp_path: Path
) -> None:
    a, b, c = made(servers, tmp_path, lived)
    ab, ba = joined(tmp_path, a, b), joined(tmp_path, b, a)
    assert ab.rows() == ba.rows()
    assert learned(ab) == learned(ba)

    bc = joined(tmp_path, b, c)
    first, second = joined(tmp_path, ab, c), joined(tmp_path, a, bc)
    assert first.rows() == second.rows()
    assert learned(first) == learned(second)

    before = first.rows()
    assert first.bring(second.export()).changes_nothing
    assert first.rows() == before

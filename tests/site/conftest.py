"""A site with a small content folder and a clock that stands still."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from bedside.measure import EvidenceFloor
from bedside.site import clock as site_clock
from bedside.site import content as site_content
from bedside.site.accounts.actions import add_user, create_token
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role
from bedside.site.content import Content, read_content
from bedside.site.passing import state
from tests.support.days import make_small_exam
from tests.support.people import browser_of, person, proctored_player, program_of
from tests.support.places import Place
from tests.support.servers import Servers
from tests.support.site import KEY, Clock, Player, new_player, write_content
from tests.support.sittings import T0


@pytest.fixture(scope="session")
def shared_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_content(tmp_path_factory.mktemp("content") / "content")


READ: dict[tuple[bool, Path, tuple[tuple[str, tuple[int, int]], ...]], Content] = {}
MOST_READ = 20


def read_once(folder: Path, imported: Path, *, has_drafts: bool = False) -> Content:
    """`read_content`, which reads the same files once for all tests."""
    key = (has_drafts, folder, tuple(site_content._files((folder, imported)).items()))
    if key not in READ:
        if len(READ) == MOST_READ:
            READ.pop(next(iter(READ)))
        READ[key] = read_content(folder, imported, has_drafts=has_drafts)
    return READ[key]


@pytest.fixture(autouse=True)
def content_dir(shared_content: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The content folder; a test that changes it takes `own_content`."""
    monkeypatch.setattr(settings, "CONTENT", shared_content)
    return shared_content


@pytest.fixture(autouse=True)
def _content_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_content, "read_content", read_once)


@pytest.fixture
def own_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content folder that this test may change."""
    folder = write_content(tmp_path / "content")
    monkeypatch.setattr(settings, "CONTENT", folder)
    return folder


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that this test may change."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setattr(settings, "DATA", folder)
    return folder


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The site's clock, standing at T0."""
    made = Clock()
    monkeypatch.setattr(site_clock, "now", made.now)
    return made


@pytest.fixture
def user(db: None) -> User:
    """A person who is not the local learner."""
    return add_user("ada", password=None, at=T0)


@pytest.fixture
def client(user: User) -> Client:
    """A program with a token of the user's."""
    return Client(headers={"Authorization": f"Bearer {create_token(user, at=T0).secret}"})


@pytest.fixture
def player(client: Client, clock: Clock) -> Player:
    """A player with a timed block of four items."""
    return new_player(client, clock)


@pytest.fixture
def pat(clock: Clock) -> User:
    """A proctor."""
    return person("pat", Role.PROCTOR)


@pytest.fixture
def program(pat: User) -> Client:
    """The proctor's program."""
    return program_of(pat)


@pytest.fixture
def browser(pat: User) -> Client:
    """The proctor's browser."""
    return browser_of(pat)


@pytest.fixture
def sitter(client: Client, clock: Clock) -> Player:
    """A candidate, "ada", with a proctored block of four items and a clock of 10 minutes, opened."""
    player = proctored_player(client, clock, minutes=10)
    player.open_block()
    return player


@pytest.fixture
def servers(tmp_path: Path) -> Servers:
    """Makes servers with databases of their own; the test needs `django_db(transaction=True)`."""
    return Servers(tmp_path)


@pytest.fixture
def here(servers: Servers, clock: Clock) -> Place:
    """A server with a candidate."""
    return Place(servers.new(), clock)


@pytest.fixture
def there(servers: Servers, clock: Clock) -> Place:
    """Another server, where the candidate has an account too."""
    return Place(servers.new(), clock)


@pytest.fixture
def begun(here: Place) -> Player:
    """A sitting on the first server, with one answer."""
    player = here.begin()
    here.clock.pass_s(30)
    here.answer(here.items[0], KEY)
    return player


@pytest.fixture
def low_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    """A floor of evidence that the few items of the tests can reach."""
    monkeypatch.setattr(state, "FLOOR", EvidenceFloor(n_answers=2, breadth=0.2, certainty=0.2))


@pytest.fixture
def weighed(own_content: Path) -> Path:
    """Content whose exam has a published weight for each of its three areas."""
    return make_small_exam(own_content)

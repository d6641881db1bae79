"""`bedside serve` as its own process."""

from __future__ import annotations

import http.client
from pathlib import Path

import pytest

from tests.support.server import bedside, serve
from tests.support.site import write_content, write_plain_item
from tests.support.tables import data_with

OTHER_HOSTS = ("192.0.2.1", "::", "example.org")  # refused as the first is, by a process of its own each


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_content(tmp_path_factory.mktemp("content") / "content")


@pytest.fixture
def data(tables: Path, tmp_path: Path) -> Path:
    """A data folder that is not new."""
    return data_with(tables, tmp_path / "data")


def _get(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def test_it_makes_its_data_serves_and_stops_when_it_is_told(tmp_path: Path, content: Path) -> None:
    data = tmp_path / "new" / "data"
    server = serve(data, content)
    try:
        assert _get(server.port, "/api/programmes").status == 200
        assert _get(server.port, "/api/programmes", Host="evil.example").status == 400
        assert _get(server.port, "/api/programmes").getheader("Server") is None
        again = bedside("serve", "--port", str(server.port), data=data, content=content)
        assert again.returncode == 2
        assert again.stderr == (
            f"bedside: port {server.port} on 127.0.0.1 is in use; stop what uses it, or name another with --port\n"
        )
    finally:
        assert server.stop() == 0
    assert (data / "bedside.sqlite3").stat().st_size > 0
    assert sorted(path.name for path in (data / "keys").iterdir()) == ["secret_key", "signing_key.pem"]


@pytest.mark.parametrize("host", ["0.0.0.0", *(pytest.param(other, marks=pytest.mark.slow) for other in OTHER_HOSTS)])
def test_local_mode_listens_on_the_loopback_only(tmp_path: Path, content: Path, host: str) -> None:
    done = bedside("serve", "--host", host, data=tmp_path / "data", content=content)
    assert done.returncode == 2
    assert done.stderr.startswith("bedside: local mode has a learner without a password, so it can't listen on")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_request_that_a_proxy_passed_on_is_not_the_learners(data: Path, content: Path) -> None:
    server = serve(data, content)
    try:
        assert _get(server.port, "/api/programmes").status == 200
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "Via"):
            assert _get(server.port, "/api/programmes", **{header: "127.0.0.1"}).status == 401, header
        assert _get(server.port, "/api/programmes", Host="exam.example.org").status == 400
    finally:
        server.stop()


def test_it_starts_without_the_items_in_error_and_says_so(tmp_path: Path, data: Path) -> None:
    folder = write_content(tmp_path / "content")
    path = write_plain_item(folder, "renal-0001")
    path.write_text(path.read_text(encoding="utf-8").replace("seconds:", "secnds:"), encoding="utf-8")
    server = serve(data, folder)
    assert server.stop() == 0
    assert any("11 items and 1 programme " in line for line in server.said)
    assert any("1 part of the content left out because of errors" in line for line in server.said)


def test_a_data_folder_that_cant_be_made_is_one_clear_line(tmp_path: Path, content: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    done = bedside("user", "add", "bob", data=tmp_path / "file" / "data", content=content)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "the data folder can't be made" in done.stderr


def test_a_database_that_is_none_is_one_clear_line(tmp_path: Path, content: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "bedside.sqlite3").write_text("this is no database" * 100, encoding="utf-8")
    done = bedside("user", "add", "bob", data=data, content=content)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "file is not a database" in done.stderr


@pytest.mark.parametrize("name", ["secret_key", pytest.param("signing_key.pem", marks=pytest.mark.slow)])
def test_a_key_that_is_none_stops_the_start_with_one_clear_line(data: Path, content: Path, name: str) -> None:
    keys = data / "keys"
    keys.mkdir()
    (keys / name).write_bytes(b"garbage\n")
    done = bedside("serve", "--port", "0", data=data, content=content)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith(f"bedside: {keys / name}: this is no ")
    assert "remove it: the next start makes a new one" in done.stderr

"""`bedside bank preview`: what it shows, when it shows it anew, and whom it answers."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from bedside.cli.bank_preview import PORT, PreviewServer, _server
from bedside.cli.preview_item import Shelf
from bedside.cli.preview_page import Look
from tests.support.bank_commands import own_text
from tests.support.items import numeric_text, write_item

REPOSITORY = Path(__file__).parents[2]
ITEM = Path("items/renal/renal-0007.md")


class Reader:
    """A browser that trusts nobody's names."""

    def __init__(self, server: PreviewServer) -> None:
        self.server = server

    def get(self, path: str, *, host: str | None = None, method: str = "GET") -> tuple[int, str, dict[str, str]]:
        line = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=30)
        line.putrequest(method, path, skip_host=True)
        line.putheader("Host", host or f"127.0.0.1:{self.server.server_port}")
        line.endheaders()
        answer = line.getresponse()
        body = answer.read().decode("utf-8", errors="replace")
        line.close()
        return answer.status, body, dict(answer.getheaders())

    def page(self, path: str = "/") -> str:
        status, body, _ = self.get(path)
        assert status == 200
        return body


def serve(shelf: Shelf) -> Iterator[Reader]:
    server = _server(shelf, 0)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield Reader(server)
    server.is_over.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def reader(content: Path) -> Iterator[Reader]:
    yield from serve(Shelf(content / ITEM, content))


@pytest.fixture
def folder(content: Path) -> Iterator[Reader]:
    write_item(content, "renal-0008", own_text("renal-0008", stem="A man has <script>alert(1)</script> pain."))
    yield from serve(Shelf(content, content))


def test_a_candidate_sees_neither_key_nor_explanation_until_the_key_is_asked_for(reader: Reader) -> None:
    page = reader.page()
    assert "Which of the following best explains these findings?" in page
    assert "is-key" not in page
    assert "The expected PaCO2 is 25 to 29 mm Hg." not in page
    assert "In metabolic acidosis the expected" not in page  # the takeaway

    page = reader.page("/?keys=on")
    assert page.count("is-key") == 1
    assert "<details" in page
    assert "The expected PaCO2 is 25 to 29 mm Hg." in page


def test_a_numeric_item_asks_for_a_number(content: Path, reader: Reader) -> None:
    entry = "[{programme: usmle, step: step1, system: renal, competency: medical_knowledge}]"
    write_item(content, text=numeric_text(changes={"blueprint": entry}))

    assert 'inputmode="decimal"' in reader.page()
    assert "26 ± 2" not in reader.page()
    assert "26 ± 2 mm Hg" in reader.page("/?keys=on")


def test_findings_stand_beside_with_their_lines_and_go_when_mended(content: Path, reader: Reader) -> None:
    path = content / ITEM
    sound = path.read_text()
    line = 1 + sound.split("\n").index("- [x] Metabolic acidosis and respiratory alkalosis")

    path.write_text(sound.replace("- [x]", "- [X"))
    page = reader.page()
    assert f"line {line}" in page
    assert "The item can't be shown until what stands beside is mended." in page

    path.write_text("---\nid: [\n---\n")
    assert "not-well-formed" in reader.page()
    path.unlink()
    assert "no such file" in reader.page()

    path.write_text(sound)
    page = reader.page()
    assert "not-well-formed" not in page
    assert "Which of the following best explains" in page


def test_a_waiting_page_is_told_of_a_save_at_once(content: Path, reader: Reader) -> None:
    stamp = reader.page().partition('data-stamp="')[2].partition('"')[0]
    told: list[tuple[str, float]] = []

    def wait() -> None:
        body = reader.get(f"/wait?seen={stamp}")[1]
        told.append((body, time.monotonic()))

    thread = Thread(target=wait)
    thread.start()
    time.sleep(0.2)
    assert told == []
    saved = time.monotonic()
    (content / ITEM).write_text(own_text(stem="A 30-year-old man has a cough."))
    thread.join(10)

    body, at = told[0]
    assert body != stamp
    assert at - saved < 5  # seconds; half a second where nothing else runs
    page = reader.page()
    assert "A 30-year-old man has a cough." in page
    assert f'data-stamp="{body}"' in page


@pytest.mark.parametrize(
    "changed", ["takeaways/renal.yaml", "programmes/usmle.yaml", "reviews/renal-0007.jsonl", "media/new.png"]
)
def test_what_the_item_rests_on_is_watched_too(content: Path, changed: str) -> None:
    shelf = Shelf(content / ITEM, content)
    before = shelf.stamp()
    assert shelf.stamp() == before

    path = content / changed
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write("\n")
    assert shelf.stamp() != before


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "", "127.0.0.1.evil.example:8765", "[::1]:8765"]
)
def test_only_the_names_of_this_computer_are_answered(reader: Reader, host: str) -> None:
    for path in ("/", "/wait", "/static/css/tokens.css"):
        status, body, _ = reader.get(path, host=host or "x")
        assert status == 421
        assert "PaCO2" not in body
    assert reader.get("/", host=f"localhost:{reader.server.server_port}")[0] == 200


def test_it_listens_on_the_loopback_only(reader: Reader) -> None:
    assert reader.server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py",
        "/static/..%2fsettings.py",
        "/static/%2e%2e/%2e%2e/errors.py",
        "/static//etc/passwd",
        "/static/css",
        "/media/..%2f..%2fprogrammes%2fusmle.yaml",
        "/media/0000.png",
        "/item/renal-0008",
        "/programmes/usmle.yaml",
        "/%00",
        "/static/%00.css",
    ],
)
def test_nothing_else_is_served(reader: Reader, path: str) -> None:
    status, body, _ = reader.get(path)
    assert status == 404
    assert "SECRET_KEY" not in body


def test_it_only_reads(reader: Reader) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert reader.get("/", method=method)[0] == 501
    status, body, headers = reader.get("/", method="HEAD")
    assert (status, body) == (200, "")
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert headers["Cache-Control"] == "no-store"


def test_a_page_runs_no_script_of_an_item(folder: Reader) -> None:
    page = folder.page("/item/renal-0008")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert page.count("<script") == 1  # its own, from a file


def test_a_folder_is_a_list_of_its_items(folder: Reader) -> None:
    page = folder.page()
    assert "2 files in" in page
    assert 'href="/item/renal-0007?"' in page
    assert "A 24-year-old woman" in folder.page("/item/renal-0007")
    assert folder.get("/item/..%2fx")[0] == 404
    assert folder.get("/item/renal-0009")[0] == 404


def test_a_question_model_shows_a_member_and_another_by_its_seed(content: Path) -> None:
    text = (REPOSITORY / "content" / "models" / "renal" / "renal-m001.yaml").read_text()
    path = content / "models" / "renal" / "renal-m001.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    shutil.copytree(REPOSITORY / "content" / "takeaways", content / "takeaways", dirs_exist_ok=True)
    for reader in serve(Shelf(path, content)):
        first = reader.page()
        assert 'href="?seed=2"' in first
        assert reader.page() == first
        assert reader.page("/?seed=2") != first
        assert "is-key" in reader.page("/?keys=on")

        path.write_text(text.replace("schema: model/1", "schema: model/9"))
        assert "The item can&#x27;t be shown" in reader.page() or "The item can't be shown" in reader.page()
        path.write_text("[")
        assert "not-well-formed" in reader.page()


def test_pictures_of_the_item_and_no_others_are_served(content: Path, reader: Reader) -> None:
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006000557bfabd4"
        "0000000049454e44ae426082"
    )
    (content / "media").mkdir()
    (content / "media" / "film.png").write_bytes(pixel)
    (content / "media" / "other.png").write_bytes(pixel + b"\0")
    (content / "media" / "media.yaml").write_text(
        "schema: media/1\nfiles:\n"
        + "".join(f"  - {{path: {name}.png, licence: CC0-1.0, authors: [a]}}\n" for name in ("film", "other"))
    )
    write_item(content, text=own_text(stem="A man has a cough.\n\n![A chest radiograph](media:film.png)"))
    page = reader.page()
    address = page.partition('src="/media/')[2].partition('"')[0]

    assert reader.get(f"/media/{address}")[0] == 200
    assert reader.get(f"/media/{address}")[2]["Content-Type"] == "image/png"
    assert "sandbox" in reader.get(f"/media/{address}")[2]["Content-Security-Policy"]
    assert reader.get("/media/other.png")[0] == 404


def test_a_look_is_read_from_the_address_and_nothing_else() -> None:
    assert Look.of({"keys": ["on"], "theme": ["dark"]}) == Look(has_keys=True, theme="dark")
    assert Look.of({"keys": ["<x>"], "theme": ["<x>"], "seed": ["-1"]}) == Look(has_keys=False, theme="")
    assert Look(has_keys=True, theme="dark").address(keys="") == "?theme=dark"


def test_without_a_port_a_free_one_is_taken_where_the_usual_one_is_in_use(content: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", PORT))
            taken.listen()
        except OSError:
            pass  # somebody else has it, which is the same
        server = _server(Shelf(content / ITEM, content), None)
        assert server.server_port != PORT
        server.server_close()


def test_ctrl_c_ends_it_cleanly(content: Path) -> None:
    command = [sys.executable, "-m", "bedside", "bank", "preview", str(content / ITEM), "--port", "0"]
    around = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}  # that of the tests
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=around) as running:
        assert running.stderr is not None
        assert "http://127.0.0.1:" in running.stderr.readline()
        running.send_signal(signal.SIGINT)

        assert running.wait(30) == 0
        assert running.stderr.read().strip() == "The preview has stopped."

"""What a browser is sent beside pages: compressed, checked for changes, and nothing else than what is there."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import cast

import pytest
from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory

from bedside.site.middleware import CompressedResponses

TEXT = b"body { color: black }\n" * 200


@pytest.fixture
def compressed(tmp_path: Path) -> CompressedResponses:
    path = tmp_path / "site.css"
    path.write_bytes(TEXT)

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.path.endswith(".css"):
            response = FileResponse(path.open("rb"), content_type="text/css")
            response.headers["Last-Modified"] = "Mon, 02 Mar 2026 09:00:00 GMT"
            response.headers["ETag"] = '"of-the-plain-bytes"'
            return response
        if request.path.endswith(".png"):
            return HttpResponse(TEXT, content_type="image/png")
        return HttpResponse(TEXT, content_type="text/html")

    return CompressedResponses(answer)


def _get(site: CompressedResponses, path: str, **headers: str) -> HttpResponse:
    response = site(RequestFactory(headers=headers).get(path))
    if not isinstance(response, HttpResponse):
        file = cast("FileResponse", response)
        body = b"".join(file)
        assert file.file_to_stream is not None
        file.file_to_stream.close()
        return HttpResponse(body, headers=dict(response.headers))
    return response


def test_a_static_file_is_compressed_for_who_takes_it(compressed: CompressedResponses) -> None:
    response = _get(compressed, "/static/site.css", accept_encoding="gzip, br")
    assert gzip.decompress(response.content) == TEXT
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Content-Length"] == str(len(response.content))
    assert "Accept-Encoding" in response.headers["Vary"]
    assert "ETag" not in response.headers
    assert response.headers["Last-Modified"]
    assert _get(compressed, "/static/site.css", accept_encoding="gzip").content == response.content


def test_a_static_file_is_sent_as_it_is_to_who_does_not(compressed: CompressedResponses) -> None:
    response = _get(compressed, "/static/site.css")
    assert response.content == TEXT
    assert "Accept-Encoding" in response.headers["Vary"]


def test_a_picture_is_not_compressed_again(compressed: CompressedResponses) -> None:
    assert "Content-Encoding" not in _get(compressed, "/static/x.png", accept_encoding="gzip").headers


def test_a_page_is_compressed_to_a_length_that_says_nothing(compressed: CompressedResponses) -> None:
    lengths = {len(_get(compressed, "/page", accept_encoding="gzip").content) for _ in range(40)}
    assert len(lengths) > 1  # Django pads by chance, against BREACH


@pytest.mark.django_db
def test_static_files_are_found_without_being_collected() -> None:
    name = next(Path(settings.STATICFILES_DIRS[0]).rglob("*.css"))
    path = settings.STATIC_URL + name.relative_to(settings.STATICFILES_DIRS[0]).as_posix()
    response = Client(headers={"accept-encoding": "gzip"}).get(path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "max-age=0, public"
    assert b"".join(response)  # read to its end, which closes the file
    again = Client(headers={"if-modified-since": response.headers["Last-Modified"]}).get(path)
    assert again.status_code == 304
    assert Client().get("/static/../settings.py").status_code == 404

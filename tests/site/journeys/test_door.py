"""On a hosted site nobody sees a journey without signing in."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db

NOBODYS = UUID(int=7)


@pytest.mark.parametrize("path", ["/journey", "/journey/share", "/journeys", "/journeys/group", f"/journeys/{NOBODYS}"])
def test_a_stranger_sees_nobodys_journey(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "IS_LOCAL", False)
    monkeypatch.setattr(settings, "MIDDLEWARE", [one for one in settings.MIDDLEWARE if "LocalLearner" not in one])

    assert Client().get(path).status_code in {302, 403}

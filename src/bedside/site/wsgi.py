"""The site as a WSGI application."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bedside.site.settings")
site = get_wsgi_application()

from bedside.site.api.lane import Lane  # noqa: E402 - its modules can be loaded only once Django was set up

application = Lane(site)

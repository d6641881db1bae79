"""The registration app."""

from __future__ import annotations

from django.apps import AppConfig

from bedside.site.exam.admission import plug_in


class RegistrationConfig(AppConfig):
    name = "bedside.site.registration"
    label = "registration"

    def ready(self) -> None:
        """Proctored sittings ask for a registration from now on, where a programme requires one."""
        from bedside.site.registration.gate import Gate  # noqa: PLC0415 - models are there only now

        plug_in(Gate())

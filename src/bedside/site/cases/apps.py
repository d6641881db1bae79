"""The cases app."""

from __future__ import annotations

from django.apps import AppConfig

from bedside.site.exam.case_port import plug_in


class CasesConfig(AppConfig):
    name = "bedside.site.cases"
    label = "cases"

    def ready(self) -> None:
        """Sittings may have cases in their forms from now on."""
        from bedside.site.cases.for_sittings import ForSittings  # noqa: PLC0415 - models are there only now

        plug_in(ForSittings())

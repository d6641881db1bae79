"""The calls on what is known: programmes, and reference values."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router

from bedside.site import clock
from bedside.site.api import schemas
from bedside.site.api.reference_schemas import AnalytesOut, ProgrammesOut, analyte_json
from bedside.site.content import current_content

router = Router(tags=["reference"])

READ: dict[int, Any] = {400: schemas.Problem, 401: schemas.Problem, 403: schemas.Problem, 404: schemas.Problem}


@router.get("/programmes", response={200: ProgrammesOut, 401: schemas.Problem})
def list_programmes(request: HttpRequest) -> Any:
    """The exams that are described."""
    programmes = current_content().programmes.values()
    return {
        "programmes": [
            {
                "name": programme.name,
                "title": programme.title,
                "owner": programme.owner,
                "country": programme.country,
                "summary": programme.summary,
                "steps": [step.name for step in programme.steps],
            }
            for programme in programmes
        ]
    }


@router.get("/programmes/{name}", response={200: dict[str, Any], **READ})
def read_programme(request: HttpRequest, name: str, on: date | None = None) -> Any:
    """The exam as it is on a date, by default today: what `bedside programme show NAME --on DATE --json` prints."""
    return current_content().programme(name).on(on or clock.today()).as_dict()


@router.get("/reference/analytes", response={200: AnalytesOut, 401: schemas.Problem})
def read_analytes(request: HttpRequest) -> Any:
    """Reference values of the laboratory."""
    return {"analytes": [analyte_json(analyte) for analyte in current_content().analytes.by_id.values()]}

"""The form of a case file as a JSON Schema, for editors that complete and check while somebody writes.

It is written from the records that read the file, so that the two never differ. It knows the form only: whether a name means
anything is the linter's to say.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from bedside.cases.case_file import CaseFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Untitled(GenerateJsonSchema):
    """Without a title for every key: it would say the key again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def case_schema() -> dict[str, Any]:
    """The schema of a case file."""
    schema = CaseFile.model_json_schema(by_alias=True, schema_generator=_Untitled)
    return {"$schema": DIALECT, **schema, "title": "Case"}


def case_schema_text() -> str:
    """The same as the text of `docs/reference/case.schema.json`: sorted, so that it changes only with the form."""
    return json.dumps(case_schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"

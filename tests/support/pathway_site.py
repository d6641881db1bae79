"""A site's content with the rules of the pathway that ship, and a record to ask them about."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bedside.pathway import Record
from bedside.site.accounts.models import User
from bedside.site.pathway import queries
from bedside.site.pathway.actions import keep_record, read_plain
from tests.support.day import REPOSITORY
from tests.support.site import write_content

SHIPPED = REPOSITORY / "content"

TODAY = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)

LAHORE: dict[str, Any] = {
    "person": {
        "kind": "img",
        "citizenship": ["PK"],
        "school": {"name": "King Edward Medical University", "country": "PK", "in_world_directory": True, "sponsor_note": True},
        "degree": {"name": "MBBS", "date": "2021-05-30"},
    },
    "attempts": [
        {"programme": "usmle", "step": "step1", "date": "2024-03-02", "result": "fail"},
        {"programme": "usmle", "step": "step1", "date": "2024-08-20", "result": "pass"},
    ],
    "certificates": [
        {
            "name": "oet_medicine",
            "date": "2025-01-15",
            "scores": {"listening": 370, "reading": 360, "speaking": 380, "writing": 340},
        }
    ],
    "goals": {"specialty": "family_medicine", "states": ["TX", "NM"]},
}


def write_pathway_content(folder: Path) -> Path:
    """A small content folder with all exams and all rules of the pathway that ship."""
    write_content(folder)
    add_pathways(folder)
    return folder


def add_pathways(folder: Path) -> None:
    """Lay the exams and the rules that ship beside what is in a content folder."""
    for name in ("programmes", "pathways"):
        shutil.copytree(SHIPPED / name, folder / name, dirs_exist_ok=True)


def keep(user: User, data: dict[str, Any], at: datetime = TODAY) -> Record:
    """Keep a record of plain values."""
    record, findings = read_plain(data, queries.rules())
    assert record is not None, findings
    keep_record(user, record, at=at)
    return record

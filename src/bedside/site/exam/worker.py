"""The service worker's script, with the files that it holds and a version that changes when one of them does."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

SCRIPT = "js/sw.js"


def shell_files() -> list[str]:
    """The static files that the player needs, by their names below the static folder; print comes along for the report."""
    root = Path(settings.SITE) / "static"
    found = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.suffix in {".css", ".js", ".svg"}]
    return sorted(name for name in found if name != SCRIPT and not name.startswith("office/"))  # the office is no player


def worker_script() -> str:
    """The script as it is served."""
    root = Path(settings.SITE) / "static"
    stamps = tuple((name, (root / name).stat().st_mtime_ns) for name in [*shell_files(), SCRIPT])
    return _built(root, stamps)


@lru_cache(maxsize=2)
def _built(root: Path, stamps: tuple[tuple[str, int], ...]) -> str:
    digest = hashlib.sha256()
    for name, _mtime in stamps:
        digest.update(name.encode() + b"\0" + (root / name).read_bytes())
    shell = {"version": digest.hexdigest()[:16], "files": [static(name) for name, _mtime in stamps if name != SCRIPT]}
    return f"const SHELL = {json.dumps(shell)};\n{(root / SCRIPT).read_text(encoding='utf-8')}"

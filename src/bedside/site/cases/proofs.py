"""Whether a case is proved, for its label: by the file that lies beside it, and by what the proof rests on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bedside.cases import CaseFile, Catalogue, is_stale, read_proof
from bedside.errors import NotFoundError, ReadError
from bedside.site.cases.stock import cases_folder, current_orders, has_orders

ProofState = Literal["proved", "stale", "missing", "unchecked"]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found of a case, its proof of that time and size, and a catalogue."""

    file: CaseFile
    stamp: tuple[str, int, int]
    catalogue: Catalogue
    state: ProofState


_KNOWN: dict[str, _Known] = {}


def proof_state(file: CaseFile) -> ProofState:
    """Is there a proof, and does it still stand? Nobody waits for the catalogue to know it: it is unchecked until then."""
    path = cases_folder() / f"{file.id}.proof.json"
    stamp = _stamp(path)
    if stamp is None:
        return "missing"
    if not has_orders():
        return "unchecked"
    catalogue = current_orders().catalogue
    known = _KNOWN.get(file.id)
    if known is None or known.file is not file or known.stamp != stamp or known.catalogue is not catalogue:
        known = _KNOWN[file.id] = _Known(file, stamp, catalogue, _found(file, path, catalogue))
    return known.state


def _found(file: CaseFile, path: Path, catalogue: Catalogue) -> ProofState:
    try:
        return "stale" if is_stale(read_proof(path), file, catalogue) else "proved"
    except NotFoundError:
        return "missing"
    except ReadError:
        return "stale"


def _stamp(path: Path) -> tuple[str, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return str(path), stat.st_mtime_ns, stat.st_size

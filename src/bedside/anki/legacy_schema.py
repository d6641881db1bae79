"""Schema 11 of Anki's collections: its tables, and what one row of `col` holds as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bedside.anki.records import NoteType

VERSION = 11
DEFAULT_DECK = "Default"

TABLES = """
CREATE TABLE col (
  id integer primary key, crt integer not null, mod integer not null, scm integer not null, ver integer not null,
  dty integer not null, usn integer not null, ls integer not null, conf text not null, models text not null,
  decks text not null, dconf text not null, tags text not null
);
CREATE TABLE notes (
  id integer primary key, guid text not null, mid integer not null, mod integer not null, usn integer not null,
  tags text not null, flds text not null, sfld integer not null, csum integer not null, flags integer not null,
  data text not null
);
CREATE TABLE cards (
  id integer primary key, nid integer not null, did integer not null, ord integer not null, mod integer not null,
  usn integer not null, type integer not null, queue integer not null, due integer not null, ivl integer not null,
  factor integer not null, reps integer not null, lapses integer not null, left integer not null, odue integer not null,
  odid integer not null, flags integer not null, data text not null
);
CREATE TABLE revlog (
  id integer primary key, cid integer not null, usn integer not null, ease integer not null, ivl integer not null,
  lastIvl integer not null, factor integer not null, time integer not null, type integer not null
);
CREATE TABLE graves (usn integer not null, oid integer not null, type integer not null);
CREATE INDEX ix_notes_usn on notes (usn);
CREATE INDEX ix_cards_usn on cards (usn);
CREATE INDEX ix_revlog_usn on revlog (usn);
CREATE INDEX ix_cards_nid on cards (nid);
CREATE INDEX ix_cards_sched on cards (did, queue, due);
CREATE INDEX ix_revlog_cid on revlog (cid);
CREATE INDEX ix_notes_csum on notes (csum);
"""

_LATEX_BEFORE = (
    "\\documentclass[12pt]{article}\n\\special{papersize=3in,5in}\n\\usepackage[utf8]{inputenc}\n"
    "\\usepackage{amssymb,amsmath}\n\\pagestyle{empty}\n\\setlength{\\parindent}{0in}\n\\begin{document}\n"
)
_LATEX_AFTER = "\\end{document}"
_ROLLOVER_S = 4 * 3600


def collection_row(*, first_day: int, changed_at_ms: int, models: str, decks: str) -> tuple[object, ...]:
    """The one row of `col`. The scheduler is said to be the second: reviews have four buttons."""
    settings = {
        "activeDecks": [1],
        "curDeck": 1,
        "newSpread": 0,
        "collapseTime": 1200,
        "timeLim": 0,
        "estTimes": True,
        "dueCounts": True,
        "curModel": None,
        "nextPos": 1,
        "sortType": "noteFld",
        "sortBackwards": False,
        "addToCur": True,
        "schedVer": 2,
        "creationOffset": 0,
    }
    created_s = first_day * 86_400 + _ROLLOVER_S
    return (
        *(1, created_s, changed_at_ms, changed_at_ms, VERSION, 0, 0, 0),
        *(_packed(settings), models, decks, _packed({"1": _DECK_OPTIONS}), "{}"),
    )


def models_json(note_types: Iterable[NoteType], *, changed_at_s: int) -> str:
    """Note types."""
    return _packed({str(one.id): _model(one, changed_at_s) for one in note_types})


def decks_json(decks: Mapping[str, int], *, changed_at_s: int) -> str:
    """Decks with the number of each; the default deck is always there, and so is each deck above another."""
    found: dict[str, Any] = {"1": _deck(1, DEFAULT_DECK, changed_at_s)}
    for name, number in decks.items():
        found[str(number)] = _deck(number, name, changed_at_s)
    return _packed(found)


def _model(note_type: NoteType, changed_at_s: int) -> dict[str, Any]:
    return {
        "id": note_type.id,
        "name": note_type.name,
        "type": 1 if note_type.is_cloze else 0,
        "mod": changed_at_s,
        "usn": -1,
        "sortf": 0,
        "did": 1,
        "flds": [
            {"name": name, "ord": n, "sticky": False, "rtl": False, "font": "Arial", "size": 20, "media": []}
            for n, name in enumerate(note_type.fields)
        ],
        "tmpls": [
            {"name": one.name, "ord": n, "qfmt": one.front, "afmt": one.back, "bqfmt": "", "bafmt": "", "did": None}
            for n, one in enumerate(note_type.templates)
        ],
        "css": note_type.css,
        "latexPre": _LATEX_BEFORE,
        "latexPost": _LATEX_AFTER,
        "req": [[n, "any", list(range(len(note_type.fields)))] for n in range(len(note_type.templates))],
        "tags": [],
        "vers": [],
    }


def _deck(number: int, name: str, changed_at_s: int) -> dict[str, Any]:
    return {
        **_NEW_DECK,
        "id": number,
        "name": name,
        "mod": changed_at_s,
    }


_NEW_DECK: dict[str, Any] = {
    "usn": -1,
    "desc": "",
    "dyn": 0,
    "conf": 1,
    "collapsed": False,
    "browserCollapsed": False,
    "extendNew": 10,
    "extendRev": 50,
    "newToday": [0, 0],
    "revToday": [0, 0],
    "lrnToday": [0, 0],
    "timeToday": [0, 0],
}
_DECK_OPTIONS: dict[str, Any] = {
    "id": 1,
    "name": DEFAULT_DECK,
    "mod": 0,
    "usn": 0,
    "maxTaken": 60,
    "timer": 0,
    "autoplay": True,
    "replayq": True,
    "new": {
        "bury": True,
        "delays": [1, 10],
        "initialFactor": 2500,
        "ints": [1, 4, 7],
        "order": 1,
        "perDay": 20,
        "separate": True,
    },
    "rev": {"bury": True, "ease4": 1.3, "fuzz": 0.05, "ivlFct": 1, "maxIvl": 36500, "minSpace": 1, "perDay": 200},
    "lapse": {"delays": [10], "leechAction": 0, "leechFails": 8, "minInt": 1, "mult": 0},
}


def _packed(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

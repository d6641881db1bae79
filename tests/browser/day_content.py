"""Content for a whole day in the browser: each kind of item once, with a picture and a sound, plainly nonsense."""

from __future__ import annotations

import io
import math
import wave
from pathlib import Path
from string import ascii_uppercase

from tests.browser.content import write_browser_content
from tests.support.items import item_text, write_item

BLUEPRINT = "\n  - {programme: exam, step: first, system: renal, competency: diagnosis, discipline: [pathology]}"
SOURCES = '\n  - "SECRET source. Journal 1998;338:26"'
PARTS = ("blood-0951", "blood-0952", "blood-0953")
SHARED = ("blood-0961", "blood-0962")
NUMBER = "blood-0971"
PICTURE = "blood-0981"
SOUND = "blood-0982"
MANY = "blood-0991"  # 26 options

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200" width="320" height="200">
<rect width="320" height="200" fill="#222"/><circle cx="160" cy="100" r="60" fill="#bbb"/>
<path d="M160 100 L210 60" stroke="#444" stroke-width="6"/></svg>
"""


def write_day_content(folder: Path) -> Path:
    """The content of the browser's tests, and items of every kind."""
    write_browser_content(folder)
    _write_media(folder / "media")
    for part, item_id in enumerate(PARTS, start=1):
        place = f"{{id: blood-set-0001, kind: sequential, part: {part}}}"
        _write(folder, item_id, stem=f"A 50-year-old man is seen for the {part}. time in the course of his illness.", set=place)
    (folder / "stimuli").mkdir(exist_ok=True)
    stimulus = 'schema: stimulus/1\nid: blood-set-0002\nkind: abstract\ntitle: "Winter and the blood: a trial"\n'
    said = "**Background.** Blood was taken in winter from 40 volunteers.\n\n**Results.** It was red in all of them."
    text = f"---\n{stimulus}---\n{said}\n"
    (folder / "stimuli" / "blood-set-0002.md").write_text(text, encoding="utf-8")
    for part, item_id in enumerate(SHARED, start=1):
        place = f"{{id: blood-set-0002, kind: shared, part: {part}}}"
        _write(folder, item_id, stem=f"Think of the trial of the blood, for question {part}.", set=place)
    number = "= 7.35 ± 0.02 mmol/L\n  : SECRET reason: it is what comes out."
    _write(folder, NUMBER, stem="A 31-year-old man has a value that can be reckoned.", options=number, kind="numeric")
    _write(folder, PICTURE, stem="A 31-year-old man has this picture.\n\n![A pale disc on a dark ground](media:disc.svg)")
    _write(folder, SOUND, stem="A 31-year-old man has this sound.\n\n![A steady tone](media:tone.wav)")
    many = "\n".join(
        f"- [{'x' if letter == 'M' else ' '}] Substance {letter}\n  : SECRET reason {letter}." for letter in ascii_uppercase
    )
    _write(folder, MANY, stem="A 31-year-old man has taken one of many substances.", options=many)
    return folder


def _write(folder: Path, item_id: str, *, stem: str, options: str = "", **head: str) -> None:
    plain = "\n".join(
        f"- [{'x' if letter == 'B' else ' '}] Choice {letter} of {item_id}\n  : SECRET reason {letter} of {item_id}."
        for letter in "ABCD"
    )
    fields: dict[str, str | None] = {"id": item_id, "blueprint": BLUEPRINT, "sources": SOURCES, **head}
    write_item(folder, item_id, item_text(fields, stem=stem, options=options or plain))


def _write_media(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "disc.svg").write_text(DRAWING, encoding="utf-8")
    (folder / "tone.wav").write_bytes(_tone())
    entries = "".join(f"  - {{path: {name}, licence: CC0-1.0, authors: [author-1]}}\n" for name in ("disc.svg", "tone.wav"))
    (folder / "media.yaml").write_text(f"schema: media/1\nfiles:\n{entries}", encoding="utf-8")


def _tone(*, seconds: int = 2, rate: int = 8000) -> bytes:
    """A tone of 440 Hz in 8-bit steps."""
    kept = io.BytesIO()
    with wave.open(kept, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(rate)
        sound.writeframes(bytes(int(128 + 60 * math.sin(2 * math.pi * 440 * n / rate)) for n in range(seconds * rate)))
    return kept.getvalue()

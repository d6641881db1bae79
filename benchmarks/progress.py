"""How long the progress pages take for a long history, as a browser asks for them.

    python benchmarks/progress.py [--answers 10000] [--memories 100000] [--days 180] [--repeats 5]

The goal for 10,000 answers and 100,000 memories is 500 ms a page. "first" is the first time in a new process, which replays
the log; what it found of past days is then kept, so that later times are those that somebody who studies meets. Answers, cards
and their reviews are made up; the content is that of the repository.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> None:
    """Make a history, ask for the pages, and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, standard in (("answers", 10_000), ("memories", 100_000), ("days", 180), ("repeats", 5)):
        parser.add_argument(f"--{name}", type=int, default=standard)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="bedside.site.settings", BEDSIDE_DATA=folder, BEDSIDE_CONTENT=str(ROOT / "content")
        )
        import django  # noqa: PLC0415

        django.setup()
        from benchmarks.support.long_history import measure  # noqa: PLC0415

        measure(asked.answers, asked.memories, asked.days, asked.repeats)


if __name__ == "__main__":
    main()

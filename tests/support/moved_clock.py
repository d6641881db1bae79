"""The `bedside` command with a clock that a test moves: it runs ahead by the seconds in the file that CLOCK_AHEAD names."""

from __future__ import annotations

import os
from pathlib import Path

from bedside.cli import main as bedside
from bedside.site import clock


def main() -> None:
    """Run the command so."""
    path = Path(os.environ["CLOCK_AHEAD"])
    steady_s = clock._steady_s
    clock._steady_s = lambda: steady_s() + float(path.read_text(encoding="utf-8"))
    bedside()


if __name__ == "__main__":
    main()

"""What ids look like, and how long a text may be."""

from __future__ import annotations

import re

ID = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
MAX_ID = 120
MAX_BODY = 100_000  # signs; the longest vignettes have 4,000

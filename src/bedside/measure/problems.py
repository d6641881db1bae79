"""What can be wrong with a request to measure.

BedsideError
├── ClusterError                  the workers that calibration was shared out to could not do it
│   └── ClusterMissingError       what shares it out is not installed; names the extra
├── ReadError
│   └── ResponsesError            a file of responses can't be taken as it is
│       ├── CodesError            `correct` holds something other than 1, 0 and empty
│       └── DuplicatesError       a person answered an item more than once
└── UsageError
    └── MeasureError              the numbers can't be had from these data
        ├── TooFewResponsesError  there is nothing to estimate from; names what
        └── NotIdentifiedError    the data do not determine the parameters that were asked for; names them
"""

from __future__ import annotations

from collections.abc import Iterable

from bedside.errors import BedsideError, ReadError, UsageError

NAMES_SHOWN = 10


class ClusterError(BedsideError):
    """The workers that the work was shared out to could not do it; the message says what to do."""


class ClusterMissingError(ClusterError):
    """What shares work out to other processes is not installed; the message names the extra."""


class ResponsesError(ReadError):
    """The file of responses can't be taken as it is."""


class CodesError(ResponsesError):
    """`correct` holds something other than 1, 0 and empty; the message counts and shows the codes."""


class DuplicatesError(ResponsesError):
    """A person answered an item more than once; the message counts and names them."""


class MeasureError(UsageError):
    """The numbers can't be had from these data."""


class TooFewResponsesError(MeasureError):
    """There is nothing to estimate from; the message names what lacks answers."""


class NotIdentifiedError(MeasureError):
    """The data do not determine the parameters that were asked for; the message names them."""


def named(names: Iterable[object]) -> str:
    """`a, b, c and 17 more`: how a message names many things."""
    listed = [str(name) for name in names]
    rest = len(listed) - NAMES_SHOWN
    return ", ".join(listed[:NAMES_SHOWN]) + (f" and {rest:,} more" if rest > 0 else "")

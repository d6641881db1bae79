"""No merge makes a sitting open again whose keys were given out because it had ended.

Whoever has read the report could go on with it. It happens where a candidate took over on one server, and then ended the
sitting on the other: by the union the one had it, and the end does not count.
"""

from __future__ import annotations

from collections.abc import Iterable

from bedside.delivery import Ended, Event, Form, MadeVoid, Sitting, as_of, fold
from bedside.errors import ConflictError
from bedside.site.exam.desk import Desk


def is_over(form: Form, sitting: Sitting) -> bool:
    """Has it ended, and were the keys of all its items given out?"""
    items = {item.id for block in form.blocks for item in block.items}
    return isinstance(sitting.phase, Ended | MadeVoid) and items <= sitting.disclosed


def see_stays_over(desk: Desk, *, here: Sitting, there: Iterable[Event] = ()) -> None:
    """See that what was over, by the log that was here or by the one in a file, is over in their union too.

    Raises:
        ConflictError: it would be open again.
    """
    union = as_of(desk.form, desk.folded(), desk.at)
    if isinstance(union.phase, Ended | MadeVoid):
        return
    if is_over(desk.form, here):
        where = "here"
    elif is_over(desk.form, fold(desk.form, there)):
        where = "on the server that wrote the file"
    else:
        return
    raise ConflictError(
        f"sitting {desk.row.pk} had ended {where} and its keys were given out, and by both logs together it would be open "
        f"again ({union.state}): somebody had taken over on another server before the end. Nothing was merged; keep both "
        "files, and let a proctor or an administrator decide which one counts"
    )

"""A day of an exam that is short enough to be played many times: three blocks of four items, half an hour each."""

from __future__ import annotations

from bedside.delivery import Form, FormBlock, FormItem, Mode
from bedside.site.accounts.models import User
from bedside.site.content import current_content
from bedside.site.exam.actions import Issued, Plan, create_sitting
from bedside.site.library.delivering import deliver
from tests.support.site import Clock

N_BLOCKS = 3
BLOCK_S = 30 * 60
BANK_S = 45 * 60  # for breaks
ITEMS_A_BLOCK = 4


def short_day(user: User, clock: Clock, *, grace_s: int | None = None) -> tuple[Issued, list[list[str]]]:
    """The day made now, with its first writer; answers the items by block too."""
    content = current_content()
    items = [deliver(content, content.items[name], programme="exam", step="first") for name in sorted(content.items)]
    given = [FormItem(one.id, one.version, one.kind, tuple(option.letter for option in one.options)) for one in items]
    parts = [given[ITEMS_A_BLOCK * n : ITEMS_A_BLOCK * (n + 1)] for n in range(N_BLOCKS)]
    blocks = tuple(FormBlock(tuple(part), BLOCK_S) for part in parts)
    form = Form("day", Mode.EXAM, blocks, break_s=BANK_S, grace_s=grace_s)
    plan = Plan("exam", "first", "full", form, items, n_asked=len(items), seed=1)
    return create_sitting(user, plan, at=clock.at), [[item.id for item in part] for part in parts]


class DayByHand:
    """The clock of a short day, reckoned in seconds with a list of what is left, as a proctor would with a pencil."""

    def __init__(self, at_s: int) -> None:
        self.bank_s = BANK_S
        self.left_s = [BLOCK_S] * N_BLOCKS  # what is left of each block's time
        self.block = 0  # the one that is open, or was last
        self.until_s: int | None = None  # the end of the open block
        self.since_s = at_s  # when the last block ended
        self.is_over = self.is_on_break = False

    def open_at(self, at_s: int) -> int | None:
        """Which block is open then? What time alone has brought about by then has happened."""
        if self.until_s is not None and at_s >= self.until_s:
            self._end(self.until_s)
        if self.until_s is None and at_s >= self.since_s + self.bank_s + sum(self.left_s[self.block :]):
            self.is_over = True
        return self.block if self.until_s is not None else None

    def opens(self, at_s: int) -> bool:
        if self.open_at(at_s) is not None or self.is_over:
            return False
        to_pay_s = at_s - self.since_s
        for purse in range(-1, N_BLOCKS):  # first the bank, then the blocks in turn
            if purse == -1:
                paid_s = min(to_pay_s, self.bank_s)
                self.bank_s -= paid_s
            elif purse >= self.block:
                paid_s = min(to_pay_s, self.left_s[purse])
                self.left_s[purse] -= paid_s
            else:
                continue
            to_pay_s -= paid_s
        self.until_s = at_s + self.left_s[self.block]
        self.left_s[self.block] = 0
        self.block += 1
        self.is_on_break = False
        return True

    def closes(self, at_s: int) -> bool:
        if self.open_at(at_s) is None or self.until_s is None:
            return False
        self.bank_s += self.until_s - at_s
        self._end(at_s)
        return True

    def breaks(self, at_s: int, deed: str) -> bool:
        if self.open_at(at_s) is not None or self.is_over or self.is_on_break == (deed == "break_started"):
            return False
        self.is_on_break = deed == "break_started"
        return True

    def _end(self, at_s: int) -> None:
        self.until_s, self.since_s = None, at_s
        self.is_over = self.is_over or self.block == N_BLOCKS

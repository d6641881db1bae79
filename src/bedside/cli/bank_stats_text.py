"""The counts of a bank as text for a terminal of 80 columns: a summary, and each part in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from string import ascii_uppercase

from bedside.bank import SIZES, Difficulty, Grid, Overview, Share, Standing, StepCoverage
from bedside.findings import plural

WIDTH = 80
LABEL = 18  # signs of a row's codes in the grid
BAR = 30  # signs of the longest bar
MOST_NEXT = 12  # cells a step in what to write next
FULL, PARTLY = "█", ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_WORDS = {Standing.SHORT: "short", Standing.WITHIN: "within", Standing.OVER: "over", Standing.UNKNOWN: ""}


def summary(counted: Overview, reports: int | None) -> list[str]:
    """What stands first: a line or a few of each part."""
    stats = counted.stats
    found = [plural(stats.n_items, "item"), plural(stats.n_takeaways, "takeaway"), plural(counted.models.n, "question model")]
    lines = [", ".join(found)]
    collections = stats.by_collection if len(stats.by_collection) > 1 else {}
    for title, numbers in (("status", stats.by_status), ("collection", collections), ("key at", stats.key_places)):
        if numbers:
            lines += _wrapped(title, [f"{name} {n:,} ({100 * n / sum(numbers.values()):.0f}%)" for name, n in numbers.items()])
    if stats.n_without_step:
        lines.append(f"without a step: {stats.n_without_step:,}")
    sizes = counted.family_sizes
    lines += _wrapped(
        "takeaways", [f"with {size} {'item' if size == '1' else 'items'}: {sizes.get(size, 0):,}" for size in SIZES]
    )
    lines += _wrapped("reviews", _reviews_said(counted))
    if counted.difficulty.mean is not None:
        lines += _wrapped(
            "judged right", [f"{100 * counted.difficulty.mean:.0f}% in the mean of {counted.difficulty.n_items:,}"]
        )
    if counted.rules is not None:
        lines += _wrapped("findings", _severities(counted.rules) or ["none"])
    if reports is not None:
        lines += _wrapped("readers' reports", [f"{reports:,} open"])
    for step in stats.steps:
        if step.n_items:
            lines += ["", *_step_said(counted, step)]
    return lines


def _reviews_said(counted: Overview) -> list[str]:
    total = counted.trust.total
    said = [f"{total.n_blind:,} blind", f"{total.n_facts:,} of facts", f"{total.n_clinician:,} by a clinician"]
    return [*said, f"first reading agreed {share_said(total.first)}"] if total.first.n else said


def share_said(share: Share) -> str:
    """A share with its 95% interval.

    >>> share_said(Share(9, 10))
    '9 of 10 (90%, 60–98%)'
    """
    if share.value is None:
        return "none"
    low, high = share.interval
    return f"{share.k:,} of {share.n:,} ({100 * share.value:.0f}%, {100 * low:.0f}–{100 * high:.0f}%)"


def _step_said(counted: Overview, step: StepCoverage) -> Iterator[str]:
    models = counted.models.by_step.get((step.programme, step.step), 0)
    yield f"{step.programme} {step.step}: {plural(step.n_items, 'item')}" + (f", {plural(models, 'model')}" if models else "")
    for standing in (Standing.SHORT, Standing.OVER):
        found = [
            f"{'+'.join(row.covers)} {row.share:g}% of {row.low:g}–{row.high:g}%"
            for row in step.rows
            if row.standing is standing
        ]
        if found:
            yield from _wrapped(f"  {_WORDS[standing]}", found)
    if step.rows and not any(row.standing in (Standing.SHORT, Standing.OVER) for row in step.rows):
        yield "  no published range is missed" if step.n_items >= 20 else "  too few items for shares to be judged"
    for grid in counted.grids:
        if (grid.programme, grid.step) == (step.programme, step.step) and grid.wanted:
            yield from _wrapped("  write next", list(_wanted(grid, 3)))


def _wanted(grid: Grid, most: int) -> Iterator[str]:
    for cell in grid.wanted[:most]:
        row, column = grid.rows[cell.row], grid.columns[cell.column]
        yield f"{_cut('+'.join(row.covers), 43)} × {_cut('+'.join(column.covers), 18)}: {cell.n_items} of {cell.target:.1f}"


def _severities(rules: Mapping[str, Mapping[str, int]]) -> list[str]:
    found: dict[str, int] = {}
    for counts in rules.values():
        for severity, n in counts.items():
            found[severity] = found.get(severity, 0) + n
    return [plural(found[name], name) for name in ("error", "warning", "note") if name in found]


def _wrapped(title: str, parts: Sequence[str], *, joint: str = ", ") -> list[str]:
    """A title and its parts, broken between parts, the later lines set in."""
    lines, line = [], f"{title}: "
    inset = " " * (4 if title.startswith(" ") else 2)
    for n, part in enumerate(parts):
        text = part + (joint.rstrip() if n < len(parts) - 1 else "")
        if len(line) + len(text) > WIDTH and line.strip():
            lines.append(line.rstrip())
            line = inset
        line += text + " "
    return [*lines, line.rstrip()]


# --- each part in full -------------------------------------------------------------------------------------------------


def _coverage(counted: Overview) -> list[str]:
    lines: list[str] = []
    for step in counted.stats.steps:
        models = counted.models.by_step.get((step.programme, step.step), 0)
        head = f"{step.programme} {step.step}: {plural(step.n_items, 'item')}"
        lines += ["", head + (f", {plural(models, 'model')}" if models else "")]
        axis = ""
        for row in step.rows:
            if row.axis != axis:
                axis = row.axis
                lines.append(f"  {axis:<43}{'items':>6}{'share':>8}{'published':>11}")
            published = f"{row.low:g}–{row.high:g}%" if row.low is not None and row.high is not None else ""
            codes = _cut("+".join(row.covers), 41)
            lines.append(f"    {codes:<41}{row.n_items:>6,}{row.share:>7.1f}%{published:>11}  {_WORDS[row.standing]}".rstrip())
        lines += [f"    {f'(open: {axis})':<41}{n:>6,}" for axis, n in step.n_open.items()]
    return lines[1:]


def _grid(counted: Overview) -> list[str]:
    lines = ["Items and target of each cell. Ranges are published of rows and columns only."]
    for grid in counted.grids:
        lines += ["", *_one_grid(grid)]
    return lines


def _one_grid(grid: Grid) -> Iterator[str]:
    yield f"{grid.programme} {grid.step}: {plural(grid.n_items, 'item')}, targets for {grid.goal:,}"
    letters = ascii_uppercase[: len(grid.columns)]
    yield f"  {grid.down:<{LABEL}}" + "".join(f"{letter:>6}" for letter in letters)
    for row, counts, targets in zip(grid.rows, grid.counts, grid.targets, strict=True):
        cells = (f"{n}/{target:.0f}" if n or target >= 0.5 else "·" for n, target in zip(counts, targets, strict=True))
        yield f"  {_cut('+'.join(row.covers), LABEL):<{LABEL}}" + "".join(f"{cell:>6}" for cell in cells)
    for letter, column in zip(letters, grid.columns, strict=False):
        yield f"  {letter} {'+'.join(column.covers)}"


def _families(counted: Overview) -> list[str]:
    lines = ["Takeaways by area, the heaviest first, and how many have so many items."]
    lines.append(
        f"  {'area':<20}{'weight':>7}{'takeaways':>11}" + "".join(f"{size:>5}" for size in SIZES) + f"{'models':>8}{'cases':>7}"
    )
    for area in counted.areas:
        weight = "" if area.weight is None else f"{area.weight:.1f}%"
        sizes = "".join(f"{n:>5,}" for n in area.by_items.values())
        models, cases = (
            sum(bool(of) for of in kind) for kind in zip(*((f.models, f.cases) for f in area.families), strict=True)
        )
        lines.append(f"  {area.area:<20}{weight:>7}{len(area.families):>11,}{sizes}{models:>8,}{cases:>7,}")
    without = [family.takeaway for area in counted.areas for family in area.families if not family.size]
    return [*lines, "", *(_wrapped("without anything on them", without) if without else ["Each takeaway has something on it."])]


def _difficulty(counted: Overview) -> list[str]:
    lines = ["Items by the judged share of just-passing candidates who get them right."]
    for (programme, step), spread in [(("all", ""), counted.difficulty), *counted.difficulty_by_step.items()]:
        name = f"{programme} {step}".rstrip()
        mean = "" if spread.mean is None else f", in the mean {100 * spread.mean:.0f}%"
        lines += ["", f"{name}: {plural(spread.n_items, 'item')}{mean}", *_histogram(spread)]
    return lines


def _histogram(spread: Difficulty) -> Iterator[str]:
    used = [n for n, count in enumerate(spread.bins) if count]
    for n in range(used[0], used[-1] + 1) if used else ():
        count = spread.bins[n]
        yield f"  {10 * n:>3}–{10 * n + 10}%{count:>6,}  {bar(count / max(spread.bins))}"


def bar(share: float) -> str:
    """A bar of blocks, in eighths of a sign.

    >>> bar(0.5)
    '███████████████'
    """
    eighths = round(share * BAR * 8)
    return FULL * (eighths // 8) + PARTLY[eighths % 8]


def _reviews(counted: Overview) -> list[str]:
    lines = ["Reviews by area."]
    lines.append(f"  {'area':<20}{'items':>6}{'blind':>7}  {'first reading agreed':<28}{'facts':>6}{'unread':>8}")
    for area in (*counted.trust.areas, counted.trust.total):
        said = share_said(area.first)
        lines.append(
            f"  {area.area or 'all':<20}{area.n_items:>6,}{area.n_blind:>7,}  {said:<28}{area.n_facts:>6,}{area.n_unread:>8,}"
        )
    return [*lines, "", "More: bedside bank review"]


def _linter(counted: Overview) -> list[str]:
    if not counted.rules:
        return ["The linter found nothing."]
    rows = [f"  {rule:<36}{', '.join(plural(n, name) for name, n in counts.items())}" for rule, counts in counted.rules.items()]
    return ["Findings by rule.", *rows]


def _next(counted: Overview) -> list[str]:
    lines = ["What to write next: first cells of what is below its range, then the thinnest."]
    for grid in counted.grids:
        lines += ["", f"{grid.programme} {grid.step}, for {grid.goal:,} items"]
        lines += [f"  {text}" for text in _wanted(grid, MOST_NEXT)] or ["  no cell lacks half an item"]
    return lines


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


PARTS: Mapping[str, Callable[[Overview], list[str]]] = {
    "coverage": _coverage,
    "grid": _grid,
    "families": _families,
    "difficulty": _difficulty,
    "reviews": _reviews,
    "linter": _linter,
    "next": _next,
}

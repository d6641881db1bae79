"""The electrocardiogram on paper: a strip of lead II, or twelve leads in three rows of four with lead II below."""

from __future__ import annotations

from math import ceil

from bedside.bank.figures.ecg.recording import PER_S, Recording, record
from bedside.bank.figures.ecg.words import EcgWords
from bedside.bank.figures.kind import Drawing, FigureKind
from bedside.bank.figures.tracing import Numbers, Paper

MM_PER_S, MM_PER_MV = 25.0, 10.0
_LEFT_MM = 10.0  # for the pulse of calibration
_ROWS = (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6"))
_FOOT = 20  # units below the paper, for the speed and the gain


def draw(words: EcgWords) -> Drawing:
    """The sheet."""
    recording = record(words)
    return _twelve(recording) if words.leads == "12" else _strip(recording)


def _strip(recording: Recording) -> Drawing:
    mv = recording.mv["II"]
    seconds = recording.at_s[-1]
    above = max(20.0, 5 * ceil((max(float(mv.max()), 1.0) * MM_PER_MV + 5) / 5))
    below = max(10.0, 5 * ceil((-float(mv.min()) * MM_PER_MV + 2) / 5))
    paper = Paper(_LEFT_MM + 5 * ceil(seconds * MM_PER_S / 5), above + below)
    paper.grid()
    _calibrate(paper, above)
    paper.trace(_LEFT_MM + recording.at_s * MM_PER_S, above - mv * MM_PER_MV)
    paper.text("II", 1, 5)
    return _sheet(paper)


def _twelve(recording: Recording) -> Drawing:
    seconds = 10.0
    column_s = seconds / 4
    heights = [_height(recording, row, column_s) for row in _ROWS]
    heights.append(_height_of(recording.mv["II"]))
    paper = Paper(_LEFT_MM + seconds * MM_PER_S, float(5 * ceil(sum(up + down for up, down in heights) / 5)))
    paper.grid()
    top = 0.0
    for row, (up, down) in zip(_ROWS, heights, strict=False):
        base = top + up
        _calibrate(paper, base)
        for n, lead in enumerate(row):
            part = _part(recording, n, column_s)
            paper.trace(_LEFT_MM + recording.at_s[part] * MM_PER_S, base - recording.mv[lead][part] * MM_PER_MV, tolerance=0.3)
            left = _LEFT_MM + n * column_s * MM_PER_S
            if n:
                paper.mark([(left, base - 4), (left, base + 4)])
            paper.text(lead, left + 1, top + 5)
        top += up + down
    base = top + heights[-1][0]
    _calibrate(paper, base)
    paper.trace(_LEFT_MM + recording.at_s * MM_PER_S, base - recording.mv["II"] * MM_PER_MV, tolerance=0.3)
    paper.text("II", _LEFT_MM + 1, top + 5)
    return _sheet(paper)


def _part(recording: Recording, n: int, column_s: float) -> slice:
    """The samples of a column; it ends on the first sample of the next one."""
    return slice(round(n * column_s * PER_S), min(round((n + 1) * column_s * PER_S) + 1, len(recording.at_s)))


def _height(recording: Recording, row: tuple[str, ...], column_s: float) -> tuple[float, float]:
    each = [_height_of(recording.mv[lead][_part(recording, n, column_s)]) for n, lead in enumerate(row)]
    return max(up for up, _ in each), max(down for _, down in each)


def _height_of(mv: Numbers) -> tuple[float, float]:
    """Millimetres above and below the baseline that a lead needs, with room for its name."""
    return max(12.0, ceil(float(mv.max()) * MM_PER_MV) + 4.0), max(8.0, ceil(-float(mv.min()) * MM_PER_MV) + 1.0)


def _calibrate(paper: Paper, base: float) -> None:
    """A pulse of 1 mV and 0.2 s."""
    paper.mark([(1, base), (2.5, base), (2.5, base - 10), (7.5, base - 10), (7.5, base), (9, base)])


def _sheet(paper: Paper) -> Drawing:
    width, height = paper.size
    told = f'<text class="dim" x="1" y="{height + _FOOT - 5:g}">25 mm/s, 10 mm/mV</text>'
    return Drawing(width, height + _FOOT, (*paper.parts, told))


ECG = FigureKind(
    "ecg",
    EcgWords,
    draw,
    "An electrocardiogram on millimetre paper, 25 mm/s and 10 mm/mV: lead II, or twelve leads with a strip of lead II.",
    "ecg rhythm=af rate=130",
)

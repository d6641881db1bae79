"""Human chromosomes as segments with bands, and the changes that a karyotype may show.

Lengths, centromeres and dark G bands (medium and dark) in megabases, by the cytogenetic bands of the human genome assembly
GRCh37 of the Genome Reference Consortium. Break points of translocations lie in the genes that are joined: ABL1 and BCR, MYC
and IGH, BCL2 and IGH, PML and RARA, CCND1 and IGH.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

AUTOSOMES = tuple(str(n) for n in range(1, 23))
ACROCENTRIC = ("13", "14", "15", "21", "22")

Sexes = Literal["XX", "XY", "X", "XXX", "XXY", "XYY"]
Translocation = Literal["9-22", "8-14", "14-18", "15-17", "11-14"]
Deletion = Literal["4p", "5p", "18q"]

# length, centromere, dark bands
_MAP: dict[str, tuple[float, float, str]] = {
    "1": (
        249.3,
        125.0,
        (
            "12.7-16.2 46.8-50.7 56.1-59 61.3-68.9 69.7-84.9 88.4-92 94.7-99.7 102.2-107.2 111.8-116.1 "
            "128.9-142.6 147-150.3 159.1-160.5 170.9-172.9 176-180.3 185.8-190.8 193.8-198.7 207.2-211.5 "
            "214.5-224.1 230.7-234.7 236.6-243.7"
        ),
    ),
    "2": (
        243.2,
        93.3,
        (
            "4.4-7.1 12.2-16.7 19.2-24 32.1-36.6 38.6-41.8 47.8-52.9 55-61.3 64.1-68.6 75-83.3 114.4-118.8 "
            "122.4-129.9 136.8-142.2 144.1-148.7 154.9-159.8 163.7-169.7 178-180.6 183-189.4 191.9-197.4 "
            "209-215.3 221.5-225.2 226.1-231"
        ),
    ),
    "3": (
        198.0,
        91.0,
        (
            "0-2.8 4-8.7 16.4-23.9 26.4-30.9 32.1-36.5 39.4-43.7 54.4-58.6 63.7-69.8 74.2-79.8 83.5-87.2 "
            "102.8-106.2 107.9-111.3 113.5-117.3 119-121.9 142.8-148.9 152.1-155 160.7-167.6 170.9-175.7 "
            "179-182.7 187.9-192.3"
        ),
    ),
    "4": (
        191.2,
        50.4,
        (
            "11.3-15.2 17.8-21.3 27.7-35.8 41.2-44.6 59.5-66.6 70.5-76.3 78.9-82.4 88-93.7 95.1-98.8 101.1-107.7 "
            "114.1-120.8 123.8-128.8 131.1-139.5 155.6-161.8 164.5-170.1 171.9-176.3 177.5-183.2"
        ),
    ),
    "5": (
        180.9,
        48.4,
        (
            "9.8-15 18.4-23.3 24.6-28.9 42.5-46.1 58.9-62.9 63.2-66.7 68.4-73.3 76.9-81.4 82.8-92.3 98.2-102.8 "
            "104.5-109.6 115.2-121.4 127.3-130.6 144.5-149.8 159.9-168.5 172.8-176.6"
        ),
    ),
    "6": (
        171.1,
        61.0,
        (
            "7.1-10.6 15.2-25.2 27-30.4 46.2-51.8 52.9-57 63.4-70 75.9-83.9 84.9-88 93.1-99.5 100.6-105.5 "
            "114.6-118.3 118.5-126.1 127.1-130.3 131.2-135.2 139-142.8 145.6-149 152.5-155.5 161-164.5"
        ),
    ),
    "7": (
        159.1,
        59.9,
        (
            "7.3-13.8 16.5-20.9 25.5-28 28.8-35 37.2-43.3 45.4-49 50.5-54 67-72.2 77.5-86.4 88.2-91.1 92.8-98 "
            "107.4-114.6 117.4-121.1 123.8-127.1 132.6-138.2 143.1-147.9"
        ),
    ),
    "8": (
        146.4,
        45.6,
        (
            "2.2-6.2 12.7-19 23.3-27.4 28.8-36.5 55.5-61.6 62.2-66 68-70.5 73.9-78.3 80.1-84.6 86.9-93.3 "
            "106.2-110.5 112.1-117.7 119.2-122.5 127.3-131.5 136.4-139.9"
        ),
    ),
    "9": (141.2, 49.0, "9-14.2 19.9-25.6 28-33.2 41-43.6 50.7-65.9 74-79.2 81.1-84.1 86.9-90.4 102.6-108.2 117.7-122.5"),
    "10": (
        135.5,
        40.2,
        (
            "6.6-12.2 18.7-22.6 24.6-29.6 52.9-61.2 64.5-70.6 74.9-77.7 82-87.9 89.5-92.9 94.1-97 105.8-111.9 "
            "114.9-119.1 127.5-130.6"
        ),
    ),
    "11": (
        135.0,
        53.7,
        (
            "2.8-10.7 12.7-16.2 21.7-26.1 27.2-31 36.4-43.5 48.8-51.6 55.7-59.9 70.4-75.2 77.1-85.6 88.3-92.8 "
            "97.2-102.1 102.9-110.4 121.2-123.9 127.8-130.8"
        ),
    ),
    "12": (
        133.9,
        35.8,
        (
            "10.1-12.8 14.8-20 21.3-26.5 27.8-30.7 38.2-46.4 49.1-51.5 58.1-63.1 65.1-67.7 71.5-75.7 80.3-86.7 "
            "89-92.6 96.2-101.6 103.8-109 118.1-120.7 125.9-129.3"
        ),
    ),
    "13": (
        115.2,
        17.9,
        ("0-4.5 10-16.3 32.2-34 35.5-40.1 47.3-50.9 55.3-59.6 62.3-65.7 68.6-73.3 79-87.7 90-95 101.7-104.8 107-110.3"),
    ),
    "14": (
        107.3,
        17.6,
        ("0-3.7 8.1-16.1 24.6-33.3 37.8-43.5 47.2-50.9 58.1-62.1 64.8-67.9 70.2-73.8 79.3-83.6 84.9-89.8 96.3-101.4"),
    ),
    "15": (102.5, 19.0, "0-3.9 8.7-15.8 25.7-28.1 33.6-40.1 44.8-49.5 52.9-59.1 78.3-81.7 85.2-89.1 94.3-98.5"),
    "16": (90.4, 36.6, "7.9-10.5 12.6-14.8 16.8-21.2 24.2-28.1 38.6-47 52.6-56.7 57.4-66.7 70.8-72.9 74.1-79.2 81.7-84.2"),
    "17": (81.2, 24.0, "3.3-6.5 10.7-16 31.8-38.1 50.2-57.6 58.3-61.1 62.6-64.2 67.1-70.9"),
    "18": (78.1, 17.2, "2.9-7.1 25-32.7 37.2-43.5 48.2-53.8 56.2-59 61.6-66.8"),
    "19": (59.1, 26.5, "20-24.4 28.6-32.4"),
    "20": (63.0, 27.5, "5.1-9.2 12.1-17.9 37.6-41.7 49.8-55 56.5-58.4"),
    "21": (48.1, 13.2, "0-2.8 6.8-10.9 16.4-24 26.8-31.5 35.8-37.8 39.7-42.6"),
    "22": (51.3, 14.7, "0-3.8 8.3-12.2 22.2-23.5 25.9-29.6 32.2-37.6 41-44.2"),
    "X": (
        155.3,
        60.6,
        (
            "9.5-17.1 19.3-21.9 24.9-29.3 31.5-37.6 42.4-46.4 49.8-54.8 64.6-67.8 76-84.6 86.2-91.8 93.5-98.3 "
            "108.7-116.5 120.9-128.7 138-140.3 142.1-147.1"
        ),
    ),
    "Y": (59.4, 12.5, "15.1-19.8 22.1-26.2 28.8-59.4"),
}

_BREAKS: dict[Translocation, tuple[tuple[str, float], tuple[str, float]]] = {
    "9-22": (("9", 133.6), ("22", 23.6)),
    "8-14": (("8", 128.7), ("14", 106.2)),
    "14-18": (("14", 106.2), ("18", 60.8)),
    "15-17": (("15", 74.3), ("17", 38.5)),
    "11-14": (("11", 69.4), ("14", 106.2)),
}
_LOST: dict[Deletion, tuple[str, float, float]] = {"4p": ("4", 0, 14), "5p": ("5", 0, 24), "18q": ("18", 55, 78.1)}


@dataclass(frozen=True, slots=True)
class Chromosome:
    """One chromosome from the top: its length, where the centromere is, and dark bands, in megabases from the top."""

    length: float
    centromere: float
    bands: tuple[tuple[float, float], ...]


def whole(name: str) -> Chromosome:
    """A normal chromosome, 1 to 22, X or Y."""
    length, centromere, bands = _MAP[name]
    pairs = (band.split("-") for band in bands.split())
    return Chromosome(length, centromere, tuple((float(start), float(end)) for start, end in pairs))


def joined(parts: Iterable[tuple[Chromosome, float, float]], centromere: float) -> Chromosome:
    """Parts of chromosomes one after the other, each from one place to another (turned over where that lies before)."""
    at, bands = 0.0, list[tuple[float, float]]()
    for one, start, end in parts:
        low, high = min(start, end), max(start, end)
        for first, last in one.bands:
            kept = max(first, low), min(last, high)
            if kept[0] < kept[1]:
                ends = [at + abs(end_of - start) for end_of in kept]
                bands.append((min(ends), max(ends)))
        at += high - low
    return Chromosome(at, centromere, tuple(sorted(bands)))


def translocated(kind: Translocation) -> dict[str, Chromosome]:
    """The two derivative chromosomes, by the chromosome whose centromere they have."""
    (first, cut), (second, other_cut) = _BREAKS[kind]
    one, other = whole(first), whole(second)
    return {
        first: joined([(one, 0, cut), (other, other_cut, other.length)], one.centromere),
        second: joined([(other, 0, other_cut), (one, cut, one.length)], other.centromere),
    }


def fused(first: str, second: str) -> Chromosome:
    """A Robertsonian translocation: the long arms of two acrocentric chromosomes on one centromere."""
    one, other = whole(first), whole(second)
    return joined([(other, other.length, other.centromere), (one, one.centromere, one.length)], other.length - other.centromere)


def deleted(kind: Deletion) -> tuple[str, Chromosome]:
    """The name of the chromosome, and what is left of it."""
    name, start, end = _LOST[kind]
    one = whole(name)
    gone = end - start if end <= one.centromere else 0.0
    return name, joined([(one, 0, start), (one, end, one.length)], one.centromere - gone)

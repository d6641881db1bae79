"""Risks of inherited disorders, by counting transmissions of single alleles instead of multiplying rules.

Sources:
    Hardy-Weinberg proportions of genotypes: Hardy GH. Science 1908;28:49-50.
    Risk from family history and healthy sons: Murphy EA, Chase GA. Principles of Genetic Counseling. Year Book Medical, 1975.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import isqrt

from tests.bank.models.solvers.paper import Paper, Solver
from tests.bank.models.solvers.printed import exact, one_in

Genotypes = dict[int, Fraction]  # number of alleles of the disorder: share
HALF = Fraction(1, 2)
CARRIER: Genotypes = {1: Fraction(1)}


def children(one: Genotypes, other: Genotypes) -> Genotypes:
    """What two parents have, each allele with the same chance."""
    found = {0: Fraction(0), 1: Fraction(0), 2: Fraction(0)}
    for (a, share_a), (b, share_b) in product(one.items(), other.items()):
        for from_a, from_b in product((0, 1), repeat=2):
            chance = (Fraction(a, 2) if from_a else 1 - Fraction(a, 2)) * (Fraction(b, 2) if from_b else 1 - Fraction(b, 2))
            found[from_a + from_b] += share_a * share_b * chance
    return found


def healthy(people: Genotypes) -> Genotypes:
    """Those without a recessive disorder."""
    rest = {alleles: share for alleles, share in people.items() if alleles < 2}
    return {alleles: share / sum(rest.values()) for alleles, share in rest.items()}


def parent_with_the_disorder(paper: Paper) -> str:
    """human_development-m010: the healthy child of an affected person, and a healthy person of the population."""
    assert paper.says(r"(?:Her|His) (?:mother|father) has [^.]*, an autosomal recessive disorder")
    one_of = int(exact(paper, "affects 1 in # newborns"))
    frequency = Fraction(1, isqrt(one_of))
    assert frequency**2 * one_of == 1
    population = {0: (1 - frequency) ** 2, 1: 2 * frequency * (1 - frequency), 2: frequency**2}
    patient = healthy(children({2: Fraction(1)}, population))
    assert patient == {0: 0, 1: 1}
    return one_in(paper, children(patient, healthy(population))[2])


def sibling_with_the_disorder(paper: Paper) -> str:
    """human_development-m011: the healthy child of two carriers, and a partner of whom one in so many is a carrier."""
    assert paper.says(r"(?:Her|His) (?:brother|sister) [^.]*, an autosomal recessive disorder whose form")
    assert paper.says(r"recessive disorder whose form in this family shows in early childhood in every affected person")
    assert paper.says(r"(?:her|his) parents, and the (?:wife|husband) are healthy")
    carriers = 1 / exact(paper, r"comes, 1 in # adults is a carrier")
    patient = healthy(children(CARRIER, CARRIER))
    return one_in(paper, children(patient, {0: 1 - carriers, 1: carriers})[2])


def healthy_sons(paper: Paper) -> str:
    """blood-m010: all ways in which the patient and her sons can have got the allele, and those that the sons leave."""
    assert paper.says("She has (?:a brother|two brothers) and a maternal uncle with")  # so her mother has the allele
    n_sons = int(exact(paper, "so are her # sons"))
    ages = paper.words(r"sons, aged ([\d, and]+) years").replace("and", "").replace(",", " ").split()
    assert len(ages) == n_sons
    assert min(map(int, ages)) >= exact(paper, "shows in the first # years of life in every boy")
    ways = [(mothers, sons) for mothers in (0, 1) for sons in product((0, 1), repeat=n_sons)]
    left = {
        carrier: sum(1 for mothers, sons in ways if mothers == carrier and not any(s * mothers for s in sons))
        for carrier in (0, 1)
    }
    carrier = Fraction(left[1], left[0] + left[1])
    if paper.says("probability that this patient is a carrier"):
        return one_in(paper, carrier)
    if paper.says("probability that her next son will have"):
        return one_in(paper, carrier * HALF)
    assert paper.says("next child will be a son with this disorder")
    return one_in(paper, carrier * HALF * HALF)


SOLVERS: dict[str, Solver] = {
    "human_development-m010": parent_with_the_disorder,
    "human_development-m011": sibling_with_the_disorder,
    "blood-m010": healthy_sons,
}

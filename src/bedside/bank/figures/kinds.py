"""All kinds of figures, in the order of the documentation."""

from __future__ import annotations

from typing import Any

from bedside.bank.figures.action_potential import KIND as ACTION_POTENTIAL
from bedside.bank.figures.arterial import KIND as ARTERIAL
from bedside.bank.figures.audiogram import KIND as AUDIOGRAM
from bedside.bank.figures.capnography import KIND as CAPNOGRAPHY
from bedside.bank.figures.dose_response import KIND as DOSE_RESPONSE
from bedside.bank.figures.drug_concentration import KIND as CONCENTRATION
from bedside.bank.figures.ecg import ECG
from bedside.bank.figures.fagan import KIND as FAGAN
from bedside.bank.figures.forest import KIND as FOREST
from bedside.bank.figures.funnel import KIND as FUNNEL
from bedside.bank.figures.hemoglobin_gel import KIND as HEMOGLOBIN_GEL
from bedside.bank.figures.karyogram import KIND as KARYOGRAM
from bedside.bank.figures.kind import FigureKind
from bedside.bank.figures.oxygen_dissociation import KIND as OXYGEN_DISSOCIATION
from bedside.bank.figures.pedigree import KIND as PEDIGREE
from bedside.bank.figures.probability_tree import KIND as PROBABILITY_TREE
from bedside.bank.figures.pv_loop import KIND as PV_LOOP
from bedside.bank.figures.roc import KIND as ROC
from bedside.bank.figures.serum_protein import KIND as SERUM_PROTEIN
from bedside.bank.figures.spirometry import KIND as SPIROMETRY
from bedside.bank.figures.starling import KIND as STARLING
from bedside.bank.figures.survival import KIND as SURVIVAL
from bedside.bank.figures.venous import KIND as CVP
from bedside.bank.figures.visual_field import KIND as VISUAL_FIELD

ALL: tuple[FigureKind[Any], ...] = (
    ECG,
    ARTERIAL,
    CVP,
    PEDIGREE,
    SURVIVAL,
    ROC,
    FOREST,
    FUNNEL,
    AUDIOGRAM,
    VISUAL_FIELD,
    PV_LOOP,
    STARLING,
    SPIROMETRY,
    OXYGEN_DISSOCIATION,
    CAPNOGRAPHY,
    CONCENTRATION,
    DOSE_RESPONSE,
    ACTION_POTENTIAL,
    SERUM_PROTEIN,
    HEMOGLOBIN_GEL,
    PROBABILITY_TREE,
    FAGAN,
    KARYOGRAM,
)

"""Pictures as SVG, each with its title, a sentence and its table: for reports and pages."""

from bedside.measure.pictures.frame import STYLE, Picture, Table
from bedside.measure.pictures.groups import dif_plot, reliability_curve, similarity_map, wright_map
from bedside.measure.pictures.items import Observed, information_curve, item_curve, item_information, observed_shares

__all__ = [
    "STYLE",
    "Observed",
    "Picture",
    "Table",
    "dif_plot",
    "information_curve",
    "item_curve",
    "item_information",
    "observed_shares",
    "reliability_curve",
    "similarity_map",
    "wright_map",
]

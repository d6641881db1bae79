"""What the E-step gives and the M-step takes."""

from __future__ import annotations

from dataclasses import dataclass

from bedside.measure.calibrating.em_parameters import Floats


@dataclass(frozen=True, slots=True)
class Expected:
    """Sums over persons of what the M-step needs.

    `node_sum` (n_groups, n_nodes): expected persons at each node. `given`: expected answers at each node, (n_items, n_nodes),
    or (1, n_nodes) where everybody answered everything. With one row an item, `right` (n_items,) counts right answers and
    `moment` (n_items,) sums the posterior means of those who gave them; with two, `right` is (n_items, n_nodes) and `moment`
    None.
    """

    log_likelihood: float
    node_sum: Floats
    given: Floats
    right: Floats
    moment: Floats | None

    def __add__(self, other: Expected) -> Expected:
        """The expectation over the persons of both."""
        moment = self.moment + other.moment if self.moment is not None and other.moment is not None else None
        return Expected(
            self.log_likelihood + other.log_likelihood,
            self.node_sum + other.node_sum,
            self.given + other.given,
            self.right + other.right,
            moment,
        )

"""A brake on taking one's data and bringing it back: either touches all that one owns."""

from __future__ import annotations

from bedside.site.brake import AN_HOUR, HOUR_S, Brake

__all__ = ["AN_HOUR", "BRAKE", "HOUR_S", "Brake"]

BRAKE = Brake()  # of this process

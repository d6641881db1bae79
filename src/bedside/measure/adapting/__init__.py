"""Tests that choose the next item, and the simulator that shows what they do."""

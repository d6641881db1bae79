"""The pages of the Match."""

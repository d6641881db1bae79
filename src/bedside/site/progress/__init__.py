"""Progress: where a candidate stands, in pictures with their tables."""

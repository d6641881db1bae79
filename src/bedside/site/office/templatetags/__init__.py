"""What the office's templates load."""

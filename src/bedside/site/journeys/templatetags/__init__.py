"""What the templates of the report load."""

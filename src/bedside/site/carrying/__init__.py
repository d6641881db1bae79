"""All that a person owns, out in one file and back on another machine."""

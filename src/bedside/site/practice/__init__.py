"""Practice blocks: which items there are to choose from, and the block that is made of them. Page `/practice`."""

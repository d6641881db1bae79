"""The office's pages about the bank: what it has, what to write next, and how far its reviews agree."""

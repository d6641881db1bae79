"""How much of a deck is read at most. A deck is hostile until it is read: every number is checked before the work it allows."""

from __future__ import annotations

KIB, MIB, GIB = 1024, 1024**2, 1024**3

MAX_FILE_BYTES = 16 * GIB  # a package as it lies on the disk; the largest shared medical decks are near 5 GiB
MAX_COLLECTION_BYTES = 2 * GIB  # the database inside, unpacked; 100,000 notes with 2,000,000 reviews take some 400 MiB
MAX_MEDIA_BYTES = 256 * MIB  # one picture, sound or film, unpacked
MAX_LIST_BYTES = 64 * MIB  # the list of media files, unpacked
MAX_MEMBERS = 200_000  # of the archive
MAX_RATIO = 250  # unpacked to packed; real databases are below 20, but repeated text packs well
RATIO_COUNTS_FROM_BYTES = 32 * MIB  # what unpacks to less is harmless at any ratio
MAX_WINDOW_BYTES = 128 * MIB  # memory that one compressed stream may ask for

MAX_NOTES = 500_000
MAX_CARDS = 2_000_000
MAX_REVIEWS = 20_000_000
MAX_NOTE_TYPES = 5_000
MAX_DECKS = 20_000
MAX_GUID_CHARACTERS = 100
MAX_NOTE_CHARACTERS = 1_000_000  # of all fields together
MAX_VALUE_BYTES = 64 * MIB  # of one value of the database; old ones keep all note types in one
MAX_TABLES = 500

STEPS_AT_LEAST = 20_000_000  # virtual machine steps of SQLite that one query may take …
STEPS_A_BYTE = 10  # … and as many more for each byte of the database

MAX_TEXT_BYTES = 256 * MIB  # of a plain text export
MAX_TEMPLATE_DEPTH = 40  # sections inside sections
MAX_CLOZE_DEPTH = 12
MAX_ENTITIES = 50_000  # signs such as &nbsp; in one text of HTML, which parsers join slowly; the same
MAX_DEPTH = 400  # elements of HTML inside each other; what is deeper is shown as its words
MAX_CARDS_A_NOTE = 500  # cloze numbers beyond this are no cards
MAX_DRAWN_CHARACTERS = 2_000_000  # of one side, before it is cleaned
MAX_SKIPPED_A_REASON = 50  # entries named one by one; the rest of the same reason are counted

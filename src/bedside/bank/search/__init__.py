"""Finding an item, a takeaway, a case or a reference value by what somebody types, however they spell it."""

from bedside.bank.search.document import SearchDocument, as_read
from bedside.bank.search.documents import model_documents, search_documents, title_of_model
from bedside.bank.search.found import Found, SearchHit, Snippet, Tier
from bedside.bank.search.searching import Search
from bedside.bank.search.synonyms import NO_SYNONYMS, Synonyms, read_synonyms

__all__ = [
    "NO_SYNONYMS",
    "Found",
    "Search",
    "SearchDocument",
    "SearchHit",
    "Snippet",
    "Synonyms",
    "Tier",
    "as_read",
    "model_documents",
    "read_synonyms",
    "search_documents",
    "title_of_model",
]

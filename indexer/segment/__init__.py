"""How documents lie in a Whoosh index: fields, terms, postings."""

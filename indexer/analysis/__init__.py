"""Text → tokens, languages, lemmas."""

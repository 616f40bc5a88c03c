"""The two commands: thin skins over the library."""

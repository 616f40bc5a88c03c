"""`python -m indexer` is the `indexer` command."""

import sys

from indexer.cli.indexer import main

if __name__ == "__main__":
    sys.exit(main())

"""Files and streams → documents."""

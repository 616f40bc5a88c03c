"""What people type → documents and scores."""

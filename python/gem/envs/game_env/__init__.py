"""Language games."""

"""Finding a way from one page of an encyclopedia to another."""

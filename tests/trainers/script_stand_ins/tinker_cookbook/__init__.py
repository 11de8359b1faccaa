"""A stand-in for what upstream's adapter uses of Tinker's cookbook."""

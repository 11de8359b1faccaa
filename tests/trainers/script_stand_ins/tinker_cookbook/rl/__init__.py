"""A part of the stand-in for Tinker's cookbook."""

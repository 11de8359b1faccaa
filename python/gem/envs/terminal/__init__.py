"""Tasks in a terminal inside a container."""

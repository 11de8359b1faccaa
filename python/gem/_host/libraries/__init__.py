"""The libraries that a host can serve: a module each, described in `gem._host.library`."""

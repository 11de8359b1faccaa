"""How the package reaches the Node server; private, nothing here is part of the API."""

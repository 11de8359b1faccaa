"""`python -m gem`: the same as the `gem` command."""

from __future__ import annotations

import sys

from gem._cli import main

if __name__ == "__main__":
    sys.exit(main())

"""How large what is given may be; the help tells these numbers too."""

from __future__ import annotations

MOST_BYTES = 100_000_000  # of a file or standard input

"""`python -m adapters.web.liveness_probe`: the container's health check.

Standard library only, since it starts every half minute.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

DISABLED_VALUES = {"no", "n", "false", "f", "off", "0"}


def probe(environ: Mapping[str, str]) -> int:
    """0 if `/livez` answers that all is well or there is no web server, 1 otherwise."""
    if environ.get("JOURNALCLUB_WEB__ENABLED", "").strip().lower() in DISABLED_VALUES:
        return 0
    host = environ.get("JOURNALCLUB_WEB__HOST", "").strip() or "127.0.0.1"
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104  where it listens, not where we do
    port = environ.get("JOURNALCLUB_WEB__PORT", "").strip() or "8080"
    try:
        with build_opener(ProxyHandler({})).open(f"http://{host}:{port}/livez", timeout=4):
            return 0
    except (URLError, OSError, ValueError) as error:
        sys.stderr.write(f"not alive: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(probe(os.environ))

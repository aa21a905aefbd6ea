"""`make bench`: run each measurement that needs nothing but this tree, one after the other."""

from __future__ import annotations

import subprocess
import sys

NAMES = (
    "starting",
    "summaries",
    "grounding",
    "obeying_model",
    "close_wording",
    "directions",
    "questions",
    "writing",
    "archive",
    "messages",
    "top",
    "votes",
    "votes_live",
    "load_slack",
    "load_discord",
)


def main() -> int:
    """Run them all; 1 if any of them failed."""
    failed = 0
    for name in NAMES:
        print(f"\n## benchmarks.{name}\n", flush=True)
        failed += subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

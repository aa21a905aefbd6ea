"""Former names of commands. Buttons stay on posts for years, and each carries the name that its command had then.

Parameters keep their names and their order under the new name: a call is read as it was written down.
"""

from __future__ import annotations

from collections.abc import Mapping

RENAMED: Mapping[str, str] = {
    "curate digest draft": "edition draft",
    "curate digest preview": "edition preview",
    "curate digest approve": "edition approve",
    "curate digest unapprove": "edition unapprove",
    "curate digest schedule": "edition schedule",
    "curate digest skip": "edition skip",
    "curate digest edit": "edition edit",
    "curate digest write": "edition write",
    "curate digest section": "edition section",
    "curate digest cite": "edition cite",
    "curate digest credit": "edition credit",
    "curate digest chart": "edition chart",
    "curate digest undo": "edition undo",
    "curate digest correct": "edition correct",
    "curate digest recall": "edition recall",
    "curate digest reword": "edition item write",
    "curate digest move": "edition item move",
    "curate digest drop": "edition item drop",
    "curate digest replace": "edition item replace",
    "curate digest add": "edition item add",
    "curate digest regenerate": "edition item regenerate",
    "curate digest abstract": "edition item abstract",
    "curate quote": "edition quote",
}
"""The present name of every command that was once called something else."""

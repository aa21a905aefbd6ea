"""The places in the code that the texts of each catalogue are in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextSource:
    """A folder or a file of the code, from the root of the project; of a file perhaps only some top-level names."""

    path: str
    names: frozenset[str] = frozenset()


def _only(path: str, *names: str) -> TextSource:
    return TextSource(path, frozenset(names))


DOMAINS = {
    "edition": (TextSource("bot/editions"),),
    "answers": (TextSource("bot"), TextSource("adapters")),
    "archive": (
        TextSource("adapters/web/archive"),
        _only("bot/domain/edition_calendar.py", "WEEKLY", "MONTHLY"),
        _only("bot/domain/withdrawals.py", "ADMINISTRATORS", "AUTHORS", "SUBMITTER", "PUBLISHER", "WITHDRAWN",
              "RETRACTED", "Withdrawal"),
        _only("bot/domain/rule_words.py", "NTH", "describe_rule"),
        _only("bot/editions/render/export_formats.py", "EXPORT_FORMATS"),
        _only("bot/features/shared/meetings/meeting_cards.py", "name_of"),
        _only("bot/features/shared/audit/vocabulary.py", "OPEN_PAST_TENSE", "SENTENCES", "FIELD_WORDS", "MEETING_PLACE",
              "PLAIN_VALUES"),
        TextSource("bot/features/shared/audit/wording.py"),
    ),
}  # fmt: skip
"""Sources of the texts of each domain. The web archive shows texts of other packages too; its domain names them."""

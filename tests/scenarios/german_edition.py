"""A German newsletter on thirty papers, as somebody writes it by hand: our own, of the recorded papers' facts."""

from __future__ import annotations

from bot.domain.paper_record import PaperRecord
from bot.sources.recorded_arxiv.records import recorded_papers

THEMES = (("Sprachmodelle", "cs.CL"), ("Maschinelles Lernen", "cs.LG"), ("Sehen", "cs.CV"))
PAPERS = 30
OPENERS = (
    "Eine Arbeit, die man zweimal liest: beim ersten Mal wegen der Frage, beim zweiten wegen der Antwort.",
    "Wer in diesem Monat nur Zeit für ein Paper hat, beginnt am besten hier.",
    "Der Titel verspricht wenig, der Anhang hält viel.",
    "Ein kleiner Schritt, sauber gemessen – und gut erklärt.",
    "Hier lohnt sich vor allem der Abschnitt über das, was nicht funktioniert hat.",
)


def chosen() -> list[tuple[str, list[PaperRecord]]]:
    """The papers of each theme, thirty in all."""
    found = []
    for title, category in THEMES:
        papers = [p for p in recorded_papers() if p.categories[:1] == (category,) and ". " in p.abstract]
        found.append((title, papers[: PAPERS // len(THEMES)]))
    return found


def newsletter() -> str:
    """The newsletter in Markdown, with everything that an edition may have."""
    pieces = [
        "# Lesebrief im November",
        "Dreißig Arbeiten aus drei Gebieten, kurz vorgestellt.",
        "Liebe Leserinnen und Leser,",
        "der Monat war lang, die Liste auch. Wir haben gekürzt, wo es ging – „weniger ist mehr“ bleibt ein guter Rat.",
        "— Mo",
        "## Die wichtigsten Themen",
        "\n".join(f"- {title}" for title, _ in THEMES),
    ]
    number = 0
    for title, papers in chosen():
        pieces.append(f"## {title}")
        for paper in papers:
            number += 1
            pieces += _item(number, paper)
    pieces += [
        "## Nachrichten",
        "- Die Frist der [Konferenz](https://konferenz.example/fristen) wurde um eine Woche verschoben.\n"
        "- In Köln gibt es einen neuen [Lesekreis](https://lesekreis.example).",
        "## Code",
        "- [Ein Werkzeug](https://github.com/example/werkzeug), das aus Listen Tabellen macht.",
        "---",
        "Bis zum nächsten Monat – und schickt uns, was ihr lest!",
    ]
    return "\n\n".join(pieces) + "\n"


def _item(number: int, paper: PaperRecord) -> list[str]:
    first, *_ = paper.abstract.split(". ")
    parts = [
        f"### {number}. [{paper.title}](https://arxiv.org/abs/{paper.arxiv_id})",
        f"**Warum** → {OPENERS[number % len(OPENERS)]}",
    ]
    if number % 2:
        parts.append("Kernaussage → Die Frage ist einfacher gestellt, als man denkt.")
    else:
        parts += [
            "**Kernaussagen** →",
            "1. Die Daten zählen mehr als das Modell.\n\n2. Gemessen wird, was sich ändert.",
        ]
    if number % 3 == 0:
        parts.append(f"> {first}.\n> — Abstract")
    if number % 5 == 0:
        parts.append(f"→ [Die Fassung im Netz](https://arxiv.org/abs/{paper.arxiv_id}v1) ist kürzer.")
    if number % 7 == 0:
        parts.append("- ein Punkt\n  - und einer darunter\n- noch einer")
    return parts

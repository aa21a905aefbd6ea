"""Small lines as earlier versions of the program worded them: editions that were exported then are still imported.

`{}` stands for a name, a day or a part of a paper; " v2" for a version, which may be missing.
"""

from __future__ import annotations

ORIGIN_NOTES = (
    "Der Abstract v2, wie die Autoren ihn schrieben",
    "Geschrieben von {} nach dem Abstract v2 am {}",
    "Geschrieben von {} nach dem Volltext v2 am {}",
    "Geschrieben von {} nach „{}“ am {}",
    "Warum geschrieben von {}",
    "wichtigste Erkenntnisse geschrieben von {}",
    "wichtigste Erkenntnisse {} geschrieben von {}",
    "Geschreven door {} naar de samenvatting v2 op {}",
    "Geschreven door {} naar de volledige tekst v2 op {}",
    "Geschreven door {} naar “{}” op {}",
    "Zinnen uit de samenvatting v2, gekozen op {}",
    "Waarom geschreven door {}",
    "belangrijkste inzichten geschreven door {}",
    "belangrijkste inzichten {} geschreven door {}",
    "citaten woordelijk in ‘{}’, aangeleverd door {}",
    "Frasi del sommario v2, scelte il {}",
    "Frasi del testo completo v2, scelte il {}",
    "Frasi di «{}», scelte il {}",
    "Scritto da {} a partire da «{}» il {}",
    "Scritto da {} a partire dal sommario v2 il {}",
    "Scritto da {} a partire dal testo completo v2 il {}",
    "idées clés écrites par {}",
    "idées clés {} écrites par {}",
)
"""Notes about who or what wrote an item's texts."""
VOTE_NOTES = ("2 Stimmen bei Redaktionsschluss", "1 Stimme bei Redaktionsschluss", "eingebracht von {}",
              "eingebracht von {} (#2)")  # fmt: skip
"""Notes of a line of votes. Numbers stand for any."""

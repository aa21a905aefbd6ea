"""German words for values and options, so that members of a German club can type what they read."""

from __future__ import annotations

from collections.abc import Collection, Mapping

YES_WORDS = frozenset({"yes", "y", "true", "on", "1", "ja", "j", "an", "ein", "wahr"})
NO_WORDS = frozenset({"no", "n", "false", "off", "0", "nein", "aus", "falsch"})
NONE_WORDS = frozenset({"none", "keine", "kein", "keins", "keiner", "keinen", "keines", "nichts", "niemand"})

VALUES: Mapping[str, tuple[str, ...]] = {
    "abbrechen": ("cancel",),
    "ablehnen": (
        "decline",
        "reject",
    ),
    "absagen": ("cancel",),
    "abstract": ("abstract",),
    "alle": ("all",),
    "alles": ("all",),
    "an": (
        "on",
        "yes",
    ),
    "anhalten": (
        "pause",
        "hold",
    ),
    "annehmen": ("accept",),
    "ansehen": (
        "look",
        "show",
    ),
    "anzeigen": (
        "show",
        "look",
    ),
    "aufheben": ("undo",),
    "aus": (
        "off",
        "no",
    ),
    "ausgabe": (
        "edition",
        "digest",
    ),
    "ausgaben": ("digest",),
    "ausgewählt": ("picked",),
    "auslassen": ("omit",),
    "ausschließen": ("exclude",),
    "auszählen": ("count",),
    "autor": ("author",),
    "autorin": ("author",),
    "behoben": ("resolve",),
    "blog": ("blog",),
    "bürgen": ("vouch",),
    "daten": ("data",),
    "doppelt": ("duplicate",),
    "ein": (
        "on",
        "yes",
    ),
    "einzeln": ("messages",),
    "entfernen": (
        "remove",
        "drop",
        "delete",
    ),
    "entfernt": ("dropped",),
    "erledigt": ("resolve",),
    "exportieren": ("export",),
    "fragen": ("ask",),
    "gelesen": ("read",),
    "gemeldet": ("reported",),
    "geplant": ("coming",),
    "hinzufügen": ("add",),
    "ja": ("yes",),
    "jahr": ("year",),
    "kein": ("none",),
    "keine": ("none",),
    "keiner": ("none",),
    "keins": ("none",),
    "kommend": ("coming",),
    "kommende": ("coming",),
    "liste": (
        "list",
        "club",
    ),
    "löschen": (
        "delete",
        "remove",
    ),
    "mehr": ("more",),
    "meine": ("mine",),
    "monat": ("month",),
    "monatlich": ("monthly",),
    "nachrichten": ("news",),
    "nein": ("no",),
    "nachzählen": ("recount",),
    "neu": ("new",),
    "nichts": ("none", "silence"),
    "nie": ("off",),
    "notiz": ("note",),
    "offen": ("open",),
    "papers": ("papers",),
    "person": ("person",),
    "projekt": ("project",),
    "sofort": ("instant",),
    "starten": ("start",),
    "startseite": ("home",),
    "stichwort": ("keyword",),
    "testen": ("test",),
    "thema": ("topic",),
    "treffen": ("meetings",),
    "täglich": ("daily",),
    "umbenennen": ("rename",),
    "unpassend": ("off-topic",),
    "vergangen": ("past",),
    "vergangene": ("past",),
    "verlauf": ("history",),
    "verschieben": ("move",),
    "veröffentlichen": ("publish",),
    "vielleicht": ("maybe",),
    "warten": ("hold",),
    "weitergeben": ("escalate",),
    "weniger": ("less",),
    "werbung": ("spam",),
    "woche": ("week",),
    "wöchentlich": ("weekly",),
    "zeigen": (
        "show",
        "look",
        "list",
    ),
    "zurück": ("undo",),
    "zurückziehen": ("withdraw",),
    "zurückgestellt": ("held",),
    "zurückgezogen": ("withdrawn",),
    "zusammenfassung": ("ai",),
    "zusammenlegen": ("merge",),
    "zählen": ("count",),
    "öffnen": (
        "open",
        "reopen",
    ),
}
"""Values that a German word means; the first of them that is accepted."""

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "ab": ("since",),
    "abstimmung": ("ballot",),
    "anonym": ("anonymous",),
    "art": ("kind",),
    "ausgabe": ("edition",),
    "autor": ("author",),
    "begründung": ("why", "reason"),
    "beschriftung": ("caption",),
    "bis": ("until",),
    "dauer": ("minutes",),
    "einheit": ("unit",),
    "ende": ("until",),
    "frage": ("question",),
    "grund": ("reason", "why"),
    "jahr": ("year",),
    "kategorie": ("category",),
    "link": ("link", "url"),
    "minuten": ("minutes",),
    "name": ("name",),
    "namen": ("names",),
    "notiz": ("note",),
    "ort": ("place",),
    "platz": ("place",),
    "plätze": ("size",),
    "protokoll": ("notes_by",),
    "quelle": ("source",),
    "reihe": ("series",),
    "seit": ("since",),
    "seite": ("page",),
    "sprache": ("language",),
    "stichwort": ("query", "words"),
    "tage": ("days",),
    "text": ("text",),
    "thema": ("topic",),
    "titel": ("title",),
    "treffen": ("meeting",),
    "vortrag": ("presenter",),
    "wann": ("when",),
    "warum": ("why", "reason"),
    "was": ("what",),
    "wer": ("who",),
    "wert": ("value",),
    "wie": ("how",),
    "wo": ("place", "scope"),
    "wohin": ("to",),
    "wörter": ("words", "query"),
    "zeit": ("when",),
    "zeitzone": ("timezone",),
    "zurück": ("back",),
    "öffentlich": ("share",),
}
"""Options that a German name means; the first of them that a command has."""

_COMMANDS: Mapping[str, str] = {"hilfe": "help"}


def typed_value(word: str, values: Collection[str]) -> str:
    """The one of these values that a word means, by its name or in German; "" if it means none."""
    bare = word.strip().lower().replace("_", "-")
    return next((value for value in (bare, *VALUES.get(bare, ())) if value in values), "")


def typed_option(name: str, options: Collection[str]) -> str:
    """The one of a command's options that a typed name means; the name itself if it means none."""
    if name in options:
        return name
    return next((option for option in OPTIONS.get(name.lower(), ()) if option in options), name)


def typed_command(word: str) -> str:
    """The first word of a command that a typed word means: `hilfe` is `help`."""
    return _COMMANDS.get(word, word)

"""Tables of number words and units, used by `bot.editions.verification.numbers`."""

from __future__ import annotations

_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_TENS = """twenty thirty forty fifty sixty seventy eighty ninety"""

WORDS = {word: n for n, word in enumerate(_SMALL.split())} | {
    word: 10 * n for n, word in enumerate(_TENS.split(), start=2)
}
"""Values of number words; "twenty-five" is composed of two."""

ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip
POWERS = {"dozen": 12, "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
LETTERS = {
    "k": 10**3, "K": 10**3, "M": 10**6, "mn": 10**6, "b": 10**9, "B": 10**9, "bn": 10**9, "T": 10**12,
}  # fmt: skip
"""Multipliers of a letter directly after a number: 7B, 10k."""

MULTIPLES = {
    "twice": 2, "double": 2, "doubles": 2, "doubled": 2, "doubling": 2, "thrice": 3, "triple": 3, "triples": 3,
    "tripled": 3, "tripling": 3, "quadruple": 4, "quadruples": 4, "quadrupled": 4, "quadrupling": 4,
}  # fmt: skip
HALVES = frozenset(("half", "halve", "halves", "halved", "halving"))
FRACTIONS = {
    "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
SHARE_FOLLOWS = frozenset(("of", "less", "more", "fewer", "lower", "higher", "smaller", "faster", "cheaper", "as"))
SHARE_PRECEDES = frozenset(("by", "about", "nearly", "almost", "over", "than", "around", "roughly", "only", "to"))
"""Words after and before "a fifth" that make it a share rather than an ordinal."""

UNITS = {
    "%": "%", "％": "%", "٪": "%", "percent": "%", "pct": "%", "prozent": "%", "procent": "%",
    "prozentpunkt": "points", "prozentpunkte": "points", "prozentpunkten": "points",
    "pp": "points", "pps": "points", "pt": "points", "pts": "points", "point": "points", "points": "points",
    "x": "times", "X": "times", "×": "times", "times": "times", "fold": "times",
    "ns": "ns", "µs": "µs", "μs": "µs", "ms": "ms", "millisecond": "ms", "milliseconds": "ms",
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "min": "min", "mins": "min", "minute": "min", "minutes": "min",
    "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "day", "days": "day",
    "week": "week", "weeks": "week", "month": "month", "months": "month", "year": "year", "years": "year",
    "KB": "KB", "kB": "KB", "MB": "MB", "MiB": "MB", "GB": "GB", "GiB": "GB", "TB": "TB", "TiB": "TB",
    "Hz": "Hz", "kHz": "kHz", "MHz": "MHz", "GHz": "GHz", "fps": "fps", "FPS": "fps", "dB": "dB",
    "mm": "mm", "cm": "cm", "km": "km", "kg": "kg", "mg": "mg", "kW": "kW", "MW": "MW", "kWh": "kWh", "MWh": "MWh",
    "$": "$", "dollar": "$", "dollars": "$", "USD": "$", "€": "€", "euro": "€", "euros": "€", "£": "£",
    "st": "th", "nd": "th", "rd": "th", "th": "th",
}  # fmt: skip
"""Units that change the meaning of a number, each with its canonical form. Other nouns after a number are ignored."""

PER_CENT = frozenset((("per", "cent"), ("pour", "cent"), ("por", "ciento"), ("por", "cento"), ("per", "cento")))
"""The two words of "%" in English, French, Spanish, Portuguese and Italian."""

CURRENCIES = frozenset("$€£")

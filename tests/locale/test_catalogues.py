"""Catalogues: complete, up to date with the code, and readable by gettext."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from bot.errors import UserError
from bot.locale import LANGUAGES, find_language, language_by_code, translator
from bot.locale.maintenance import KEYWORDS, catalogue_faults, names_of, source_files, template, texts
from bot.locale.text_sources import DOMAINS, TextSource


@pytest.mark.slow
def test_every_text_of_the_code_is_found() -> None:
    """A call inside an f-string, or with a text built at run time, would be missing from the catalogues."""
    for domain, sources in DOMAINS.items():
        known = {message.id if isinstance(message.id, str) else message.id[0] for message in template(domain)}
        called = {text for source in sources if not source.names for text in _called(source, domain)}
        assert len(called) > 15
        assert called <= known


def _called(source: TextSource, domain: str) -> Iterator[str]:
    for path in source_files(source, ".py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in KEYWORDS[domain] and node.args:
                    text = node.args[1 if name.startswith("pgettext") else 0]
                    if isinstance(text, ast.Constant) and text.value:
                        yield str(text.value)


def test_a_text_for_one_has_one_text_for_many() -> None:
    """Catalogues are read by the text for one: the second text for many would never be shown."""
    for domain in DOMAINS:
        found = {(text.context, text.message) for text in texts(domain) if isinstance(text.message, tuple)}
        singulars = [(context, message[0]) for context, message in found]
        assert sorted({one for one in singulars if singulars.count(one) > 1}, key=str) == [], domain


def test_a_source_of_texts_names_what_there_is() -> None:
    for source in (source for sources in DOMAINS.values() for source in sources):
        for path in source_files(source, ".py"):
            defined = {name for part in ast.parse(path.read_text("utf-8")).body for name in names_of(part)}
            assert not source.names - defined, source


WANTED = Catalog()
WANTED.add("Contents")
WANTED.add(("{n} vote for {name}", "{n} votes for {name}"))
WANTED.add(("The paper", "The {n} papers"))

GOOD = """
msgid ""
msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"
msgid "Contents"
msgstr "Inhalt"
msgid "{n} vote for {name}"
msgid_plural "{n} votes for {name}"
msgstr[0] "{n} Stimme für {name}"
msgstr[1] "{n} Stimmen für {name}"
msgid "The paper"
msgid_plural "The {n} papers"
msgstr[0] "Das Paper"
msgstr[1] "Die {n} Papers"
"""


@pytest.mark.parametrize(
    ("now", "then", "fault"),
    [
        ("", "", ""),
        ('msgstr "Inhalt"', 'msgstr ""', "“Contents” is not translated"),
        ('"{n} Stimmen für {name}"', '""', "“{n} vote for {name}” is not translated"),
        ("Stimmen für {name}", "Stimmen für {nam}", "should have n, name in braces"),
        ("Stimmen für {name}", "Stimmen", "should have n, name in braces"),
        ("Die {n} Papers", "Die Papers", "“Die Papers” should have n in braces"),
        ("Inhalt", "Inhalt {", "“Inhalt {” should have no place in braces"),
        ("Inhalt", "Inhalt ", "should begin and end with the same blanks"),
        ('msgid "Contents"\nmsgstr "Inhalt"\n', "", "“Contents” is missing"),
        ('msgid "Contents"', '#, fuzzy\nmsgid "Contents"', "“Contents” is marked fuzzy"),
        ('msgid "Contents"', 'msgid "Index"\nmsgstr "Index"\nmsgid "Contents"', "“Index” is no longer in the code"),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_told(now: str, then: str, fault: str) -> None:
    text = GOOD.replace(now, then) if now else GOOD
    found = list(catalogue_faults(WANTED, read_po(BytesIO(text.encode()), locale="de")))
    assert len(found) == bool(fault)
    assert fault in "".join(found)


def test_a_number_takes_the_form_that_its_language_has_for_it() -> None:
    said = {
        code: [translator("edition", code).ngettext("{n} vote", "{n} votes", n) for n in (0, 1, 1204)]
        for code in ("en", "de", "fr")
    }
    assert said["en"] == ["0 votes", "1 vote", "1,204 votes"]
    assert said["de"] == ["0 Stimmen", "1 Stimme", "1.204 Stimmen"]
    assert said["fr"] == ["0 vote", "1 vote", "1\u202f204 votes"]


def test_one_english_word_may_be_two_words_elsewhere() -> None:
    german = translator("edition", "de")
    assert (german.gettext("News"), german.pgettext("badge", "News")) == ("Neuigkeiten", "Neuigkeit")


def test_values_are_data() -> None:
    assert translator("edition", "de").gettext("By {authors}", authors="{n} {0}") == "Von {n} {0}"


@pytest.mark.parametrize(
    ("code", "week", "months", "years", "names"),
    [
        (
            "en",
            "16–23 November 2026",
            "26 October – 2 November 2026",
            "30 December 2025 – 2 January 2026",
            "A, B and C",
        ),
        (
            "de",
            "16.–23. November 2026",
            "26. Oktober – 2. November 2026",
            "30. Dezember 2025 – 2. Januar 2026",
            "A, B und C",
        ),
        ("it", "16–23 novembre 2026", "26 ottobre – 2 novembre 2026", "30 dicembre 2025 – 2 gennaio 2026", "A, B e C"),
    ],
)  # fmt: skip
def test_periods_and_names_are_written_as_the_language_writes_them(
    code: str, week: str, months: str, years: str, names: str
) -> None:
    words = translator("edition", code)
    assert words.period(date(2026, 11, 16), date(2026, 11, 23)) == week
    assert words.period(date(2026, 10, 26), date(2026, 11, 2)) == months
    assert words.period(date(2025, 12, 30), date(2026, 1, 2)) == years
    day = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert words.period(day, day.replace(hour=18)) == words.long_date(date(2026, 11, 23)), "one day at two times"
    assert words.period(date(2026, 11, 23), date(2026, 11, 23)) == words.long_date(date(2026, 11, 23))
    assert words.names(["A", "B", "C"]) == names
    assert (words.names(["A"]), words.names([])) == ("A", "")


def test_a_moment_is_of_the_day_that_its_own_zone_has() -> None:
    words = translator("edition", "en")
    night = datetime(2026, 12, 1, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert words.long_date(night) == "1 December 2026"
    assert words.long_month(night) == "December 2026"
    assert words.short_date(night) == "1 Dec 2026"


@pytest.mark.parametrize("text", ["German", " german ", "Deutsch", "de"])
def test_a_language_goes_by_its_code_its_name_and_its_own_name(text: str) -> None:
    assert find_language(text) == language_by_code("de")


def test_a_language_without_a_catalogue_is_refused_with_those_there_are() -> None:
    with pytest.raises(UserError) as error:
        find_language("Klingon")
    said = str(error.value)
    assert said.startswith("There is no language “Klingon”. The languages are: English, German,")
    assert all(language.name in said for language in LANGUAGES)
    assert language_by_code("tlh").code == "en", "what is stored can always be shown"

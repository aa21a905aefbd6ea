"""Words in quotation marks within running text are looked up like quotes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.summary_values import Passage
from bot.editions.edit.markup_parser import parse_blocks, parse_line, without_outer_marks
from bot.editions.edit.markup_writer import write_blocks
from bot.editions.model.blocks import Paragraph, Quotation
from bot.editions.model.document import Document, Item, Section
from bot.editions.verification.edition_check import SourceTexts, unfound_running_quotes, ungrounded, unverified_quotes
from bot.editions.verification.quotes import QuoteFinder
from tests.editions.sample import full, moco

READ = SourceTexts(
    "Sorting",
    (Passage("abstract", "We propose a new simple architecture. Costs fell by 20%. It trains within 12 hours."),),
)
INVENTED = "VLMs juggle lovely pears."


def edition(item: Item) -> Document:
    bare = replace(
        moco(), key="a", title="Sorting", why=item.why, insights=item.insights, passages=item.passages, said=()
    )
    return replace(full(), sections=(Section("Papers", "theme", items=(bare,)),))


def item(passages: str = "", why: str = "", insights: str = "") -> Item:
    return replace(
        moco(), why=parse_line(why), insights=parse_blocks(insights), passages=parse_blocks(passages), authorship=()
    )


def named(document: Document) -> list[str]:
    """What is named to moderators: quotes, then words in quotation marks in texts."""
    texts = {"a": READ}
    return [quote.text for _, quote in unverified_quotes(document, texts)] + [
        quote.words for _, quote in unfound_running_quotes(document, texts)
    ]


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        (f"“{INVENTED}” (abstract)", "abstract"),
        (f"“{INVENTED}” (p. 4)", "p. 4"),
        (f"„{INVENTED}“ (Abschnitt 4.1)", "Abschnitt 4.1"),
        (f"“{INVENTED}” — Abstract", "Abstract"),
        (f"Abstract: “{INVENTED}”", "Abstract"),
        (f"Section 4.1: “{INVENTED}”", "Section 4.1"),
        (f"**“{INVENTED}”**", ""),
        (f"*“{INVENTED}”*", ""),
        (f"*“{INVENTED}”* (abstract)", "abstract"),
        (f"“{INVENTED}”", ""),
    ],
)
def test_a_paragraph_that_is_a_quotation_is_a_quote_with_its_source(typed: str, where: str) -> None:
    blocks = parse_blocks(typed)
    assert blocks == (Quotation(INVENTED, where),)
    as_note = (Paragraph(parse_line(typed)),)
    assert parse_blocks(write_blocks(as_note)) == as_note, "a note that was kept as one stays one"


@pytest.mark.parametrize(
    "typed",
    ["“{}” [2]", 'According to the paper: "{}"', "- “{}”", "1. “{}”", "→ “{}”", "→ [A post](https://a.test) says “{}”",
     "They write that »{}« and more.", "- one\n   - „{}“", "“{}”, it says, “and they never fail at it.”"],
)  # fmt: skip
def test_an_invented_quotation_in_a_note_is_named_and_doubted(typed: str) -> None:
    document = edition(item(typed.format(INVENTED)))
    assert INVENTED in named(document)
    assert any(INVENTED in doubt.description for doubt in ungrounded(document, {"a": READ}))
    true = edition(item(typed.partition(", it says")[0].format("We propose a new simple architecture.")))
    assert named(true) == []
    assert not [doubt for doubt in ungrounded(true, {"a": READ}) if doubt.description.startswith("quote")]


@pytest.mark.parametrize("field", ["why", "insights", "passages"])
def test_every_field_is_read(field: str) -> None:
    text = "The authors write: “VLMs juggle lovely pears, and they never fail at it.”"
    document = edition(item(**{field: text}))
    assert len(named(document)) == 1
    assert len([doubt for doubt in ungrounded(document, {"a": READ}) if "pears" in doubt.description]) == 1


@pytest.mark.parametrize("quoted", ["Costs rose by 20%.", "Costs fell by 2%.", "It was a success.", "Menu here we are"])
def test_a_short_paragraph_in_marks_is_a_quote(quoted: str) -> None:
    assert parse_blocks(f"“{quoted}”") == (Quotation(quoted),)
    assert named(edition(item(f"“{quoted}”"))) == [quoted]
    assert named(edition(item("“Costs fell by 20%.”"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "A so-called “world model” of the field.",
        "They “just scale” it.",
        "Some call it “learning to learn fast” today.",
        "It follows “Attention Is All You Need” closely.",
        "Read “[the bitter lesson again](https://a.test)” first.",
        'A screen of 5" and one of 7" at 20 and 30 cm.',
        "The models’ and the authors’ work isn’t new.",
    ],
)
def test_words_that_are_mentioned_are_not_doubted(text: str) -> None:
    document = edition(item(text))
    assert not [doubt for doubt in ungrounded(document, {"a": READ}) if doubt.description.startswith("quote")]


def test_words_without_any_text_to_look_in_are_named() -> None:
    document = edition(item(f"They say “{INVENTED}”"))
    assert [quote.words for _, quote in unfound_running_quotes(document, {})] == [INVENTED]


STEPS = """The framework has three steps:

1. Offline preparation of the data.
2. Training of a small model.
3. Prediction, which is cheap.

It is fast."""


@pytest.mark.parametrize("marks", ["“”", "„“", "«»", '""'])
@pytest.mark.parametrize("sign", ["1. 2. 3.", "- - -"])
def test_a_quotation_that_holds_a_list_is_one_quote(marks: str, sign: str) -> None:
    first, second, third = sign.split()
    quoted = (
        f"{marks[0]}The framework has three steps:\n\n{first} Offline preparation of the data.\n"
        f"{second} Training of a small model.\n{third} Prediction, which is cheap.{marks[1]}"
    )
    before, quote, after = parse_blocks(f"A note.\n\n{quoted}\n\n- a point\n- “another quoted point”")
    assert isinstance(quote, Quotation), (before, after)
    assert quote.text.count("\n") == 3, "its points keep lines of their own"
    assert parse_blocks(write_blocks((quote,))) == (quote,)
    assert without_outer_marks(quoted) == quoted
    found = QuoteFinder((Passage("post", STEPS),)).find(quote.text)
    assert found is not None
    assert sign == "- - -" or found.text.split("\n") == STEPS.replace("\n\n", "\n").split("\n")[:4]
    assert not QuoteFinder((Passage("post", STEPS),)).has(quote.text.replace("cheap", "dear"))

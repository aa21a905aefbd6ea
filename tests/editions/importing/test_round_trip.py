"""Export, import, export: the second export is the first, character by character."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.chat.rich_text import Bold, InlineCode, Italic, Link
from bot.editions.importing.items.earlier_wordings import ORIGIN_NOTES, VOTE_NOTES
from bot.editions.importing.markdown_importer import import_markdown
from bot.editions.model.blocks import (
    Block,
    CodeBlock,
    Figure,
    ListBlock,
    Paragraph,
    Point,
    Quotation,
    Related,
    RemarkBlock,
    Subheading,
)
from bot.editions.model.document import Badge, Document, Item, Letter, NumberedReference, Section, Theme, Work
from bot.editions.model.prose import Citation, Prose
from bot.editions.model.templates import WEEKLY_UPDATE
from bot.editions.model.translation import words_of
from bot.editions.render import captions, markdown
from bot.locale import LANGUAGES, Language
from tests.editions import sample

CHARACTERS = st.sampled_from([*"abcdeXYZ 0123 .,:;()[]*_`~\\#>|-+=!?&$<'“”’—→•äß中", "1.", "* ", "- ", "](", "> "])
WORD = st.text("abcdefghijkXYZäöß", min_size=1, max_size=8)
LINE = st.builds(
    lambda first, rest: " ".join(f"{first}{rest}".split()), WORD, st.lists(CHARACTERS, max_size=14).map("".join)
)
WILD = st.lists(CHARACTERS, min_size=1, max_size=14).map(lambda parts: " ".join("".join(parts).split()))
"""Any characters, marks at the beginning too."""
URL = st.builds(
    lambda word, n: f"https://{word.encode('ascii', 'ignore').decode() or 'x'}.example/{n}", WORD, st.integers(1, 99)
)
SPANS = st.one_of(
    WILD.filter(bool),
    st.builds(Bold, LINE),
    st.builds(Italic, LINE),
    st.builds(InlineCode, WORD),
    st.builds(Link, LINE, URL),
    st.builds(Citation, st.integers(1, 3)),
)


def spaced(spans: list[object]) -> Prose:
    """The spans with a word between them, as in a sentence."""
    words: list[object] = []
    for span in spans:
        if words and not (isinstance(words[-1], str) and isinstance(span, str)):
            words.append(" and ")
        words.append(span)
    joined: list[object] = []
    for span in words:
        if joined and isinstance(span, str) and isinstance(joined[-1], str):
            joined[-1] += span
        else:
            joined.append(span)
    return tuple(joined)  # type: ignore[arg-type] # they are spans


PROSE = st.lists(SPANS, min_size=1, max_size=4).map(spaced)
POINTS = st.recursive(
    st.builds(ListBlock, st.lists(st.builds(Point, PROSE), min_size=1, max_size=3).map(tuple), st.booleans()),
    lambda below: st.builds(
        ListBlock,
        st.lists(st.builds(Point, PROSE, st.none() | below), min_size=1, max_size=3).map(tuple),
        st.booleans(),
    ),
    max_leaves=3,
)
QUOTED = st.lists(LINE, min_size=1, max_size=3).map("\n".join)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, PROSE),
    POINTS,
    st.builds(Quotation, QUOTED, st.just("") | LINE),
    st.builds(RemarkBlock, PROSE, st.just("") | WORD),
    st.builds(Related, LINE, URL, st.just(()) | PROSE),
    st.builds(Figure, URL, LINE, st.just(()) | st.tuples(LINE)),
    st.builds(Subheading, LINE),
    st.builds(CodeBlock, st.lists(WILD, min_size=1, max_size=3).map("\n".join)),
)
ITEMS = st.builds(
    lambda n, kind, title, url, authors, badges, why, insights, passages, reference: Item(
        kind, f"added:{n}", title, url, authors=authors, badges=tuple(badges), why=why, insights=tuple(insights),
        passages=tuple(passages), reference=reference,
    ),
    st.integers(1, 10**6), st.sampled_from(["paper", "news", "code"]), LINE, st.just("") | URL, st.just("") | WORD,
    st.lists(st.builds(Badge, st.just("post"), WORD, URL), max_size=2), st.just(()) | PROSE,
    st.lists(BLOCKS, max_size=3), st.lists(BLOCKS, max_size=4), st.integers(0, 3),
)  # fmt: skip
SECTIONS = st.builds(
    Section, LINE, st.just("theme"), st.lists(ITEMS, min_size=1, max_size=3).map(tuple), st.just("") | st.just("🔬"),
    st.just(()) | PROSE,
)  # fmt: skip
REFERENCES = st.builds(
    lambda n, title, people, url, year: NumberedReference(
        n, Work(title, tuple(people), url, title, tuple(people), year), cited=True
    ),
    st.just(1), LINE, st.lists(WORD, max_size=2), st.just("") | URL, st.none() | st.integers(1950, 2026),
)  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Editions of any content that a club's own records have no part in."""
    references = tuple(replace(draw(REFERENCES), number=n) for n in range(1, 4))
    return replace(
        sample.full(),
        title=draw(LINE),
        headline=draw(st.just("") | LINE),
        intro=draw(st.just(()) | PROSE),
        letter=draw(
            st.none() | st.builds(Letter, st.lists(BLOCKS, min_size=1, max_size=3).map(tuple), st.just("") | WORD)
        ),
        video=draw(st.none() | st.builds(Link, LINE, URL)),
        themes=tuple(draw(st.lists(st.builds(Theme, LINE, st.just("") | WORD), max_size=3))),
        sections=tuple(draw(st.lists(SECTIONS, min_size=1, max_size=3))),
        references=references,
        sign_off=draw(st.just(()) | PROSE),
        corrections=(),
        charts=(),
    )


def bare(document: Document) -> Document:
    """The document without anything that a text says: what a club has before an import."""
    return replace(
        document, title="", headline="", intro=(), letter=None, video=None, themes=(), sections=(), references=(),
        sign_off=(), credits=(),
    )  # fmt: skip


@pytest.mark.slow
@settings(
    max_examples=100,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a document is too large to be shrunk in time
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(documents())
def test_an_exported_edition_reads_back_to_itself(document: Document) -> None:
    exported = markdown.render(document)
    read = import_markdown(exported, bare(document), WEEKLY_UPDATE)
    assert read.exported
    assert markdown.render(read.document) == exported


def test_the_host_that_an_export_puts_before_a_label_is_no_part_of_it() -> None:
    """A label such as "1.d中" reads like the address of another site, so the export says where its link leads."""
    label, title = "ö,:1.d中?;[<be中", "Read arxiv.org first"
    item = Item(
        "code", "added:1", title, "https://evil.example/1", passages=(Related(label, "https://c.example/39"),),
        insights=(Paragraph(("See ", Link(label, "https://dgchf.example/55"))),),
    )  # fmt: skip
    work = Work(title, ("Z",), "https://x.example/85", title, ("Z",), 1983)
    document = replace(
        sample.full(), sections=(Section("j", "theme", (item,)),), video=Link(label, "https://v.example/2"), charts=(),
        references=(NumberedReference(1, work, cited=True),), corrections=(),
    )  # fmt: skip
    exported = markdown.render(document)
    assert exported.count("(dgchf.example) ö") == exported.count("(evil.example) Read") == 1
    read = import_markdown(exported, bare(document), WEEKLY_UPDATE).document
    assert markdown.render(read) == exported
    assert (read.items[0].title, read.items[0].passages) == (title, item.passages)
    assert (read.video, read.references[0].work.title) == (document.video, title)


def quotes_of(item: Item) -> tuple[Block, ...]:
    """Quotes of an item, which the club has looked up."""
    return tuple(block for block in item.passages if isinstance(block, Quotation))


@pytest.mark.parametrize("known", [True, False], ids=["items known to the club", "charts read from the text"])
def test_the_sample_reads_back_with_the_clubs_own_facts(known: bool) -> None:
    document = sample.full()
    facts = replace(
        bare(document),
        sections=tuple(
            replace(s, items=tuple(replace(i, why=(), insights=(), passages=quotes_of(i), badges=()) for i in s.items))
            for s in document.sections
        ),
        charts=document.charts if known else (),
    )
    exported = markdown.render(document)
    read = import_markdown(exported, facts, WEEKLY_UPDATE).document
    assert markdown.render(read) == exported
    moco = read.items[0]
    assert (moco.votes, moco.voters, moco.key) == (5, ("Ben", "Cy"), "arxiv:2104.02057")
    assert [badge.kind for badge in moco.badges] == ["paper", "code"]
    assert moco.why == sample.moco().why
    assert [type(block) for block in moco.passages] == [type(block) for block in sample.moco().passages]


def test_votes_and_comments_of_a_text_are_not_the_clubs() -> None:
    """A file cannot say how many voted, nor put words under a member's name."""
    document = sample.full()
    forged = markdown.render(document).replace("5 votes", "500 votes")
    read = import_markdown(forged, document, WEEKLY_UPDATE).document
    assert read.items[0].votes == 5
    assert "500 votes" not in markdown.render(read)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_small_lines_of_an_export_are_no_text_of_a_draft_that_does_not_know_the_items(language: Language) -> None:
    document = replace(sample.full(), language=language.code)
    words = words_of(document)
    lines = {captions.vote_line(item, words) for item in document.items}
    lines |= {captions.item_origin(item, words) for item in document.items}
    exported = markdown.render(document)
    assert len(lines) > 3
    read = import_markdown(exported, bare(sample.full()), WEEKLY_UPDATE).document
    kept = {block.text.strip("*") for item in read.items for block in item.passages if isinstance(block, Paragraph)}
    assert not lines & kept


@pytest.mark.parametrize("note", [*ORIGIN_NOTES, *VOTE_NOTES])
def test_small_lines_of_an_earlier_export_are_no_text_either(note: str) -> None:
    line = note.replace("{}", "Ada Lovelace")
    today = captions.item_origin(sample.full().items[0], words_of(sample.full()))
    written = f"*{line}*" if note in ORIGIN_NOTES else line
    exported = markdown.render(sample.full()).replace(f"*{markdown.render_text(today)}*", written)
    assert line in exported
    read = import_markdown(exported, bare(sample.full()), WEEKLY_UPDATE).document
    kept = [block.text.strip("*") for item in read.items for block in item.passages if isinstance(block, Paragraph)]
    assert line not in kept

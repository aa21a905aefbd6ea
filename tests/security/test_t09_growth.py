"""T9: no text from outside takes a pattern or a parser more than about twice as long when it is twice as long.

Processor time is compared, the least of up to three runs, at 1,000 and 4,000 characters. A quadratic pattern takes
sixteen times as long for four times the text; eight is allowed, since machines are busy.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import process_time

import pytest

from adapters.discord.render import discord_markdown as discord
from adapters.slack.inbound import mrkdwn_input
from adapters.slack.render import mrkdwn as slack
from bot.chat.rich_text import Link, parse_backticks
from bot.chat.text import clean, one_line, truncate
from bot.domain.authors import clean_authors
from bot.domain.bibliography import typed_reference
from bot.domain.bibliography.reading import read_bibliography
from bot.domain.links import identify
from bot.domain.summary_values import Passage
from bot.editions.edit import markup_parser
from bot.editions.importing.draft_files.containers import read_draft
from bot.editions.importing.markdown.markdown_lines import MAX_DEPTH, parse_lists, split_blocks
from bot.editions.model import prose
from bot.editions.render import markdown as markdown_file
from bot.editions.text_analysis import addresses, normalization, prompt_injection, quotation_marks, sentences, words
from bot.editions.verification import acronyms, grounding, judgments, numbers, paper_links
from bot.editions.verification.quotes import QuoteFinder
from bot.errors import UserError
from bot.latex.reader import latex_to_text
from bot.sources.llm import responses
from bot.sources.llm.responses import UnusableResponse
from bot.store.base import search_rules
from tests.editions.importing.test_forms_of_programs import read as read_edition

SIZES = (1_000, 4_000)
MOST_GROWTH = 8.0
QUICK = 0.005
"""Seconds below which nothing is compared: the clock is too coarse."""

SOURCE = "We sort papers of a club by what members liked. It saves 35% of their time."


def _grounded(text: str) -> object:
    return grounding.GroundingChecker(SOURCE).claims_in(text)


def _judged(text: str) -> object:
    return list(judgments.JudgmentChecker(SOURCE).unsupported(text))


def _model_answer(text: str) -> object:
    try:
        return responses._first_json_object(text)
    except UnusableResponse:
        return None


def _identified(text: str) -> object:
    try:
        return identify.identify(text)
    except UserError:
        return None


def _listed(text: str) -> object:
    try:
        return read_bibliography(text)
    except UserError:
        return None


def _imported(text: str) -> object:
    try:
        return read_edition(f"# T\n\n## S\n\n### [A](https://a.test/b)\n\n{text}")
    except UserError:
        return None


PARSERS: dict[str, Callable[[str], object]] = {
    "chat.clean": clean,
    "chat.one_line": one_line,
    "chat.truncate": lambda text: truncate(text, 300),
    "chat.backticks": parse_backticks,
    "chat.honest": lambda text: Link(text, "https://a.test").safe_label,
    "slack.escape": slack.escape,
    "slack.input": mrkdwn_input.parse_command_text,
    "discord.escape": discord.escape,
    "links.identify": _identified,
    "prose.read": prose.read,
    "markup.blocks": markup_parser.parse_blocks,
    "markdown.escape": markdown_file._escaped_text,
    "addresses.address": addresses.contains_address,
    "addresses.mention": addresses.contains_mention,
    "injection.order": prompt_injection.is_instruction,
    "normalize": normalization.normalize,
    "sentences": sentences.sentences,
    "words": words.content_words,
    "latex": latex_to_text,
    "grounding.text": _grounded,
    "grounding.source": grounding.GroundingChecker,
    "judgments.text": _judged,
    "judgments.source": judgments.JudgmentChecker,
    "acronyms": acronyms.definitions_in,
    "numbers": numbers.amounts,
    "paper_links": paper_links.found_links,
    "quotes.asked": lambda text: QuoteFinder((Passage("abstract", SOURCE),)).has(text),
    "quotes.source": lambda text: QuoteFinder((Passage("abstract", text),)).has("a quote of several words"),
    "references.typed": typed_reference.read_typed_reference,
    "quotations.in": quotation_marks.quotations_in,
    "quotations.whole": lambda text: quotation_marks.marked_quote(f"“{text}"),
    "quotations.credit": lambda text: quotation_marks.marked_quote(f"“a b c d” {text}"),
    "quotations.place": lambda text: quotation_marks.marked_quote(f"Section {text}"),
    "quotations.list": lambda text: markup_parser.parse_blocks(f"“It has:\n{text}\n1. one”"),
    "model.answer": _model_answer,
    "names.one": lambda text: clean_authors([f"Ada {text}x"]),
    "lists.lines": _listed,
    "lists.item": lambda text: _listed(f"- {text}x"),
    "lists.bibtex": lambda text: _listed(f"@article{{a, title={{{text}}}}}"),
    "edition.lines": _imported,
    "edition.rows": lambda text: _imported(f"|a|b|\n|-|-|\n{text}"),
    "edition.points": lambda text: _imported(f"1. a\n\n{text}"),
    "edition.mail": lambda text: read_draft(f"Received: a\nTo: b\nSubject: {text}x".encode(), bytes.decode),
    "search.query": search_rules.query_terms,
    "search.author": lambda text: search_rules.entries((), (), (text,)),
    "search.title": lambda text: search_rules.entries((text,), (), ()),
}

PATTERNS = (
    " ", "\n", " \n", "\t\n ", "a", "a ", "A ", "Aa-", "a.", "a. ", ".pdf", "@", "@a", "a@", "<", "<@", ">",
    "> ", "&gt;", "[", "[a](", "![", "(", "{", "\\", "$", "`", "```", "*", "**a", "_", "#", "# ", "- ", "1. ",
    "1", "1,", "1.", "0.5%", '"', "“", "„", "“ ”", "“a:\n", "« ", "*“", "A. ", "Al, ", "von ", "1. “a\n",
    "[…]", "\n[…] ", "…", "http://", "https://a.b/", "www.", "a.com ",
    "<think>", "</think>", "{\"a\":", "AB (", "ab (AB) ", "\u0301", "\u200b", "ﬁ", "你", "👩‍🔬", "of ", "not ",
    "please ", "ignore all ", "Wort-", "--", "— ", "| ", ", ", "¹", "⁴", "A-", ":", "[a](", "<i ", '<a href="',
    "|a|b|\n", "|a|b|\n|-|-|\n", "- a\n", "- a\n\n", "1. a\n", "1. a\n\n", "   a\n\n", "  a\n",
)  # fmt: skip


def _took(parse: Callable[[str], object], text: str) -> float:
    began = process_time()
    parse(text)
    return process_time() - began


def _grows_too_fast(parse: Callable[[str], object], text: str) -> bool:
    """Compare the least processor times of up to three runs each; the machine may have been busy in the first."""
    large = small = float("inf")
    for _ in range(3):
        large = min(large, _took(parse, text))
        if large < QUICK:
            return False
        small = min(small, _took(parse, text[: SIZES[0]]))
        if large < MOST_GROWTH * small:
            return False
    return True


@pytest.mark.parametrize("exact", [False, True])
def test_lists_nested_as_deep_as_a_text_is_long_are_read(exact: bool) -> None:
    [lists] = [
        parse_lists(block, frozenset(), exact=exact)
        for block in split_blocks("\n".join(" " * depth + "- a" for depth in range(1_200)), exact=exact)
    ]
    rows = [(depth, point) for each in lists for depth, point, _mark in each.rows()]
    assert len(rows) == 1_200
    assert max(depth for depth, _point in rows) <= MAX_DEPTH


@pytest.mark.parametrize("name", PARSERS)
def test_time_grows_with_the_text_and_no_faster(name: str) -> None:
    parse = PARSERS[name]
    gc.disable()
    try:
        for pattern in PATTERNS:
            assert not _grows_too_fast(parse, (pattern * SIZES[-1])[: SIZES[-1]]), pattern
    finally:
        gc.enable()

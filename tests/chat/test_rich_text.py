"""Words with emphasis and links, as values."""

from __future__ import annotations

import pytest

from bot.chat.rich_text import Bold, InlineCode, Link, parse_backticks, plain


@pytest.mark.parametrize(
    ("label", "url", "shown"),
    [
        ("Attention Is All You Need", "https://arxiv.org/abs/1706.03762", "Attention Is All You Need"),
        ("arxiv.org", "https://arxiv.org/abs/1706.03762", "arxiv.org"),
        ("https://ARXIV.org/abs/1", "https://arxiv.org/abs/1", "https://ARXIV.org/abs/1"),
        ("arxiv.org", "https://evil.test/x", "(evil.test) arxiv.org"),
        ("https://arxiv.org/abs/1", "https://arxiv.org.evil.test/", "(arxiv.org.evil.test) https://arxiv.org/abs/1"),
        (" arxiv.org:443/a?b#c ", "https://evil.test", "(evil.test)  arxiv.org:443/a?b#c "),
        ("\u0430rxiv.org", "https://arxiv.org", "(arxiv.org) \u0430rxiv.org"),
        ("пример.рф", "https://evil.test", "(evil.test) пример.рф"),
        ("1706.03762", "https://arxiv.org/abs/1706.03762", "1706.03762"),
        ("read arxiv.org first", "https://evil.test", "(evil.test) read arxiv.org first"),
        ("(evil.test) read arxiv.org first", "https://evil.test", "(evil.test) read arxiv.org first"),
        ("See http://arxiv.org/abs/1, now", "https://evil.test", "(evil.test) See http://arxiv.org/abs/1, now"),
        ("arxiv\uff0eorg and more", "https://evil.test", "(evil.test) arxiv\uff0eorg and more"),
        ("arx\u200biv.org", "https://evil.test", "(evil.test) arx\u200biv.org"),
        ("https://arxiv.org@evil.test/", "https://evil.test", "(evil.test) https://arxiv.org@evil.test/"),
        ("www.arxiv.org/a.b/c.org", "https://arxiv.org/a", "www.arxiv.org/a.b/c.org"),
        ("llama.cpp, Node.js, 2.5 GPUs, e.g. a T4", "https://arxiv.org/1", "llama.cpp, Node.js, 2.5 GPUs, e.g. a T4"),
        ("arxiv.org", "http://[broken", "(http://[broken) arxiv.org"),
    ],
)
def test_a_label_that_looks_like_another_address_shows_the_host(label: str, url: str, shown: str) -> None:
    link = Link(label, url)
    assert link.safe_label == shown
    assert Link.as_shown(shown, url).safe_label == shown
    assert Link.as_shown(shown, url).label == label.removeprefix("(evil.test) ")


@pytest.mark.parametrize("label", ["(evil.test) Attention", "(evil.test)", "(other.test) arxiv.org", "Attention", ""])
def test_a_label_keeps_what_is_no_sign_of_its_host(label: str) -> None:
    assert Link.as_shown(label, "https://evil.test").label == label


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://a.test",
        "https://a b.test",
        "https://a.test/<x>",
        'https://a.test/"',
        "https://a.test/|",
        "https://a.test/`",
        "https://a.test/\\",
        "https://a.test/\x1f",
        "",
    ],
)
def test_only_web_addresses_are_links(url: str) -> None:
    assert not Link("x", url).is_safe


def test_plain_text_has_no_emphasis_and_no_addresses() -> None:
    assert plain(("a ", Bold("b"), " ", Link("c", "https://c.test"))) == "a b c"


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Try `/help` now.", ("Try ", InlineCode("/help"), " now.")),
        ("`/help`", (InlineCode("/help"),)),
        ("plain", ("plain",)),
        ("a ` alone", ("a ` alone",)),
    ],
)
def test_text_between_backticks_is_code(sentence: str, words: tuple[str | InlineCode, ...]) -> None:
    assert parse_backticks(sentence) == words

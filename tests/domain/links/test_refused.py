"""Unusable links are refused with a reason and advice."""

from __future__ import annotations

import pytest

from bot.domain.links.identify import find_all, identify
from bot.errors import UserError

REFUSED = [
    ("", "Please paste a link, an arXiv id such as 1706.03762, a DOI, or some words of the title."),
    (" \u200b\n\t ", "Please paste a link"),
    ("???", "Please paste a link"),
    ("🎉", "Please paste a link"),
    (
        "x" * 2001,
        "That is 2,001 characters long, but a link or a title can have at most 2,000. Please paste only the link.",
    ),
    ("word " * 80, "There is no link in that text, and it is too long for a title (399 characters)."),
    ("2513.00001", "“2513.00001” cannot be an arXiv id: its month would be 13."),
    ("arXiv:1700.00001", "its month would be 00."),
    ("1706.3762", "since 2015, ids have five digits after the dot, not 4."),
    ("0905.12345", "until 2014, ids have four digits after the dot, not 5."),
    ("1706.037620000000", "“1706.037620000000” is not an arXiv id. They look like 1706.03762 or hep-th/9901001."),
    ("0703.0001", "ids with a dot began in April 2007 (0704)."),
    ("1706.00000", "the numbering of each month starts at 1."),
    ("hep-th/9913001", "its month would be 13."),
    ("hep-th/0801001", "ids with a slash were used from 1991 to March 2007."),
    ("hep-th/9901000", "the numbering of each month starts at 1."),
    ("foo/9901001", "arXiv has no old archive called foo."),
    ("1706.03762v0", "“1706.03762v0” is not a version of a paper: versions are v1, v2 and so on."),
    ("https://arxiv.org/abs/1706.03762v1000", "is not a version of a paper"),
    ("https://arxiv.org/abs/2513.00001", "its month would be 13."),
    ("10.48550/arXiv.nonsense", "“nonsense” is not an arXiv id."),
    ("https://doi.org/", "That doi.org link has no DOI in it. A DOI looks like 10.1145/3292500.3330701."),
    ("doi:10.1145/.", "is incomplete"),
    ("https://arxiv.org", "That page of arxiv.org is not about one paper. Please open the paper you mean"),
    ("https://arxiv.org/abs/", "That page of arxiv.org is not about one paper."),
    ("https://scholar.google.com/scholar?q=attention", "That page of scholar.google.com is not about one paper."),
    ("https://www.google.com/search?q=attention+paper", "That page of google.com is not about one paper."),
    ("https://arxiv.org/list/cs.CL/recent", "That page of arxiv.org is not about one paper."),
    ("https://arxiv.org/a/vaswani_a_1", "That page of arxiv.org is not about one paper."),
    ("http://export.arxiv.org/api/query?id_list=1706.03762,1810.04805", "is not about one paper."),
    ("https://huggingface.co/papers/date/2024-01-01", "That page of huggingface.co is not about one paper."),
    ("https://papers.cool/arxiv/cs.CL", "That page of papers.cool is not about one paper."),
    ("https://scirate.com/", "That page of scirate.com is not about one paper."),
    ("https://openreview.net/group?id=ICLR.cc/2021", "That page of openreview.net is not about one paper."),
    ("1706.03762 and 1810.04805", "There are 2 papers in that. Please send them one at a time."),
    ("https://example.com/a https://example.com/b", "There are 2 links in that."),
    ("ftp://arxiv.org/pub", "Only links that start with https:// work, not ftp: links."),
    ("javascript:alert(1)//https", "not javascript: links."),
    ("data:text/html,<b>", "not data: links."),
    ("file:///etc/passwd", "not file: links."),
    ("<mailto:ada@example.org|ada@example.org>", "not mailto: links."),
    ("https://user:secret@arxiv.org/abs/1706.03762", "has a name or a password before its site"),
    ("https://arxiv.org@example.com/abs/1706.03762", "has a name or a password before its site"),
    ("https://arxiv.org\\@example.com/", "has a name or a password before its site"),
    ("http://localhost:8080/x", "localhost is a private address that other members cannot open."),
    ("http://printer.local/", "printer.local is a private address"),
    ("http://metadata.google.internal/computeMetadata/v1/", "is a private address"),
    ("http://10.0.0.1.nip.io/", "is a private address"),
    ("http://127.0.0.0x1/", "127.0.0.0x1 is a number, not the name of a site. Please paste the page’s public link."),
    ("http://127.0.0.1/", "127.0.0.1 is a number, not the name of a site. Please paste the page’s public link."),
    ("http://169.254.169.254/latest/meta-data/", "is a number"),
    ("http://2130706433/", "is a number"),
    ("http://0x7f.1/", "is a number"),
    ("http://[::1]/", "is a number"),
    ("http://①②⑦.0.0.1/", "is a number"),
    ("https://example.com:8443/x", "Links with a port (:8443) are not accepted."),
    ("https://example.com:99999999/x", "That is not a web address. Please copy it again"),
    ("http://", "That is not a web address."),
    ("http://[fe80", "That is not a web address."),
    ("https://intranet/wiki", "is a private address"),
    ("https://a..b.com/", "That is not a web address."),
    ("https://-.com/", "That is not a web address."),
    ("https://example.c0m/", "That is not a web address."),
    ("https://ex\u2100mple.com/", "That is not a web address."),
    (f"https://{'a' * 64}.com/", "That is not a web address."),
    (f"https://{'a.' * 130}com/", "That is not a web address."),
    (f"https://example.com/{'é' * 900}", "That link has 5,420 characters; at most 2,000 are possible."),
    ("https://bit.ly/3xyz", "bit.ly hides the real address. Please open the link and paste the address you arrive at."),
    ("https://t.co/abc", "t.co hides the real address."),
    ("https://www.google.com/url?q=http://127.0.0.1/", "is a number"),
    ("https://аrxiv.org/abs/1706.03762", "That link only looks like arxiv.org: some of its letters are from"),
    ("https://xn--rxiv-43d.org/abs/1706.03762", "That link only looks like arxiv.org"),
    ("https://arxív.org/abs/1706.03762", "That link only looks like arxiv.org"),
    ("https://gιthub.com/a/b", "That link only looks like github.com"),
    ("https://export.аrхiv.org/abs/1706.03762", "That link only looks like export.arxiv.org"),
]


@pytest.mark.parametrize(("pasted", "sentence"), REFUSED)
def test_an_unusable_link_is_refused_with_advice(pasted: str, sentence: str) -> None:
    with pytest.raises(UserError) as refused:
        identify(pasted)
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")
    assert find_all(pasted) == [] or "There are 2" in sentence


def test_a_usable_link_is_found_beside_an_unusable_one() -> None:
    assert [link.key for link in find_all("http://127.0.0.1/ https://bit.ly/x 1706.03762")] == ["arxiv:1706.03762"]
    assert identify("1706.03762 (not http://127.0.0.1/)") == identify("1706.03762")


def test_a_host_in_another_alphabet_is_accepted_if_it_imitates_none() -> None:
    (link,) = find_all("https://bücher.example.de/neu")
    assert link.url == "https://xn--bcher-kva.example.de/neu"


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("straße", "xn--strae-oqa"),
        ("FAẞBIND", "xn--fabind-cta"),
        ("βόλος", "xn--nxasmm1c"),
        ("Ⓑücher", "xn--bcher-kva"),
        ("i❤", "xn--i-7iq"),
    ],
)
def test_a_host_is_the_one_that_browsers_open(typed: str, host: str) -> None:
    (link,) = find_all(f"https://{typed}.example.de/neu")
    assert link.url == f"https://{host}.example.de/neu"

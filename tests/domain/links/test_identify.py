"""Pasted text leads to the intended paper or page."""

from __future__ import annotations

import pytest

from bot.domain.links.identify import LinkedItem, PaperRef, SearchPhrase, SiteKind, find_all, identify

ATTENTION = "arxiv:1706.03762"
STRINGS = "arxiv:hep-th/9901001"

PAPERS = """
    1706.03762                                                             | arxiv:1706.03762                |
    1706.03762v5                                                           | arxiv:1706.03762                | 5
    1706.03762V7                                                           | arxiv:1706.03762                | 7
    0704.0001                                                              | arxiv:0704.0001                 |
    1412.9999v999                                                          | arxiv:1412.9999                 | 999
    arXiv:1706.03762                                                       | arxiv:1706.03762                |
    ArXiv: 1706.03762v1                                                    | arxiv:1706.03762                | 1
    arXiv:2101.00001v2 [cs.CL]                                             | arxiv:2101.00001                | 2
    Vaswani et al., arXiv preprint arXiv:1706.03762 (2017).                | arxiv:1706.03762                |
    [1706.03762] Attention Is All You Need                                 | arxiv:1706.03762                |
    1706.03762v5.pdf                                                       | arxiv:1706.03762                | 5
    arxiv_1706.03762.pdf                                                   | arxiv:1706.03762                |
    hep-th/9901001                                                         | arxiv:hep-th/9901001            |
    HEP-TH/9901001v2                                                       | arxiv:hep-th/9901001            | 2
    math.GT/0309136                                                        | arxiv:math/0309136              |
    cond-mat.str-el/9901001                                                | arxiv:cond-mat/9901001          |
    arXiv:cs/0112017                                                       | arxiv:cs/0112017                |
    https://arxiv.org/abs/1706.03762                                       | arxiv:1706.03762                |
    https://arxiv.org/abs/1706.03762v5                                     | arxiv:1706.03762                | 5
    http://arxiv.org/abs/1706.03762/                                       | arxiv:1706.03762                |
    arxiv.org/abs/1706.03762                                               | arxiv:1706.03762                |
    ARXIV.ORG/ABS/1706.03762                                               | arxiv:1706.03762                |
    https://www.arxiv.org/abs/1706.03762?context=cs                        | arxiv:1706.03762                |
    https://arxiv.org/pdf/1706.03762                                       | arxiv:1706.03762                |
    https://arxiv.org/pdf/1706.03762v5.pdf                                 | arxiv:1706.03762                | 5
    https://arxiv.org/pdf/1706.03762.pdf#page=3                            | arxiv:1706.03762                |
    https://arxiv.org/html/2401.00001v1#S3.F2                              | arxiv:2401.00001                | 1
    https://arxiv.org/format/1706.03762                                    | arxiv:1706.03762                |
    https://arxiv.org/ps/hep-th/9901001                                    | arxiv:hep-th/9901001            |
    https://arxiv.org/src/1706.03762v2                                     | arxiv:1706.03762                | 2
    https://arxiv.org/e-print/1706.03762                                   | arxiv:1706.03762                |
    https://arxiv.org/bibtex/1706.03762                                    | arxiv:1706.03762                |
    https://arxiv.org/abs/arXiv:1706.03762                                 | arxiv:1706.03762                |
    https://arxiv.org/list/cs.CL/1706.03762                                | arxiv:1706.03762                |
    https://arxiv.org/search/?query=1706.03762&searchtype=all              | arxiv:1706.03762                |
    http://export.arxiv.org/api/query?id_list=1706.03762v3                 | arxiv:1706.03762                | 3
    https://export.arxiv.org/abs/hep-th/9901001v2                          | arxiv:hep-th/9901001            | 2
    https://m.arxiv.org/abs/1706.03762                                     | arxiv:1706.03762                |
    https://browse.arxiv.org/pdf/1706.03762                                | arxiv:1706.03762                |
    http://cn.arxiv.org/abs/1706.03762                                     | arxiv:1706.03762                |
    https://de.arxiv.org/abs/math.GT/0309136                               | arxiv:math/0309136              |
    http://xxx.lanl.gov/abs/hep-th/9901001                                 | arxiv:hep-th/9901001            |
    https://ar5iv.org/abs/1706.03762                                       | arxiv:1706.03762                |
    https://ar5iv.labs.arxiv.org/html/1706.03762                           | arxiv:1706.03762                |
    https://www.alphaxiv.org/abs/1706.03762                                | arxiv:1706.03762                |
    https://www.alphaxiv.org/overview/1706.03762v7                         | arxiv:1706.03762                | 7
    https://alphaxiv.org/pdf/1706.03762                                    | arxiv:1706.03762                |
    https://huggingface.co/papers/1706.03762                               | arxiv:1706.03762                |
    hf.co/papers/1706.03762#community                                      | arxiv:1706.03762                |
    https://www.semanticscholar.org/arxiv/1706.03762                       | arxiv:1706.03762                |
    https://api.semanticscholar.org/arXiv:1706.03762                       | arxiv:1706.03762                |
    https://papers.cool/arxiv/1706.03762                                   | arxiv:1706.03762                |
    https://scirate.com/arxiv/1706.03762                                   | arxiv:1706.03762                |
    https://www.arxiv-vanity.com/papers/1706.03762/                        | arxiv:1706.03762                |
    https://www.emergentmind.com/papers/1706.03762                         | arxiv:1706.03762                |
    https://www.catalyzex.com/paper/arxiv:1706.03762                       | arxiv:1706.03762                |
    https://www.connectedpapers.com/api/redirect/arxiv/1706.03762          | arxiv:1706.03762                |
    https://dblp.org/rec/journals/corr/abs-1706-03762                      | arxiv:1706.03762                |
    https://ui.adsabs.harvard.edu/abs/2017arXiv170603762V/abstract         | arxiv:1706.03762                |
    10.48550/arXiv.1706.03762                                              | arxiv:1706.03762                |
    doi:10.48550/ARXIV.HEP-TH/9901001                                      | arxiv:hep-th/9901001            |
    https://doi.org/10.48550/arXiv.1706.03762                              | arxiv:1706.03762                |
    10.1145/3292500.3330701                                                | doi:10.1145/3292500.3330701     |
    DOI: 10.1145/3292500.3330701.                                          | doi:10.1145/3292500.3330701     |
    https://doi.org/10.1038/NATURE14539                                    | doi:10.1038/nature14539         |
    doi.org/10.1038/nature14539                                            | doi:10.1038/nature14539         |
    https://dx.doi.org/10.1016%2FS0140-6736(20)30183-5                     | doi:10.1016/s0140-6736(20)30183-5 |
    (see 10.1016/S0140-6736(20)30183-5)                                    | doi:10.1016/s0140-6736(20)30183-5 |
    10.1002/(SICI)46:9<674::AID>3.0.CO;2-B | doi:10.1002/(sici)46:9<674::aid>3.0.co;2-b |
    https://dl.acm.org/doi/pdf/10.1145/3292500.3330701                     | doi:10.1145/3292500.3330701     |
    https://link.springer.com/content/pdf/10.1007/s10994-021-05946-3.pdf   | doi:10.1007/s10994-021-05946-3  |
    https://www.science.org/doi/full/10.1126/science.abj8754               | doi:10.1126/science.abj8754     |
    https://www.frontiersin.org/articles/10.3389/fnins.2020.00001/full     | doi:10.3389/fnins.2020.00001    |
    https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0000217 | doi:10.1371/journal.pone.0000217 |
    https://www.biorxiv.org/content/10.1101/2020.12.21.423785v1.full.pdf   | doi:10.1101/2020.12.21.423785   |
    https://www.medrxiv.org/content/10.1101/2020.03.09.20033217v2          | doi:10.1101/2020.03.09.20033217 |
    <https://arxiv.org/abs/1706.03762>                                     | arxiv:1706.03762                |
    <https://arxiv.org/abs/1706.03762v5¦Attention Is All You Need>         | arxiv:1706.03762                | 5
    [the paper](https://arxiv.org/abs/1706.03762)                          | arxiv:1706.03762                |
    “https://arxiv.org/abs/1706.03762”                                     | arxiv:1706.03762                |
    (https://arxiv.org/abs/1706.03762).                                    | arxiv:1706.03762                |
    **https://arxiv.org/abs/1706.03762**                                   | arxiv:1706.03762                |
    _https://arxiv.org/abs/1706.03762_                                     | arxiv:1706.03762                |
    must read: https://arxiv.org/abs/1706.03762, really!                   | arxiv:1706.03762                |
    看 https://arxiv.org/abs/1706.03762。很好                                | arxiv:1706.03762                |
    https://arxiv.org/abs/１７０６．０３７６２                                   | arxiv:1706.03762                |
    ａｒｘｉｖ：１７０６．０３７６２ｖ５                           | arxiv:1706.03762                | 5
    https:/arxiv.org/abs/1706.03762                                        | arxiv:1706.03762                |
    //arxiv.org/abs/1706.03762                                             | arxiv:1706.03762                |
    https://www.google.com/url?q=https://arxiv.org/abs/1706.03762&sa=D     | arxiv:1706.03762                |
    https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Farxiv.org%2Fabs%2F1706.03762 | arxiv:1706.03762 |
    https://web.archive.org/web/2020/https://arxiv.org/abs/1706.03762      | arxiv:1706.03762                |
    paper https://arxiv.org/abs/1810.04805 code https://github.com/google-research/bert | arxiv:1810.04805   |
"""

ITEMS = """
    https://openreview.net/forum?id=rJXMpikCZ                              | paper
    https://openreview.net/pdf?id=rJXMpikCZ                                | paper
    https://aclanthology.org/2020.acl-main.1.pdf                           | paper
    https://proceedings.neurips.cc/paper/2017/hash/3f5ee2435-Abstract.html | paper
    https://www.cell.com/cell/fulltext/S0092-8674(20)30229-4               | paper
    https://ieeexplore.ieee.org/document/7780459                           | paper
    https://www.semanticscholar.org/paper/Attention/204e3073870fae3d05bc | paper
    https://cdn.example.com/papers/report.pdf                              | paper
    https://github.com/tensorflow/tensor2tensor                            | code
    https://gitlab.com/a/b                                                 | code
    https://huggingface.co/google-bert/bert-base-uncased                   | code
    https://colab.research.google.com/drive/11N0wDZnMQQuLrRwRoumDCrhSaIh   | code
    https://huggingface.co/spaces/stabilityai/stable-diffusion             | demo
    https://foo-bar.hf.space                                               | demo
    https://huggingface.co/datasets/rajpurkar/squad                        | data
    https://zenodo.org/records/1234567                                     | data
    https://nerdslab.github.io/myow/                                       | project
    https://youtu.be/iDulhoQ2pro                                           | video
    https://vimeo.com/123456                                               | video
    https://medium.com/@someone/a-post-1234                                | blog
    https://huggingface.co/blog/bert-101                                   | blog
    https://jack.substack.com/p/hello                                      | newsletter
    http://newsletter.ruder.io/issues/303114                               | newsletter
    https://www.technologyreview.com/2020/12/21/story/                     | news
    https://www.nature.com/articles/d41586-020-03348-4                     | news
    https://twitter.com/someone/status/1                                   | post
    https://bsky.app/profile/a.bsky.social/post/3k                         | post
    https://mastodon.example.org/@someone/109372843234                     | post
    https://news.ycombinator.com/item?id=15938082                          | post
    https://lu.ma/reading-group                                            | event
    https://pubpeer.com/publications/1                                     | commentary
    https://example.com/a-story                                            | blog
    https://info.arxiv.org/help/api/index.html                             | blog
    https://arxiv.org.example.com/abs/1706.03762                           | blog
    https://example.com/?next=https://arxiv.org/abs/1706.03762             | blog
    https://web.archive.org/web/2020/https://github.com/a/b                | code
"""


def rows(table: str) -> list[list[str]]:
    """Cells of a table; ¦ is a bar within a cell."""
    cells = ([cell.strip().replace("¦", "|") for cell in line.split(" | ")] for line in table.splitlines() if line)
    return [[cell.removesuffix("|").rstrip() for cell in row] for row in cells if row != [""]]


@pytest.mark.parametrize(("pasted", "key", "version"), [[*row, ""][:3] for row in rows(PAPERS)])
def test_a_paper_is_identified_by_any_of_its_addresses(pasted: str, key: str, version: str) -> None:
    paper = identify(pasted)
    assert isinstance(paper, PaperRef)
    assert (paper.key, paper.version) == (key, int(version) if version else None)
    assert identify(paper.url) == paper, "its own page leads back to it"


def test_the_table_has_enough_rows() -> None:
    assert len(rows(PAPERS)) >= 60


@pytest.mark.parametrize(("pasted", "kind"), rows(ITEMS))
def test_a_link_that_is_no_known_paper_is_an_item(pasted: str, kind: str) -> None:
    item = identify(pasted)
    assert isinstance(item, LinkedItem)
    assert item.kind == SiteKind(kind)
    assert identify(item.url) == item


@pytest.mark.parametrize(
    "title", ["Attention Is All You Need", "BERT: pre-training", "“data: a survey”", "GPT-4", "注意力"]
)
def test_words_are_a_search_phrase(title: str) -> None:
    assert identify(title) == SearchPhrase(title.strip("“”"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/post", "http://www.EXAMPLE.com/post/?utm_source=x&fbclid=1&ref=hn#comments"),
        ("https://example.com/?a=1&b=2", "https://example.com/?b=2&a=1"),
        ("https://example.com/~me", "https://example.com/%7Eme"),
        ("https://github.com/THUDM/P-tuning-v2", "https://github.com/thudm/p-tuning-v2.git"),
        ("https://youtu.be/iDulhoQ2pro?t=3", "https://m.youtube.com/watch?v=iDulhoQ2pro&feature=share"),
        ("https://youtu.be/iDulhoQ2pro", "https://www.youtube.com/shorts/iDulhoQ2pro"),
        ("https://x.com/a/status/1", "https://mobile.twitter.com/a/status/1?s=20&t=abc"),
        ("https://old.reddit.com/r/ml/comments/1", "https://www.reddit.com/r/ml/comments/1/?rdt=2"),
        ("https://openreview.net/pdf?id=abc", "https://openreview.net/forum?id=abc&noteId=def"),
        ("https://aclanthology.org/2020.acl-main.1/", "https://www.aclanthology.org/2020.acl-main.1.pdf"),
        ("https://hf.co/spaces/a/b", "https://huggingface.co/spaces/a/b"),
        ("https://example.com/a.", "https://example.com/a"),
    ],
)
def test_one_page_has_one_key(one: str, other: str) -> None:
    first, second = identify(one), identify(other)
    assert isinstance(first, LinkedItem)
    assert isinstance(second, LinkedItem)
    assert first.key == second.key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/?page=1", "https://example.com/?page=2"),
        ("https://example.com/#/one", "https://example.com/#/two"),
        ("https://www.youtube.com/watch?v=iDulhoQ2pro", "https://www.youtube.com/watch?v=idulhoq2pro"),
        ("https://news.ycombinator.com/item?id=1", "https://news.ycombinator.com/item?id=2"),
    ],
)
def test_two_pages_have_two_keys(one: str, other: str) -> None:
    assert find_all(f"{one} {other}") == [identify(one), identify(other)]


def test_an_item_stored_under_older_rules_still_has_a_key() -> None:
    assert LinkedItem(SiteKind.BLOG, "http://127.0.0.1/").key == "web:http://127.0.0.1/"


def test_a_chat_message_gives_each_link_once_and_in_order() -> None:
    message = (
        "Two for Friday: <https://arxiv.org/abs/1706.03762v5|Attention>, and 1810.04805!\n"
        "Again: arXiv:1706.03762. Code (https://github.com/google-research/bert), video <https://youtu.be/iDulhoQ2pro>;\n"
        "[blog](https://example.com/a_(b)) https://example.com/?a=1&amp;b=2 doi:10.1145/3292500.3330701."
    )
    assert [link.key for link in find_all(message)] == [
        "arxiv:1706.03762",
        "arxiv:1810.04805",
        "web:https://github.com/google-research/bert",
        "web:https://youtube.com/watch?v=iDulhoQ2pro",
        "web:https://example.com/a_(b)",
        "web:https://example.com?a=1&b=2",
        "doi:10.1145/3292500.3330701",
    ]


def test_the_label_of_a_link_is_ignored() -> None:
    message = "<https://example.com/x|arxiv.org/abs/1706.03762> [arXiv:1706.03762](https://example.com/y)"
    assert [link.key for link in find_all(message)] == ["web:https://example.com/x", "web:https://example.com/y"]


def test_text_that_only_looks_like_a_link_is_ignored() -> None:
    message = (
        "<@U123> <#C1|papers> <!channel> <mailto:a@example.org|a@example.org> <t:1618953630:R> and/or e.g./i.e. "
        "accuracy 1234.5678, $1706.03762, 2013.12345 or 1706.03762% http://localhost/x <http://127.0.0.1|a>"
    )
    assert find_all(message) == []

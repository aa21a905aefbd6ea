"""A typed line is read as people mean it: its link, and what it says beside it."""

from __future__ import annotations

import time

import pytest

from bot.domain.links.arxiv_ids import ARCHIVES
from bot.domain.links.identify import alternatives, find_all, identify
from bot.domain.links.typed_lines import read_line
from bot.errors import UserError

PAPER = "arxiv:2401.00014"

LINES = """
    Is attention all you need? https://arxiv.org/abs/2401.00014 => Is attention all you need?
    must read: https://arxiv.org/abs/2401.00014 => must read
    https://arxiv.org/abs/2401.00014 because it scales => because it scales
    https://arxiv.org/abs/2401.00014, because it scales => because it scales
    I liked https://arxiv.org/abs/2401.00014 a lot => I liked a lot
    paper: https://arxiv.org/abs/2401.00014 =>
    paper: https://arxiv.org/abs/2401.00014 (must read!) => (must read!)
    link: arxiv.org/abs/2401.00014 =>
    link:arxiv.org/abs/2401.00014 =>
    paper:arxiv.org/pdf/2401.00014 =>
    论文链接:arxiv.org/abs/2401.00014 =>
    论文链接：https://arxiv.org/abs/2401.00014 =>
    论文：arxiv.org/abs/2401.00014 =>
    推荐arxiv.org/abs/2401.00014 => 推荐
    看 https://arxiv.org/abs/2401.00014。很好 => 看 。很好
    https://arxiv.org/abs/2401.00014。面白い => 面白い
    论文：https://arxiv.org/abs/2401.00014，推荐 => 推荐
    статья https://arxiv.org/abs/2401.00014, очень важная => статья, очень важная
    https//arxiv.org/abs/2401.00014 =>
    https;//arxiv.org/abs/2401.00014 =>
    https: //arxiv.org/abs/2401.00014 =>
    htps://arxiv.org/abs/2401.00014 =>
    htttps://arxiv.org/abs/2401.00014 =>
    ttps://arxiv.org/abs/2401.00014 =>
    hxxps://arxiv.org/abs/2401.00014 =>
    hxxp://arxiv[.]org/abs/2401.00014 =>
    hXXps://arxiv[.]org/abs/2401.00014 =>
    arxiv[.]org/abs/2401.00014 =>
    https://https://arxiv.org/abs/2401.00014 =>
    http://https://arxiv.org/abs/2401.00014 =>
    abs/2401.00014 =>
    /abs/2401.00014 =>
    pdf/2401.00014 =>
    https://arxiv.org/abs/%202401.00014 =>
    https://arxiv.org/abs/ 2401.00014 =>
    https://arxiv.org/abs/arXiv:2401.00014 =>
    arXiv: 2401.00014 =>
    arxiv 2401.00014 =>
    arXiv:2401.00014v1 [cs.LG] 1 Jan 2024 =>
    arXiv:2401.00014 [stat.ML] 3 Dec 2024 was a good day => 3 Dec 2024 was a good day
    arXiv:2401.00014 [cs.LG] =>
    [2401.00014] A title of a paper => A title of a paper
    see 2401.00014 =>
    what about 2401.00014? => what about ?
    <https://arxiv.org/abs/2401.00014> finally => finally
    <https://arxiv.org/abs/2401.00014¦the paper> finally => finally
    [the paper](https://arxiv.org/abs/2401.00014) finally => finally
    “https://arxiv.org/abs/2401.00014” finally => finally
    https://arxiv.org/abs/2401.00014 https://arxiv.org/pdf/2401.00014 =>
    https://arxiv.org/abs/2401.00014 and the code https://github.com/a/b => and the code https://github.com/a/b
    1) https://arxiv.org/abs/2401.00014 =>
    12. https://arxiv.org/abs/2401.00014 nice => nice
    1) **Paper:** https://arxiv.org/abs/2401.00014 → nice => nice
    📄 2401.00014 🧵👇 =>
    👉 https://arxiv.org/abs/2401.00014 =>
    https://arxiv.org/abs/2401.00014 → worth it => worth it
    ArXiv e-prints, arXiv:2401.00014 =>
    **Paper:** https://arxiv.org/abs/2401.00014 =>
    **Paper:** https://arxiv.org/abs/2401.00014 **Code:** https://github.com/a/b => Code: https://github.com/a/b
    > https://arxiv.org/abs/2401.00014 =>
    https://urldefense.proofpoint.com/v2/url?u=https-3A__arxiv.org_abs_2401.00014&d=DwMFaQ =>
    https://click.example-mail.com/x/aHR0cHM6Ly9hcnhpdi5vcmcvYWJzLzI0MDEuMDAwMTQ= =>
    https://getpocket.com/redirect?url=https%3A%2F%2Farxiv.org%2Fabs%2F2401.00014 =>
    https://arxiv-org.eu1.proxy.openathens.net/abs/2401.00014 =>
    https://0-arxiv-org.library.example.edu/abs/2401.00014 =>
    code https://github.com/a/b paper https://arxiv.org/abs/2401.00014 => code https://github.com/a/b paper
    https://github.com/a/b https://arxiv.org/abs/2401.00014 =>
    https://arxiv.org/abs/2401.00014https://github.com/a/b => https://github.com/a/b
    @misc{x, title={A}, eprint={2401.00014}, archivePrefix={arXiv}} =>
    @article{x, doi = {10.1000/182}, eprint = {2401.00014}, url = {https://example.org/x}} =>
    @misc{x, url={https://arxiv.org/abs/2401.00014}, abstract={See https://github.com/a/b} } =>
    TY - UNPB UR - https://arxiv.org/abs/2401.00014 M1 - arXiv:2401.00014 ER - =>
    Smith et al., arXiv preprint arXiv:2401.00014 (2024). =>
    Smith, J. and Doe, A. A title. CoRR abs/2401.00014, 2024. =>
    https://r.jina.ai/https://arxiv.org/abs/2401.00014 =>
    https://translate.google.com/translate?sl=en&tl=de&u=https://arxiv.org/abs/2401.00014 =>
    https://arxiv-org.translate.goog/abs/2401.00014?_x_tr_sl=en =>
    https://www.linkedin.com/redir/redirect?url=https%3A%2F%2Farxiv%2Eorg%2Fabs%2F2401%2E00014&urlhash=x =>
    https://arxiv-org.ezproxy.lib.example.edu/abs/2401.00014 =>
    https://arxiv.org.ezproxy.example.edu/abs/2401.00014 =>
    https://login.ezproxy.example.edu/login?url=https://arxiv.org/abs/2401.00014 =>
    https://12ft.io/https://arxiv.org/abs/2401.00014 =>
    https://via.hypothes.is/https://arxiv.org/pdf/2401.00014 =>
    https://link.zhihu.com/?target=https%3A//arxiv.org/abs/2401.00014 =>
    https://archive.ph/20240105000000/https://arxiv.org/abs/2401.00014 =>
    https://docs.google.com/viewer?url=https://arxiv.org/pdf/2401.00014.pdf =>
    https://www.youtube.com/redirect?q=https%3A%2F%2Farxiv.org%2Fabs%2F2401.00014 =>
    https://l.instagram.com/?u=https%3A%2F%2Farxiv.org%2Fabs%2F2401.00014 =>
    https://doi.org/10.48550/arXiv.2401.00014 for us => for us
    doi: 10.48550/arXiv.2401.00014 =>
    https://www.alphaxiv.org/abs/2401.00014 for us => for us
    https://huggingface.co/papers/2401.00014 for us => for us
"""
"""Lines about this paper => what they say beside it; ¦ is a bar."""

OLD_IDS = """
    q-bio/0309034v2 ; arxiv:q-bio/0309034
    https://arxiv.org/abs/q-bio/0309034v2 ; arxiv:q-bio/0309034
    https://arxiv.org/abs/q-alg/9702001 ; arxiv:q-alg/9702001
    cond-mat.mtrl-sci/9901001 ; arxiv:cond-mat/9901001
    math.GT/0309136 ; arxiv:math/0309136
    arXiv:q-bio.QM/0309034 ; arxiv:q-bio/0309034
    physics.acc-ph/0309034 ; arxiv:physics/0309034
    https://dblp.org/rec/journals/corr/cs-AI-0112017.html ; arxiv:cs/0112017
"""

OTHERS = """
    doi: 10.7717/peerj.1698 ; doi:10.7717/peerj.1698
    DOI 10.7717/peerj.1698 ; doi:10.7717/peerj.1698
    doi:10.7717/peerj.1698. ; doi:10.7717/peerj.1698
    a fine paper (doi:10.7717/peerj.1698) ; doi:10.7717/peerj.1698
    https://doi.org/https://doi.org/10.7717/peerj.1698 ; doi:10.7717/peerj.1698
    doi.org/https://doi.org/10.7717/peerj.1698 ; doi:10.7717/peerj.1698
    https://doi.org/doi:10.7717/peerj.1698 ; doi:10.7717/peerj.1698
    https://dx.doi.org/http://dx.doi.org/10.7717/peerj.1698 ; doi:10.7717/peerj.1698
    https//doi.org/10.7717/peerj.1698 ; doi:10.7717/peerj.1698
    <doi:10.7717/peerj.1698> and more ; doi:10.7717/peerj.1698
    10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2 Lorenz ; doi:10.1175/1520-0469(1963)020<0130:dnf>2.0.co;2
    https://doi.org/10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2 ; doi:10.1175/1520-0469(1963)020<0130:dnf>2.0.co;2
    doi.org/10.1002/(SICI)1097(98)17:1<1::AID-SIM9>3.0.CO;2-2 so ; doi:10.1002/(sici)1097(98)17:1<1::aid-sim9>3.0.co;2-2
    https://www.nature.com/articles/s41586-021-03819-2_reference.pdf ; doi:10.1038/s41586-021-03819-2
    hxxps://doi[.]org/10.7717/peerj.1698 ; doi:10.7717/peerj.1698
    https://doi-org.ezproxy.example.edu/10.7717/peerj.1698 ; doi:10.7717/peerj.1698
    https://r.jina.ai/https://doi.org/10.7717/peerj.1698 ; doi:10.7717/peerj.1698
    @article{x, title={A}, doi={10.7717/peerj.1698}, year=2016} ; doi:10.7717/peerj.1698
    TY - JOUR DO - 10.7717/peerj.1698 ER - ; doi:10.7717/peerj.1698
    Doe, J. A title. PeerJ 4 (2016). https://doi.org/10.7717/peerj.1698 ; doi:10.7717/peerj.1698
    https://dl-acm-org.ezproxy.example.edu/doi/10.1145/3292500.3330701 ; doi:10.1145/3292500.3330701
    https://dl.acm.org.libproxy.example.edu/doi/pdf/10.1145/3292500.3330701 ; doi:10.1145/3292500.3330701
    https://www.frontiersin.org/journals/x/articles/10.3389/fnins.2020.00001/full ; doi:10.3389/fnins.2020.00001
    https://www.biorxiv.org/content/10.1101/2020.12.21.423785v1.full.pdf+html ; doi:10.1101/2020.12.21.423785
    https://journals.example-press.org/article/10.1234/abc.567/pdf ; doi:10.1234/abc.567
    https://www.science.org/doi/epdf/10.1126/science.abj8754 ; doi:10.1126/science.abj8754
    PMID: 32015507 ; web:https://pubmed.ncbi.nlm.nih.gov/32015507
    PMID 32015507 ; web:https://pubmed.ncbi.nlm.nih.gov/32015507
    pmid:32015507 worth it ; web:https://pubmed.ncbi.nlm.nih.gov/32015507
    PubMed ID: 32015507 ; web:https://pubmed.ncbi.nlm.nih.gov/32015507
    PMCID: PMC7029158 ; web:https://pmc.ncbi.nlm.nih.gov/articles/PMC7029158
    PMC7029158 ; web:https://pmc.ncbi.nlm.nih.gov/articles/PMC7029158
    https://iclr.cc/virtual/2024/poster/18045 ; web:https://iclr.cc/virtual/2024/poster/18045
    https://neurips.cc/virtual/2023/oral/73855 ; web:https://neurips.cc/virtual/2023/oral/73855
    https://icml.cc/virtual/2024/poster/34684 great poster ; web:https://icml.cc/virtual/2024/poster/34684
    https://cvpr.thecvf.com/virtual/2024/poster/31530 ; web:https://cvpr.thecvf.com/virtual/2024/poster/31530
    https://openreview-net.ezproxy.example.edu/forum?id=rJXMpikCZ ; web:https://openreview.net/forum?id=rJXMpikCZ
    https://r.jina.ai/https://openreview.net/forum?id=rJXMpikCZ ; web:https://openreview.net/forum?id=rJXMpikCZ
    great ablations https://openreview.net/pdf?id=rJXMpikCZ ; web:https://openreview.net/forum?id=rJXMpikCZ
    openreview.net/forum?id=rJXMpikCZ ; web:https://openreview.net/forum?id=rJXMpikCZ
    论文:openreview.net/forum?id=rJXMpikCZ ; web:https://openreview.net/forum?id=rJXMpikCZ
    10.18653/v1/N19-1423 ; web:https://aclanthology.org/N19-1423
    https://www.aclweb.org/anthology/N19-1423/ ; web:https://aclanthology.org/N19-1423
    see https://aclanthology.org/N19-1423.pdf ; web:https://aclanthology.org/N19-1423
    https://ieeexplore-ieee-org.ezproxy.example.edu/document/7780459 ; web:https://ieeexplore.ieee.org/document/7780459
    https://ieeexplore.ieee.org/stamp/stamp.jsp?tp=&arnumber=7780459 ; web:https://ieeexplore.ieee.org/document/7780459
    https://www-nature-com.libproxy.example.edu/articles/s41586-021-03819-2 ; doi:10.1038/s41586-021-03819-2
    https://www.nature.com/articles/s41586-021-03819-2.pdf ; doi:10.1038/s41586-021-03819-2
    https://proceedings.mlr.press/v37/ioffe15.pdf ; web:https://proceedings.mlr.press/v37/ioffe15.html
    https://jmlr.org/papers/volume15/srivastava14a/srivastava14a.pdf ; web:https://jmlr.org/papers/v15/srivastava14a.html
    https://papers.nips.cc/paper/7181-attention-is-all-you-need.pdf ; web:https://papers.nips.cc/paper/7181-attention-is-all-you-need
    https://eprint.iacr.org/2023/123.pdf nice proof ; web:https://eprint.iacr.org/2023/123
    https://hal.archives-ouvertes.fr/hal-01234567v2/document ; web:https://hal.science/hal-01234567
    https://hal.inria.fr/hal-01234567/document ; web:https://hal.science/hal-01234567
    https://hal.univ-lille.fr/tel-01234567 ; web:https://hal.science/tel-01234567
    https://www-nature-com.ezp1.lib.example.edu/articles/nature14539 ; doi:10.1038/nature14539
    https://www-nature-com.libraries.example.edu/articles/nature14539 ; doi:10.1038/nature14539
    https://arxiv-org.remote.example.ac.uk/abs/2401.00014 ; arxiv:2401.00014
    https://github-io.blogs.example.com/x ; web:https://github-io.blogs.example.com/x
    urn:doi:10.1145/3292500.3330701 ; doi:10.1145/3292500.3330701
    https://doi.org/10.5281/zenodo.1234567 ; web:https://zenodo.org/records/1234567
    zenodo.org/record/1234567 ; web:https://zenodo.org/records/1234567
    https://ssrn.com/abstract=123456 ; doi:10.2139/ssrn.123456
    https://api.semanticscholar.org/204e3073870fae3d05bcbc2f6a8e263d9b72e776 ; web:https://semanticscholar.org/paper/204e3073870fae3d05bcbc2f6a8e263d9b72e776
    https://fxtwitter.com/a/status/1234567890 worth a thread ; web:https://x.com/a/status/1234567890
    https://open.substack.com/pub/jack/p/hello?r=1 ; web:https://jack.substack.com/p/hello
    https://github.com/a/b/tree/main ; web:https://github.com/a/b
    github.com/a/b useful ; web:https://github.com/a/b
    try https://huggingface.co/a/b/tree/main today ; web:https://huggingface.co/a/b
    https://translate.google.com/translate?u=https://example.org/post&tl=en ; web:https://example.org/post
    https://www.linkedin.com/redir/redirect?url=https%3A%2F%2Fexample%2Eorg%2Fpost ; web:https://example.org/post
    https://r.jina.ai/https://example.org/post?a=1 ; web:https://example.org/post?a=1
    https//example.org/post ; web:https://example.org/post
    hxxps://example[.]org/post ; web:https://example.org/post
    https://12ft.io/https://www.nytimes.com/2024/01/01/story.html ; web:https://nytimes.com/2024/01/01/story.html
    https://archive.ph/newest/https://www.wired.com/story/x ; web:https://wired.com/story/x
    https://www.sciencedirect.com/science/article/abs/pii/S0893608014002135 ; web:https://sciencedirect.com/science/article/pii/S0893608014002135
    https://www.researchgate.net/publication/319770465_Attention_Is_All ; web:https://researchgate.net/publication/319770465
"""
"""Lines about works that are not on arXiv ; their key."""


def _rows(table: str, separator: str) -> list[tuple[str, str]]:
    rows = [line.strip().replace("¦", "|").partition(separator) for line in table.strip().splitlines()]
    return [(line.strip(), result.strip()) for line, _, result in rows]


def _key(line: str) -> str:
    found = identify(read_line(line)[0])
    return found.key  # type: ignore[union-attr] # a phrase fails here


def test_the_tables_have_enough_rows() -> None:
    others = _rows(OTHERS, " ; ")
    assert len(others) >= 60
    assert len(others) + len(_rows(LINES, "=>")) + len(_rows(OLD_IDS, " ; ")) >= 145


@pytest.mark.parametrize(("line", "remark"), _rows(LINES, "=>"))
def test_the_paper_and_the_remark_of_a_line(line: str, remark: str) -> None:
    assert _key(line) == PAPER
    assert read_line(line)[1] == remark


@pytest.mark.parametrize(("line", "key"), _rows(OLD_IDS, " ; ") + _rows(OTHERS, " ; "))
def test_a_line_leads_to_the_work_that_it_names(line: str, key: str) -> None:
    assert _key(line) == key


@pytest.mark.parametrize("archive", sorted(ARCHIVES))
@pytest.mark.parametrize("form", ["{}", "arXiv:{}", "https://arxiv.org/abs/{}v2", "look at {} please"])
def test_ids_of_every_archive_are_read_in_links_and_in_messages(archive: str, form: str) -> None:
    message = form.format(f"{archive}/0309034")
    assert _key(message) == f"arxiv:{archive}/0309034"
    assert [link.key for link in find_all(message)] == [f"arxiv:{archive}/0309034"]


@pytest.mark.parametrize(
    "line",
    [
        "2401.00001 2401.00002",
        "https://arxiv.org/abs/2401.00001https://arxiv.org/abs/2401.00002",
        "why not 2401.00001 or 2401.00002?",
        "https://arxiv.org/abs/2401.00001 and https://arxiv.org/abs/2401.00002",
        "2401.00001 vs. doi:10.7717/peerj.1698",
        "https://openreview.net/forum?id=aaaaaaaaaa https://openreview.net/forum?id=aaaaaaaaab",
        "https://example.org/a https://example.org/b",
        "both doi:10.7717/peerj.1698 and arXiv:2401.00001",
    ],
)
def test_several_papers_leave_a_choice(line: str) -> None:
    assert len(alternatives(read_line(line)[0])) == 2


def test_a_line_that_begins_with_a_link_is_about_it() -> None:
    assert read_line("2401.00001 see also 2401.00002") == ("https://arxiv.org/abs/2401.00001", "see also 2401.00002")
    link, remark = read_line("https://example.org/post explains 2401.00002")
    assert (link, remark) == ("https://example.org/post", "explains 2401.00002")


def test_a_line_without_a_link_has_none() -> None:
    assert read_line("Attention is all you need") == ("", "")
    assert read_line("accuracy of 95.1234% and/or e.g./i.e. 10.5") == ("", "")


@pytest.mark.parametrize(
    "link",
    [
        "https://acme.slack.com/archives/C01234567/p1700000000000000",
        "https://app.slack.com/client/T01/C01",
        "https://discord.com/channels/123456789012345678/223456789012345678/323456789012345678",
        "https://ptb.discord.com/channels/@me/223456789012345678",
        "https://teams.microsoft.com/l/message/19:abc/1700000000000",
        "https://t.me/c/1234567890/12",
        "https://mail.google.com/mail/u/0/#inbox/abc",
    ],
)
def test_a_message_of_a_private_chat_is_refused(link: str) -> None:
    with pytest.raises(UserError, match="only the members of its chat can open"):
        identify(link)
    assert find_all(link) == []


@pytest.mark.parametrize(
    "unit", ["https//", "arXiv:", "论文:", "abs/", "hxxps://", "PMID: 1", "[.]", "https://a.co/x", "@a{b,"]
)
def test_a_long_line_is_read_quickly(unit: str) -> None:
    started = time.process_time()
    read_line(unit * (40_000 // len(unit)))
    assert time.process_time() - started < 2

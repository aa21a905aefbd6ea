"""Two pages of the same work have one key."""

from __future__ import annotations

import pytest

from bot.domain.links.identify import identify

PAIRS = """
    https://proceedings.mlr.press/v139/radford21a.html
    = https://proceedings.mlr.press/v139/radford21a/radford21a.pdf
    http://proceedings.mlr.press/v37/ioffe15.pdf
    = http://jmlr.org/proceedings/papers/v37/ioffe15.html
    https://proceedings.mlr.press/v235/abad-rocamora24a.html
    = https://raw.githubusercontent.com/mlresearch/v235/main/assets/abad-rocamora24a/abad-rocamora24a.pdf
    https://proceedings.neurips.cc/paper/2017/hash/3f5ee243547dee91fbd053c1c4a845aa-Abstract.html
    = https://proceedings.neurips.cc/paper_files/paper/2017/file/3f5ee243547dee91fbd053c1c4a845aa-Paper.pdf
    https://papers.nips.cc/paper/2020/hash/1457c0d6bfcb4967418bfb8ac142f64a-Abstract.html
    = https://proceedings.neurips.cc/paper/2020/file/1457c0d6bfcb4967418bfb8ac142f64a-Bibtex.bib
    https://papers.nips.cc/paper/7181-attention-is-all-you-need
    = https://papers.nips.cc/paper/7181-attention-is-all-you-need.pdf
    https://proceedings.neurips.cc/paper_files/paper/2022/hash/b1efde53be364a73914f58805a001731-Abstract-Conference.html
    = https://proceedings.neurips.cc/paper_files/paper/2022/file/b1efde53be364a73914f58805a001731-Paper-Conference.pdf
    https://jmlr.org/papers/v15/srivastava14a.html
    = https://jmlr.org/papers/volume15/srivastava14a/srivastava14a.pdf
    https://www.jmlr.org/papers/v22/20-1345.html
    = http://jmlr.org/papers/v22/20-1345.bib
    https://openaccess.thecvf.com/content/CVPR2021/html/Chen_Exploring_Simple_CVPR_2021_paper.html
    = https://openaccess.thecvf.com/content/CVPR2021/papers/Chen_Exploring_Simple_CVPR_2021_paper.pdf
    https://openaccess.thecvf.com/content_cvpr_2016/html/He_Deep_Residual_CVPR_2016_paper.html
    = https://openaccess.thecvf.com/content_cvpr_2016/papers/He_Deep_Residual_CVPR_2016_paper.pdf
    https://aclanthology.org/2020.acl-main.1/
    = https://aclanthology.org/2020.acl-main.1.pdf
    https://aclanthology.org/2020.acl-main.1.bib
    = https://doi.org/10.18653/v1/2020.acl-main.1
    https://www.aclweb.org/anthology/P18-1001.pdf
    = https://aclanthology.org/P18-1001/
    https://aclanthology.org/N19-1423v2.pdf
    = 10.18653/v1/N19-1423
    https://hal.science/hal-01234567
    = https://hal.archives-ouvertes.fr/hal-01234567v2/document
    https://inria.hal.science/hal-01234567/file/paper.pdf
    = https://hal.science/hal-01234567v1
    https://eprint.iacr.org/2023/123
    = https://eprint.iacr.org/2023/123.pdf
    https://ia.cr/2023/123
    = https://eprint.iacr.org/2023/123/1678901234.pdf
    https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7029158/
    = https://pmc.ncbi.nlm.nih.gov/articles/PMC7029158/pdf/main.pdf
    https://europepmc.org/article/PMC/PMC7029158
    = PMC7029158
    https://www.ncbi.nlm.nih.gov/pubmed/32015507
    = https://pubmed.ncbi.nlm.nih.gov/32015507/
    https://europepmc.org/article/MED/32015507
    = PMID: 32015507
    https://www.nature.com/articles/s41586-020-2649-2
    = 10.1038/s41586-020-2649-2
    https://www.nature.com/articles/nature14539.pdf
    = https://doi.org/10.1038/nature14539
    https://www.nature.com/articles/ncomms1234
    = 10.1038/ncomms1234
    https://www-nature-com.proxy.lib.example.edu/articles/nmeth.4321
    = 10.1038/nmeth.4321
    https://elifesciences.org/articles/01234
    = https://doi.org/10.7554/eLife.01234
    https://peerj.com/articles/1698/
    = doi: 10.7717/peerj.1698
    https://peerj.com/articles/cs-214.pdf
    = 10.7717/peerj-cs.214
    https://osf.io/preprints/psyarxiv/abcd5_v2
    = https://psyarxiv.com/abcd5/
    https://psyarxiv.com/abcd5/download
    = https://doi.org/10.31234/osf.io/abcd5
    https://www.researchsquare.com/article/rs-1234567/v1
    = https://doi.org/10.21203/rs.3.rs-1234567/v1
    https://www.preprints.org/manuscript/202001.0001/v1
    = 10.20944/preprints202001.0001.v1
    https://papers.ssrn.com/sol3/papers.cfm?abstract_id=1234567
    = https://doi.org/10.2139/ssrn.1234567
    https://www.medrxiv.org/content/10.1101/2020.02.11.20021493v2.supplementary-material
    = https://www.medrxiv.org/content/10.1101/2020.02.11.20021493v1.full-text
    https://direct.mit.edu/tacl/article/doi/10.1162/tacl_a_00051/43387/Enriching-Word-Vectors-with-Subword-Information
    = 10.1162/tacl_a_00051
    https://academic.oup.com/bioinformatics/advance-article/doi/10.1093/bioinformatics/btz682/5566506
    = https://doi.org/10.1093/bioinformatics/btz682
    info:doi/10.1000/182
    = urn:doi:10.1000/182
    https://0-www-jstor-org.catalog.example.edu/stable/2346178
    = https://www.jstor.org/stable/2346178
    https://ieeexplore-ieee-org.eu1.proxy.openathens.net/document/123456
    = https://ieeexplore.ieee.org/document/123456
    https://openreview.net/forum?id=rJXMpikCZ
    = https://openreview.net/pdf?id=rJXMpikCZ
    https://openreview.net/forum?id=rJXMpikCZ&noteId=abc
    = https://openreview.net/attachment?id=rJXMpikCZ&name=pdf
    https://open.substack.com/pub/jack/p/hello-world?r=1a2b
    = https://jack.substack.com/p/hello-world
    https://jack.substack.com/p/hello-world/comments
    = https://jack.substack.com/p/hello-world
    https://fxtwitter.com/karpathy/status/1234567890123
    = https://x.com/karpathy/status/1234567890123
    https://vxtwitter.com/karpathy/status/1234567890123/photo/1
    = https://twitter.com/karpathy/status/1234567890123
    https://nitter.net/karpathy/status/1234567890123
    = https://xcancel.com/karpathy/status/1234567890123
    https://github.com/karpathy/nanoGPT/tree/main
    = https://github.com/karpathy/nanoGPT
    https://github.com/karpathy/nanoGPT/blob/master/README.md
    = https://github.com/karpathy/nanoGPT?tab=readme-ov-file#readme
    https://huggingface.co/google-bert/bert-base-uncased/tree/main
    = https://hf.co/google-bert/bert-base-uncased
    https://huggingface.co/datasets/rajpurkar/squad/tree/main
    = https://huggingface.co/datasets/rajpurkar/squad
    https://huggingface.co/spaces/a/b/blob/main/README.md
    = https://huggingface.co/spaces/a/b
    https://www.semanticscholar.org/reader/204e3073870fae3d05bcbc2f6a8e263d9b72e776
    = https://www.semanticscholar.org/paper/Attention-is-All-you-Need-Vaswani/204e3073870fae3d05bcbc2f6a8e263d9b72e776
    https://ieeexplore.ieee.org/document/7780459
    = https://ieeexplore.ieee.org/stamp/stamp.jsp?arnumber=07780459
    https://ieeexplore.ieee.org/abstract/document/7780459/
    = https://ieeexplore.ieee.org/iel7/7776647/7780329/07780459.pdf
    https://www.nature.com/articles/s41586-021-03819-2
    = https://www.nature.com/articles/s41586-021-03819-2.pdf
    https://www.mdpi.com/2072-6643/12/1/1
    = https://www.mdpi.com/2072-6643/12/1/1/htm
    https://www.sciencedirect.com/science/article/pii/S0893608014002135
    = https://www.sciencedirect.com/science/article/abs/pii/S0893608014002135
    https://ojs.aaai.org/index.php/AAAI/article/view/17325
    = https://ojs.aaai.org/index.php/AAAI/article/download/17325/17132
    https://www.ijcai.org/proceedings/2020/12
    = https://www.ijcai.org/proceedings/2020/0012.pdf
    https://zenodo.org/record/1234567
    = https://doi.org/10.5281/zenodo.1234567
    https://papers.ssrn.com/sol3/papers.cfm?abstract_id=123456
    = https://ssrn.com/abstract=123456
    https://www.biorxiv.org/content/10.1101/2020.12.21.423785v1.full.pdf+html
    = https://doi.org/10.1101/2020.12.21.423785
    https://www.frontiersin.org/journals/neuroscience/articles/10.3389/fnins.2020.00001/full
    = https://doi.org/10.3389/fnins.2020.00001
"""


def _pairs() -> list[tuple[str, str]]:
    lines = [line.strip() for line in PAIRS.strip().splitlines()]
    return [(one, other.removeprefix("= ")) for one, other in zip(lines[::2], lines[1::2], strict=True)]


def test_the_table_has_enough_pairs() -> None:
    assert len(_pairs()) >= 38


@pytest.mark.parametrize(("one", "other"), _pairs())
def test_two_pages_of_a_work_have_one_key(one: str, other: str) -> None:
    first, second = identify(one), identify(other)
    assert first.key == second.key  # type: ignore[union-attr] # neither is a phrase
    for link in (first, second):
        assert identify(link.url) == link  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://github.com/a/b/tree/main", "https://github.com/a/b/tree/dev"),
        ("https://github.com/a/b", "https://github.com/a/b/issues/1"),
        ("https://aclanthology.org/2020.acl-main.1", "https://aclanthology.org/2020.acl-main.12"),
        ("https://proceedings.mlr.press/v37/ioffe15.html", "https://proceedings.mlr.press/v38/ioffe15.html"),
        ("https://openreview.net/forum?id=aaaaaaaaaa", "https://openreview.net/forum?id=aaaaaaaaab"),
        ("https://jack.substack.com/p/one", "https://jill.substack.com/p/one"),
        ("https://eprint.iacr.org/2023/123", "https://eprint.iacr.org/2024/123"),
        ("https://huggingface.co/a/b", "https://huggingface.co/datasets/a/b"),
    ],
)
def test_two_works_have_two_keys(one: str, other: str) -> None:
    assert identify(one).key != identify(other).key  # type: ignore[union-attr]

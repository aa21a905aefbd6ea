"""Where a preprint was accepted, from arXiv's comment."""

from __future__ import annotations

import pytest

from bot.domain.acceptance import acceptance


@pytest.mark.parametrize(
    ("comment", "phrase"),
    [
        ("Accepted at ICLR 2024", "Accepted at ICLR 2024"),
        ("15 pages, 5 figures, accepted to NeurIPS 2023.", "Accepted to NeurIPS 2023"),
        (
            "Accepted by IEEE Transactions on Robotics; code: https://github.com/a/b",
            "Accepted by IEEE Transactions on Robotics",
        ),
        ("Accepted to CVPR 2024 (Oral), project page: https://x.github.io", "Accepted to CVPR 2024 (Oral)"),
        ("To appear in Proceedings of the VLDB Endowment, 12 pages", "To appear in Proceedings of the VLDB Endowment"),
        ("EMNLP 2023 Findings. 9 pages", "EMNLP 2023 Findings"),
        ("ICML 2022 camera-ready; 30 pages", "ICML 2022 camera-ready"),
        ("NeurIPS'22 (spotlight)", "NeurIPS'22 (spotlight)"),
        ("Published as a conference paper at ICLR 2021", "Published as a conference paper at ICLR 2021"),
        ("9 pages (accepted at UAI 2020)", "Accepted at UAI 2020"),
        ("Accepted for publication in ApJ. 20 pages, 3 tables", "Accepted for publication in ApJ"),
        ("Camera-ready version for ACL 2020", "Camera-ready version for ACL 2020"),
        ("Submitted to ICLR 2024", ""),
        ("Under review at NeurIPS 2023", ""),
        ("not yet accepted at ICML 2024", ""),
        ("Rejected by ICLR 2020, 9 pages", ""),
        ("15 pages, 5 figures", ""),
        ("Accepted", ""),
        ("ACL", ""),
        ("", ""),
        ("accepted at " + "x" * 300, ""),
    ],
)
def test_a_comment_says_where_it_was_accepted(comment: str, phrase: str) -> None:
    assert acceptance(comment) == phrase

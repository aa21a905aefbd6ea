"""Authors are people and groups, without what sources write beside them."""

from __future__ import annotations

import pytest

from bot.domain.authors import clean_authors, name_parts


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (("Mistral-AI", ":", "A B"), ("Mistral-AI", "A B")),
        (("*", "Jane Doe"), ("Jane Doe",)),
        (("1", "2", "Jane Doe"), ("Jane Doe",)),
        (("Jane Doe¹", "John Roe²*"), ("Jane Doe", "John Roe")),
        (("Jane Doe*", "John Roe†", "Ann Poe ‡"), ("Jane Doe", "John Roe", "Ann Poe")),
        (("Equal contribution", "Jane Doe"), ("Jane Doe",)),
        (("Corresponding author: Jane Doe",), ("Jane Doe",)),
        (("John Doe", "Ph.D.", "Ann Poe", "MD"), ("John Doe", "Ann Poe")),
        (("with", "Jane Doe", "the"), ("Jane Doe",)),
        (("Jane Doe (University of Somewhere)",), ("Jane Doe",)),
        (("Li Jun (李军)",), ("Li Jun (李军)",)),
        (("Jane Doe; John Roe",), ("Jane Doe", "John Roe")),
        (("Jane Doe and John Roe",), ("Jane Doe", "John Roe")),
        (("Research and Development Group",), ("Research and Development Group",)),
        (("Jane Doe", "on behalf of the ATLAS Collaboration"), ("Jane Doe", "ATLAS Collaboration")),
        (("(for the LIGO Collaboration)",), ("LIGO Collaboration",)),
        (("For Dummies",), ("For Dummies",)),
        (("John Doe", "Jr."), ("John Doe Jr.",)),
        (("Malcolm X",), ("Malcolm X",)),
    ],
)
def test_what_is_no_author_is_left_out(given: tuple[str, ...], kept: tuple[str, ...]) -> None:
    assert clean_authors(given) == kept
    assert clean_authors(kept) == kept


@pytest.mark.parametrize(
    "name", ["OpenAI", "NVIDIA", "Google DeepMind", "Meta AI", "ByteDance Seed", "Huawei Noah's Ark"]
)
def test_a_company_is_a_group(name: str) -> None:
    assert name_parts(name).group


@pytest.mark.parametrize("name", ["Huawei Shen", "Meta Brown", "Apple Liu", "Max Planck"])
def test_a_person_with_such_a_name_is_none(name: str) -> None:
    assert not name_parts(name).group

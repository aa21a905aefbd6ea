"""Seals: only what this house drew for this guild is understood."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.render.custom_ids import ComponentAction, CustomIdSigner, delivery_mark

MINE = CustomIdSigner(b"k" * 32, "7")


@given(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=80), st.sampled_from(ComponentAction), st.integers(0, 99)
)
def test_what_was_sealed_is_opened(call: str, act: ComponentAction, number: int) -> None:
    assert MINE.verify(MINE.custom_id(call, act, number)) == (call, act)


@given(st.text(max_size=100))
def test_whatever_was_made_up_is_not(custom_id: str) -> None:
    assert MINE.verify(custom_id) is None


def test_another_guild_another_key_another_call_and_another_act_are_refused() -> None:
    sealed = MINE.custom_id("paper vote 1")
    assert CustomIdSigner(b"k" * 32, "8").verify(sealed) is None
    assert CustomIdSigner(b"l" * 32, "7").verify(sealed) is None
    assert MINE.verify(sealed.replace("vote 1", "vote 2")) is None
    assert MINE.verify(sealed.replace("jc:", "jc!:")) is None


def test_marks_are_numbers_that_discord_keeps() -> None:
    marks = {delivery_mark(f"jc{n}") for n in range(10_000)}
    assert len(marks) > 9_990
    assert all(40 < number < 2**31 for number in marks)

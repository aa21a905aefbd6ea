"""What the local Slack takes and what it refuses: each limit is tried at n and at n + 1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.protocol.slack_echo import FORM, card, plain, section
from tests.protocol.slack_server.checks import look_at_message, look_at_view, suggestions_faults
from tests.protocol.slack_server.hostile import text_harms
from tests.protocol.slack_server.typing_text import as_markup

Json = dict[str, Any]


def button(**more: Any) -> Json:
    return {"type": "button", "action_id": "a", "text": plain("Vote"), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(n: int = 0, **more: Any) -> Json:
    return {"text": plain(f"Choice {n}"), "value": f"v{n}", **more}


def menu(n: int, **more: Any) -> Json:
    return {"type": "static_select", "action_id": "m", "options": [option(i) for i in range(n)], **more}


def overflow(n: int) -> Json:
    return {"type": "overflow", "action_id": "o", "options": [option(i) for i in range(n)]}


def input_(**element: Any) -> Json:
    return {
        "type": "input",
        "block_id": "i",
        "label": plain("Field"),
        "element": {"type": "plain_text_input", "action_id": "a", **element},
    }


def confirm(key: str, n: int) -> Json:
    words = {"title": "t", "text": "t", "confirm": "t", "deny": "t", key: "x" * n}
    return {name: plain(text) for name, text in words.items()}


# A limit of Block Kit: how to make a list of blocks that has n of something, and the largest n that is taken.
Make = Callable[[int], list[Json]]
BLOCK_LIMITS: dict[str, tuple[Make, int]] = {
    "blocks in a message": (lambda n: [{"type": "divider"}] * n, 50),
    "section text": (lambda n: [section("x" * n)], 3000),
    "section fields": (lambda n: [{"type": "section", "fields": [plain("x")] * n}], 10),
    "field text": (lambda n: [{"type": "section", "fields": [plain("x" * n)]}], 2000),
    "header": (lambda n: [{"type": "header", "text": plain("x" * n)}], 150),
    "markdown": (lambda n: [{"type": "markdown", "text": "x" * n}], 12_000),
    "markdown together": (
        lambda n: [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * (n - 6000)}],
        12_000,
    ),
    "context elements": (lambda n: [{"type": "context", "elements": [plain("x")] * n}], 10),
    "actions": (lambda n: [actions(*(button(action_id=f"a{i}") for i in range(n)))], 25),
    "block_id": (lambda n: [section("x") | {"block_id": "b" * n}], 255),
    "action_id": (lambda n: [actions(button(action_id="a" * n))], 255),
    "button text": (lambda n: [actions(button(text=plain("x" * n)))], 75),
    "button value": (lambda n: [actions(button(value="x" * n))], 2000),
    "button url": (lambda n: [actions(button(url="https://a.example/".ljust(n, "x")))], 3000),
    "option text": (lambda n: [actions(menu(1, options=[option(text=plain("x" * n))]))], 75),
    "option value": (lambda n: [actions(menu(1, options=[option(value="x" * n)]))], 150),
    "option description": (lambda n: [actions(menu(1, options=[option(description=plain("x" * n))]))], 75),
    "options": (lambda n: [actions(menu(n))], 100),
    "overflow options": (lambda n: [actions(overflow(n))], 5),
    "placeholder": (lambda n: [actions(menu(1, placeholder=plain("x" * n)))], 150),
    "confirm title": (lambda n: [actions(button(confirm=confirm("title", n)))], 100),
    "confirm text": (lambda n: [actions(button(confirm=confirm("text", n)))], 300),
    "confirm button": (lambda n: [actions(button(confirm=confirm("deny", n)))], 30),
    "alt text": (
        lambda n: [{"type": "image", "image_url": "https://a.example/x.png", "alt_text": "x" * n}],
        2000,
    ),
    "label": (lambda n: [input_() | {"label": plain("x" * n)}], 2000),
    "hint": (lambda n: [input_() | {"hint": plain("x" * n)}], 2000),
    "max_length": (lambda n: [input_(max_length=n)], 3000),
}


@pytest.mark.parametrize("name", BLOCK_LIMITS)
def test_a_limit_of_blocks(name: str) -> None:
    make, most = BLOCK_LIMITS[name]
    assert look_at_message({"text": "x", "blocks": make(most)}, ()).faults == []
    found = look_at_message({"text": "x", "blocks": make(most + 1)}, ())
    assert found.error == "invalid_blocks"
    assert "json-pointer:/blocks" in found.faults[0]


@pytest.mark.parametrize(
    "block",
    [
        section(""),
        section("   "),
        {"type": "section"},
        {"type": "section", "text": {"type": "mrkdwn"}},
        {"type": "section", "text": "x"},
        {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
        {"type": "heading", "text": plain("x")},
        {"text": plain("x")},
        "x",
        {"type": "actions", "elements": []},
        {"type": "context", "elements": []},
        {"type": "markdown", "text": ""},
        {"type": "divider", "colour": "red"},
        actions(button(), button()),
        actions(button(style="blue")),
        actions(button(url="javascript:alert(1)")),
        actions(menu(0)),
        actions(menu(2, options=[option(1), option(1)])),
        actions(menu(2, initial_option=option(7))),
        actions(menu(1, option_groups=[{"label": plain("g"), "options": [option()]}])),
        actions({"type": "plain_text_input", "action_id": "a"}),
        {"type": "image", "image_url": "https://a.example/x.png"},
        {"type": "image", "image_url": "ftp://a.example/x.png", "alt_text": "x"},
        input_(min_length=5, max_length=4),
    ],
)
def test_a_malformed_block_is_refused(block: Any) -> None:
    assert look_at_message({"text": "x", "blocks": [block]}, ()).error == "invalid_blocks"


def test_good_blocks_are_taken() -> None:
    blocks = [
        *card(3),
        {"type": "markdown", "text": "**bold**"},
        {"type": "section", "text": plain("x"), "accessory": menu(3, initial_option=option(1))},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]},
    ]
    found = look_at_message({"text": "x", "blocks": blocks}, ())
    assert (found.error, found.harms) == ("", [])


def test_two_blocks_of_one_name_are_refused() -> None:
    twice = [section("x") | {"block_id": "same"}, section("y") | {"block_id": "same"}]
    assert look_at_message({"blocks": twice}, ()).error == "invalid_blocks"


@pytest.mark.parametrize(
    ("args", "updating", "error"),
    [
        ({"text": "x" * 40_000}, False, ""),
        ({"text": "x" * 40_001}, False, "msg_too_long"),
        ({"text": "x" * 4_000}, True, ""),
        ({"text": "x" * 4_001}, True, "msg_too_long"),
        ({"blocks": [section("x" * 2600)] * 5}, False, ""),
        ({"blocks": [*[section("x" * 2600)] * 5, section("x")]}, False, "msg_blocks_too_long"),
        ({"markdown_text": "x" * 12_000}, False, ""),
        ({"markdown_text": "x" * 12_001}, False, "msg_too_long"),
        ({"markdown_text": "x", "text": "x"}, False, "markdown_text_conflict"),
        ({"text": ""}, False, "no_text"),
        ({"text": "x", "blocks": {}}, False, ""),
        ({"text": "x", "blocks": {"type": "divider"}}, False, "invalid_blocks_format"),
        ({"attachments": [{"text": "x"}] * 100}, False, ""),
        ({"attachments": [{"text": "x"}] * 101}, False, "too_many_attachments"),
        ({"attachments": ["x"]}, False, "invalid_attachments"),
        ({"text": 7}, False, "invalid_arguments"),
        ({"attachments": [{"blocks": [section("")]}]}, False, "invalid_attachments"),
    ],
)
def test_a_limit_of_messages(args: Json, updating: bool, error: str) -> None:
    assert look_at_message(args, (), updating=updating).error == error


def metadata(**payload: Any) -> Json:
    return {"text": "x", "metadata": {"event_type": "paper", "event_payload": payload}}


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (metadata(id=1, name="x", ratio=0.5, flag=True, list=[1, 2], inside={"a": "b"}), ""),
        (metadata(inside={"a": {"b": "c"}}), "invalid_metadata_schema"),
        (metadata(inside=[[1]]), "invalid_metadata_schema"),
        (metadata(nothing=None), "invalid_metadata_schema"),
        (metadata(long="x" * 900), ""),
        (metadata(long="x" * 1024), "metadata_too_large"),
        ({"text": "x", "metadata": {"event_type": "paper"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "", "event_payload": {}}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "paper", "event_payload": []}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": "paper"}, "invalid_metadata_format"),
    ],
)
def test_the_shape_of_metadata(args: Json, error: str) -> None:
    assert look_at_message(args, ()).error == error


VIEW_LIMITS: dict[str, tuple[Callable[[int], Json], int]] = {
    "blocks": (lambda n: {"blocks": [{"type": "divider"}] * n}, 100),
    "title": (lambda n: {"title": plain("x" * n)}, 24),
    "submit": (lambda n: {"submit": plain("x" * n)}, 24),
    "close": (lambda n: {"close": plain("x" * n)}, 24),
    "private_metadata": (lambda n: {"private_metadata": "x" * n}, 3000),
    "callback_id": (lambda n: {"callback_id": "x" * n}, 255),
    "external_id": (lambda n: {"external_id": "x" * n}, 255),
}


@pytest.mark.parametrize("name", VIEW_LIMITS)
def test_a_limit_of_views(name: str) -> None:
    make, most = VIEW_LIMITS[name]
    assert look_at_view(FORM | make(most), (), ("modal",)).faults == []
    assert look_at_view(FORM | make(most + 1), (), ("modal",)).error == "invalid_arguments"


@pytest.mark.parametrize(
    "view",
    [
        "x",
        {},
        {**FORM, "type": "dialog"},
        {**FORM, "submit": {"type": "mrkdwn", "text": "x"}},
        {k: v for k, v in FORM.items() if k != "submit"},
        {k: v for k, v in FORM.items() if k != "blocks"},
        {k: v for k, v in FORM.items() if k != "title"},
        {**FORM, "title": plain("")},
        {**FORM, "colour": "red"},
        {**FORM, "blocks": [{"type": "markdown", "text": "only for messages"}]},
        {**FORM, "blocks": [section("")]},
        {**FORM, "blocks": ["x"]},
        {**FORM, "blocks": [{"type": "section", "text": "x"}]},
        {**FORM, "blocks": []},
        {"type": "home", "blocks": [section("x")], "title": plain("x")},
    ],
)
def test_a_malformed_view_is_refused(view: Any) -> None:
    assert look_at_view(view, (), ("modal", "home")).error == "invalid_arguments"


def test_a_home_tab_is_no_modal() -> None:
    home = {"type": "home", "blocks": [section("x")]}
    assert look_at_view(home, (), ("home",)).error == ""
    assert look_at_view(home, (), ("modal",)).error == "invalid_arguments"


def test_a_view_of_more_than_250_kb_is_too_large() -> None:
    heavy = [section("<>" * 1500) | {"block_id": f"b{i}"} for i in range(90)]
    assert look_at_view(FORM | {"blocks": heavy}, (), ("modal",)).error == "view_too_large"


@pytest.mark.parametrize(
    "text",
    [
        "<!channel>",
        "hey <!here|here>",
        "<!everyone>",
        "<@U123>",
        "<@U123|ada>",
        "<!subteam^S1>",
        "<http://evil.example|arxiv.org>",
        "<http://evil.example|https://arxiv.org/abs/1>",
        "[arxiv.org](http://evil.example)",
    ],
)
def test_text_that_would_harm_people_is_found_wherever_it_stands(text: str) -> None:
    def harms(**args: Any) -> list[str]:
        return look_at_message({"text": "x", **args}, ()).harms

    assert harms(text=text)
    assert harms(blocks=[section(text)])
    assert harms(blocks=[{"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}])
    assert harms(blocks=[{"type": "markdown", "text": text}])
    assert harms(attachments=[{"text": text}])
    assert look_at_view(FORM | {"blocks": [section(text)], "submit": plain("x")}, (), ("modal",)).harms
    assert harms(blocks=[{"type": "header", "text": plain(text)}]) == []  # plain text shows it as it is


@pytest.mark.parametrize(
    "text",
    [
        "&lt;!channel&gt; @channel @here",
        "<https://arxiv.org/abs/1706.03762|Attention Is All You Need>",
        "<https://arxiv.org/abs/1|arxiv.org>",
        "[arXiv.org](https://arxiv.org/abs/1)",
        "<#C123>",
        "<!date^1392734382^{date}|then>",
    ],
)
def test_harmless_text_is_left_alone(text: str) -> None:
    assert list(text_harms(text, ())) == []


def test_a_person_whom_the_test_allows_may_be_mentioned() -> None:
    assert list(text_harms("by <@U1>", {"U1"})) == []
    assert list(text_harms("by <@U1> and <@U2>", {"U1"})) == ["unescaped mention '<@U2>'"]


def test_mentions_in_rich_text_are_found() -> None:
    for element in (
        {"type": "broadcast", "range": "channel"},
        {"type": "user", "user_id": "U1"},
        {"type": "usergroup", "usergroup_id": "S1"},
    ):
        parts = [{"type": "rich_text_section", "elements": [element]}]
        assert look_at_message({"blocks": [{"type": "rich_text", "elements": parts}]}, ()).harms


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_what_people_type_reaches_the_app_without_harm(text: str) -> None:
    markup = as_markup(text.replace("<@", "< @"))
    assert list(text_harms(markup, ())) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "fields", "options", "accessory"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
kinds = st.sampled_from(["section", "actions", "context", "input", "header", "image", "rich_text", "markdown"])


wild_blocks = st.lists(
    st.builds(
        lambda kind, rest: {**rest, "type": kind},
        kinds,
        st.dictionaries(
            st.sampled_from(["text", "elements", "fields", "accessory", "element", "label", "block_id"]), json_values
        ),
    ),
    max_size=3,
)


@given(wild_blocks | json_values, json_values, json_values)
@settings(max_examples=100, deadline=None)
def test_wild_messages_are_judged_and_never_crash_the_judge(blocks: Any, attachments: Any, extra: Any) -> None:
    found = look_at_message({"text": "x", "blocks": blocks, "attachments": attachments, "metadata": extra}, ())
    assert found.error.startswith(("invalid_", "no_text")) or found.error == ""


@given(wild_blocks | json_values, json_values)
@settings(max_examples=100, deadline=None)
def test_wild_views_are_judged_and_never_crash_the_judge(blocks: Any, extra: Any) -> None:
    found = look_at_view({**FORM, "blocks": blocks, "private_metadata": extra}, (), ("modal",))
    assert found.error in ("", "invalid_arguments")


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ({"options": []}, True),
        ({"options": [option(i) for i in range(100)]}, True),
        ({"options": [option(i) for i in range(101)]}, False),
        ({"options": [option(text=plain("x" * 76))]}, False),
        ({"option_groups": [{"label": plain("g"), "options": [option()]}]}, True),
        ({}, False),
        ({"choices": []}, False),
        ({"options": [{"value": "no text"}]}, False),
        ({"options": 7}, False),
    ],
)
def test_suggestions(answer: Json, right: bool) -> None:
    assert (suggestions_faults(answer) == []) is right

"""A newsletter as plain text, without a single heading: read as one section, or by its lines in capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.chat.rich_text import LINK_TARGET
from bot.editions.importing.dialects.labeled_lines import with_own_lines
from bot.editions.importing.items.item_links import is_remark, title_by_address
from bot.editions.importing.items.references import paper_of
from bot.editions.importing.label_words import CLOSING, GREETING, LINK_LINE, SECTION_KINDS, SMALL_PRINT, SPECIAL_PARTS
from bot.editions.text_analysis.bullets import MARK

MAX_TITLE = 160
"""Characters of a title, of an edition or of an item."""
_URL = re.compile(r"https?://[^\s<>()\[\]\"']+")
_LINK = re.compile(rf"\[((?:\\.|[^\[\]\\])+)\]\(({LINK_TARGET})\)")
_BOLD_TITLE = re.compile(r"^(?:\*\*|__)(?P<title>[^*_\n\[\]]{3,200}?)(?:\*\*|__)(?P<rest>.*)$")
_NUMBERED = re.compile(r"^[ \t]*(?:[([]?(\d{1,2})\\?[.):\]]|([①-⑳])|#(\d{1,2})[.:]?)[ \t]+(?=\S)")
_DECORATION = "-=*_~#•·+ \t–—【】《》■◆●"
_FIRST_LEVEL = re.compile(r"^# (?=\S)", re.MULTILINE)
_RULE = re.compile(r"^[-=*_~#·• ]{3,}$")
_EMPHASIZED = re.compile(r"\*[^*\n]{1,500}\*|_[^_\n]{1,500}_")
_SIGNATURE = ("--", "—")
"""Lines of which the rest is a signature."""
_POINT = re.compile(rf"^[ \t]*{MARK}\S")


def with_headings(text: str, section: str) -> tuple[str, int]:
    """The text with headings where its lines are those of a title, of sections and of items; and the number of items.

    Items are numbered lines, lines with a link, and links below a line of their own. Sections whose items the reader
    finds itself stay as they are. What is in no section gets one with this name. Without any item the text stays.
    """
    if re.search(r"^#{3} |^## .*\]\(http", text, re.MULTILINE):
        return text, 0
    blocks = _split(_with_one_title(text))
    if blocks and SPECIAL_PARTS.get(blocks[0][0].strip(_DECORATION + ":：").casefold()) == "links":
        blocks[:1] = [[f"# {blocks[0][0].strip().strip(_DECORATION)}"], *filter(None, [blocks[0][1:]])]  # all there is
    starts, listed, numbered_lists = set[int](), set[int](), set[int]()
    for places in _sections(blocks):
        points = {n for n in places if _is_list_of_links(blocks[n])}
        listed |= points
        if any(_number(blocks[n][0]) for n in points):
            numbered_lists.update(places)
        if not points and not any(_LINK.match(blocks[n][0].strip(" *_")) for n in places):
            starts |= _item_starts(blocks, places)
    after_leave = _after_leave(blocks)
    starts, listed = starts - after_leave, listed - after_leave
    starts |= _numbered_starts(blocks, set(range(len(blocks))) - listed - numbered_lists - after_leave)
    has_sections = any(_is_heading(block) and not block[0].startswith("# ") for block in blocks)
    if not starts and (not listed or has_sections):
        return text, 0
    last = max(starts | listed)
    closing = next((n for n in range(len(blocks) - 1, last, -1) if _closes(blocks[n])), len(blocks))
    out: list[str] = []
    in_section = False
    for place, block in enumerate(blocks[:closing]):
        if place - 1 in starts and _is_link_of(blocks, place):
            continue  # it is in the heading
        lines = block
        if place == 0 and not _is_heading(block) and place not in starts | listed and _is_title(lines):
            out.append(f"# {lines[0].strip().strip(_DECORATION)}")
            lines = lines[1:]
        if heading := "" if _is_heading(block) else _section_heading(lines):
            out.append(f"## {heading}")
            lines = lines[1:]
        in_section = in_section or bool(heading) or "".join(lines[:1]).startswith("## ")
        if place in starts | listed and not in_section:
            out.append(f"## {section}")
            in_section = True
        if lines:
            link = blocks[place + 1] if _is_link_of(blocks, place + 1) else []
            out += _item([*lines[:1], *link, *lines[1:]]) if place in starts else ["\n".join(lines)]
    if closing < len(blocks):
        blocks[closing] = [line for line in blocks[closing] if line.strip() not in _SIGNATURE]
        out += ["---", *("\n".join(block) for block in blocks[closing:] if block)]
    return "\n\n".join(out) + "\n", len(starts) + sum(
        _is_point(line) and not line[0].isspace() for n in listed for line in blocks[n]
    )


def _after_leave(blocks: Sequence[Sequence[str]]) -> set[int]:
    """Places of the blocks from the words of leave on, and of small print: none of them begins an item."""
    found = {n for n, block in enumerate(blocks) if SMALL_PRINT.search(" ".join(block))}
    for place in range(len(blocks) - 1, -1, -1):
        if _is_heading(blocks[place]) or _number(blocks[place][0]):
            break
        if CLOSING.match(blocks[place][0].strip()):
            found.update(range(place, len(blocks)))
    return found


def _with_one_title(text: str) -> str:
    """The text with the headings of one mark that are no title as those of sections: all but one that comes first."""
    ones = list(_FIRST_LEVEL.finditer(text))
    keep = bool(ones) and not text[: ones[0].start()].strip()
    if not ones[keep:] or re.search(r"^#{2,6} ", text, re.MULTILINE):
        return text
    first = ones[keep].start()
    return text[:first] + _FIRST_LEVEL.sub("## ", text[first:])


def _is_heading(block: Sequence[str]) -> bool:
    return block[0].startswith("#") and bool(re.match(r"#{1,6} ", block[0]))


def _sections(blocks: Sequence[Sequence[str]]) -> Iterator[list[int]]:
    """Places of the blocks of each section, without its heading. References and the like are none.

    What comes before the first section is one of its own if there is no other.
    """
    found: list[list[int]] = [[]]
    special, titled = False, False
    for place, block in enumerate(blocks):
        name = block[0].lstrip("# ") if _is_heading(block) else _section_heading(block)
        if name and not block[0].startswith("# "):
            special, titled = name.strip(" :：").casefold() in SPECIAL_PARTS, True
            found.append([])
        if not special and not _is_heading(block) and (not name or len(block) > 1):
            found[-1].append(place)
    is_list = any(_is_list_of_links(blocks[n]) and _paper_in(blocks[n]) for n in found[0])
    yield from found[1:] if titled and any(found[1:]) and not is_list else found


def _split(text: str) -> list[list[str]]:
    """The blocks of lines between blank lines; a line of signs alone divides too."""
    blocks: list[list[str]] = [[]]
    lines = text.split("\n")
    linked: list[str] | None = None  # the last block that has a link
    for at, line in enumerate(lines):
        if not line.strip() and _is_captioned(blocks[-1], lines[at + 1 : at + 3]):
            continue  # the caption stays with its picture
        if not line.strip() or _RULE.match(line.strip()):
            blocks.append([])
        elif line.startswith("#"):
            blocks += [[line], []]
        else:
            following = lines[at + 1] if at + 1 < len(lines) else ""
            if _NUMBERED.match(line) and (linked is blocks[-1] or _begins_item([line, following])):
                blocks.append([])  # the next of items without blank lines between them
            elif blocks[-1] and _POINT.match(line) and _URL.search(line) and not any(map(_is_point, blocks[-1])):
                blocks.append([])  # a list of links directly below a sentence
            elif blocks[-1] and line.strip(_DECORATION + ":：").casefold() in SECTION_KINDS and _is_point(following):
                blocks.append([])  # the next section
            blocks[-1].append(line.rstrip())
            if _URL.search(line):
                linked = blocks[-1]
    return [block for block in blocks if block]


def _is_captioned(block: Sequence[str], following: Sequence[str]) -> bool:
    """True if a block is a picture, and an emphasized line comes next."""
    caption = next((line.strip() for line in following if line.strip()), "")
    return len(block) == 1 and _is_picture(block[0]) and bool(_EMPHASIZED.fullmatch(caption))


def _is_picture(line: str) -> bool:
    return line.lstrip().startswith("![")


def _item_starts(blocks: Sequence[Sequence[str]], within: Sequence[int]) -> set[int]:
    """Places of the blocks of a section that begin an item."""
    places = [n for n in within if not _is_list(blocks[n])]
    numbered = [n for n in places if _number(blocks[n][0])]
    rising = [n for place, n in enumerate(numbered, 1) if _number(blocks[n][0]) == place]
    texts = [line for n in within if rising and n >= rising[0] for line in blocks[n]]
    if len(numbered) > 1 and all(_number(blocks[n][0]) == 1 and _URL.search(" ".join(blocks[n])) for n in numbered):
        return set(numbered)  # Markdown counts by itself
    if len(rising) > 1 and any(map(_URL.search, texts)):
        return set(rising)
    if found := {n for n in rising if _URL.search(" ".join(blocks[n]))}:
        return found
    found = {
        n for n in places if _leads_with_link(blocks[n]) or (_is_title(blocks[n]) and _is_bare_link(blocks, n + 1))
    }
    found -= {n for n in found if n - 1 in found and _is_bare_link(blocks, n) and not _leads_with_link(blocks[n - 1])}
    return found or {n for n in places if _paper_in(blocks[n]) and not blocks[n][0].lstrip().startswith("[")}


def _numbered_starts(blocks: Sequence[Sequence[str]], within: set[int]) -> set[int]:
    """Places of the blocks that begin an item by a number and a link, in whatever part: their numbers rise."""
    found, last, special = set[int](), 0, False
    for place, block in enumerate(blocks):
        if name := block[0].lstrip("# ") if _is_heading(block) else _section_heading(block):
            special = name.strip(" :：").casefold() in SPECIAL_PARTS
            last = 0
        number = _number(block[0])
        linked = _begins_item(block) or (len(block) == 1 and _is_bare_link(blocks, place + 1))
        if place in within and not special and linked and number > last and not _has_points_below(block):
            found.add(place)
            last = number
    return found


def _begins_item(block: Sequence[str]) -> bool:
    """True for a numbered line of a title's length with a link, or with one that begins the next line."""
    first, following = block[0], block[1] if len(block) > 1 else ""
    if not _number(first) or len(first) > MAX_TITLE + 200:
        return False
    return bool(_URL.search(first) or _URL.match(following.strip(" <(→")))


def _has_points_below(block: Sequence[str]) -> bool:
    """True for a point with its link and indented points below: an item of a list."""
    rest = block[1:]
    return bool(_URL.search(block[0]) and rest) and all(line[0].isspace() and _is_point(line) for line in rest)


def _is_point(line: str) -> bool:
    return bool(_POINT.match(line) or _number(line))


def _number(line: str) -> int:
    """The number that a line begins with; 0 if it has none."""
    if not (found := _NUMBERED.match(line)):
        return 0
    return int(found[1] or found[3]) if found[1] or found[3] else ord(found[2]) - ord("①") + 1


def _is_list(block: Sequence[str]) -> bool:
    """True for several points, of which none has a link."""
    points = list(filter(_is_point, block))
    if _begins_item(block) and not _has_points_below(block):
        return False
    return len(points) > 1 or bool(_POINT.match(block[0]))


def _is_list_of_links(block: Sequence[str]) -> bool:
    """True for points that each have a link, perhaps with points below them: an item each."""
    points = [line for line in block if not line[0].isspace() and _is_point(line)]
    return bool(points) and _is_list(block) and all(_URL.search(line) for line in points)


def _leads_with_link(block: Sequence[str]) -> bool:
    """True if a block's first line is a link, or a title with its link behind it or on the next line."""
    first = block[0].strip()
    if len(first) > MAX_TITLE + 200 or _is_picture(first):
        return False
    if found := _URL.search(first):
        rest = first[found.end() :].strip(" ).:>]")
        return len(first[: found.start()]) <= MAX_TITLE and not rest
    return len(block) > 1 and len(first) <= MAX_TITLE and bool(_URL.match(block[1].strip(" <(→")))


def _is_bare_link(blocks: Sequence[Sequence[str]], place: int) -> bool:
    return place < len(blocks) and bool(_URL.fullmatch(blocks[place][0].strip(" <>()")))


def _paper_in(block: Sequence[str]) -> str:
    """The first link to a paper in a block; empty if there is none."""
    return next((url for url in _URL.findall(" ".join(block)) if paper_of(url.rstrip(".,;:"))), "").rstrip(".,;:")


def _is_link_of(blocks: Sequence[Sequence[str]], place: int) -> bool:
    """True for a link alone whose title is the block before it, which has no other."""
    if not _is_bare_link(blocks, place) or len(blocks[place]) > 1:
        return False
    return not _is_heading(blocks[place - 1]) and not _URL.search(" ".join(blocks[place - 1]))


def _item(block: Sequence[str]) -> Iterator[str]:
    """A block as the heading of an item and its other lines."""
    first, rest = block[0].strip(), list(block[1:])
    number = _number(first)
    if not number and not _leads_with_link(block) and (url := _paper_in(block)):  # a sentence about it, without a title
        label = next((one[1] for one in _LINK.finditer(" ".join(block)) if one[2] == url), url)
        yield f"### [{url if LINK_LINE.match(label) else label}]({url})"
        yield "\n".join(block)
        return
    first = _NUMBERED.sub("", first, count=1)
    url = ""
    if (bold := _BOLD_TITLE.match(first)) and (found := _LINK.search(bold["rest"])):
        url, rest = found[2], [bold["rest"].lstrip(" –—:,.-"), *rest]
        first = bold["title"].rstrip(" .:,")
    elif (found := _LINK.match(first)) and (said := first[found.end() :].strip(" *_.,:;–—|-")):
        url, rest = found[2], [said if first[found.end() :].lstrip(" *_")[:1] in ".,:;–—|-" else first, *rest]
        first = found[1]
    elif found := _LINK.search(first):
        url, first = found[2], first.replace(found[0], found[1])
    elif found := _URL.search(first):
        url, before, after = found[0].rstrip(".,;:"), first[: found.start()], first[found.end() :].lstrip("> )]")
        if _trimmed(before) and re.match(r"[–—:|,.-]+\s+\S", after):
            first, rest = _trimmed(before), [after.lstrip(" –—:|,.-"), *rest]
        elif not _trimmed(before) and (name := title_by_address(url)) and is_remark(words := after.lstrip(" –—:|,.-")):
            first, rest = name, [words, *rest]
        else:
            first = _trimmed(" ".join(f"{before.rstrip(' <([')} {after}".split()))
    elif rest and (found := _URL.fullmatch(rest[0].strip(" <>()→"))):
        url = found[0]
        del rest[0]
    lead = f"{number}. " if number else ""
    title = re.sub(r"([\[\]])", r"\\\1", first) or url
    yield f"### {lead}[{title}]({url})" if url else f"### {lead}{first}"
    if rest:
        yield with_own_lines("\n".join(line.strip() if _NUMBERED.match(block[0]) else line for line in rest))


def _trimmed(title: str) -> str:
    """A title from which an address was taken, without the signs that stood around it; closed brackets stay."""
    title = title.strip(" <>:→–—-|[]")
    while title.endswith(")") and title.count(")") > title.count("("):
        title = title[:-1].rstrip()
    while title.startswith("(") and title.count("(") > title.count(")"):
        title = title[1:].lstrip()
    return title.rstrip(" (")


def _is_title(block: Sequence[str]) -> bool:
    line = block[0].strip()
    return (
        (len(block) == 1 or bool(_RULE.match(block[1])))
        and len(line) <= MAX_TITLE
        and not _URL.search(line)
        and not GREETING.match(line)
        and not line.endswith((".", ",", ":", "。", "，"))
    )


def _section_heading(block: Sequence[str]) -> str:
    """The heading of a section that a block begins with: a line in capitals, between signs, or with a known name."""
    line = block[0].strip() if block else ""
    words = line.strip(_DECORATION + ":：").strip()
    if not words or len(words) > 60 or _URL.search(line) or _number(line):
        return ""
    known = words.casefold() in SECTION_KINDS or words.casefold() in SPECIAL_PARTS
    is_framed = line[0] in _DECORATION and line[-1] in _DECORATION and line[0] != " "
    letters = [char for char in words if char.isalpha()]
    in_capitals = len(letters) > 3 and words.upper() == words and words.lower() != words
    return words if known or is_framed or (in_capitals and len(block) <= 2) else ""


def _closes(block: Sequence[str]) -> bool:
    """True for what follows the last item: "See you next week", a name after a dash."""
    return (
        block[0].strip() in _SIGNATURE
        or bool(CLOSING.match(block[0].strip()))
        or (len(block) == 1 and bool(re.match(r"^[—–-]{1,2} ?\w", block[0])))
    )

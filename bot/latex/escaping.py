r"""Escaping of text for LaTeX and BibTeX.

arXiv's titles are LaTeX already (`$\alpha$`, `Schr\"odinger`), or plain text with characters that are special in LaTeX
(`&`, `%`, `_`). Formulas and known commands stay; other commands lose their backslash, so that no `\input` in a title
can read a reader's files; accented letters become commands, which every BibTeX sorts and prints.
"""

from __future__ import annotations

import re
import unicodedata

_PRINTING = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau
upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell hbar partial nabla
infty times cdot cdots ldots dots pm mp to rightarrow leftarrow leftrightarrow Rightarrow longrightarrow mapsto
leq geq le ge neq ne ll gg sim simeq approx equiv propto in notin subset subseteq cup cap forall exists emptyset
sum prod int sqrt frac binom log ln exp sin cos tan min max sup inf lim det dim ker arg bar hat tilde vec dot ddot
overline underline widehat widetilde left right langle rangle lvert rvert lfloor rfloor lceil rceil mid perp
parallel oplus otimes circ bullet star ast dagger prime angle triangle wedge vee
mathcal mathbb mathrm mathbf mathfrak mathsf mathit mathscr boldsymbol operatorname text textrm textit textbf
texttt textsf textsc textsuperscript textsubscript emph bf it rm sf sc tt em
quad qquad ss o O l L ae AE oe OE aa AA i j dj DJ dh DH th TH c v u H k r d b
ensuremath textbackslash textbraceleft textbraceright textdegree textasciitilde
"""
COMMANDS = frozenset(_PRINTING.split())
"""Commands that only print. Any other command in a title loses its backslash."""

_SPECIAL_CHARACTERS = frozenset("'`^\"~=.&%$#_{} ,;:!-/@")
"""Characters allowed after a backslash: accents, and escaped special characters."""

_MARKS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0328": "k",
    "\u0331": "b",
}  # fmt: skip
"""Combining marks and the commands that print them."""

_LETTERS = {
    "ß": r"{\ss}", "ø": r"{\o}", "Ø": r"{\O}", "ł": r"{\l}", "Ł": r"{\L}", "æ": r"{\ae}", "Æ": r"{\AE}",
    "œ": r"{\oe}", "Œ": r"{\OE}", "ı": r"{\i}", "đ": r"{\dj}", "Đ": r"{\DJ}", "ð": r"{\dh}", "Ð": r"{\DH}",
    "þ": r"{\th}", "Þ": r"{\TH}", "–": "--", "—": "---", "“": "``", "”": "''", "‘": "`", "’": "'",
    "…": r"{\ldots}", "\u00a0": "~", "°": r"{\textdegree}",
}  # fmt: skip
_GREEK_LETTERS = "αβγδεζηθικλμνξπρστυφχψωϕϵϑΓΔΘΛΞΠΣΥΦΨΩµ"
_GREEK_COMMANDS = (
    r"alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon varphi chi "
    r"psi omega phi epsilon vartheta Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega mu"
)
_GREEK = dict(zip(_GREEK_LETTERS, _GREEK_COMMANDS.split(), strict=True))
_FOLDED = {"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "đ": "d", "ð": "d", "þ": "th"}

_MATH = re.compile(r"(?<!\\)\$(?=\S)((?:\\.|[^$\\])+?)(?<=\S)(?<!\\)\$(?!\d)")
"""A formula, told apart from money by pandoc's rule: no space inside the dollars, no digit after them."""
_DISPLAYED = re.compile(r"(?<![\\$])\$\$(?=[^\s$])([^$]+?)(?<=\S)\$\$(?!\$)")
_PIECE = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)


def escape(text: str) -> str:
    r"""The text for a LaTeX document or a BibTeX field: `R&D` becomes `R\&D`, `é` becomes `{\'e}`."""
    text = _DISPLAYED.sub(r"$\1$", unicodedata.normalize("NFC", text))
    if not _balanced(text):
        return _pieces(text, braces=False)
    done, at = [], 0
    for found in _MATH.finditer(text):
        if _balanced(found[1]) and "^^" not in found[1]:  # TeX reads ^^5c as a backslash
            done += [_pieces(text[at : found.start()]), f"${_pieces(found[1], math=True)}$"]
            at = found.end()
    return "".join((*done, _pieces(text[at:])))


def plain_letters(text: str) -> str:
    """ASCII letters and digits of a text in lower case, without accents: `Łukasz` is `lukasz`."""
    folded = "".join(_FOLDED.get(c, c) for c in text.lower())
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if c.isascii() and c.isalnum())


def _pieces(text: str, *, math: bool = False, braces: bool = True) -> str:
    return "".join(_piece(piece, math, braces) for piece in _PIECE.findall(text))


def _piece(piece: str, math: bool, braces: bool) -> str:
    if piece[0] == "\\":
        return _command(piece, braces)
    if piece in "{}":
        return piece if braces else ""
    if piece in "%#&" or (piece in "_$" and not math):
        return "\\" + piece
    if piece == "^" and not math:
        return r"\^{}"
    if math and piece in _GREEK:
        return rf"{{\{_GREEK[piece]}}}"
    return piece if math or piece.isascii() else _letter(piece)


def _command(piece: str, braces: bool) -> str:
    r"""A command that may stay; of any other, its name. `\\` (a line break) becomes a space."""
    name = piece[1:]
    if not name:
        return r"{\textbackslash}"
    if name in "{}" and not braces:
        return r"{\textbraceleft}" if name == "{" else r"{\textbraceright}"
    if name == "\\":
        return " "
    if name in COMMANDS or name in _SPECIAL_CHARACTERS:
        return piece
    return name if name.isascii() else _letter(name)


def _letter(character: str) -> str:
    """A non-ASCII character as a command if there is one, else unchanged (modern LaTeX reads UTF-8)."""
    if known := _LETTERS.get(character):
        return known
    if name := _GREEK.get(character):
        return rf"{{\ensuremath{{\{name}}}}}"
    base, *marks = list(unicodedata.normalize("NFD", character))
    if len(marks) != 1 or not (base.isascii() and base.isalpha()) or marks[0] not in _MARKS:
        return character
    sign = _MARKS[marks[0]]
    if base in "ij" and sign not in "dkcb":
        base = rf"\{base}"
    return f"{{\\{sign}{{{base}}}}}" if sign.isalpha() or base[0] == "\\" else f"{{\\{sign}{base}}}"


def _balanced(text: str) -> bool:
    """True if braces pair up; BibTeX counts escaped ones too."""
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0

"""Tables of LaTeX commands and their text, and rules for single characters."""

from __future__ import annotations

import re
import unicodedata


def _pairs(table: str) -> dict[str, str]:
    """Dictionary of a table `name sign name sign …`."""
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


SYMBOLS = _pairs(
    """
    alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε eps ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ
    varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ
    phi ϕ varphi φ chi χ psi ψ omega ω
    Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
    infty ∞ nabla ∇ partial ∂ ell ℓ hbar ℏ imath ı jmath ȷ Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ emptyset ∅ varnothing ∅
    forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ prime ′ angle ∠ triangle △ square □ Box □ blacksquare ■
    qed ∎ diamond ⋄ Diamond ◇ lozenge ◊ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ flat ♭ natural ♮ sharp ♯
    checkmark ✓ cmark ✓ xmark ✗ star ⋆ bigstar ★ ast ∗ bullet • bigcirc ◯ dagger † dag † ddagger ‡ ddag ‡
    sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀
    ldots … dots … dotsc … dotsb … textellipsis … cdots ⋯ vdots ⋮ ddots ⋱ degree ° celsius °C textdegree ° percent %
    langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ lVert ‖ rVert ‖ Vert ‖ lvert | rvert | vert | lbrace {
    rbrace } lbrack [ rbrack ] backslash \\ textbackslash \\ slash / textasciitilde ~ textasciicircum ^
    textunderscore _ textbar | textgreater > textless < textquotesingle ' textquotedbl " textquoteleft ‘
    textquoteright ’ textquotedblleft “ textquotedblright ” guillemotleft « guillemotright » textendash – endash –
    textemdash — emdash — textbullet • textperiodcentered · textmu μ micro μ textonehalf ½ texttimes × textpm ±
    textregistered ® texttrademark ™ textcopyright © copyright © S § P ¶ pounds £ textsterling £ euro € texteuro €
    textdollar $ LaTeX LaTeX TeX TeX ie i.e. eg e.g. etal et␣al. etc etc. vs vs. cf cf. wrt w.r.t. quad ␣ qquad ␣
    space ␣ nobreakspace ␣ enspace ␣ thinspace ␣ newline ␣ linebreak ␣ par ␣ item •
    """
)
SYMBOLS = {name: sign.replace("␣", " ") for name, sign in SYMBOLS.items()}

LETTERS = _pairs(
    """
    ss ß SS ẞ o ø O Ø l ł L Ł ae æ AE Æ oe œ OE Œ aa å AA Å dh ð DH Ð th þ TH Þ dj đ DJ Đ ng ŋ NG Ŋ i ı j ȷ
    """
)
"""Letters within words: the space after the command is part of the command."""

RELATIONS = _pairs(
    """
    times × cdot · div ÷ pm ± mp ∓ circ ∘ oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙ boxplus ⊞ boxtimes ⊠ wedge ∧ land ∧
    vee ∨ lor ∨ cup ∪ cap ∩ sqcup ⊔ sqcap ⊓ uplus ⊎ setminus ∖ smallsetminus ∖ ltimes ⋉ rtimes ⋊ Join ⋈ bowtie ⋈
    le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ne ≠ neq ≠ ll ≪ gg ≫ lll ⋘ ggg ⋙ lesssim ≲ gtrsim ≳ approx ≈
    thickapprox ≈ sim ∼ thicksim ∼ simeq ≃ cong ≅ equiv ≡ asymp ≍ doteq ≐ propto ∝ varpropto ∝ prec ≺ succ ≻
    preceq ⪯ succeq ⪰ triangleq ≜ coloneqq ≔ coloneq ≔ eqqcolon ≕ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆
    subsetneq ⊊ supset ⊃ supseteq ⊇ supsetneq ⊋ nsubseteq ⊈ perp ⊥ parallel ∥ nparallel ∦ mid | nmid ∤ vdash ⊢
    models ⊨ vDash ⊨ to → rightarrow → longrightarrow ⟶ leftarrow ← longleftarrow ⟵ gets ← leftrightarrow ↔
    longleftrightarrow ⟷ Rightarrow ⇒ Longrightarrow ⟹ implies ⟹ Leftarrow ⇐ impliedby ⟸ Leftrightarrow ⇔ iff ⟺
    mapsto ↦ longmapsto ⟼ hookrightarrow ↪ hookleftarrow ↩ rightharpoonup ⇀ rightleftharpoons ⇌ leadsto ⇝
    rightsquigarrow ⇝ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘ swarrow ↙
    nwarrow ↖ textrightarrow → textleftarrow ← textuparrow ↑ textdownarrow ↓ colon :
    """
)
"""Operators, relations and arrows, with equal space on both sides in a formula."""

FUNCTIONS = _words(
    """arccos arcsin arctan arg argmax argmin cos cosh cot coth csc deg det dim erf exp gcd hom inf ker lg lim liminf
    limsup ln log max min mod poly polylog Pr rank sec sgn sign sin sinh sup tan tanh tr"""
)

ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
    "bar": "\u0304", "overline": "\u0304", "dot": "\u0307", "ddot": "\u0308", "check": "\u030c", "breve": "\u0306",
    "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a", "vec": "\u20d7",
}  # fmt: skip
"""Accent commands and their combining marks."""

DECLARATIONS = _words(
    """em bf it sc tt sf rm sl cal frak bfseries itshape scshape slshape upshape mdseries ttfamily sffamily rmfamily
    normalfont tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge centering noindent
    displaystyle textstyle scriptstyle limits nolimits left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl
    biggr Biggl Biggr bigm protect xspace relax nonumber notag hfill maketitle boldmath unboldmath"""
)
"""Commands that change the style of the following text, and print nothing."""

HIDDEN_ARGUMENT = _words(
    """label vspace hspace mspace mkern kern color definecolor includegraphics begin end phantom hphantom vphantom
    setlength thispagestyle pagestyle bibliographystyle bibliography usepackage nocite index"""
)
"""Commands with an argument that is not printed."""

ARGUMENT_COUNTS = {"href": 2, "textcolor": 2, "hyperlink": 2, "hypertarget": 2, "hyperref": 2, "colorbox": 2,
              "scalebox": 2, "raisebox": 2, "rotatebox": 2, "parbox": 2, "foreignlanguage": 2, "resizebox": 3,
              "fcolorbox": 3, "multicolumn": 3}  # fmt: skip
"""Number of arguments of commands that print only the last one."""

SPACINGS = {",": " ", ";": " ", ":": " ", ">": " ", " ": " ", "\n": " ", "\t": " ", "\\": " ",
            "!": "", "-": "", "/": "", "@": "", "|": "‖"}  # fmt: skip
"""Text of a backslash with one non-letter; any other such character prints as itself."""

ALPHABETS = _words("mathcal mathbb mathbf mathrm mathsf mathtt mathit mathfrak mathscr mathds mathbbm boldsymbol bm")
DOUBLE_STRUCK = str.maketrans("CNPQRZ", "ℂℕℙℚℝℤ")

SUPERSCRIPTS = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθϕφχ′*∗∘°⊤†‡⋆",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵠᵡ′**°°ᵀ†‡⋆",
)
SUBSCRIPTS = str.maketrans(
    "0123456789+-−=()aehijklmnoprstuvxβγρϕφχ",
    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵩᵪ",
)

_LONGEST_SCRIPT = 30
_FOUR_LETTERS = re.compile(r"[^\W\d_]{4}")
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
_CODE_POINT = re.compile(r"x([0-9A-Fa-f]{1,6})|([0-9]{1,7})")


def with_accent(text: str, mark: str) -> str:
    """The text with a combining mark on its first character, composed if Unicode has the letter."""
    letter = {"ı": "i", "ȷ": "j"}.get(text[:1], text[:1])
    return unicodedata.normalize("NFC", letter + mark) + text[1:] if letter else ""


def script(sign: str, text: str) -> str:
    """A superscript or subscript: in small characters if Unicode has them all, else after ^ or _.

    Words of four or more letters stay large, because L_total is easier to read.
    """
    table = SUPERSCRIPTS if sign == "^" else SUBSCRIPTS
    text = text.strip()
    small = text.replace(" ", "")
    if len(small) <= _LONGEST_SCRIPT and not _FOUR_LETTERS.search(small) and all(ord(c) in table for c in small):
        return small.translate(table)
    whole = len(text) == 1 or _DECIMAL.fullmatch(text) or _is_word(text)
    return sign + text if whole else f"{sign}({text})"


def _is_word(text: str) -> bool:
    """True for letters and digits of normal size."""
    return text.replace("_", "").isalnum() and unicodedata.is_normalized("NFKC", text)


def keep_argument(term: str) -> str:
    """A term of a fraction or a root, in brackets if it has several characters."""
    return term if len(term) <= 1 or term.isdigit() else f"({term})"


def parse_character(code: str) -> str:
    r"""Character of \unicode{x2013}, if it is printable; else ""."""
    found = _CODE_POINT.fullmatch(code.strip())
    point = (int(found[1], 16) if found[1] else int(found[2])) if found else 0
    return chr(point) if point <= 0x10FFFF and chr(point).isprintable() else ""

"""Words that newsletters in the languages of editions put before their parts: themes, Why, key insights, links."""

from __future__ import annotations

import re
from typing import Literal

from bot.editions.model.document import SectionKind

SpecialPart = Literal["themes", "contents", "references", "links", "corrections"]
"""Parts under a heading that are no section."""

_PARTS: dict[SpecialPart, str] = {
    "themes": """major themes|major themes of the latest papers|themes|themen|die themen|die großen themen|hauptthemen|
        die wichtigsten themen|wichtige themen|thèmes|les grands thèmes|temas|grandes temas|temi|i grandi temi|thema's|
        de grote thema's""",
    "contents": """contents|table of contents|in this edition|inhalt|inhaltsverzeichnis|in dieser ausgabe|sommaire|
        table des matières|contenido|contenidos|índice|indice|contenuti|conteúdo|inhoud|inhoudsopgave""",
    "references": """references|bibliography|works cited|quellen|literatur|literaturverzeichnis|referenzen|références|
        bibliographie|referencias|bibliografía|riferimenti|bibliografia|referências|referenties|bronnen|literatuur|
        参考文献|文献|βιβλιογραφία|αναφορές""",
    "links": """all content links|content links|all links|alle links|links|liens|tous les liens|enlaces|
        todos los enlaces|tutti i link|todas as ligações|todos os links""",
    "corrections": """corrections|errata|korrekturen|berichtigungen|corrections et précisions|correcciones|correzioni|
        correções|correcties""",
}
_SECTIONS: dict[SectionKind, str] = {
    "news": """news|upcoming|coming up|next meetings?|à venir|prochainement|demnächst|ausblick|próximamente|
        prossimamente|お知らせ|予定|公告|dates|events|announcements|termine|veranstaltungen|ankündigungen|agenda|annonces|fechas|eventos|
        appuntamenti|nachrichten|neuigkeiten|neues|meldungen|actualités|nouvelles|noticias|novedades|notizie|notícias|
        nieuws|新闻|资讯|ニュース|νέα|ειδήσεις""",
    "code": """code|code examples|tools|code and tools|libraries|code und werkzeuge|werkzeuge|programme|outils|
        código|herramientas|strumenti|codice|ferramentas|gereedschap|代码|工具|コード|ツール|κώδικας|εργαλεία""",
    "meta": "meta|about this newsletter|in eigener sache",
    "picks": """links|liens|enlaces|more links|
        also on|also|picks|also worth a look|außerdem|auch lesenswert|lesenswert|à lire aussi|también|
        da leggere|também|ook lezenswaardig""",
}
_SUMMARY = "tl;?dr|in short|in a nutshell|the gist|kurz gesagt|in kürze|一句话"
_WHY = f"""{_SUMMARY}|reason|why|why it matters|why read it|
    why this matters|warum|warum lesen|warum das wichtig ist|warum es wichtig ist|darum|pourquoi|pourquoi
    le lire|por qué|por qué importa|perché|perché leggerlo|porquê|por que|waarom|
    почему|зачем читать|чем интересно|dlaczego|varför|hvorfor|miksi|proč|miért|neden|чому|de ce|왜|추천 이유|
    推荐理由|为什么|为何|なぜ|理由|注目点|γιατί"""
_INSIGHTS = """key insights?|insights?|key takeaways?|takeaways?|key points?|kernaussagen?|kernpunkte?|kernidee[n]?|
    erkenntnisse?|die wichtigsten punkte|points? clés?|idées? clés?|à retenir|ideas? clave|puntos? clave|
    главное|ключевые идеи|основные выводы|kluczowe wnioski|viktiga insikter|핵심|주요 내용|
    punt[oi] chiave|ide[ei]as?-chave|pontos?-chave|kernpunt(?:en)?|inzicht(?:en)?|要点|关键要点|主要结论|ポイント|
    主なポイント|βασικά σημεία"""
_LINKS = """content link|paper|paper link|link|links|arxiv|abstract|pdf|code|blog|blog post|demo|project|project page|
    data|dataset|video|talk|slides|poster|website|model|weights|openreview|hugging ?face|colab|
    read more|source|github|projekt|projektseite|daten|datensatz|quelle|mehr|artikel|
    beitrag|code|article|projet|données|source|artículo|proyecto|datos|fuente|articolo|progetto|dati|fonte|artigo|
    projeto|dados|bron|论文|論文|链接|リンク|代码|コード|项目|σύνδεσμος|άρθρο"""


def _words(listed: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"\s*\|\s*", " ".join(listed.split())) if word)


SPECIAL_PARTS: dict[str, SpecialPart] = {word: part for part, listed in _PARTS.items() for word in _words(listed)}
"""Headings of parts that are no section, case-folded."""
SECTION_KINDS: dict[str, SectionKind] = {word: kind for kind, listed in _SECTIONS.items() for word in _words(listed)}
"""Headings of sections that are no theme, case-folded."""
WHY = re.compile(rf"^\W*(?:{'|'.join(_words(_WHY))})\W*$", re.IGNORECASE)
SUMMARY = re.compile(rf"^\W*(?:{_SUMMARY})\W*$", re.IGNORECASE)
"""Labels of a summary, which is the Why of an item that has no other."""
INSIGHTS = re.compile(rf"^\W*(?:{'|'.join(_words(_INSIGHTS))})\W*$", re.IGNORECASE)
LINK_LINE = re.compile(rf"^\W*(?:{'|'.join(_words(_LINKS))})s?\b\W*$", re.IGNORECASE)
GREETING = re.compile(
    r"^(?:dear|hello|hi|hey|welcome|lieber?|liebes|hallo|moin|servus|guten (?:tag|morgen|abend)|chère?s?|bonjour|salut|"
    r"querid[oa]s?|hola|estimad[oa]s?|car[ieoa]|ciao|olá|car[oa]s|beste|dag|αγαπητ\w+|γεια|"
    r"дороги[ей]|привет|всем привет|здравствуйте|уважаемые|cześć|drodzy|szanowni|hej|kära|kære|hei|ahoj|milí|vážení|"
    r"sziasztok|kedves|merhaba|sevgili|dragi|вітаю)\b|"
    r"^(?:亲爱的|各位|大家好|皆さん|みなさん|こんにちは)",
    re.IGNORECASE,
)
CLOSING = re.compile(
    r"^(?:best|cheers|see you|until next|happy reading|thanks for reading|thank you for reading|that[’']s (?:it|all)|"
    r"yours|regards|viele grüße|liebe grüße|herzliche grüße|bis (?:bald|nächste|zum nächsten)|tschüss|"
    r"viel spaß|à bientôt|à la semaine|bonne lecture|hasta (?:pronto|la próxima)|saludos|un saludo|a presto|"
    r"alla prossima|até (?:breve|a próxima)|tot (?:ziens|volgende)|groet|"
    r"до (?:встречи|скорого|свидания|новых встреч)|всего (?:доброго|хорошего)|с уважением|хорошего чтения|до зустрічі|"
    r"do (?:zobaczenia|usłyszenia|następnego)|pozdrawiam|miłej lektury|vi ses|hälsningar|nähdään|na shledanou|"
    r"üdvözlettel|görüşmek üzere|iyi okumalar|pe curând|καλή ανάγνωση)\b|"
    r"^(?:下期再见|下周见|それでは|また次回)",
    re.IGNORECASE,
)
"""The beginning of what follows the last item of a newsletter."""
SMALL_PRINT = re.compile(
    r"\b(?:unsubscribe|read (?:it )?online(?=\]\()|"
    r"view (?:it |this )?(?:e?mail )?in (?:your |a )?browser|abmelden|abbestellen|abbestellung|"
    r"désabonner|désinscri\w+|darse de baja|cancelar la suscripción|disiscri\w+|annulla l.iscrizione|afmelden|"
    r"uitschrijven|(?:update|manage) (?:your )?(?:e?mail )?(?:preferences|subscription)s?|all rights reserved|"
    r"you(?: are|.re)? (?:receiving|received|getting) this|our mailing address|sie erhalten diese|"
    r"forwarded this (?:e?mail|newsletter))\b|/listinfo/|\bmailing list\n",
    re.IGNORECASE,
)
"""Words of the lines that mail programs put around a newsletter: unsubscribe, view in your browser."""

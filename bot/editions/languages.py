"""Editions in other languages: the words around the texts, the badges and the titles, by the language a club has set.

A language that is not here has its texts written in it all the same, with English around them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.editions.labels import ENGLISH, Labels

CODES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "portuguese": "pt", "português": "pt", "italian": "it", "italiano": "it", "dutch": "nl",
    "nederlands": "nl", "japanese": "ja", "chinese": "zh", "korean": "ko", "arabic": "ar",
}  # fmt: skip
"""Languages by their codes (BCP 47), for whoever reads the page aloud."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """What an edition says in one language beside its texts."""

    labels: Labels = ENGLISH
    weekly_update: str = "Weekly Update — {day}"
    monthly_update: str = "Monthly Update — {month}"
    weekly_best: str = "Best of the Week — {day}"
    monthly_best: str = "Best of {month}"
    link_brought: str = "{n} link brought"
    links_brought: str = "{n} links brought"
    vote_cast: str = "{n} vote cast"
    votes_cast: str = "{n} votes cast"
    and_: str = " and "
    by_member: str = "by {n} member of {club}"
    by_members: str = "by {n} members of {club}"
    sign_off: tuple[str, str] = (
        "Thank you for reading! What will you read next? Bring it with ",
        " and vote for what the others brought.",
    )
    summaries_from: str = "Summaries from"
    own_sentences: str = "the abstracts’ own sentences"
    badges: Mapping[str, str] = field(default_factory=dict)
    """What a badge of a kind says, where that is not English."""


def code(language: str) -> str:
    """The code of a language by its name; English's where nobody knows it."""
    return CODES.get(language.strip().lower(), "en")


def tongue(language: str) -> Tongue:
    """What an edition in that language says around its texts."""
    return TONGUES.get(code(language), ENGLISH_TONGUE)


ENGLISH_TONGUE = Tongue()

GERMAN = Tongue(
    Labels(
        themes="Die großen Themen", contents="Inhalt", why="Warum", insights="Kernpunkte",
        quotes="In den Worten der Autoren", related="Verwandt", said="Was der Club dazu sagte",
        brought_by="Eingebracht von", discussion="Diskussion", video="Diese Ausgabe als Video", references="Literatur",
        links="Alle Links", credits="Mitwirkende", corrections="Berichtigungen", by="Von", source="Quelle",
        research="Forschung", news="Neuigkeiten", code="Code", meta="Rund ums Fach", picks="Auch einen Blick wert",
        min_read="{n} Min. Lesezeit", selected="ausgewählt aus {n} neuen Papers {where}", vote="{n} Stimme",
        votes="{n} Stimmen", at_closing="bei Redaktionsschluss", discussed="{n} diskutierten mit",
        voted_by="gewählt von {names}", took_one="Dieses Paper wollte der Club lesen.",
        took_many="Diese {n} Papers wollte der Club lesen.", abstract="Abstract", full_text="Volltext",
        as_authors="{source}, wie die Autoren es schrieben", sentences="Sätze aus: {source}, ausgewählt am {day}",
        written_by="Geschrieben von {writer} nach: {source}, am {day}", unconfirmed="nicht bestätigt: {what}",
        edited_by="bearbeitet von {names}", reviewed_by="durchgesehen von {names}",
        details_follow="Einzelheiten folgen: Die Quelle hat nicht rechtzeitig geantwortet",
        corrected="Berichtigt am {day}: {what}", page="Diese Ausgabe im Web", archive="Alle Ausgaben", feed="Feed",
        months=("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
                "November", "Dezember"),
        day="{d}. {month} {y}",
    ),
    "Wochenrückblick — {day}", "Monatsrückblick — {month}", "Das Beste der Woche — {day}", "Das Beste im {month}",
    "{n} Link eingebracht", "{n} Links eingebracht", "{n} Stimme abgegeben", "{n} Stimmen abgegeben", " und ",
    "von {n} Mitglied von {club}", "von {n} Mitgliedern von {club}",
    ("Danke fürs Lesen! Was kommt als Nächstes? Bring es ein mit ", " und stimm ab, was die anderen brachten."),
    "Zusammenfassungen von", "den Abstracts selbst",
    {"project": "Projektseite", "data": "Daten", "news": "Nachricht", "event": "Termin", "commentary": "Kommentar"},
)  # fmt: skip

FRENCH = Tongue(
    Labels(
        themes="Grands thèmes", contents="Sommaire", why="Pourquoi", insights="Points clés",
        quotes="Dans les mots des auteurs", related="À lire aussi", said="Ce qu’en a dit le club",
        brought_by="Proposé par", discussion="Discussion", video="Cette édition en vidéo", references="Références",
        links="Tous les liens", credits="Crédits", corrections="Corrections", by="Par", source="Source",
        research="Recherche", news="Actualités", code="Code", meta="Autour du domaine", picks="À voir aussi",
        min_read="{n} min de lecture", selected="choisis parmi {n} nouveaux articles {where}", vote="{n} vote",
        votes="{n} votes", at_closing="à la clôture", discussed="{n} venus en discuter",
        voted_by="votes de {names}", took_one="Voici l’article que le club voulait lire.",
        took_many="Voici les {n} articles que le club voulait lire.", abstract="résumé", full_text="texte intégral",
        as_authors="Le {source}, tel que les auteurs l’ont écrit", sentences="Phrases du {source}, choisies le {day}",
        written_by="Écrit par {writer} d’après le {source} le {day}", unconfirmed="non confirmé : {what}",
        edited_by="modifié par {names}", reviewed_by="relu par {names}",
        details_follow="Détails à suivre : la source n’a pas répondu à temps",
        corrected="Corrigé le {day} : {what}", page="Ce numéro sur le web", archive="Tous les numéros", feed="Flux",
        months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
                "novembre", "décembre"),
    ),
    "Le point de la semaine — {day}", "Le point du mois — {month}", "Le meilleur de la semaine — {day}",
    "Le meilleur du mois — {month}", "{n} lien proposé", "{n} liens proposés", "{n} vote exprimé",
    "{n} votes exprimés", " et ", "par {n} membre de {club}", "par {n} membres de {club}",
    ("Merci de votre lecture ! Que lirez-vous ensuite ? Proposez-le avec ",
    " et votez pour ce que d’autres ont proposé."),
    "Résumés de", "phrases des résumés eux-mêmes",
    {"paper": "Article", "demo": "Démo", "project": "Page du projet", "data": "Données", "video": "Vidéo",
     "news": "Actualité", "event": "Événement", "commentary": "Commentaire", "newsletter": "Lettre"},
)  # fmt: skip

SPANISH = Tongue(
    Labels(
        themes="Grandes temas", contents="Contenido", why="Por qué", insights="Ideas clave",
        quotes="En palabras de los autores", related="Relacionado", said="Lo que dijo el club",
        brought_by="Propuesto por", discussion="Debate", video="Esta edición en vídeo", references="Referencias",
        links="Todos los enlaces", credits="Créditos", corrections="Correcciones", by="Por", source="Fuente",
        research="Investigación", news="Noticias", code="Código", meta="En torno al campo",
        picks="También merecen una mirada", min_read="{n} min de lectura",
        selected="elegidos entre {n} artículos nuevos {where}", vote="{n} voto", votes="{n} votos",
        at_closing="al cierre", discussed="{n} vinieron a debatir", voted_by="votos de {names}",
        took_one="Este es el artículo que el club quería leer.",
        took_many="Estos son los {n} artículos que el club quería leer.", abstract="resumen",
        full_text="texto completo",
        as_authors="El {source}, tal como lo escribieron los autores",
        sentences="Frases del {source}, elegidas el {day}",
        written_by="Escrito por {writer} a partir del {source} el {day}",
        unconfirmed="sin confirmar: {what}", edited_by="editado por {names}", reviewed_by="revisado por {names}",
        page="Esta edición en la web", archive="Todas las ediciones", feed="Canal",
        months=("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
                "noviembre", "diciembre"),
        day="{d} de {month} de {y}",
    ),
    "Resumen de la semana — {day}", "Resumen del mes — {month}", "Lo mejor de la semana — {day}",
    "Lo mejor de {month}", "{n} enlace propuesto", "{n} enlaces propuestos", "{n} voto emitido", "{n} votos emitidos",
    " y ", "por {n} miembro de {club}", "por {n} miembros de {club}",
    ("¡Gracias por leer! ¿Qué leerás después? Tráelo con ", " y vota por lo que trajeron los demás."),
    "Resúmenes de", "las frases de los propios resúmenes",
    {"paper": "Artículo", "code": "Código", "project": "Página del proyecto", "data": "Datos", "video": "Vídeo",
     "news": "Noticia", "event": "Evento", "commentary": "Comentario", "newsletter": "Boletín"},
)  # fmt: skip

PORTUGUESE = Tongue(
    Labels(
        themes="Grandes temas", contents="Conteúdo", why="Porquê", insights="Ideias-chave",
        quotes="Nas palavras dos autores", related="Relacionado", said="O que o clube disse",
        brought_by="Proposto por", discussion="Discussão", video="Esta edição em vídeo", references="Referências",
        links="Todas as ligações", credits="Créditos", corrections="Correções", by="Por", source="Fonte",
        research="Investigação", news="Notícias", code="Código", meta="Em redor da área",
        picks="Também vale a pena ver",
        min_read="{n} min de leitura", selected="escolhidos entre {n} artigos novos {where}", vote="{n} voto",
        votes="{n} votos", at_closing="no fecho", discussed="{n} vieram discutir", voted_by="votos de {names}",
        took_one="Este é o artigo que o clube queria ler.",
        took_many="Estes são os {n} artigos que o clube queria ler.",
        abstract="resumo", full_text="texto integral", as_authors="O {source}, tal como os autores o escreveram",
        sentences="Frases do {source}, escolhidas em {day}",
        written_by="Escrito por {writer} a partir do {source} em {day}",
        unconfirmed="por confirmar: {what}", edited_by="editado por {names}", reviewed_by="revisto por {names}",
        page="Esta edição na web", archive="Todas as edições", feed="Feed",
        months=("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
                "novembro", "dezembro"),
        day="{d} de {month} de {y}",
    ),
    "Resumo da semana — {day}", "Resumo do mês — {month}", "O melhor da semana — {day}", "O melhor de {month}",
    "{n} ligação proposta", "{n} ligações propostas", "{n} voto", "{n} votos", " e ", "por {n} membro de {club}",
    "por {n} membros de {club}",
    ("Obrigado por ler! O que vai ler a seguir? Traga-o com ", " e vote no que os outros trouxeram."),
    "Resumos de", "frases dos próprios resumos",
    {"paper": "Artigo", "code": "Código", "project": "Página do projeto", "data": "Dados", "video": "Vídeo",
     "news": "Notícia", "event": "Evento", "commentary": "Comentário"},
)  # fmt: skip

ITALIAN = Tongue(
    Labels(
        themes="I grandi temi", contents="Indice", why="Perché", insights="Punti chiave",
        quotes="Con le parole degli autori", related="Da leggere insieme", said="Che cosa ne ha detto il club",
        brought_by="Proposto da", discussion="Discussione", video="Questa edizione in video",
        references="Riferimenti", links="Tutti i link", credits="Crediti", corrections="Correzioni", by="Di",
        source="Fonte", research="Ricerca", news="Notizie", code="Codice", meta="Intorno al campo",
        picks="Vale anche uno sguardo", min_read="{n} min di lettura",
        selected="scelti tra {n} nuovi articoli {where}", vote="{n} voto", votes="{n} voti",
        at_closing="alla chiusura", discussed="{n} sono venuti a discuterne", voted_by="voti di {names}",
        took_one="Questo è l’articolo che il club voleva leggere.",
        took_many="Questi sono i {n} articoli che il club voleva leggere.", abstract="sommario",
        full_text="testo completo", as_authors="Il {source}, come lo hanno scritto gli autori",
        sentences="Frasi del {source}, scelte il {day}",
        written_by="Scritto da {writer} a partire dal {source} il {day}",
        unconfirmed="non confermato: {what}", edited_by="modificato da {names}", reviewed_by="rivisto da {names}",
        page="Questo numero sul web", archive="Tutti i numeri", feed="Feed",
        months=("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
                "ottobre", "novembre", "dicembre"),
    ),
    "Il punto della settimana — {day}", "Il punto del mese — {month}", "Il meglio della settimana — {day}",
    "Il meglio di {month}", "{n} link proposto", "{n} link proposti", "{n} voto espresso", "{n} voti espressi", " e ",
    "da {n} membro di {club}", "da {n} membri di {club}",
    ("Grazie per la lettura! Che cosa leggerai ora? Portalo con ", " e vota ciò che hanno portato gli altri."),
    "Riassunti di", "le frasi dei sommari stessi",
    {"paper": "Articolo", "code": "Codice", "project": "Pagina del progetto", "data": "Dati", "news": "Notizia",
     "event": "Evento", "commentary": "Commento"},
)  # fmt: skip

DUTCH = Tongue(
    Labels(
        themes="De grote thema’s", contents="Inhoud", why="Waarom", insights="Kernpunten",
        quotes="In de woorden van de auteurs", related="Verwant", said="Wat de club ervan zei",
        brought_by="Aangedragen door", discussion="Discussie", video="Deze editie als video",
        references="Literatuur", links="Alle links", credits="Met dank aan", corrections="Correcties", by="Door",
        source="Bron", research="Onderzoek", news="Nieuws", code="Code", meta="Rondom het vak",
        picks="Ook een blik waard", min_read="{n} min leestijd", selected="gekozen uit {n} nieuwe papers {where}",
        vote="{n} stem", votes="{n} stemmen", at_closing="bij sluiting", discussed="{n} discussieerden mee",
        voted_by="gekozen door {names}", took_one="Dit paper wilde de club lezen.",
        took_many="Deze {n} papers wilde de club lezen.", abstract="abstract", full_text="volledige tekst",
        as_authors="De {source}, zoals de auteurs die schreven", sentences="Zinnen uit: {source}, gekozen op {day}",
        written_by="Geschreven door {writer} naar: {source}, op {day}", unconfirmed="niet bevestigd: {what}",
        edited_by="bewerkt door {names}", reviewed_by="nagekeken door {names}",
        page="Deze editie op het web", archive="Alle edities", feed="Feed",
        months=("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
                "november", "december"),
    ),
    "Weekoverzicht — {day}", "Maandoverzicht — {month}", "Het beste van de week — {day}", "Het beste van {month}",
    "{n} link aangedragen", "{n} links aangedragen", "{n} stem uitgebracht", "{n} stemmen uitgebracht", " en ",
    "door {n} lid van {club}", "door {n} leden van {club}",
    ("Bedankt voor het lezen! Wat lees je hierna? Breng het in met ", " en stem op wat de anderen aandroegen."),
    "Samenvattingen van", "de abstracts zelf",
    {"project": "Projectpagina", "news": "Nieuws", "event": "Evenement", "commentary": "Commentaar",
     "newsletter": "Nieuwsbrief"},
)  # fmt: skip

TONGUES = {"de": GERMAN, "fr": FRENCH, "es": SPANISH, "pt": PORTUGUESE, "it": ITALIAN, "nl": DUTCH}
"""What there is beside English, by code."""

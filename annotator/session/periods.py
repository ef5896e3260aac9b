"""Dates, periods and sums of money as readouts write them, in the languages that it knows.

The patterns hold no repetition without a bound, so that no text is slow to search.
"""

from __future__ import annotations

import re
from functools import lru_cache

from annotator.session.words import Range

_MONTHS = {
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
    "fr": "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    "de": "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
    "es": "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre"
    "|diciembre",
    "pt": "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro"
    "|dezembro",
    "it": "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre"
    "|dicembre",
    "ru": "январ[яьеё]|феврал[яьеё]|март[ае]?|апрел[яьеё]|ма[йяе]|июн[яьеё]|июл[яьеё]|август[ае]?"
    "|сентябр[яьеё]|октябр[яьеё]|ноябр[яьеё]|декабр[яьеё]",
    "uk": "січ(?:ня|ень|ні)|лют(?:ого|ий|ому)|берез(?:ня|ень|ні)|квіт(?:ня|ень|ні)"
    "|трав(?:ня|ень|ні)|черв(?:ня|ень|ні)|лип(?:ня|ень|ні)|серп(?:ня|ень|ні)|верес(?:ня|ень|ні)"
    "|жовт(?:ня|ень|ні)|листопад[аі]?|груд(?:ня|ень|ні)",
    "ar": "يناير|فبراير|مارس|أبريل|إبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر"
    "|جانفي|فيفري|أفريل|ماي|جوان|جويلية|أوت",
}

_PERIODS = {
    "en": r"""
    (?:(?:on|by|in|before|after|until|since|from)\s)?(?:
        (?:(?:D),?\s)?(?:\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?(?:M)(?:,?\s\d{4})?
            |(?:M)\s\d{1,2}(?:st|nd|rd|th)?(?:,\s\d{4})?|(?:(?:early|mid|late)[-\s])?(?:M)\s\d{4})
        |(?:early|mid|late)[-\s](?:M|\d{4})|(?:D)|\d{4})
    |(?:in|by|during|before|until|since)\s(?:early\s|mid-|late\s)?(?:M)
    |today|tomorrow|yesterday|tonight|soon|before\slong|shortly|immediately|at\spresent|currently
    |(?:in|over|within|during|for)\sthe\s(?:near|foreseeable|short|medium|long|immediate)
        \s(?:future|term)
    |(?:(?:in|over|within|during|for|by|at)\s(?:the\s)?)?(?:next|this|last|coming|past|following)
        \s(?:N\s)?(?:U|D|M|spring|summer|autumn|fall|winter)
    |(?:in|within|over|for|after|every)\s(?:the\s(?:next|coming|past|last|following)\s)?(?:N\s)(?:U)
    |(?:N)\s(?:U)\s(?:ago|later|earlier)
    |(?:by|before|until|at|towards?)\s(?:the\s)?(?:end|beginning|start|middle|close)
        \sof\s(?:the\s|this\s|next\s)?(?:U|M|\d{4}|spring|summer|autumn|winter)(?:\s\d{4})?
    |(?:as\ssoon\sas\spossible|at\sthe\searliest\s(?:opportunity|convenience)
        |in\sdue\scourse|at\sall\stimes|once\sa\s(?:year|month))
    """,
    "fr": r"""
    (?:(?:le|en|au|du|d[’']ici|avant\sle|jusqu[’']au|dès\sle)\s)?(?:
        (?:(?:D)\s)?(?:\d{1,2}|1er)\s(?:M)(?:\s\d{4})?|(?:M)\s\d{4}|(?:D)|\d{4})
    |(?:en|courant|d[’']ici|fin|début|mi-)\s?(?:M)
    |aujourd[’']hui|demain|hier|bientôt|prochainement|sans\sdélai|dès\sque\spossible
    |dans\s(?:un\savenir\sproche|les\smeilleurs\sdélais|les\s(?:N\s)?(?:prochain[es]{1,2}\s)?(?:U)
        (?:\sà\svenir)?|(?:N)\s(?:U)|un\sdélai\sde\s(?:N)\s(?:U))
    |(?:d[’']ici|avant|à|jusqu[’']à)\s(?:à\s)?la\sfin\s(?:de\s(?:l[’'])?|du\s)(?:U|M|\d{4})
    |(?:cet?t?e?|l[’']|la|le)\s?(?:U)\s(?:prochaine?|dernière?|à\svenir)|cette\sannée|ce\smois
    """,
    "de": r"""
    (?:(?:am|bis\szum|vom|ab|im|bis|seit)\s)?(?:
        (?:(?:D),?\s(?:dem\s)?)?\d{1,2}\.\s?(?:M)(?:\s\d{4})?|(?:M)\s\d{4}|\d{4})
    |(?:im|bis|Anfang|Mitte|Ende|seit)\s(?:M)|(?:am\s)?(?:D)
    |heute|morgen|gestern|bald|demnächst|umgehend|so\sbald\swie\smöglich
    |in\s(?:naher|absehbarer)\s(?:Zukunft|Zeit)
    |in\s(?:den\s)?(?:kommenden|nächsten)\s(?:N\s)?(?:U)|(?:innerhalb|binnen)\s(?:von\s)?(?:N)\s(?:U)
    |(?:diese[sn]?|nächste[sn]?|kommende[sn]?|vergangene[sn]?)\s(?:U)
    |(?:bis\s(?:zum\s)?)?(?:Ende|Anfang)\s(?:des\s(?:U)|\d{4}|nächsten\sJahres|dieses\sJahres)
    """,
    "es": r"""
    (?:(?:el|en|para\sel|antes\sdel|hasta\sel|desde\sel)\s)?(?:
        (?:(?:D),?\s)?\d{1,2}\sde\s(?:M)(?:\s(?:de|del)\s\d{4})?|(?:M)\s(?:de|del)\s\d{4}|\d{4})
    |en\s(?:M)|hoy|mañana|ayer|pronto|próximamente|lo\santes\sposible|a\sla\sbrevedad
    |en\sun\sfuturo\s(?:próximo|cercano)
    |(?:en|durante|dentro\sde)\s(?:(?:los|las)\s)?(?:próxim[oa]s\s)?(?:N\s)?(?:U)
    |(?:antes\sde(?:l)?|para|hasta|a)\s(?:el\s)?(?:fin(?:es|al)?)\s(?:de\s|del\s)(?:U|M|\d{4})
    |(?:el|la|este|esta)\s(?:próxim[oa]\s)?(?:U)(?:\s(?:próxim[oa]|pasad[oa]|que\sviene))?
    """,
    "pt": r"""
    (?:(?:em|no\sdia|a|até|desde|antes\sde)\s)?(?:
        \d{1,2}\sde\s(?:M)(?:\sde\s\d{4})?|(?:M)\sde\s\d{4}|\d{4})
    |em\s(?:M)|hoje|amanhã|ontem|em\sbreve|brevemente|o\smais\srapidamente\spossível
    |num\sfuturo\spróximo|(?:nos|nas|dentro\sde|em)\s(?:próxim[oa]s\s)?(?:N\s)?(?:U)
    |até\s(?:ao\s)?(?:final|fim)\s(?:de|do|da)\s(?:U|M|\d{4})
    |(?:no|na|este|esta|neste|nesta)\s(?:próxim[oa]\s)?(?:U)(?:\spassad[oa])?
    """,
    "it": r"""
    (?:(?:il|in|dal|entro\sil|fino\sal)\s)?(?:
        \d{1,2}\s(?:M)(?:\s\d{4})?|(?:M)\s\d{4}|\d{4})
    |(?:a|in|nel)\s(?:M)|oggi|domani|ieri|presto|prossimamente|al\spiù\spresto
    |(?:in|nel)\s(?:un\s)?(?:prossimo\sfuturo|futuro\sprossimo)
    |(?:nei|nelle|entro|tra|fra)\s(?:prossim[ie]\s)?(?:N\s)?(?:U)
    |entro\s(?:la\s)?fine\s(?:di|del|dell[’'])\s?(?:U|M|\d{4}|anno)
    |(?:il|la|questo|questa)\s(?:prossim[oa]\s)?(?:U)(?:\s(?:prossim[oa]|scors[oa]))?
    """,
    "ru": r"""
    (?:(?:до|с|от|к|на|после|в)\s)?(?:
        \d{1,2}\s(?:M)(?:\s\d{4}\s(?:года|г\.))?|(?:M)\s\d{4}\s(?:года|г\.)
        |\d{4}\s(?:году|года|годах|годы|год|г\.))
    |(?:в|к|до)\s(?:M)|сегодня|завтра|вчера|скоро|вскоре|незамедлительно|регулярно
    |в\s(?:самое\s)?ближайш(?:ее|ем|ие|их|ую|ей)\s(?:время|будущем|месяцы|недели|дни|годы|U)
    |в\s(?:скором|обозримом)\s(?:времени|будущем)|в\sкратчайшие\sсроки|в\sперспективе
    |(?:в\sтечение|через|спустя|за)\s(?:N\s)?(?:U)|(?:в|на)\s(?:этом|следующем|прошлом|текущем
        |будущем|следующей|этой|прошлой)\s(?:U)
    |(?:до|к)\sконц[ау]\s(?:(?:этого|текущего|следующего)\s)?(?:U|M|\d{4}\sгода)
    """,
    "uk": r"""
    (?:(?:до|з|від|на|після|у|в)\s)?(?:
        \d{1,2}\s(?:M)(?:\s\d{4}\s(?:року|р\.))?|(?:M)\s\d{4}\s(?:року|р\.)
        |\d{4}\s(?:році|року|роках|роки|рік|р\.))
    |(?:у|в|до)\s(?:M)|сьогодні|завтра|вчора|скоро|незабаром|негайно|найближчим\sчасом
    |(?:у|в)\sнайближч(?:ий|і|ому)\s(?:час|дні|тижні|місяці|майбутньому)
    |(?:протягом|через|упродовж|за)\s(?:N\s)?(?:U)|(?:наступного|цього|минулого)\s(?:U)
    |до\sкінця\s(?:(?:цього|наступного)\s)?(?:U|M|\d{4}\sроку)
    """,
    "ar": r"""
    (?:(?:في|يوم|بتاريخ|قبل|بعد|منذ|حتى)\s)?(?:
        (?:(?:D)\s)?[0-9٠-٩]{1,2}\s(?:M)(?:\s[0-9٠-٩]{4})?|(?:M)\s[0-9٠-٩]{4}|(?:D)
        |(?:عام|سنة)\s[0-9٠-٩]{4})
    |(?:في|خلال)\s(?:شهر\s)?(?:M)|اليوم|غدا|غدًا|أمس|قريبا|قريبًا
    |في\sالمستقبل\sالقريب|في\sأقرب\s(?:وقت|الآجال)(?:\sممكن)?|في\sغضون\s(?:N\s)?(?:U)
    |خلال\s(?:الفترة|الأيام|الأسابيع|الأشهر|السنوات|المرحلة)\s(?:القادمة|المقبلة|القليلة\sالمقبلة)
    |(?:الأسبوع|الشهر|العام|السنة)\s(?:المقبل|القادم|المقبلة|القادمة|الجاري|الماضي|الماضية)
    |(?:قبل|مع|بحلول)\sنهاية\s(?:العام|السنة|الشهر|هذا\sالعام|[0-9٠-٩]{4})(?:\sالجاري|\sالمقبل)?
    """,
}
_DAYS = {
    "en": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
    "fr": "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    "de": "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag",
    "es": "lunes|martes|miércoles|jueves|viernes|sábado|domingo",
    "ar": "الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد",
}
_NUMBERS = {
    "en": r"\d{1,4}|a|one|two|three|four|five|six|seven|eight|nine|ten|twelve|few"
    r"|several|couple\sof",
    "fr": r"\d{1,4}|un|une|deux|trois|quatre|cinq|six|dix|quelques",
    "de": r"\d{1,4}|einem|einer|zwei|drei|vier|fünf|sechs|zehn|wenigen|einigen",
    "es": r"\d{1,4}|un|una|dos|tres|cuatro|cinco|seis|diez|pocos|pocas",
    "pt": r"\d{1,4}|um|uma|dois|duas|três|quatro|cinco|seis|dez|alguns|algumas",
    "it": r"\d{1,4}|un|una|due|tre|quattro|cinque|sei|dieci|pochi|poche",
    "ru": r"\d{1,4}|двух|трёх|трех|четырёх|пяти|шести|десяти|нескольких|два|две|три|пять",
    "uk": r"\d{1,4}|двох|трьох|п[’']яти|шести|кількох|два|дві|три",
    "ar": r"[0-9٠-٩]{1,4}|بضعة|عدة|ثلاثة|أربعة|خمسة|ستة",
}
_UNITS = {
    "en": "days?|weeks?|months?|years?|hours?|decades?|quarter|century",
    "fr": "jours?|semaines?|mois|ans?|années?|heures?|décennies?|trimestre",
    "de": "Tagen?|Woche|Wochen|Monat|Monate[ns]?|Jahr|Jahre[ns]?|Quartals?|Stunden",
    "es": "días?|semanas?|mes|meses|años?|horas?|trimestre",
    "pt": "dias?|semanas?|mês|meses|anos?|horas?|trimestre",
    "it": "giorn[oi]|settiman[ae]|mes[ei]|ann[oi]|or[ae]|trimestre",
    "ru": "дн(?:я|ей|и)|недел[юиье]|месяц(?:а|ев|ы|е)?|год(?:а|у|ы)?|лет|часов|квартал[ае]?",
    "uk": "дн(?:я|ів|і)|тиж(?:ня|нів|ні|день)|місяц(?:я|ів|і)|рок(?:у|ів|и)|годин",
    "ar": "أيام|يوما|أسابيع|أسبوع|أشهر|شهر|سنوات|سنة|عام|أعوام|يومين|أسبوعين|شهرين|سنتين",
}
_CHINESE = (
    r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}[日号])?|\d{4}年(?:[上下]半年|年?[初底末])?|\d{1,2}[日号]"
    r"|(?:[一二两三四五六七八九十几数]{1,3}|\d{1,3})(?:年|个月|周|天)(?:内|之内|后)"
    r"|[今明后去]年(?:[上下]半年|年?[初底末])?|[今明昨]天|[本下上]月|[本下上]周|近期|近日|年内|不久的将来"
    r"|尽快|尽早|当前|未来(?:[一二两三四五六七八九十几数\d]{1,3}(?:年|个月|周|天))?"
)
_ANYWHERE = r"(?<![\d.])\d{1,2}[./]\d{1,2}[./]\d{4}(?!\d)|(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"

_NUMBER = r"(?<![\d.,])\d{1,12}(?:[.,\u00a0\u202f ]\d{1,3}){0,4}"
_SCALE = (
    "thousand|million|billion|trillion|mille|millions?|milliards?|Mio\\.|Mrd\\.|Millionen"
    "|Milliarden?|mil|millones|milhões|bilhões|milioni|miliardi|тыс\\.?|тысяч|млн\\.?|миллион(?:а|ов)?"
    "|млрд\\.?|миллиард(?:а|ов)?|مليون|مليار|ألف|ملايين"
)
_CURRENCY = (
    "(?:US\\s|U\\.S\\.\\s)?dollars?|euros?|roubles?|rubles?|yuan|pounds?(?:\\ssterling)?|francs?|yen"
    "|rupees?|riyals?|dirhams?|dinars?|dólares|reais|dollari|Euro|Dollar|Franken|рубл(?:я|ей|ь)"
    "|доллар(?:а|ов)?(?:\\sСША)?|евро|гривень|دولار(?:ا)?|يورو|ريال|دينار|درهم|USD|EUR|GBP|CHF|RUB|CNY"
)
_MONEY = re.compile(
    rf"(?:US|A|C|HK)?[€$£¥₽₴₹]\s?\d{{1,12}}(?:[.,]\d{{1,3}}){{0,4}}(?:\s(?:{_SCALE}|bn|m)(?!\w))?"
    rf"|(?:USD|EUR|GBP|CHF|RUB|CNY)\s\d{{1,12}}(?:[.,]\d{{1,3}}){{0,4}}(?:\s(?:{_SCALE})(?!\w))?"
    rf"|{_NUMBER}\s(?:(?:{_SCALE})\s(?:de\s|di\s|d[’'])?)?(?:{_CURRENCY}|[€$£¥₽₴])(?!\w)"
    r"|\d{1,12}(?:\.\d{1,4})?[万亿]{0,2}(?:美元|欧元|元|人民币|英镑|卢布|日元)"
)
_PREPOSITION = re.compile(
    r"(?:on|by|in|from|since|until|before|after|le|en|au|du|am|ab|im|bis|vom|seit|el|em|il|dal|до|с|от|к"
    r"|на|после|в|з|від|після|у|في|يوم|بتاريخ|قبل|بعد|منذ|حتى)\s(?=\d)",
    re.IGNORECASE,
)


_FIRST_OF_SEVERAL = re.compile(r"(?<![\w.,-])\d{1,2}\.?\s?[-–]\s?$")


def periods(text: str, start: int, end: int, language: str) -> list[Range]:
    """Return dates and periods of `text[start:end]`, a date with and without its preposition.

    `language` is a language's two letters; English is looked for where it is not known.
    """
    found: set[Range] = set()
    for match in _pattern(language).finditer(text, start, end):
        begin, stop = match.span()
        # “17-18 May” and «17–18 мая» are one time, however many days it has.
        several = _FIRST_OF_SEVERAL.search(text, max(start, begin - 6), begin)
        begin = several.start() if several and text[begin].isdigit() else begin
        found.add((begin, stop))
        lead = _PREPOSITION.match(text, begin, stop)
        if lead:
            found.add((lead.end(), stop))
    return sorted(found)


def money(text: str, start: int, end: int) -> list[Range]:
    """Return the sums of money of `text[start:end]`."""
    return [match.span() for match in _MONEY.finditer(text, start, end)]


@lru_cache(maxsize=16)
def _pattern(language: str) -> re.Pattern[str]:
    if language in ("zh", "ja"):
        return re.compile(f"{_CHINESE}|{_ANYWHERE}")
    language = language if language in _PERIODS else "en"
    body = "".join(_PERIODS[language].split())
    lists = {"M": _MONTHS, "D": _DAYS, "N": _NUMBERS, "U": _UNITS}
    for letter, by_language in lists.items():
        words = by_language.get(language, "(?!)")
        # The letter stands alone: between signs of the pattern, never within a word.
        body = re.sub(rf"(?<![\w\\]){letter}(?=[|)\\])", f"(?:{words})".replace("\\", r"\\"), body)
    return re.compile(rf"{_ANYWHERE}|(?<!\w)(?:{body})(?!\w|-\d)", re.IGNORECASE)

"""How six languages say when: names of months and days, and the shapes that they are written in.

Data only. A shape is a regular expression in which `{month}`, `{weekday}`, `{number}` and `{unit}`
stand for the names below, and whose groups say what was read:

- `d` and `e` a day of the month and the last of several, `month` or `m` the month, `y` the year;
- `weekday` a day of the week, `unit` a day, week, month or year, `n` how many of them;
- `next` that the one after is meant, `week` the whole week of that day, `end` the last day of it;
- `run` that so many units are counted from the day of the event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["day", "week", "month", "year"]


@dataclass(frozen=True)
class Calendar:
    """The words of one language; names are in lower case, shapes the most telling first.

    `lead` are the small words that belong to a time and stand before it. `said` are shapes whose
    words alone say what a time amounts to, by its class; `tomorrow` is said by a shape of its own.
    """

    months: dict[str, int]
    weekdays: dict[str, int]
    units: dict[str, Unit]
    numbers: dict[str, int]
    shapes: tuple[str, ...]
    said: dict[str, str]
    tomorrow: str
    today: str
    lead: str
    spaced: bool = True


def _counted(names: str) -> dict[str, int]:
    """Number names from 1; several for one number are joined by a bar."""
    return {n: place for place, many in enumerate(names.split(), 1) for n in many.split("|")}


def _weekdays(names: str) -> dict[str, int]:
    return {name: place - 1 for name, place in _counted(names).items()}


_Y: Final = r"(?P<y>(?:19|20)\d\d)"

_ENGLISH: Final = Calendar(
    months=_counted(
        "january|jan february|feb march april may june july august september|sept october november"
        " december|dec"
    ),
    weekdays=_weekdays("monday tuesday wednesday thursday friday saturday sunday"),
    units={
        "day": "day", "days": "day", "week": "week", "weeks": "week", "month": "month",
        "months": "month", "year": "year", "years": "year",
    },
    numbers={"a": 1, "an": 1, **_counted("one two three four five six seven eight nine ten")},
    shapes=(
        r"week of (?P<week>)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {month}(?:,? " + _Y + ")?",
        r"week of (?P<week>){month} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,? " + _Y + ")?",
        r"(?:from )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: ?[-–] ?| to | and )(?P<e>\d{{1,2}})"
        r"(?:st|nd|rd|th)?(?: of)? {month}(?:,? " + _Y + ")?",
        r"(?:from )?{month} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: ?[-–] ?| to | and )"
        r"(?P<e>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? " + _Y + ")?",
        r"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {month}(?:,? " + _Y + ")?",
        r"{month} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? " + _Y + ")?",
        r"(?:the )?(?P<end>end) of {month}(?: " + _Y + ")?",
        r"(?:the )?(?P<end>end) of (?:(?P<next>next )|the |this )(?:coming )?{unit}",
        r"(?:the )?(?P<end>end) of " + _Y,
        r"(?P<end>year[’'-]?s? ?end|(?:the )?new year(?!\w))",
        r"(?:(?:early|late|mid)[- ](?:in )?)?{month} " + _Y,
        r"(?:(?:early|late|mid)(?: in | |-))?(?:(?P<next>next )|this ){unit}(?! of)",
        r"(?:the )?(?P<run>(?:coming|next|following) ){number} {unit}",
        r"(?P<run>(?:with)?in (?:the next |the coming )?){number} {unit}(?:[’'] time)?",
        r"(?:(?:this|next|coming) )?{weekday}(?: next)?",
        r"(?:(?:the )?(?:beginning|start|middle|course) of |(?:early|late|mid)[- ](?:in )?)?"
        r"{month}",
        _Y,
    ),
    said={
        "immediate": r"immediately|at once|without delay|right away|forthwith|straight away"
        r"|with immediate effect|within (?:the|an|one) hour|within hours",
        "near_term": r"(?:very )?soon|shortly|before long|in (?:the )?near(?:est)? future"
        r"|(?:in|over|during|within) (?:the )?(?:coming|next|following) (?:few )?"
        r"(?:days|weeks|months)|in a few (?:days|weeks|months)|as soon as possible"
        r"|at (?:the|their) earliest (?:opportunity|convenience)|at an early date|at short notice"
        r"|(?:this|next|in the) (?:spring|summer|autumn|fall|winter)|within (?:days|weeks|months)",
        "ongoing": r"at all times|on a regular basis|regularly|continually|continuously|constantly"
        r"|permanently|going forward|on an ongoing basis|every (?:day|week|month|year)"
        r"|weekly|monthly|annually|once a (?:week|month|year)",
        "open_ended": r"(?:for )?as long as (?:it takes|necessary|needed)"
        r"|in the (?:long(?:er)?|medium) (?:run|term)|when(?:ever)? the time (?:comes|is right)"
        r"|in due (?:course|time)|at the appropriate time|eventually|in the future|one day"
        r"|at a later (?:date|time|stage)",
    },
    tomorrow=r"tomorrow",
    today=r"today|tonight|this (?:morning|afternoon|evening)|later in the day",
    lead=r"(?:(?:not|no) later than|as of(?: midnight)?(?: on)?|starting(?: from| on)?|until|till"
    r"|before|by|on|in|at|from|during|after|since|for|within|over|around|throughout)(?: the)?",
)  # fmt: skip

_FRENCH: Final = Calendar(
    months=_counted(
        "janvier février|fevrier mars avril mai juin juillet août|aout septembre octobre novembre"
        " décembre|decembre"
    ),
    weekdays=_weekdays("lundi mardi mercredi jeudi vendredi samedi dimanche"),
    units={
        "jour": "day", "jours": "day", "semaine": "week", "semaines": "week", "mois": "month",
        "année": "year", "années": "year", "an": "year", "ans": "year",
    },
    numbers=_counted("un|une deux trois quatre cinq six sept huit neuf dix"),
    shapes=(
        r"(?:du )?(?P<d>\d{{1,2}})(?: ?[-–] ?| et | au )(?P<e>\d{{1,2}}) {month}(?: " + _Y + ")?",
        r"(?P<d>\d{{1,2}})(?:er)? {month}(?: " + _Y + ")?",
        r"(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})/" + _Y,
        r"(?:la )?(?P<end>fin) (?:de |du mois de |d[’'])?{month}(?: " + _Y + ")?",
        r"(?:la )?(?P<end>fin) de (?:l[’']|la |ce |cette )?{unit}(?P<next> prochaine?)?",
        r"(?:la )?(?P<end>fin) du {unit}",
        r"(?:la )?(?P<end>fin) " + _Y,
        r"{month} " + _Y,
        r"(?:(?:la|le|l[’'])\s?)?{unit}(?P<next> prochaine?)",
        r"(?:cette|ce) {unit}",
        r"(?P<run>(?:dans|d[’']ici|sous)(?: les)? ){number} (?:prochaine?s )?{unit}",
        r"{weekday}(?: prochain)?",
        r"(?:(?:début|mi|courant)[- ])?{month}",
        _Y,
    ),
    said={
        "immediate": r"immédiatement|sans délai|sans tarder|sur-le-champ|aussitôt",
        "near_term": r"bientôt|prochainement|sous peu"
        r"|dans (?:un avenir proche|les meilleurs délais)|dès que possible|au plus vite"
        r"|dans les (?:prochaine?s (?:jours|semaines|mois)|(?:jours|semaines|mois)"
        r" (?:à venir|prochaine?s))",
        "ongoing": r"en permanence|régulièrement|à tout moment|constamment|désormais",
        "open_ended": r"aussi longtemps que nécessaire|à (?:long|moyen) terme|le moment venu"
        r"|à l[’']avenir|ultérieurement",
    },
    tomorrow=r"demain",
    today=r"aujourd[’']hui|ce (?:soir|matin)",
    lead=r"(?:d[’']ici(?: à| au)?|avant|le|la|en|au|dès|jusqu[’'](?:en|au|à)|à partir d[ue]|à|pour"
    r"|pendant|dans|après)(?: le| la)?",
)  # fmt: skip

_GERMAN: Final = Calendar(
    months=_counted(
        "januar|jänner februar märz|maerz april mai juni juli august september oktober november"
        " dezember"
    ),
    weekdays=_weekdays("montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag"),
    units={
        "tag": "day", "tage": "day", "tagen": "day", "woche": "week", "wochen": "week",
        "monat": "month", "monats": "month", "monate": "month", "monaten": "month",
        "jahr": "year", "jahres": "year", "jahre": "year", "jahren": "year",
    },
    numbers=_counted(
        "ein|eine|einem|einer|eines zwei drei vier fünf sechs sieben acht neun zehn"
    ),
    shapes=(
        r"(?P<d>\d{{1,2}})\.(?: ?[-–] ?| und | bis )(?P<e>\d{{1,2}})\. ?{month}(?: " + _Y + ")?",
        r"(?P<d>\d{{1,2}})\. ?{month}(?: " + _Y + ")?",
        r"(?P<d>\d{{1,2}})\. ?(?P<m>\d{{1,2}})\. ?" + _Y,
        r"(?P<end>ende) (?:des |der )?(?:(?P<next>nächste[nrs]|kommende[nrs]) |diese[srn] "
        r"|laufenden )?{unit}",
        r"(?P<end>ende) {month}(?: " + _Y + ")?",
        r"(?P<end>(?:jahres|monats|wochen)ende)",
        r"(?P<end>ende) " + _Y,
        r"{month} " + _Y,
        r"(?:(?P<next>(?:nächste|kommende)[nmrs]?) |diese[nmrs]? )"
        r"(?!(?:tagen|wochen|monaten|jahren)\b){unit}",
        r"(?P<run>(?:in|binnen|innerhalb von) (?:den nächsten |den kommenden )?){number} {unit}",
        r"(?:(?:nächsten|kommenden) )?{weekday}",
        r"(?:(?:anfang|mitte) )?{month}",
        _Y,
    ),
    said={
        "immediate": r"sofort|umgehend|unverzüglich|ohne verzug",
        "near_term": r"bald|demnächst|in kürze|in naher zukunft|so bald wie möglich"
        r"|in den (?:nächsten|kommenden) (?:tagen|wochen|monaten)|zeitnah",
        "ongoing": r"regelmäßig|ständig|jederzeit|fortlaufend|dauerhaft",
        "open_ended": r"solange (?:wie )?(?:es )?nötig(?: ist)?|langfristig|auf (?:lange|mittlere)"
        r" sicht|zu gegebener zeit|in zukunft|künftig",
    },
    tomorrow=r"morgen",
    today=r"heute(?: abend)?",
    lead=r"(?:bis(?: spätestens)?(?: zum| zur)?|spätestens(?: am)?|am|im|in der|vor|ab(?: dem)?"
    r"|seit|zum|noch|während|nach)(?: dem| der)?",
)  # fmt: skip

_SPANISH: Final = Calendar(
    months=_counted(
        "enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre"
        " diciembre"
    ),
    weekdays=_weekdays("lunes martes miércoles jueves viernes sábado domingo"),
    units={
        "día": "day", "días": "day", "semana": "week", "semanas": "week", "mes": "month",
        "meses": "month", "año": "year", "años": "year",
    },
    numbers=_counted("un|una dos tres cuatro cinco seis siete ocho nueve diez"),
    shapes=(
        r"(?P<d>\d{{1,2}})(?: ?[-–] ?| y | al )(?P<e>\d{{1,2}}) de {month}(?: del? " + _Y + ")?",
        r"(?P<d>\d{{1,2}})\.?º? de {month}(?: del? " + _Y + ")?",
        r"(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})/" + _Y,
        r"(?:el )?(?P<end>fin(?:al|ales|es)?) de {month}(?: del? " + _Y + ")?",
        r"(?:el )?(?P<end>fin(?:al|ales|es)?) (?:del?|de la|de este|de esta) "
        r"(?P<next>próxim[oa] )?{unit}",
        r"(?:el )?(?P<end>fin(?:al|ales|es)?) de " + _Y,
        r"{month} del? " + _Y,
        r"(?:el |la )?(?P<next>próxim[oa] ){unit}",
        r"(?:est[ea]) {unit}",
        r"(?P<run>(?:en|dentro de)(?: las| los)?(?: próxim[oa]s)? ){number} {unit}",
        r"(?:(?:próximo|este) )?{weekday}",
        r"(?:(?:principios|mediados) de )?{month}",
        _Y,
    ),
    said={
        "immediate": r"inmediatamente|de inmediato|sin demora|cuanto antes",
        "near_term": r"pronto|en breve|próximamente|a la mayor brevedad|en un futuro próximo"
        r"|lo antes posible|en (?:los|las) próxim[oa]s (?:días|semanas|meses)",
        "ongoing": r"permanentemente|regularmente|en todo momento|continuamente",
        "open_ended": r"el tiempo que sea necesario|a (?:largo|medio|mediano) plazo"
        r"|en su momento|en el futuro|a su debido tiempo",
    },
    tomorrow=r"mañana",
    today=r"hoy|esta (?:tarde|noche)",
    lead=r"(?:antes del?|a más tardar|para|hasta|a partir del?|desde|durante|tras|en|el|al?)"
    r"(?: el| la)?",
)  # fmt: skip

_RUSSIAN: Final = Calendar(
    months=_counted(
        "январь|января|январе февраль|февраля|феврале март|марта|марте апрель|апреля|апреле"
        " май|мая|мае июнь|июня|июне июль|июля|июле август|августа|августе"
        " сентябрь|сентября|сентябре октябрь|октября|октябре ноябрь|ноября|ноябре"
        " декабрь|декабря|декабре"
    ),
    weekdays=_weekdays(
        "понедельник вторник среда|среду четверг пятница|пятницу суббота|субботу воскресенье"
    ),
    units={
        "день": "day", "дня": "day", "дней": "day", "неделя": "week", "неделю": "week",
        "неделе": "week", "недели": "week", "недель": "week", "месяц": "month", "месяца": "month",
        "месяце": "month", "месяцев": "month", "год": "year", "года": "year", "году": "year",
        "лет": "year",
    },
    numbers={
        "один": 1, "одну": 1, "одного": 1, "два": 2, "две": 2, "двух": 2, "три": 3, "трёх": 3,
        "трех": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7, "десять": 10,
    },
    shapes=(
        r"(?P<d>\d{{1,2}})(?: ?[-–] ?| и | по )(?P<e>\d{{1,2}}) {month}"
        r"(?: " + _Y + r"(?: г(?:ода|\.))?)?",
        r"(?P<d>\d{{1,2}}) {month}(?: " + _Y + r"(?: г(?:ода|\.))?)?",
        r"(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\." + _Y,
        r"(?P<end>кон(?:ца|цу|це)) {month}(?: " + _Y + r"(?: года)?)?",
        r"(?P<end>кон(?:ца|цу|це)) (?:(?P<next>(?:следующ|будущ)\w+ )|(?:этого|текущего) )?{unit}",
        r"(?P<end>кон(?:ца|цу|це)) " + _Y + r"(?: года)?",
        r"{month} " + _Y + r"(?: года)?",
        r"(?:(?P<next>(?:следующ|будущ)\w+ )|(?:этом|этой|этого|текущем|текущего) ){unit}",
        r"(?P<run>(?:через|в течение) ){number} {unit}",
        r"(?:(?:следующ\w+|ближайш\w+) )?{weekday}",
        r"(?:(?:начале|середине) )?{month}",
        _Y + r"(?: год[уа]?)?",
    ),
    said={
        "immediate": r"немедленно|незамедлительно|безотлагательно|сразу",
        "near_term": r"вскоре|скоро|в ближайшее время|в (?:самом )?ближайшем будущем"
        r"|в ближайшие (?:дни|недели|месяцы)|как можно (?:скорее|быстрее)|в скором времени",
        "ongoing": r"регулярно|постоянно|на постоянной основе|на регулярной основе",
        "open_ended": r"столько, сколько (?:потребуется|нужно)|в (?:долгосрочной|дальнейшей)"
        r" перспективе|в будущем|в дальнейшем|со временем",
    },
    tomorrow=r"завтра",
    today=r"сегодня",
    lead=r"(?:не позднее|начиная с|к|ко|до|в|во|на|с|после|по)",
)  # fmt: skip

_CHINESE: Final = Calendar(
    months=_counted("一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月"),
    weekdays={
        f"{before}{day}": place
        for before in ("星期", "周", "週")
        for place, day in enumerate("一二三四五六日")
    },
    units={
        "天": "day", "周": "week", "週": "week", "星期": "week", "月": "month", "个月": "month",
        "個月": "month", "年": "year",
    },
    numbers=_counted("一 两|二|兩 三 四 五 六 七 八 九 十"),
    shapes=(
        r"(?:" + _Y + r"年)?(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日?(?:至|到|-|–|、|和)"
        r"(?P<e>\d{{1,2}})日",
        r"(?:" + _Y + r"年)?(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})[日号號]",
        r"(?:" + _Y + r"年)?(?P<m>\d{{1,2}})月(?P<end>底)(?:之?前)?",
        _Y + r"年(?P<end>底)(?:之?前)?",
        r"(?:(?P<next>明)年?|今年?|本)?{unit}(?P<end>底|末)(?:之?前)?",
        r"(?:" + _Y + r"年)?(?P<m>\d{{1,2}})月",
        r"(?P<run>(?:未来|未來|今后|今後)?){number}{unit}(?:内|內|后|後)",
        r"(?P<next>下|明){unit}(?![一二三四五六日])",
        r"[本今这這]{unit}(?![一二三四五六日])",
        _Y + r"年",
        r"{weekday}",
        r"{month}",
    ),
    said={
        "immediate": r"立即|立刻|马上|馬上|即刻",
        "near_term": r"近期|不久|尽快|盡快|尽早|盡早|即将|即將|在不久的将来|早日",
        "ongoing": r"定期|经常|經常|不断|不斷|始终|始終|长期|長期",
        "open_ended": r"今后|今後|未来|未來|将来|將來|适时|適時",
    },
    tomorrow=r"明天|明日",
    today=r"今天|今日|当天|當天",
    lead=r"(?:于|於|在|将于|將於|到)",
    spaced=False,
)  # fmt: skip

CALENDARS: Final[dict[str, Calendar]] = {
    "en": _ENGLISH,
    "fr": _FRENCH,
    "de": _GERMAN,
    "es": _SPANISH,
    "ru": _RUSSIAN,
    "zh": _CHINESE,
}
"""The calendars by the first part of a BCP 47 tag."""

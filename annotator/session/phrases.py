"""Wordings from which the slots of a commitment follow as a rule, for six languages.

Data only: regular expressions, read without regard to case. A blank stands for any white space.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_NEVER: Final = r"(?!)"


@dataclass(frozen=True)
class Phrases:
    """The wordings of one language.

    An act stands behind `future` and begins with the word `own`; `lead` stands between a cue and
    the act, `that` where a clause of its own follows. At `split` a second act begins under the same
    cue, unless what stands before has fewer than `least` words; at `clause` a new clause begins.
    `condition` begins a condition, `temporal` what something else must come before or after.
    `again` says that it was taken on before, `ready` that it binds little. What begins with `held`,
    or is taken on with it, is to be left or stopped. Behind words of `manner`, an act that begins
    with `course` goes on with something, which may be new where it is `kept`; one with `more` is no
    bounded act, one with `vague` cannot be observed. `pinned` are quantities and places, unless
    they stand behind `purpose`, which says what the act is for. At a `tail` the words that sound
    like an act are told of further.
    """

    future: str
    lead: str
    that: str
    split: str
    clause: str
    condition: str
    again: str
    ready: str
    course: str
    kept: str
    more: str
    vague: str
    temporal: str
    held: str
    pinned: str = r"\d"
    manner: str = _NEVER
    purpose: str = _NEVER
    tail: str = _NEVER
    own: str = _NEVER
    least: int = 2
    spaced: bool = True


_RELATION: Final = (
    r"(?:organi[sz]e|build|form|forge|establish|create|launch|start|begin|enter into|set up)"
    r" (?:(?!of\b|to\b|for\b|between\b|in\b|on\b)[\w-]+ ){0,4}?"
    r"(?:partnership|cooperation|collaboration|friendship|relations(?:hip)?|ties)\b(?! agreement)"
)
"""Making a relation, which is a course and no deed that is done one day."""

_ENGLISH: Final = Phrases(
    future=r"will(?: (?:both|also|now|jointly|not))*|shall|would(?! like)|(?:is|are) (?:going )?to"
    r"|intends? to|plans? to|propos(?:ed|es)|suggest(?:ed|s)"
    r"|(?:is|are|was|were|stands?|stood) (?:ready|prepared|willing) to",
    lead=r"(?:to|that|on|upon)\b",
    that=r"that",
    split=r",? (?:and|or|as well as) (?:likewise |also |further |then )?"
    r"(?=to (?!the\b|an?\b|this\b|that\b|these\b|their\b|its\b|his\b|her\b|all\b|both\b|our\b)"
    r"(?-i:[a-z]))|, (?=to (?!the\b|an?\b|their\b|its\b|his\b|her\b|all\b|both\b)(?-i:[a-z]))"
    r"|,? and (?:then |likewise )?(?=(?:continue|keep|remain|stay|maintain|go on|carry on)\b)",
    clause=r"(?:[,;:] ?)?\b(?:and|but|while|whereas) |; ?",
    condition=r"\b(?:if|unless|provided(?: that)?|providing that|on (?:the )?condition that"
    r"|(?:as|so) long as(?! (?:it takes|necessary|needed))|once(?! (?:more|again|a)\b)"
    r"|in case(?: of)?|subject to|in the event (?:of|that)|(?-i:Should))\b|(?<=,\s)should\b",
    again=r"\b(?:reaffirm\w*|reiterat\w*|restat\w*|reconfirm\w*|recommit\w*|renewed"
    r"|once (?:more|again)|(?:confirmed|repeated) (?:their|his|her|its|that|the)\b)",
    ready=r"\b(?:ready|readiness|willing\w*|prepared|minded|in favou?r|in principle|open to"
    r"|intend\w*|intention|consider\w*|agreed on the need)\b",
    course=r"(?:continue|keep|remain|stay|maintain|go on|carry on|sustain|pursue)\b",
    kept=r"(?:keep|remain|stay|maintain)\b",
    temporal=r"\b(?:before|after|until|till|when|while|during|as soon as|pending|ahead of)\b",
    held=r"\b(?:not|never|no (?:longer|more)|stop|cease|halt|suspend|discontinue|refrain|abstain"
    r"|desist|avoid|forgo|give up)\b",
    more=r"(?:intensify|strengthen|deepen|expand|develop|step up|increase|enhance|promote|foster"
    r"|work|cooperate|collaborate|coordinate|consult|build)\b|" + _RELATION,
    vague=r"(?:cooperat|collaborat|strengthen|deepen|develop|promot|intensif|improv|foster|advanc"
    r"|enhanc|support|work|continue|remain|maintain|pursue|consider|defend|respect|contribut|seek"
    r"|striv|explor|step up|stay in|keep in|build a)|" + _RELATION,
    pinned=r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty"
    r"|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen)\b"
    r"|\b(?:in|at|near) (?-i:[A-Z])",
    manner=r"(?:(?:\w+ly|always|also|both|further|henceforth) )+",
    purpose=r"\b(?:in order to|so that|so as to|with a view to)\b"
    r"|(?<=\w )to (?!the\b|an?\b|this\b|that\b|these\b|their\b|its\b|his\b|her\b|each\b|all\b"
    r"|both\b|one\b|(?:the )?other)(?-i:[a-z]+)(?= (?:the|an?|this|these|their|its|his|her|all)\b)",
    tail=r",? (?:which|who|whom|whose|so that|so as to|in order to|with a view to)\b"
    r"| that (?!the\b|an?\b|they\b|he\b|she\b|it\b|this\b)(?-i:[a-z])| between\b"
    r"| in (?:the )?(?:field|area|sphere|fight|struggle|context|framework|interests?)"
    r" (?:of|against)\b"
    r"| on (?:an?|the) (?:[\w-]+,? ){0,8}(?:basis|footing)\b",
)

_FRENCH: Final = Phrases(
    future=r"va|vont|compte(?:nt)?|entend(?:ent)?|(?:est|sont) prêt(?:e|es|s)? à",
    own=r"(?-i:[a-zéèêàâîôûç]{2,})r(?:a|ont)",
    lead=r"(?:à|de|que|sur)\b|d[’']|qu[’']",
    that=r"que|qu[’']",
    split=r",? (?:et|ou|ainsi que) (?=(?:à |de |d[’'])\w+(?:er|ir|re)\b)",
    clause=r"(?:[,;:] ?)?\b(?:et|mais|tandis que) |; ?",
    condition=r"\b(?:si|s[’']ils?|à condition (?:que|de)|pourvu que|à moins que|sous réserve d\w*"
    r"|dès que(?! possible)|une fois que|en cas de)\b",
    again=r"\b(?:réaffirm\w*|réitér\w*|à nouveau|de nouveau|une nouvelle fois|renouvel\w*)",
    ready=r"\b(?:prêt\w*|dispos\w*|en principe|envisag\w*|favorable\w*)",
    course=r"(?:continu|poursui|rest|maint|demeur)\w*",
    kept=r"(?:rest|maint|demeur)\w*",
    temporal=r"\b(?:avant|après|jusqu\w*|lorsque?|quand|dès|pendant|durant)\b",
    held=r"\b(?:ne|n[’']|cess\w+|arrêt\w+|suspend\w+|interromp\w+|s[’']abst\w+|renonc\w+|évit\w+)\b",
    more=r"(?:intensifi|renforc|approfondi|développ|œuvr|coopér|collabor|coordonn)\w*",
    vague=r"(?:renforc|approfondi|développ|promouvoir|coopér|collabor|rest|poursui|continu"
    r"|intensifi|œuvr|souten|contribu)\w*",
)

_GERMAN: Final = Phrases(
    future=r"wird|werden|wollen|(?:ist|sind) bereit|vereinbart(?:en|e)|beschloss(?:en)?"
    r"|einig(?:ten|te) sich(?: darauf)?|verpflichtet(?:en|e) sich|kündigt(?:en|e) an",
    lead=r",? ?(?:dass|zu|auf)\b",
    that=r",? ?dass",
    split=r",? (?:und|sowie) (?=(?:\w+ ){1,8}?(?:zu \w+|\w+zu\w+en)\b)",
    clause=r"(?:[,;:] ?)?\b(?:und|aber|während|doch) |; ?",
    condition=r"\b(?:wenn|falls|sofern|unter der (?:bedingung|voraussetzung)|vorausgesetzt"
    r"|es sei denn|sobald(?! wie)|solange(?! (?:es )?nötig)|im falle)\b",
    again=r"\b(?:bekräftig\w*|erneuer\w*|erneut|abermals|nochmals|wiederholt\w*)",
    ready=r"\b(?:bereit\w*|grundsätzlich|im prinzip|erwäg\w*|beabsichtig\w*)",
    course=r"(?:.*?\b)?(?:fort(?:zu)?setz\w*|weiter(?:hin)?\b|bleib\w*|beizubehalten"
    r"|aufrecht\w*|in (?:engem )?kontakt)",
    kept=r"(?:.*?\b)?(?:bleib\w*|beizubehalten|aufrecht\w*|in (?:engem )?kontakt)",
    temporal=r"\b(?:bevor|bis|nachdem|wenn|sobald|während|vor|nach|solange)\b",
    held=r"\b(?:nicht|kein\w*|nie|niemals|verzicht\w*|\w*unterlass\w*|einzustellen|einstell\w*"
    r"|auszusetzen|aussetz\w*|vermeid\w*)\b",
    more=r"(?:.*?\b)?(?:vertief\w*|zusammen(?:zu)?arbeit\w*|verstärk\w*|auszubauen|förder\w*)",
    vague=r"(?:.*?\b)?(?:vertief\w*|zusammen(?:zu)?arbeit\w*|verstärk\w*|auszubauen|förder\w*"
    r"|in (?:engem )?kontakt|unterstütz\w*|fort(?:zu)?setz\w*|weiter\w*)",
    least=1,
)

_SPANISH: Final = Phrases(
    future=r"acord(?:aron|ó)|convinieron|se compromet(?:ió|ieron)|decid(?:ió|ieron)"
    r"|(?:va|van) a|(?:está|están) (?:dispuest[oa]s? a|list[oa]s? para)",
    own=r"(?-i:[a-záéíóúñ]{2,})r(?:á|án)",
    lead=r"(?:a|de|en|que)\b",
    that=r"(?:en )?que",
    split=r",? (?:y|e|así como) (?=(?:a |en |de )?\w+(?:ar|er|ir)(?:se|l[oa]s?)?\b)",
    clause=r"(?:[,;:] ?)?\b(?:y|e|pero|mientras) |; ?",
    condition=r"\b(?:si|siempre que|a condición de|a menos que|salvo que|en caso de|una vez que)\b",
    again=r"\b(?:reafirm\w*|reiter\w*|de nuevo|nuevamente|una vez más|renov\w*)",
    ready=r"\b(?:dispuest\w*|disposición|en principio|a favor)\b",
    course=r"(?:segu|sigu|continu|manten|permanec|prosegu)\w*",
    kept=r"(?:manten|permanec)\w*",
    temporal=r"\b(?:antes|después|tras|hasta|cuando|durante|mientras)\b",
    held=r"\b(?:no|nunca|ces(?:e|ar)\w*|deten\w+|suspend\w+|abst\w+|dejar[áa]?n? de|evit\w+"
    r"|renunci\w+)\b",
    more=r"(?:fortalec|profundiz|cooper|colabor|promov|desarroll|ampli|trabaj|intensific)\w*",
    vague=r"(?:fortalec|profundiz|cooper|colabor|segu|continu|promov|desarroll|ampli|trabaj"
    r"|manten|impuls|intensific|apoy|contribu)\w*",
)

_RUSSIAN: Final = Phrases(
    future=r"будет|будут|намерен[аоы]?|готов[аоы]?|планиру[ею]т",
    lead=r"(?:,? ?что|о|об)\b",
    that=r",? ?что",
    split=r",? (?:и|а также) (?=\w+(?:ть|ться|ти|чь)\b)",
    clause=r"(?:[,;:] ?)?\b(?:и|а|но) |; ?",
    condition=r"\b(?:если|при условии|в случае|как только)\b",
    again=r"\b(?:подтвердил\w*|вновь|ещё раз|еще раз|повтор\w+|снова)\b",
    ready=r"\b(?:готов\w*|в принципе|намерен\w*|выступ\w+ за)\b",
    course=r"(?:продолж|поддержив|оставать|сохран)\w*",
    kept=r"(?:поддержив|оставать)\w*",
    temporal=r"\b(?:до|после|пока|когда|прежде|перед)\b",
    held=r"\b(?:не|прекра\w+|приостан\w+|воздерж\w+|отказ\w+|избега\w+)\b",
    more=r"(?:укрепл|развива|углубл|сотруднич|наращива|расшир|усил)\w*",
    vague=r"(?:укрепл|развива|углубл|сотруднич|продолж|поддержив|содейств|наращива|способств"
    r"|расшир|работать)\w*",
)

_CHINESE: Final = Phrases(
    future=r"将会|将|將會|將|愿意|愿同|愿与|愿|願意|願|同意|决定|決定|商定|承诺|承諾",
    lead=r"[，：:]",
    that=r"，",
    split=r"[，,]?(?:并|並|以及)(?![不非])",
    clause=r"[；;。]|[，,](?=双方|雙方|中方|美方|俄方)",
    condition=r"如果|若|只要|除非|一旦|在(?=[^，。；]{1,20}前提下)",
    again=r"重申|再次",
    ready=r"愿|願|准备|準備|原则上|原則上",
    course=r"继续|繼續|保持|坚持|堅持",
    kept=r"保持|坚持|堅持",
    temporal=r"前|后|後|直到|期间|期間|时|時",
    held=r"不(?!断|斷)|停止|暂停|暫停|中止|避免|放弃|放棄",
    more=r"加强|加強|深化|推动|推動|促进|促進|发展|發展|扩大|擴大|拓展|开展|開展",
    vague=r"加强|加強|深化|推动|推動|促进|促進|合作|继续|繼續|保持|发展|發展|支持|扩大|擴大|拓展",
    spaced=False,
)

_PHRASES: Final[dict[str, Phrases]] = {
    "en": _ENGLISH,
    "fr": _FRENCH,
    "de": _GERMAN,
    "es": _SPANISH,
    "ru": _RUSSIAN,
    "zh": _CHINESE,
}


@lru_cache(maxsize=128)
def pattern(language: str, name: str) -> re.Pattern[str]:
    """Return one of a language's patterns; it matches nothing where the language is not known."""
    known = phrases(language)
    body = getattr(known, name) if known else _NEVER
    if known and known.spaced and name in ("future", "own"):
        body = rf"(?<!\w)(?:{body})(?!\w)" if name == "own" else rf"(?<!\w)(?:{body})(?=\W)"
    return re.compile(body.replace(" ", r"\s"), re.IGNORECASE | re.DOTALL)


def phrases(language: str) -> Phrases | None:
    """Return the wordings of a language by its BCP 47 tag, or None where there are none."""
    return _PHRASES.get(language.partition("-")[0].casefold())

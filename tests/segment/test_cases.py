"""Hard texts and what each must be split into; a sentence alone is body text."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from annotator.segment import segment

Expected = str | tuple[str, str]


class Case(NamedTuple):
    name: str
    text: str
    expected: list[Expected]


def heading(text: str) -> tuple[str, str]:
    return text, "heading"


def item(text: str) -> tuple[str, str]:
    return text, "list_item"


def dateline(text: str) -> tuple[str, str]:
    return text, "dateline"


def formula(text: str) -> tuple[str, str]:
    return text, "boilerplate"


def quotation(text: str) -> tuple[str, str]:
    return text, "quotation"


TITLES = [
    Case(
        "titles before names",
        "Mr. Orsk met Mrs. Vale. Dr. Obi and Prof. Lund joined them.",
        ["Mr. Orsk met Mrs. Vale.", "Dr. Obi and Prof. Lund joined them."],
    ),
    Case(
        "ranks in a row",
        "He met Lt. Gen. Hale and Maj. Gen. Roe. Rear Adm. Poll was there.",
        ["He met Lt. Gen. Hale and Maj. Gen. Roe.", "Rear Adm. Poll was there."],
    ),
    Case(
        "His Excellency",
        "H.E. Milan Dorvić arrived. H.R.H. The Princess greeted him.",
        ["H.E. Milan Dorvić arrived.", "H.R.H. The Princess greeted him."],
    ),
    Case(
        "the right honourable",
        "The Rt. Hon. Joost Linde spoke. The Hon. Julie Bell agreed.",
        ["The Rt. Hon. Joost Linde spoke.", "The Hon. Julie Bell agreed."],
    ),
    Case(
        "titles in capitals",
        "MR. ORSK MET GEN. HALE. THEY AGREED.",
        ["MR. ORSK MET GEN. HALE.", "THEY AGREED."],
    ),
    Case("title at the end of the text", "He is called Mr.", ["He is called Mr."]),
    Case(
        "junior inside and at the end",
        "Joseph R. Vale, Jr. President of Orm, spoke. It was for John Vale Jr. He left.",
        ["Joseph R. Vale, Jr. President of Orm, spoke.", "It was for John Vale Jr.", "He left."],
    ),
    Case(
        "company forms",
        "Acme Inc. President Ada Roe met Orm Corp. They signed.",
        ["Acme Inc. President Ada Roe met Orm Corp.", "They signed."],
    ),
    Case(
        "for example and that is",
        "Several states, e.g. Orlenia, i.e. Brevonia's neighbour, agreed. Others, cf. "
        "Annex A, did not.",
        [
            "Several states, e.g. Orlenia, i.e. Brevonia's neighbour, agreed.",
            "Others, cf. Annex A, did not.",
        ],
    ),
    Case(
        "saint at the start of a name",
        "They met in St. Petersburg. Mt. Orm was closed.",
        ["They met in St. Petersburg.", "Mt. Orm was closed."],
    ),
]

INITIALS = [
    Case(
        "initials of a name",
        "J. D. Vance spoke. George W. Bush and J.F. Kennedy did not.",
        ["J. D. Vance spoke.", "George W. Bush and J.F. Kennedy did not."],
    ),
    Case(
        "country inside a sentence",
        "The U.S. President and the U.K. Secretary met. U.S. Under Secretary Roe joined.",
        ["The U.S. President and the U.K. Secretary met.", "U.S. Under Secretary Roe joined."],
    ),
    Case(
        "country at the end of a sentence",
        "He flew to the U.S. The visit was short. She left the U.S. In May she returned.",
        [
            "He flew to the U.S.",
            "The visit was short.",
            "She left the U.S.",
            "In May she returned.",
        ],
    ),
    Case(
        "capital at the end of a sentence",
        "They met in Washington, D.C. The two leaders then dined.",
        ["They met in Washington, D.C.", "The two leaders then dined."],
    ),
    Case(
        "hyphened country",
        "The Japan-U.S. Summit took place.",
        ["The Japan-U.S. Summit took place."],
    ),
    Case(
        "initial before a French article",
        "J.-Y. Le Drian called. J. Le Roux answered.",
        ["J.-Y. Le Drian called.", "J. Le Roux answered."],
    ),
    Case(
        "letter that is no initial",
        "This ended World War I. The peace held. See Annex B. It is long.",
        ["This ended World War I.", "The peace held.", "See Annex B.", "It is long."],
    ),
    Case(
        "initial followed by an initial that looks like a starter",
        "We met A. I. Orlov today.",
        ["We met A. I. Orlov today."],
    ),
    Case(
        "degrees", "Ada Roe, Ph.D. Fellow, spoke. Fine.", ["Ada Roe, Ph.D. Fellow, spoke.", "Fine."]
    ),
]

NUMBERS = [
    Case(
        "decimals and amounts",
        "Trade rose to $3.2bn. It was 1.5 billion in 2.5 years.",
        ["Trade rose to $3.2bn.", "It was 1.5 billion in 2.5 years."],
    ),
    Case(
        "number sign",
        "Resolution No. 5 was cited. He said no. Article 7 holds.",
        ["Resolution No. 5 was cited.", "He said no.", "Article 7 holds."],
    ),
    Case(
        "paragraphs and pages",
        "See para. 3 and pp. 4-5 of Art. IV. Fig. 2 shows it.",
        ["See para. 3 and pp. 4-5 of Art. IV.", "Fig. 2 shows it."],
    ),
    Case(
        "date in figures",
        "They met on 28.01.2017. They met again on 1. 2. 2018 in Orm.",
        ["They met on 28.01.2017.", "They met again on 1. 2. 2018 in Orm."],
    ),
    Case(
        "short months",
        "It is due on Jan. 5 and Sept. 7. He came in Jan. The rest came later.",
        ["It is due on Jan. 5 and Sept. 7.", "He came in Jan.", "The rest came later."],
    ),
    Case(
        "year at the end",
        "It began in 2019. 15 states joined. It ended in 2020. The rest left.",
        ["It began in 2019.", "15 states joined.", "It ended in 2020.", "The rest left."],
    ),
    Case(
        "clock",
        "He spoke at 5 p.m. Eastern Time. She spoke at 6 p.m. President Roe left at 7 a.m. "
        "(Moscow time).",
        [
            "He spoke at 5 p.m. Eastern Time.",
            "She spoke at 6 p.m.",
            "President Roe left at 7 a.m. (Moscow time).",
        ],
    ),
    Case(
        "a title and initials like a clock",
        "P.M. Halvorsen met A.M. Naidoo. He called the P.M. The talks ended at 5 P.M. President Roe"
        " left at 5:30 P.M. Others stayed.",
        [
            "P.M. Halvorsen met A.M. Naidoo.",
            "He called the P.M.",
            "The talks ended at 5 P.M.",
            "President Roe left at 5:30 P.M.",
            "Others stayed.",
        ],
    ),
    Case(
        "aside with a clock",
        "The call (local time. 5:30 p.m.) was short. Good.",
        ["The call (local time. 5:30 p.m.) was short.", "Good."],
    ),
    Case(
        "section number", "Version 2.1.3 of the text stands.", ["Version 2.1.3 of the text stands."]
    ),
    Case(
        "per cent", "It grew by 5%. Trade grew by 3.5%.", ["It grew by 5%.", "Trade grew by 3.5%."]
    ),
]

QUOTES = [
    Case(
        "end mark inside quotes",
        '“We agreed.” He left. "We met." She stayed.',
        ["“We agreed.”", "He left.", '"We met."', "She stayed."],
    ),
    Case(
        "quotation with a comma and a speaker",
        '"We will act," he said. "It is time," she added.',
        ['"We will act," he said.', '"It is time," she added.'],
    ),
    Case(
        "sentences inside a quotation",
        "“We met. We agreed,” he said.",
        ["“We met.", "We agreed,” he said."],
    ),
    Case(
        "question and a pronoun",
        "“Will you come?” he asked. “Yes!” she cried.",
        ["“Will you come?” he asked.", "“Yes!” she cried."],
    ),
    Case(
        "question and a name",
        "“Will you come?” President Orsk asked. “Never!” Mr. Vale replied.",
        ["“Will you come?” President Orsk asked.", "“Never!” Mr. Vale replied."],
    ),
    Case(
        "question and a new sentence",
        "“Will you come?” The room was silent. He said nothing.",
        ["“Will you come?”", "The room was silent.", "He said nothing."],
    ),
    Case(
        "quotation in a quotation",
        "She said: “He told me, ‘We agree.’ Then he left.” It was late.",
        ["She said: “He told me, ‘We agree.’", "Then he left.”", "It was late."],
    ),
    Case(
        "quotation never closed",
        'He said: "We are ready. We will come. Nobody knows when.',
        ['He said: "We are ready.', "We will come.", "Nobody knows when."],
    ),
    Case(
        "quotation never opened",
        'We are ready." He left. It was late.',
        ['We are ready."', "He left.", "It was late."],
    ),
    Case(
        "marks that do not pair",
        "‘’The talk went well,’’ the office says. ‘’Good.’’ They left.",
        ["‘’The talk went well,’’ the office says.", "‘’Good.’’", "They left."],
    ),
    Case(
        "German quotes",
        "Er sagte: „Wir sind bereit.“ Dann ging er. »Gut.« Sie blieb.",
        ["Er sagte: „Wir sind bereit.“", "Dann ging er.", "»Gut.«", "Sie blieb."],
    ),
    Case(
        "guillemets in a Russian sentence",
        "Он сказал: «Мы готовы». «Да!» – ответил другой. «Когда?» Ответа нет.",
        ["Он сказал: «Мы готовы».", "«Да!» – ответил другой.", "«Когда?»", "Ответа нет."],
    ),
    Case(
        "closing quote after a space",
        "He said: “We agree. ” She left.",
        ["He said: “We agree. ”", "She left."],
    ),
    Case(
        "American and British order",
        "They call it ‘peace’. They call it “peace.” We do not.",
        ["They call it ‘peace’.", "They call it “peace.”", "We do not."],
    ),
    Case(
        "paragraph that is a quotation",
        'He said:\n\n"We have met. We have agreed.\n\n"We shall meet again."\n\nHe left.',
        [
            "He said:",
            quotation('"We have met.'),
            quotation("We have agreed."),
            quotation('"We shall meet again."'),
            "He left.",
        ],
    ),
    Case(
        "corner brackets",
        "彼は「行きます。」と述べた。「はい。」",
        ["彼は「行きます。」", "と述べた。", "「はい。」"],
    ),
]

SIGNS = [
    Case(
        "ellipses",
        "He paused... Then he spoke. He … went on. Well… Yes. It was... fine.",
        ["He paused...", "Then he spoke.", "He … went on.", "Well…", "Yes.", "It was... fine."],
    ),
    Case(
        "spaced ellipsis and omission",
        "We agreed . . . and left. They [...] Met again. So (…) It was.",
        ["We agreed . . . and left.", "They [...] Met again.", "So (…) It was."],
    ),
    Case("several marks", "Really?! Yes!!! They did.", ["Really?!", "Yes!!!", "They did."]),
    Case(
        "sentences in parentheses",
        "They met. (It was May. It rained.) They left.",
        ["They met.", "(It was May.", "It rained.)", "They left."],
    ),
    Case(
        "aside in a sentence",
        "The talks (were they late? Yes!) began. The text (see Annex. Part A) stands.",
        ["The talks (were they late? Yes!) began.", "The text (see Annex. Part A) stands."],
    ),
    Case(
        "mark in parentheses",
        "They agreed (!) On Monday they left. Sure (?) They were.",
        ["They agreed (!) On Monday they left.", "Sure (?) They were."],
    ),
    Case(
        "parenthesis never closed",
        "He came (in May. He left. She stayed.",
        ["He came (in May.", "He left.", "She stayed."],
    ),
    Case(
        "addresses",
        "See https://orm.example/a.B?c=D. Write to press.Office@orm.example. "
        "Or www.orm.example/News.Html now.",
        [
            "See https://orm.example/a.B?c=D.",
            "Write to press.Office@orm.example.",
            "Or www.orm.example/News.Html now.",
        ],
    ),
    Case(
        "foot notes",
        "They agreed.[1] They met.¹ They left.[2][3] Good.",
        ["They agreed.[1]", "They met.¹", "They left.[2][3]", "Good."],
    ),
    Case(
        "missing space",
        "They met the Taoiseach.The talks were long.Both left. See Orm.Com now.",
        ["They met the Taoiseach.", "The talks were long.", "Both left.", "See Orm.Com now."],
    ),
    Case(
        "small letter after a full stop",
        "We agreed with Orm Ltd. and left etc. and so on. Then all.",
        ["We agreed with Orm Ltd. and left etc. and so on.", "Then all."],
    ),
    Case("semicolons do not end", "They met; they agreed: good.", ["They met; they agreed: good."]),
    Case(
        "etc. at the end",
        "They sent pumps, tents, etc. The rest came.",
        ["They sent pumps, tents, etc.", "The rest came."],
    ),
    Case(
        "emoji",
        "We agreed 🤝. Then we left 👩🏽\u200d⚕️. Done.",
        ["We agreed 🤝.", "Then we left 👩🏽\u200d⚕️.", "Done."],
    ),
    Case(
        "inverted marks",
        "Vino ayer. ¿Cuándo? ¡Hoy! Bien.",
        ["Vino ayer.", "¿Cuándo?", "¡Hoy!", "Bien."],
    ),
    Case("nothing but marks", "... !!! ???", [formula("... !!! ???")]),
    Case(
        "marks before the first word",
        "... And so they met. Good.",
        ["... And so they met.", "Good."],
    ),
]

DATELINES = [
    Case(
        "place and date with a dash",
        "WASHINGTON, January 28 – The President spoke. He agreed.",
        [dateline("WASHINGTON, January 28 –"), "The President spoke.", "He agreed."],
    ),
    Case(
        "agency in slashes",
        "MOSCOW, January 28. /TASS/. The Presidents spoke. They agreed.",
        [dateline("MOSCOW, January 28. /TASS/."), "The Presidents spoke.", "They agreed."],
    ),
    Case(
        "agency in parentheses",
        "Al-Manara, Nov. 20 (Suhail News Agency) - H.H. The Emir spoke.",
        [dateline("Al-Manara, Nov. 20 (Suhail News Agency) -"), "H.H. The Emir spoke."],
    ),
    Case(
        "place in capitals",
        "NEW YORK — The leaders met today.",
        [dateline("NEW YORK —"), "The leaders met today."],
    ),
    Case(
        "capital with its district",
        "WASHINGTON, D.C., Jan. 28, 2017 -- The leaders met.",
        [dateline("WASHINGTON, D.C., Jan. 28, 2017 --"), "The leaders met."],
    ),
    Case(
        "Russian agency",
        "МОСКВА, 28 января. /ТАСС/. Президенты провели беседу. Они договорились.",
        [dateline("МОСКВА, 28 января. /ТАСС/."), "Президенты провели беседу.", "Они договорились."],
    ),
    Case(
        "Arabic agency",
        "المنارة في 20 نوفمبر / وكالة الأنباء / استقبل الأمير الرئيس. ثم غادر.",
        [dateline("المنارة في 20 نوفمبر / وكالة الأنباء /"), "استقبل الأمير الرئيس.", "ثم غادر."],
    ),
    Case(
        "Chinese agency",
        "新华社北京1月28日电 两国元首通话。他们同意。",
        [dateline("新华社北京1月28日电"), "两国元首通话。", "他们同意。"],
    ),
    Case(
        "date on its own line",
        "Joint Statement\nMardi 3 juin 2025\n\n13 апреля 2021 года\n\n"
        "Port Halden, 17-18 September 2025",
        [
            heading("Joint Statement"),
            dateline("Mardi 3 juin 2025"),
            dateline("13 апреля 2021 года"),
            dateline("Port Halden, 17-18 September 2025"),
        ],
    ),
    Case(
        "date that opens a sentence",
        "On Monday, January 28 – the day of the call – they met. On 5 May they left.",
        ["On Monday, January 28 – the day of the call – they met.", "On 5 May they left."],
    ),
    Case(
        "wire service after the date",
        "Москва. 28 января. ИНТЕРФАКС - Президенты провели беседу. Они рады.",
        [
            dateline("Москва. 28 января. ИНТЕРФАКС -"),
            "Президенты провели беседу.",
            "Они рады.",
        ],
    ),
    Case(
        "French place and date",
        "Paris, le 28 janvier 2017 – Le Président a parlé.",
        [dateline("Paris, le 28 janvier 2017 –"), "Le Président a parlé."],
    ),
    Case(
        "dateline with nothing after it",
        "WASHINGTON, January 28 –\n\n新华社北京1月28日电\n\nORM (Orm News) –",
        [
            dateline("WASHINGTON, January 28 –"),
            dateline("新华社北京1月28日电"),
            dateline("ORM (Orm News) –"),
        ],
    ),
    Case(
        "two names are no dateline",
        "NATO – Russia Council met today. ORM — They met.",
        ["NATO – Russia Council met today.", "ORM — They met."],
    ),
    Case(
        "two countries are no dateline",
        "ORM-VALE talks began. They ended.",
        ["ORM-VALE talks began.", "They ended."],
    ),
]

ROLES = [
    Case(
        "heading and text",
        "Readout of the Call with President Orsk\n\nThe leaders spoke.\n\nNext steps\n\n"
        "They will meet.",
        [
            heading("Readout of the Call with President Orsk"),
            "The leaders spoke.",
            heading("Next steps"),
            "They will meet.",
        ],
    ),
    Case(
        "heading that ends in an abbreviation",
        "President Roe's Meeting in Woodside, Calif.\n\nThey met.",
        [heading("President Roe's Meeting in Woodside, Calif."), "They met."],
    ),
    Case(
        "lead-in is no heading",
        "The two sides agreed to:\n- open a line;\n- meet in May.",
        ["The two sides agreed to:", item("- open a line;"), item("- meet in May.")],
    ),
    Case(
        "text that stops in mid-sentence",
        "The leaders met in Orm.\n\nThe President said that the road to the lake would",
        ["The leaders met in Orm.", "The President said that the road to the lake would"],
    ),
    Case(
        "bullets of many kinds",
        "• Trade grew. It will grow.\n– Peace\n* Water.\n(a) Grain.\n1. The road.\n"
        "2) The lake.\niv. The end.",
        [
            item("• Trade grew."),
            item("It will grow."),
            item("– Peace"),
            item("* Water."),
            item("(a) Grain."),
            item("1. The road."),
            item("2) The lake."),
            item("iv. The end."),
        ],
    ),
    Case(
        "list without markers",
        "They agreed to:\nopen a line;\nmeet in May.",
        ["They agreed to:", item("open a line;"), item("meet in May.")],
    ),
    Case(
        "numbered headings",
        "1. Water\n\nThe lakes fell.\n\n2. Trade\n\nTrade rose.",
        [heading("1. Water"), "The lakes fell.", heading("2. Trade"), "Trade rose."],
    ),
    Case(
        "inline list stays whole",
        "They agreed: 1) to meet; 2) to talk; 3. To write. It was late.",
        ["They agreed: 1) to meet; 2) to talk; 3. To write.", "It was late."],
    ),
    Case(
        "press-office formulas",
        "FOR IMMEDIATE RELEASE\nOffice of the Press Secretary\n\nThe leaders met.\n\n###\n"
        "* * *\nhttps://orm.example",
        [
            formula("FOR IMMEDIATE RELEASE"),
            formula("Office of the Press Secretary"),
            "The leaders met.",
            formula("###"),
            formula("* * *"),
            formula("https://orm.example"),
        ],
    ),
    Case(
        "attributable line",
        "The following is attributable to Spokesperson Ada Roe:\n\nThey met.",
        [formula("The following is attributable to Spokesperson Ada Roe:"), "They met."],
    ),
    Case(
        "headers of a message",
        "From: Press Office <p@orm.example>\nSubject: A call\n\nThey met.",
        [formula("From: Press Office <p@orm.example>"), formula("Subject: A call"), "They met."],
    ),
    Case("letter", "Dear Chancellor,\n\nI agree.", ["Dear Chancellor,", "I agree."]),
    Case(
        "date is no list item",
        "28. Januar 2017\n\nSie trafen sich.",
        [dateline("28. Januar 2017"), "Sie trafen sich."],
    ),
    Case("quoted message", "> We agreed.\n\nGood.", [quotation("> We agreed."), "Good."]),
    Case("marked heading", "## Next steps.\n\nThey met.", [heading("## Next steps."), "They met."]),
]

LINES = [
    Case(
        "wrapped paragraph",
        "The President of Orm spoke today by telephone with Prime Minister Ada\n"
        "Roe of Vale about trade. She agreed with the ambassador of Orm and Mr.\n"
        "Orsk that the road to the lake, which has been closed for a year, will\nbe open soon.",
        [
            "The President of Orm spoke today by telephone with Prime Minister Ada\n"
            "Roe of Vale about trade.",
            "She agreed with the ambassador of Orm and Mr.\n"
            "Orsk that the road to the lake, which has been closed for a year, will\nbe open soon.",
        ],
    ),
    Case(
        "wrapped list",
        "The two leaders agreed on the following steps for the coming years:\n"
        "- to open the road to the lake before the end of the year and\n"
        "  to keep it open;\n"
        "- to meet.",
        [
            "The two leaders agreed on the following steps for the coming years:",
            item(
                "- to open the road to the lake before the end of the year and\n  to keep it open;"
            ),
            item("- to meet."),
        ],
    ),
    Case(
        "one broken line",
        "The Secretary-General spoke today with the President of Orm\nand thanked him. He left.\n"
        "They will meet again.",
        [
            "The Secretary-General spoke today with the President of Orm\nand thanked him.",
            "He left.",
            "They will meet again.",
        ],
    ),
    Case(
        "short lines are not wrapped",
        "Readout\nPresidential call\nOrm and Vale\nThey met.",
        [heading("Readout"), heading("Presidential call"), heading("Orm and Vale"), "They met."],
    ),
    Case(
        "blank lines with spaces",
        "They met.\n \t \n\u00a0\nThey left.\n\n\n",
        ["They met.", "They left."],
    ),
    Case(
        "all line ends there are",
        "They met.\u2028They talked.\u2029They ate.\u0085They slept.\x0bThey woke.\x0cThey "
        "left.\r\nGood.",
        [
            "They met.",
            "They talked.",
            "They ate.",
            "They slept.",
            "They woke.",
            "They left.",
            "Good.",
        ],
    ),
    Case("tabs", "\tThey met.\tThey left.\t", ["They met.", "They left."]),
    Case(
        "no-break spaces",
        "\u00a0They met.\u00a0 They saw Mr.\u00a0Orsk.\u202fThey left.\u00a0",
        ["They met.", "They saw Mr.\u00a0Orsk.", "They left."],
    ),
    Case(
        "hidden characters",
        "\ufeffThey met.\u200b They left. \u200eThey \u00adslept.\u2069 Good.",
        ["\ufeffThey met.\u200b", "They left.", "\u200eThey \u00adslept.\u2069", "Good."],
    ),
    Case(
        "a hidden character alone",
        "They met.\n\u200b\nGood.",
        ["They met.", formula("\u200b"), "Good."],
    ),
    Case("nothing", "", []),
    Case("white space alone", " \n\u00a0\t\u3000\n", []),
]

LANGUAGES = [
    Case(
        "French spaces and titles",
        "M. Macron a parlé. Est-ce vrai ? Oui ! Mme Roe et MM. Le Roux et Vale sont là.",
        ["M. Macron a parlé.", "Est-ce vrai ?", "Oui !", "Mme Roe et MM. Le Roux et Vale sont là."],
    ),
    Case(
        "French quotes",
        "Il a dit : « Nous sommes prêts. » Puis il est parti. « Quoi ? » a-t-il demandé.",
        [
            "Il a dit : « Nous sommes prêts. »",
            "Puis il est parti.",
            "« Quoi ? » a-t-il demandé.",
        ],
    ),
    Case(
        "French narrow spaces",
        "Est-ce vrai\u202f? «\u00a0Oui\u202f!\u00a0» Il part.",
        ["Est-ce vrai\u202f?", "«\u00a0Oui\u202f!\u00a0»", "Il part."],
    ),
    Case(
        "French abbreviations",
        "Voir art. 5, p. 3, etc. L’accord tient, c.-à-d. Le texte de 1994. S.E.M. Roe signe.",
        [
            "Voir art. 5, p. 3, etc.",
            "L’accord tient, c.-à-d. Le texte de 1994.",
            "S.E.M. Roe signe.",
        ],
    ),
    Case(
        "Russian years and cities",
        "Встреча прошла 28 января 2017 г. Стороны договорились. Визит в г. "
        "Москва в 2016–2017 гг. не состоялся.",
        [
            "Встреча прошла 28 января 2017 г.",
            "Стороны договорились.",
            "Визит в г. Москва в 2016–2017 гг. не состоялся.",
        ],
    ),
    Case(
        "Russian initials",
        "А.С. Пушкин и В. В. Путин, т.е. Президент, были там. Дж. Байден ушёл.",
        ["А.С. Пушкин и В. В. Путин, т.е. Президент, были там.", "Дж. Байден ушёл."],
    ),
    Case(
        "Russian sums and names",
        "Завод им. Кирова получил 5 млн. руб. Потом ещё 10 тыс. 500 руб. и т.д. Они рады.",
        ["Завод им. Кирова получил 5 млн. руб.", "Потом ещё 10 тыс. 500 руб. и т.д.", "Они рады."],
    ),
    Case(
        "Ukrainian year",
        "Зустріч відбулася у 2024 р. Сторони домовилися. Завод ім. Лесі стоїть.",
        ["Зустріч відбулася у 2024 р.", "Сторони домовилися.", "Завод ім. Лесі стоїть."],
    ),
    Case(
        "Chinese without spaces",
        "两国元首通话。他们同意！真的？是的。",
        ["两国元首通话。", "他们同意！", "真的？", "是的。"],
    ),
    Case(
        "Chinese quotations",
        "他说：“我们同意。”双方高兴。“是吗？”他问。好。",
        ["他说：“我们同意。”", "双方高兴。", "“是吗？”他问。", "好。"],
    ),
    Case(
        "Chinese numbers and ellipses",
        "双方同意：1. 加强合作；2. 扩大交流。中美……应该合作。",
        ["双方同意：1. 加强合作；2. 扩大交流。", "中美……应该合作。"],
    ),
    Case(
        "Chinese with Western marks",
        "双方同意!两国高兴?是的。增长3.5%。",
        ["双方同意!", "两国高兴?", "是的。", "增长3.5%。"],
    ),
    Case(
        "Arabic marks",
        "التقى الرئيس د. أحمد بالأمير. هل اتفقا؟ نعم، اتفقا؛ ثم غادرا! انتهى اللقاء.",
        [
            "التقى الرئيس د. أحمد بالأمير.",
            "هل اتفقا؟",
            "نعم، اتفقا؛ ثم غادرا!",
            "انتهى اللقاء.",
        ],
    ),
    Case(
        "Arabic year and missing space",
        "اتفقا في 2024 م. وغادرا.وقال الأمير إنه سعيد.",
        ["اتفقا في 2024 م.", "وغادرا.", "وقال الأمير إنه سعيد."],
    ),
    Case(
        "Hindi danda and title",
        "राष्ट्रपति डॉ. ईशान समुद्री से बात की। वे सहमत हुए।",
        ["राष्ट्रपति डॉ. ईशान समुद्री से बात की।", "वे सहमत हुए।"],
    ),
    Case(
        "German ordinals and abbreviations",
        "Am 3. Oktober traf Dr. Roe den 28. Präsidenten, z. B. Herrn Vale. Die 5 Mio. "
        "Euro, d.h. Alles, sind da.",
        [
            "Am 3. Oktober traf Dr. Roe den 28. Präsidenten, z. B. Herrn Vale.",
            "Die 5 Mio. Euro, d.h. Alles, sind da.",
        ],
    ),
    Case(
        "Spanish titles and initialisms",
        "El Excmo. Sr. Ibarra viajó a EE.UU. El viernes vuelve. La Sra. "
        "Reyes lo vio en EE. UU. Ayer.",
        [
            "El Excmo. Sr. Ibarra viajó a EE.UU. El viernes vuelve.",
            "La Sra. Reyes lo vio en EE. UU. Ayer.",
        ],
    ),
    Case(
        "Japanese",
        "両首脳は会談した。「協力する」と述べた。次回は5月。",
        ["両首脳は会談した。", "「協力する」と述べた。", "次回は5月。"],
    ),
    Case(
        "two languages",
        "He said 同意。Then he left. 好。Done.",
        ["He said 同意。", "Then he left.", "好。", "Done."],
    ),
]

CASES = [
    *TITLES,
    *INITIALS,
    *NUMBERS,
    *QUOTES,
    *SIGNS,
    *DATELINES,
    *ROLES,
    *LINES,
    *LANGUAGES,
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_hard_text_is_split_as_a_reader_would(case: Case) -> None:
    expected = [(part, "body") if isinstance(part, str) else part for part in case.expected]
    assert [(case.text[start:end], role) for start, end, role in segment(case.text)] == expected

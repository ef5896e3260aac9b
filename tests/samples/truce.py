"""An official account of steps to a truce: promises under conditions, and many slots."""

from __future__ import annotations

from annotator.model.entity import Entity
from tests.samples.given import (
    Coded,
    Described,
    coded,
    commits,
    near_miss,
    rejects,
    says,
    topic,
    voice,
)

PRISONERS = Entity(
    id="prisoners", type="group", name="Prisoners of both sides", aliases=("all prisoners",)
)
WOUNDED = Entity(id="wounded", type="group", name="Wounded of both sides", aliases=("the wounded",))
OREN = Entity(id="people_of_oren", type="people", name="People of Oren")

FRAME: tuple[Coded, ...] = (
    coded(
        "President Laurens and President Temir set out",
        topic("prot.event", "set out the steps to a truce"),
    ),
    coded(
        "The President of Marenne, Chloe Laurens,",
        topic("prot.event", "spoke by secure video link for two hours"),
        rejects("topics", "rel.contacts", "It is the contact that is told, and no later one."),
    ),
)

TRUCE: tuple[Coded, ...] = (
    coded(
        "President Temir undertook",
        topic("conf.other", "the Sava line", primary=True, note="Sava line"),
        topic("sec.defence", "artillery fire"),
        says(
            "a1", "indirect", "temir: President Temir",
            cue="undertook", lemma="undertake", act="commit",
            content="to stop all artillery fire along the Sava line as of midnight on 18 January,"
            " provided that Marenne does the same",
            holder="individual",
        ),
        commits(
            "promise", "stop all artillery fire along the Sava line", "temir: President Temir",
            to="~xr", mutual=False, side="other",
            when="as of midnight on 18 January", time="dated", date="2026-01-18",
            condition="provided that Marenne does the same", polarity="negative",
            strength=3, verifiability=2, novelty="new", about=("conf.other", "sec.defence"),
            told="a1",
            note="The condition makes it no offer: nothing has to be accepted. To stop is to hold"
            " back, so it is negative.",
        ),
    ),
    coded(
        "If the guns are silent",
        topic("sec.defence", "pull its tanks back"),
        rejects("topics", "conf.other", "No place is named; “the railway” points elsewhere."),
        commits(
            "promise", "pull its tanks back behind the railway", "xr: Marenne",
            to="~xs", mutual=False, side="own",
            when="by 25 January", time="dated", date="2026-01-25",
            condition="If the guns are silent for seventy-two hours",
            strength=3, verifiability=2, novelty="new", about=("sec.defence", "conf.other"),
            note="A bare future in the teller's own voice: a commitment without an attribution.",
        ),
    ),
    coded(
        "Once both armies confirm this",
        topic("law.humanitarian", "exchange all prisoners"),
        rejects("speakers", "mixed", "The marks enclose the name of a formula; nobody is cited."),
        commits(
            "agreement", 'exchange all prisoners, "all for all"', ("laurens", "temir"),
            to=("laurens", "temir"), gains="prisoners: all prisoners", mutual=True, side="joint",
            when="not later than 1 February", time="dated", date="2026-02-01",
            condition="Once both armies confirm this in writing",
            strength=3, verifiability=2, novelty="new", about=("law.humanitarian", "conf.other"),
            note="“The two sides” are taken apart into those who spoke.",
        ),
    ),
)  # fmt: skip

CITY: tuple[Coded, ...] = (
    coded(
        "President Laurens offered to reopen",
        topic("law.humanitarian", "the water main to the city", primary=True),
        topic("conf.other", "Oren", note="Oren"),
        rejects("topics", "eco.energy", "Water for people in need, and not as something to share."),
        says(
            "a2", "indirect", "laurens: President Laurens",
            cue="offered", lemma="offer", act="commit",
            content="to reopen the water main to the city of Oren within two days, should Teshk"
            " allow repair crews to cross",
            holder="individual",
        ),
        commits(
            "offer", "reopen the water main to the city of Oren", "laurens: President Laurens",
            to="~xs", gains="~people_of_oren", mutual=False, side="own",
            when="within two days", time="near_term",
            condition="should Teshk allow repair crews to cross",
            strength=3, verifiability=2, novelty="new", about=("law.humanitarian", "conf.other"),
            told="a2",
            note="Named act and named term: it binds as soon as it is taken up. The two days run"
            " from a day that is not named, so there is no date.",
        ),
    ),
    coded(
        "President Temir agreed to let them cross",
        rejects("topics", "glob.movement", "Crews cross a front line, and no border of migrants."),
        says(
            "a3", "indirect", "temir: President Temir",
            cue="agreed", lemma="agree", act="commit",
            content="to let them cross on 20 and 21 January", holder="individual", to="~laurens",
            note="One alone agrees: he takes on an act of his own.",
        ),
        commits(
            "promise", "let them cross", "temir: President Temir",
            to="~laurens", gains="~people_of_oren", mutual=False, side="other",
            when="on 20 and 21 January", time="dated", date="2026-01-20/2026-01-21",
            strength=3, verifiability=2, novelty="new", about=("law.humanitarian", "conf.other"),
            told="a3",
            note="With this the condition of the offer before is met. “Them” brings its topics to"
            " the commitment only.",
        ),
    ),
    coded(
        "He declined, however,",
        topic("conf.other", "the status of Oren", note="Oren"),
        says(
            "a4", "indirect", "temir: He",
            cue="declined", lemma="decline", act="reject",
            content="to discuss the status of Oren before a truce has held for six months",
            holder="individual", to="~laurens",
        ),
        commits(
            "refusal", "discuss the status of Oren", "temir: He",
            to="~laurens", mutual=False, side="other",
            when="before a truce has held for six months", time="open_ended",
            condition="before a truce has held for six months", polarity="negative",
            strength=3, verifiability=1, novelty="new", about="conf.other", told="a4",
            note="The same words say until when he refuses and on what his talking depends.",
        ),
    ),
)  # fmt: skip

MEDIATOR: tuple[Coded, ...] = (
    coded(
        "The Emir said that Suhail will host",
        topic("rel.contacts", "the first round of talks"),
        says(
            "a5", "indirect", "rashid: The Emir",
            cue="said", lemma="say", act="assert",
            content="that Suhail will host the first round of talks in Al-Manara in the week of"
            " 9 February, unless either side asks for a delay",
            holder="individual",
            note="He speaks for his state, yet a bare “will” attributes nothing to it: one level.",
        ),
        commits(
            "promise", "host the first round of talks in Al-Manara", "xe: Suhail",
            to=("~laurens", "~temir"), mutual=False, side="third",
            when="in the week of 9 February", time="dated", date="2026-02-09/2026-02-15",
            condition="unless either side asks for a delay",
            strength=3, verifiability=2, novelty="new", about="rel.contacts", told="a5",
            note="The mediator is neither the side that tells nor its counterpart.",
        ),
    ),
    coded(
        "He will send sixty observers",
        rejects("topics", "law.multilateral", "One state sends them, and no body of many."),
        commits(
            "offer", "send sixty observers", "rashid: He",
            to=("laurens: both presidents", "temir: both presidents"), mutual=False, side="third",
            condition="subject to the consent of both presidents",
            strength=3, verifiability=2, novelty="new", about="conf.other",
            note="Those to whom it is held out must accept it first: an offer. A number pins it"
            " down; there is no word on when.",
        ),
    ),
    coded(
        "Teshk gave that consent",
        says(
            "a6", "narrated_act", "xs: Teshk",
            cue="gave that consent", lemma="give consent", act="agree", content=None,
            holder="individual", to="~rashid",
        ),
        near_miss(
            "past_act", "gave that consent on the spot", told="a6", certainty="low",
            note="Given within the event and done with it: nothing is left to be carried out.",
        ),
        commits(
            "promise", "reply", "xr: Marenne", to="~rashid", mutual=False, side="own",
            when="by Saturday", time="dated", date="2026-01-17",
            strength=3, verifiability=2, novelty="new", about="conf.other",
            note="15 January 2026 was a Thursday.",
        ),
        voice("mixed", "One clause tells what Teshk said; the other is the issuer's own."),
    ),
)  # fmt: skip

RULES: tuple[Coded, ...] = (
    coded(
        "President Laurens made it clear",
        topic("sec.defence", "return fire"),
        says(
            "a7", "indirect", "laurens: President Laurens",
            cue="made it clear", lemma="make clear", act="assert",
            content="that Marenne will return fire if it is fired upon", holder="individual",
        ),
        commits(
            "warning", "return fire", "xr: Marenne", to="~xs", mutual=False, side="own",
            condition="if it is fired upon",
            strength=3, verifiability=1, novelty="new", about=("sec.defence", "conf.other"),
            told="a7",
        ),
    ),
    coded(
        "In case of a violation,",
        topic("sec.defence", "the two chiefs of staff will speak to each other"),
        rejects("topics", "rel.contacts", "Talks between general staffs: the narrow topic alone."),
        commits(
            "agreement", "speak to each other", "chiefs_of_staff: the two chiefs of staff",
            to="chiefs_of_staff", mutual=True, side="joint",
            when="within the hour and before any order is given", time="immediate",
            condition="In case of a violation",
            strength=3, verifiability=2, novelty="new", about=("sec.defence", "conf.other"),
            note="Organs of the two states; who they are is not told, so the collective stays"
            " whole. The executor is named, which pins it down.",
        ),
    ),
    coded(
        "Should the truce break down,",
        topic("law.humanitarian", "the exchange of the wounded"),
        commits(
            "agreement",
            "the exchange of the wounded, which began this morning, will go on in any event",
            ("~xr", "~xs"), to=("~xr", "~xs"), gains="wounded: the wounded", mutual=True,
            side="joint", when="which began this morning", time="ongoing",
            strength=4, verifiability=1, novelty="continuing",
            about=("law.humanitarian", "conf.other"),
            note="It has begun: strength 4. “In any event” is the word for no condition. To"
            " exchange takes two, so both states are inferred.",
        ),
        note="That undertakings lapse is nobody's conduct: no commitment, and no near miss has"
        " a reason for it.",
    ),
    coded(
        "President Laurens and President Temir intend",
        topic("rel.contacts", "speak again on 19 January"),
        says(
            "a8", "indirect", "two_presidents: President Laurens and President Temir",
            cue="intend", lemma="intend", act="commit",
            content="to speak again on 19 January", holder="joint",
        ),
        commits(
            "intention", "speak again", ("laurens: President Laurens", "temir: President Temir"),
            to=("laurens", "temir"), mutual=True, side="joint",
            when="on 19 January", time="dated", date="2026-01-19",
            strength=1, verifiability=2, novelty="new", about="rel.contacts", told="a8",
            note="The day makes it easy to verify and the wording no firmer.",
        ),
        rejects("commitments", "agreement", "They intend to, and have not agreed to."),
    ),
)  # fmt: skip

TRUCE_STEPS = Described(
    (*FRAME, *TRUCE, *CITY, *MEDIATOR, *RULES), entities=(PRISONERS, WOUNDED, OREN)
)

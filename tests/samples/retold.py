"""A news item that retells one side's account: courtesies, nested speakers, near misses."""

from __future__ import annotations

from tests.samples.given import Coded, Described, coded, commits, near_miss, rejects, says, topic

HEADLINE = coded("Kremlin tells of first talk", topic("prot.event"))

OPENING: tuple[Coded, ...] = (
    coded(
        "The press office of the Kremlin gave",
        topic("prot.event", "call by telephone"),
        says(
            "a1", "narrated_act", "kremlin_press: The press office of the Kremlin",
            cue="gave an account of", lemma="give account", act="inform",
            content="the first\u00a0 call by telephone between the President of Russia, Vladimir"
            " Putin, and the President of the United States, Donald Trump, which took place today",
            holder="issuer",
        ),
    ),
    coded(
        "To begin with, the head of the Russian state",
        topic("prot.courtesy", "offered his American colleague congratulations"),
        says(
            "a2", "narrated_act", "putin: the head of the Russian state",
            cue="offered", lemma="offer congratulations", act="courtesy",
            content="congratulations on entering office",
            holder="individual", to="trump: his American colleague",
            note="The press office stands behind the whole text and is not named here: no outer"
            " attribution. The addressee parts the verb from its noun; a cue is one stretch.",
        ),
        says(
            "a3", "narrated_act", "putin: the head of the Russian state",
            cue="wished", lemma="wish", act="courtesy", content="all success in the job ahead",
            holder="individual", to="trump: him",
            note="A second cue with the same source.",
        ),
        near_miss("courtesy", "wished him all success in the job ahead", told="a3"),
    ),
    coded(
        "As was pointed out in the Kremlin",
        topic("rel.general", "dealings between Moscow and Washington might return to normal"),
        says(
            "a4", "indirect", "kremlin_press: the Kremlin",
            cue="As was pointed out in", lemma="point out", act="assert",
            content="both heads of state voiced a wish to work together actively so that dealings"
            " between Moscow and Washington might return to normal on a footing that is equal,"
            " constructive and of use to each",
            holder="issuer",
        ),
        says(
            "a5", "indirect", "two_leaders: both heads of state",
            cue="voiced a wish", lemma="voice wish", act="express_wish",
            content="to work together actively so that dealings between Moscow and Washington"
            " might return to normal on a footing that is equal, constructive and of use to each",
            holder="joint", inside="a4",
        ),
        near_miss(
            "expressed_desire", "voiced a wish to work together actively", told="a5",
            note="Readiness to work together would be an intention of strength 1. Retellings lose"
            " this difference easily.",
        ),
    ),
    coded(
        "‘’The talk went well",
        topic("prot.event", "went well and kept to practical matters"),
        says(
            "a6", "direct", "kremlin_press: the press office",
            cue="says", lemma="say", act="assert",
            content="‘’The talk went well and kept to practical matters,’’",
            holder="issuer",
            note="The quotation marks belong to the content, however they are written.",
        ),
    ),
)  # fmt: skip

AGENDA: tuple[Coded, ...] = (
    coded(
        "Much of the exchange was given over",
        topic("sec.terror", "the struggle against international terrorism"),
        topic("conf.mena", "developments in the Middle East"),
        topic("conf.arab_israeli", "the quarrel between Israelis and Arabs"),
        topic("conf.iran", "the nuclear accord with Iran"),
        topic("sec.arms", "strategic stability and the spread of weapons"),
        topic("conf.korea", "the Korean question"),
        topic("conf.ukraine", "the Ukrainian crisis"),
        note="A list without a head: no primary topic. The issuer sums up, and nobody is cited.",
    ),
    coded(
        "Putin and Trump agreed to build",
        topic("rel.general", "a partnership"),
        says(
            "a7", "indirect", "two_leaders: Putin and Trump",
            cue="agreed", lemma="agree", act="agree",
            content="to build a partnership for dealing with these matters and with others",
            holder="joint",
        ),
        commits(
            "agreement", "build a partnership for dealing with these matters and with others",
            ("putin: Putin", "trump: Trump"), to=("putin", "trump"), mutual=True, side="joint",
            strength=2, verifiability=0, novelty="new",
            about=(
                "sec.terror", "conf.mena", "conf.arab_israeli", "conf.iran", "sec.arms",
                "conf.korea", "conf.ukraine",
            ),
            told="a7",
            note="“These matters” are those of the sentence before. The pointer brings its topics"
            " to the commitment, and none to the sentence.",
        ),
    ),
    coded(
        "The parties described terrorism",
        topic("sec.terror", "terrorism"),
        says(
            "a8", "indirect", "two_leaders: The parties",
            cue="described", lemma="describe", act="assess",
            content="terrorism as one of the foremost problems in world politics", holder="joint",
        ),
    ),
    coded(
        "In view of this,",
        topic("sec.terror", "the terrorist bands", primary=True),
        topic("conf.syria", "in Syria"),
        says(
            "a9", "indirect", None,
            cue="an initiative was made public", lemma="make initiative public", act="announce",
            content="to bring about coordination between American and Russian operations so that"
            " the terrorist bands in Syria are crushed",
            holder="unspecified", likely="two_leaders",
            note="A passive with nobody behind it; that it was both follows from the sentence"
            " before.",
        ),
        commits(
            "intention",
            "bring about coordination between American and Russian operations so that the"
            " terrorist bands in Syria are crushed",
            ("~ru", "~us"), to=("~ru", "~us"), mutual=True, side="joint",
            strength=1, verifiability=1, novelty="new", about=("sec.terror", "conf.syria"),
            told="a9", certainty="low",
            note="The hardest call of this text: an initiative is a proposal. It counts because the"
            " act and those who would act are named. Who sees no more than a proposal files a near"
            " miss.",
        ),
    ),
    coded(
        "In addition, both sides touched upon",
        topic("eco.trade", "links of trade and business", primary=True),
        topic("rel.general", "the growth of relations between Russia and the United States"),
        says(
            "a10", "narrated_act", "two_leaders: both sides",
            cue="touched upon", lemma="touch upon", act="discuss",
            content="the need to revive links of trade and business that profit the firms of either"
            " country, which would set the growth of relations between Russia and the United States"
            " on firmer ground",
            holder="joint",
        ),
        near_miss(
            "discussion_or_need", "touched upon the need to revive links of trade and business",
            told="a10",
        ),
    ),
    coded(
        "The heads of the Russian and American states agreed",
        topic("rel.contacts", "a meeting in person"),
        says(
            "a11", "indirect", "two_leaders: The heads of the Russian and American states",
            cue="agreed", lemma="agree", act="agree",
            content="to arrange a meeting in person before long, and likewise to stay in touch with"
            " one another at all times",
            holder="joint",
            note="One cue and two undertakings: one attribution, two commitments.",
        ),
        commits(
            "agreement", "arrange a meeting in person", ("putin", "trump"), to=("putin", "trump"),
            mutual=True, side="joint", when="before long", time="near_term",
            strength=3, verifiability=1, novelty="new", about="rel.contacts", told="a11",
            note="One act with bounds that can be seen; neither day nor place, so no more than 1.",
        ),
        commits(
            "agreement", "stay in touch with one another at all times", ("putin", "trump"),
            to=("putin", "trump"), mutual=True, side="joint", when="at all times", time="ongoing",
            strength=2, verifiability=0, novelty="unclear", about="rel.contacts", told="a11",
            note="A course and no single act. The words for the time lie inside the action.",
        ),
    ),
)  # fmt: skip

FEELINGS: tuple[Coded, ...] = (
    coded(
        "Donald Trump asked Putin to pass on",
        topic("prot.courtesy", "wishes of well-being and good fortune", primary=True),
        topic("rel.people", "Americans are fond of Russia and of those who live there"),
        says(
            "a12", "indirect", "trump: Donald Trump",
            cue="asked", lemma="ask", act="request",
            content="to pass on his wishes of well-being and good fortune to the people of Russia",
            holder="individual", to="putin: Putin",
        ),
        says(
            "a13", "indirect", "trump: Donald Trump",
            cue="added", lemma="add", act="assert",
            content="that Americans are fond of Russia and of those who live there",
            holder="individual", to="~putin",
        ),
        says(
            "a14", "indirect", "american_people: Americans",
            cue="are fond of", lemma="be fond of", act="attitude",
            content="Russia and of those who live there", holder="third_party", inside="a13",
            note="A feeling of a people that a leader voices.",
        ),
        near_miss(
            "request",
            "asked Putin to pass on his wishes of well-being and good fortune to the people of"
            " Russia",
            told="a12", note="The other side is asked, and no answer is told.",
        ),
    ),
    coded(
        "Vladimir Putin remarked that",
        topic("rel.people", "feels the same towards the citizens of America"),
        says(
            "a15", "indirect", "putin: Vladimir Putin",
            cue="remarked", lemma="remark", act="assert",
            content="that the Russian Federation feels the same towards the citizens of America",
            holder="individual", to="~trump",
        ),
        says(
            "a16", "indirect", "ru: the Russian Federation",
            cue="feels the same towards", lemma="feel", act="attitude",
            content="the citizens of America", holder="individual", inside="a15",
            note="A state has the feeling, and its president voices it.",
        ),
        says(
            "a17", "indirect", "putin: Vladimir Putin",
            cue="recalled", lemma="recall", act="assert",
            content="that Russia has stood by the United States for over two hundred years, and"
            " fought on its side in two world wars",
            holder="individual", to="~trump",
        ),
    ),
    coded(
        "The President of Russia stressed",
        topic("sec.terror", "the struggle against international terrorism"),
        rejects("topics", "rel.general", "A partner in one field: the field's topic alone."),
        says(
            "a18", "indirect", "putin: The President of Russia",
            cue="stressed", lemma="stress", act="assert",
            content="that at present the Russian Federation regards the United States as one of its"
            " chief partners in the struggle against international terrorism",
            holder="individual", to="~trump",
            note="The comma between cue and content belongs to neither.",
        ),
        says(
            "a19", "indirect", "ru: the Russian Federation",
            cue="regards", lemma="regard", act="assess",
            content="the United States as one of its chief partners in the struggle against"
            " international terrorism",
            holder="individual", inside="a18",
        ),
        near_miss(
            "stance", "regards the United States as one of its chief partners", told="a19"
        ),
    ),
)  # fmt: skip

RETOLD = Described((HEADLINE, HEADLINE, *OPENING, *AGENDA, *FEELINGS))

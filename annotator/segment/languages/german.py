"""German."""

from __future__ import annotations

from annotator.segment.languages.base import Language, lines, words

GERMAN = Language(
    titles=words(
        """
        Hr Hrn Frl Prof dr.-ing z.b d.h u.a i.a i.d.r s.o s.u o.g v.a bzw ggf evtl inkl exkl zzgl
        vgl sog insb insbes bspw Bundesmin StS Dipl.-Ing Dipl geb gest
        """
    ),
    before_number=words("Nr Abs Ziff Bd Tel Jan Febr Apr Aug Sept Okt Nov Dez S Kap Rn"),
    names=words("Mio Mrd Tsd v.chr n.chr Str GmbH e.v"),
    starters=words(
        """
        der die das er sie es wir ich dies diese dieser im in am auf für mit nach bei beide zum zur
        zudem außerdem ferner dabei dazu auch ein eine einen vor seit unter über als wenn doch
        """
    ),
    name_words=words("der die das im am zum zur"),
    months=words(
        """
        januar februar märz april mai juni juli august september oktober november dezember
        jänner febr okt dez
        """
    ),
    weekdays=words("montag dienstag mittwoch donnerstag freitag samstag sonntag"),
    date_leads=words("den am"),
    ordinal_leads=words("der die das dem den des am im zum zur vom beim"),
    formulas=lines(
        """
        pressemitteilung
        es gilt das gesprochene wort
        zur sofortigen veröffentlichung
        ende
        drucken
        teilen
        """
    ),
    formula_openings=lines(
        """
        zur sofortigen veröffentlichung
        sperrfrist
        pressekontakt
        kontakt:
        quelle:
        foto:
        stand:
        """
    ),
)

"""English."""

from __future__ import annotations

from annotator.segment.languages.base import Language, lines, words

ENGLISH = Language(
    titles=words(
        """
        mr mrs ms mx messrs dr prof hon rt amb ambs capt cmdr cdr lt sgt cpl pvt brig supt insp rev
        msgr Gen Gens Col Maj Adm Sen Sens Rep Reps Gov Govs Pres Det Atty Asst Dep Fr
        Mt Ft Min Sec Gen Dir Chm Ven Abp Bp h.e h.h h.m h.r.h h.i.m t.r.h r.adm v.adm
        e.g i.e cf viz vs approx resp incl esp
        """
    ),
    before_number=words(
        """
        no nos art arts para paras par p pp vol vols fig figs ch chap ext op tel rs ca circa sect
        Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun
        Res Doc pt ed res nr
        """
    ),
    names=words(
        """
        Inc Ltd Co Cos Corp Bros Jr Sr Esq LLC plc St Ave Blvd Rd Dept Univ Assn Intl Int'l Nat'l
        Gov't govt al ph.d u.s u.k u.n e.u d.c Calif Fla Mass Pa Va Conn Ariz Colo Wash Tex Tenn Ill
        Mich Minn Wis Okla Ark Ala Del Kan Ky Md Miss Mont Neb Nev bn mn Mil
        """
    ),
    clock=words("a.m p.m"),
    zones=words(
        """
        et est edt ct cst cdt mt mst mdt pt pst pdt gmt utc bst cet cest msk ist jst kst eet eest
        eastern central mountain pacific local moscow beijing london washington geneva zulu z
        greenwich kyiv tokyo brussels
        """
    ),
    starters=words(
        """
        the he she they it we i you this these those that in on at as a an both but and or for from
        if when while after before during according also however there their his her its our my
        your to with since although though such some many most all each every not what who
        where why how further furthermore moreover additionally meanwhile finally today yesterday
        tomorrow earlier later by through throughout over upon let following once until despite
        regarding turning asked then so yet nor neither either another other only because unless
        whether here now nevertheless nonetheless therefore thus instead indeed lastly
        among between against without within one two three several
        """
    ),
    name_words=words("he an so you to my all"),
    months=words(
        """
        january february march april may june july august september october november december
        jan feb mar apr jun jul aug sep sept oct nov dec
        """
    ),
    weekdays=words(
        """
        monday tuesday wednesday thursday friday saturday sunday
        mon tue tues wed thu thur thurs fri sat sun
        """
    ),
    date_leads=words("on"),
    reporting=words(
        """
        said says asked asks replied replies answered added adds told wondered exclaimed remarked
        noted stressed declared insisted demanded wrote continued inquired cried shouted
        """
    ),
    formulas=lines(
        """
        for immediate release
        for release
        press release
        news release
        media release
        press statement
        media note
        media advisory
        office of the press secretary
        office of the spokesperson
        office of the spokesman
        office of press relations
        office of public affairs
        office of communications
        the white house
        check against delivery
        as delivered
        as prepared for delivery
        unofficial translation
        end
        ends
        end of text
        end of statement
        end readout
        share
        share this
        share this page
        print
        print this page
        back to top
        all rights reserved
        """
    ),
    formula_openings=lines(
        """
        for immediate release
        embargoed until
        embargoed for
        not for publication
        for more information
        for further information
        for media inquiries
        for press inquiries
        for media enquiries
        media contact
        media contacts
        press contact
        press contacts
        media inquiries
        contact:
        contacts:
        from:
        to:
        cc:
        subject:
        sent:
        date:
        tel:
        tel.:
        phone:
        fax:
        e-mail:
        email:
        source:
        photo:
        photo credit
        image:
        published:
        published on
        last updated
        updated:
        note to editors
        notes to editors
        follow us
        read more
        see also:
        click here
        copyright
        ©
        (c) 20
        page 1
        the following is attributable to
        the below is attributable to
        the following statement is attributable to
        the following readout is attributable to
        the following can be attributed to
        attributable to
        office of the press secretary
        office of the spokesperson
        """
    ),
)

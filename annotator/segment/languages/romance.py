"""Spanish, Portuguese and Italian."""

from __future__ import annotations

from annotator.segment.languages.base import Language, lines, words

SPANISH = Language(
    titles=words(
        """
        sra sras sres srta dña ud uds vd vds excmo excma excmos ilmo ilma gral cnel lic ing dra
        dres s.e s.m ss.mm s.a.r p.ej D Mons
        """
    ),
    before_number=words("núm núms pág págs art arts cap tel aprox ene abr sept dic apdo"),
    names=words("ee.uu EE UU rr.ee ff.aa a.c d.c Sr Cía Avda"),
    starters=words(
        """
        él ella ellos ellas ambos ambas asimismo además también durante esta este estos estas según
        por para con sin sobre tras desde como cuando
        """
    ),
    months=words(
        """
        enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre
        diciembre ene abr ago dic
        """
    ),
    weekdays=words("lunes martes miércoles jueves viernes sábado domingo"),
    date_leads=words("a el"),
    formulas=lines(
        """
        comunicado de prensa
        nota de prensa
        para publicación inmediata
        fin
        """
    ),
    formula_openings=lines(
        """
        para publicación inmediata
        contacto de prensa
        contacto:
        fuente:
        """
    ),
)

PORTUGUESE = Language(
    titles=words("exmo exma exmos exa v.exa dra dras sra sras eng sr.ª"),
    before_number=words("nº pág art cap tel fev abr dez"),
    starters=words("o os as ele ela eles elas ambos também além durante segundo"),
    months=words(
        """
        janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
        """
    ),
    weekdays=words("segunda-feira terça-feira quarta-feira quinta-feira sexta-feira"),
    formulas=lines(
        """
        comunicado de imprensa
        nota à imprensa
        """
    ),
    formula_openings=lines("fonte:"),
)

ITALIAN = Language(
    titles=words("sig sigg sig.ra dott dott.ssa prof.ssa avv On s.e mons gen p.es"),
    before_number=words("pag art cap tel genn febbr magg giu lug ott dic"),
    starters=words("il gli egli essi entrambi inoltre durante secondo anche nel nella nei"),
    months=words(
        """
        gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre
        dicembre
        """
    ),
    weekdays=words("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
    date_leads=words("il"),
    formulas=lines("comunicato stampa"),
    formula_openings=lines("fonte:"),
)

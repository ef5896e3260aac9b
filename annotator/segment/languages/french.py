"""French."""

from __future__ import annotations

from annotator.segment.languages.base import Language, lines, words

FRENCH = Language(
    titles=words(
        """
        M MM mme mmes mlle mlles Mgr Pr Me Vve s.e s.e.m s.exc s.m s.a.r ll.mm c.-à-d p.ex
        gal amb
        """
    ),
    before_number=words(
        """
        art p pp n vol chap al env éd t janv févr fév avr juil sept oct nov déc tél
        """
    ),
    names=words("apr av boul r.d.c r.f o.n.u u.e"),
    starters=words(
        """
        le la les l' il elle ils elles un une dans en sur au aux à ce cet cette ces nous vous j' je
        on c' d' s' qu' n' leur leurs lors pour par mais ainsi enfin après avant depuis selon avec
        tous toutes deux plusieurs cela
        """
    ),
    name_words=words("le la les un on au aux des"),
    months=words(
        """
        janvier février mars avril mai juin juillet août septembre octobre novembre décembre
        janv févr fév avr juil sept oct nov déc
        """
    ),
    weekdays=words("lundi mardi mercredi jeudi vendredi samedi dimanche"),
    date_leads=words("le ce"),
    formulas=lines(
        """
        communiqué de presse
        pour diffusion immédiate
        seul le prononcé fait foi
        fin
        fin du communiqué
        imprimer
        partager
        service de presse
        """
    ),
    formula_openings=lines(
        """
        pour diffusion immédiate
        sous embargo
        contact presse
        contacts presse
        contact :
        contact média
        source :
        crédit photo
        mis à jour le
        publié le
        tous droits réservés
        """
    ),
)

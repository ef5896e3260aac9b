"""Arabic, Hindi and Chinese: scripts without capitals."""

from __future__ import annotations

from annotator.segment.languages.base import Language, lines, words

ARABIC = Language(
    titles=words("د أ أ.د ج.م.ع ق.م ص.ب"),
    before_number=words("ص ج"),
    units=words("م هـ ه ق"),
    months=words(
        """
        يناير فبراير مارس أبريل إبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
        """
    ),
    weekdays=words("الأحد الإثنين الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت"),
    date_leads=words("في"),
    formulas=lines(
        """
        بيان صحفي
        للنشر الفوري
        انتهى
        """
    ),
    formula_openings=lines(
        """
        المصدر:
        للنشر الفوري
        """
    ),
)

HINDI = Language(
    titles=words("डॉ श्री प्रो सुश्री कु"),
    months=words(
        """
        जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
        """
    ),
)

CHINESE = Language(
    reporting=words("说 說 表示 问 問 指出 强调 強調 称 稱 回答 补充 補充 答"),
    formulas=lines(
        """
        新闻稿
        新聞稿
        完
        """
    ),
    formula_openings=lines(
        """
        责任编辑
        責任編輯
        来源：
        來源：
        编辑：
        """
    ),
)

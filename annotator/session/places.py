"""States, their capitals and whoever holds an office, by name, in the languages of readouts.

A starting list, no gazetteer: a name in capitals is found without it. It serves where a sentence
begins with one, and where the script has no capitals. A `*` stands for the endings of a case.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_LATIN = """
Afghanistan Albania Algeria Angola Argentina Armenia Australia Austria Azerbaijan Bahrain
Bangladesh Belarus Belgium Bolivia Bosnia Brazil Bulgaria Cambodia Cameroon Canada Chad Chile
China Colombia Congo Croatia Cuba Cyprus Czechia Denmark Ecuador Egypt Eritrea Estonia Ethiopia
Finland France Georgia Germany Ghana Greece Guatemala Haiti Honduras Hungary Iceland India
Indonesia Iran Iraq Ireland Israel Italy Jamaica Japan Jordan Kazakhstan Kenya Kosovo Kuwait
Kyrgyzstan Laos Latvia Lebanon Libya Lithuania Luxembourg Malaysia Mali Malta Mexico Moldova
Mongolia Montenegro Morocco Mozambique Myanmar Nepal Netherlands Nicaragua Niger Nigeria Norway
Oman Pakistan Palestine Panama Paraguay Peru Philippines Poland Portugal Qatar Romania Russia
Rwanda Senegal Serbia Singapore Slovakia Slovenia Somalia Spain Sudan Sweden Switzerland Syria
Taiwan Tajikistan Tanzania Thailand Tunisia Türkiye Turkey Turkmenistan Uganda Ukraine Uruguay
Uzbekistan Venezuela Vietnam Yemen Zambia Zimbabwe Gaza Crimea Donbas Jerusalem Abuja Ankara
Astana Athens Baghdad Baku Beijing Beirut Belgrade Berlin Brasília Brussels Bucharest Budapest
Cairo Canberra Damascus Delhi Doha Geneva Hanoi Helsinki Islamabad Jakarta Kabul Khartoum Kyiv
Lisbon London Madrid Manila Minsk Moscow Nairobi Oslo Ottawa Paris Prague Pretoria Pyongyang
Riyadh Rome Seoul Sofia Stockholm Tbilisi Tehran Tokyo Tripoli Tunis Vienna Vilnius Warsaw
Washington Yerevan Zagreb Albanie Algérie Allemagne Arménie Autriche Azerbaïdjan Belgique
Biélorussie Brésil Bulgarie Cameroun Chili Chine Chypre Colombie Croatie Danemark Égypte Espagne
Estonie Éthiopie Finlande Géorgie Grèce Hongrie Inde Indonésie Irak Irlande Israël Italie Japon
Jordanie Liban Libye Lituanie Lettonie Malaisie Maroc Mauritanie Mexique Moldavie Norvège
Palestine Pérou Pologne Roumanie Russie Sénégal Serbie Slovaquie Slovénie Somalie Soudan Suède
Suisse Syrie Tchad Tchéquie Tunisie Turquie Ukraine Yémen Pékin Moscou Londres Bruxelles Genève
Kiev Varsovie Vienne Athènes Téhéran Damas Beyrouth Bagdad Alger Ägypten Albanien Algerien
Armenien Aserbaidschan Äthiopien Australien Belgien Brasilien Bulgarien Deutschland Dänemark
Estland Finnland Frankreich Georgien Griechenland Großbritannien Indien Indonesien Irland
Italien Jordanien Kanada Kasachstan Kolumbien Kroatien Lettland Libanon Libyen Litauen Marokko
Mexiko Moldau Niederlande Norwegen Österreich Polen Rumänien Russland Schweden Schweiz Serbien
Slowakei Slowenien Spanien Südafrika Sudan Syrien Tschechien Tunesien Türkei Ungarn Weißrussland
Zypern Peking Moskau Brüssel Genf Kiew Warschau Wien Rom Alemania Alemanha Argelia Argélia
Bélgica Brasil Bielorrusia China Chipre Corea Croacia Dinamarca Egipto Egito España Espanha
Finlandia Francia França Grecia Grécia Hungría Hungria Índia Irán Irã Iraque Irlanda Italia
Itália Japón Japão Jordania Líbano Libia Líbia Marruecos Marrocos México Noruega Países Perú
Polonia Polónia Polônia Rumania Romênia Rusia Rússia Siria Síria Sudáfrica Suecia Suécia Suiza
Suíça Túnez Tunísia Turquía Turquia Ucrania Ucrânia Uruguai Paraguai Paraguay Moscú Moscovo
Pekín Pequim Bruselas Bruxelas Ginebra Genebra Londres Lisboa Viena Varsovia Roma Germania
Grecia Giappone Giordania Cina Egitto Francia Libano Norvegia Polonia Portogallo Romania Russia
Spagna Svezia Svizzera Tunisia Turchia Ucraina Ungheria Mosca Pechino Ginevra Londra Parigi
Berlino Varsavia
"""
_LATIN_PHRASES = """
the United States of America|the United States|United States|the United Kingdom|United Kingdom
the U.S.|the US|the UK|the EU|the European Union|European Union|the Russian Federation
the United Nations|NATO|the United Arab Emirates|Saudi Arabia|South Africa|South Sudan
South Korea|North Korea|Sri Lanka|New Zealand|Burkina Faso|Côte d’Ivoire|Costa Rica|El Salvador
Sierra Leone|the Czech Republic|the Holy See|the Middle East|the West Bank|the Gaza Strip
the Black Sea|the South China Sea|the Red Sea|les États-Unis|États-Unis|le Royaume-Uni
Royaume-Uni|l’Union européenne|la Fédération de Russie|les Nations unies|Arabie saoudite
Afrique du Sud|Pays-Bas|Émirats arabes unis|Proche-Orient|Moyen-Orient|die Vereinigten Staaten
Vereinigte Staaten|Vereinigtes Königreich|die Europäische Union|die Vereinten Nationen|die USA
USA|Saudi-Arabien|Nahost|der Nahe Osten|los Estados Unidos|Estados Unidos|Reino Unido
la Unión Europea|las Naciones Unidas|Arabia Saudita|Países Bajos|Oriente Medio|Medio Oriente
os Estados Unidos|a União Europeia|Nações Unidas|Arábia Saudita|Médio Oriente|Oriente Médio
gli Stati Uniti|Stati Uniti|Regno Unito|l’Unione europea|Nazioni Unite|Arabia Saudita
Paesi Bassi|Medio Oriente
"""
_CYRILLIC = """
Росси* Росі* Украин* Україн* Белорусси* Беларус* Казахстан* Узбекистан* Таджикистан*
Туркменистан* Киргизи* Кыргызстан* Армени* Азербайджан* Грузи* Молдави* Молдов* Кита* Инди*
Япони* Коре* Иран* Ирак* Сири* Ливан* Израил* Палестин* Турци* Туреччин* Егип* Єгип* Ливи* Ліві*
Алжир* Тунис* Марокко Судан* Эфиопи* Нигери* Кени* ЮАР США Канад* Мексик* Бразили* Аргентин*
Венесуэл* Куб* Герман* Німеччин* Франци* Итали* Італі* Испани* Іспані* Португали* Великобритани*
Британи* Польш* Польщ* Чехи* Словаки* Венгри* Угорщин* Румыни* Румуні* Болгари* Серби* Хорвати*
Греци* Швеци* Норвеги* Финлянди* Фінлянді* Дани* Эстони* Латви* Литв* Австри* Швейцари* Бельги*
Нидерланд* Афганистан* Пакистан* Вьетнам* Индонези* Малайзи* Москв* Киев* Київ* Києв* Минск*
Пекин* Вашингтон* Париж* Берлин* Лондон* Рим* Анкар* Тегеран* Дамаск* Женев* Брюссел* Донбасс*
Крым* Крим* ООН НАТО ЕС ЄС СНГ
"""
_CYRILLIC_PHRASES = """
Российск\\w{2,3} Федераци\\w{1,2}|Соединённ\\w{2,3} Штат\\w{1,3}|Соединенн\\w{2,3} Штат\\w{1,3}
Сполучен\\w{2,3} Штат\\w{1,3}|Европейск\\w{2,3} [Сс]оюз\\w{0,2}
Європейськ\\w{2,3} [Сс]оюз\\w{0,2}|Саудовск\\w{2,3} Арави\\w{1,2}|Ближн\\w{2,3} Восток\\w{0,2}
Организаци\\w{1,2} Объединённых Наций
"""
_ARABIC = """
الجزائر مصر المغرب تونس ليبيا السودان موريتانيا الصومال جيبوتي العراق سوريا لبنان الأردن فلسطين
السعودية الكويت البحرين قطر عمان اليمن الإمارات إيران تركيا روسيا أوكرانيا الصين اليابان الهند
باكستان أفغانستان إسرائيل فرنسا ألمانيا إيطاليا إسبانيا بريطانيا بلجيكا هولندا البرتغال اليونان
بولندا كندا المكسيك البرازيل الأرجنتين إثيوبيا نيجيريا كينيا السنغال مالي النيجر تشاد غزة القدس
موسكو واشنطن باريس برلين لندن روما بكين طهران أنقرة القاهرة الرياض بغداد دمشق بيروت عمّان جنيف
بروكسل
"""
_ARABIC_PHRASES = """
الولايات المتحدة الأمريكية|الولايات المتحدة|المملكة العربية السعودية|المملكة المتحدة
الاتحاد الأوروبي|الأمم المتحدة|جامعة الدول العربية|الاتحاد الإفريقي|روسيا الاتحادية
الإمارات العربية المتحدة|جنوب أفريقيا|كوريا الجنوبية|كوريا الشمالية|الشرق الأوسط|قطاع غزة
الضفة الغربية|سلطنة عمان
"""
_CHINESE = """
中华人民共和国 中国 美国 美利坚合众国 俄罗斯联邦 俄罗斯 乌克兰 法国 德国 英国 意大利 西班牙
葡萄牙 荷兰 比利时 瑞士 瑞典 挪威 芬兰 丹麦 波兰 捷克 匈牙利 罗马尼亚 保加利亚 塞尔维亚 希腊
土耳其 日本 韩国 朝鲜 蒙古国 蒙古 越南 老挝 柬埔寨 泰国 缅甸 马来西亚 新加坡 印度尼西亚 印尼
菲律宾 印度 巴基斯坦 孟加拉国 斯里兰卡 尼泊尔 阿富汗 哈萨克斯坦 乌兹别克斯坦 吉尔吉斯斯坦
塔吉克斯坦 土库曼斯坦 伊朗 伊拉克 叙利亚 黎巴嫩 约旦 以色列 巴勒斯坦 沙特阿拉伯 沙特 阿联酋
卡塔尔 科威特 巴林 阿曼 也门 埃及 利比亚 突尼斯 阿尔及利亚 摩洛哥 苏丹 埃塞俄比亚 肯尼亚
尼日利亚 南非 加拿大 墨西哥 巴西 阿根廷 智利 秘鲁 古巴 委内瑞拉 澳大利亚 新西兰 台湾 香港 澳门
北京 华盛顿 莫斯科 巴黎 柏林 伦敦 东京 首尔 日内瓦 布鲁塞尔 旧金山 联合国 欧盟 北约 东盟 非盟
中东 加沙 朝鲜半岛 亚太
"""

_OFFICES_WORDS = """
president premier chancellor minister secretary king queen emir sultan prince princess pope
ambassador chairman chairwoman chairperson chair speaker governor commissioner spokesperson
spokesman spokeswoman taoiseach vice-president envoy representative counsellor director
président présidente ministre chancelier chancelière secrétaire roi reine émir ambassadeur
ambassadrice porte-parole präsident präsidentin bundespräsident bundeskanzler
bundeskanzlerin kanzler kanzlerin minister ministerin außenminister außenministerin
ministerpräsident ministerpräsidentin premierminister könig königin botschafter
botschafterin sprecher sprecherin generalsekretär presidente presidenta ministro ministra
canciller secretario secretaria rey reina embajador embajadora portavoz chanceler secretário
secretária rei rainha embaixador primeiro-ministro cancelliere segretario re regina
ambasciatore portavoce президент президента президенту президентом президенте премьер
премьер-министр премьер-министра премьер-министром министр министра министру министром
канцлер канцлера секретарь король посол посла представитель председатель глава главы главой
прем’єр-міністр міністр міністра голова посол представник الرئيس رئيس رئيسة وزير وزيرة
الوزير الوزيرة الملك ملك الأمير أمير السلطان سلطان السفير سفير المستشار مستشار الأمين
المتحدث
"""
OFFICES: Final = frozenset(_OFFICES_WORDS.split())
"""Words that name an office, in small letters."""

_BEFORE_OFFICE_WORDS = """
the his her its their a an former deputy vice acting first prime foreign defence defense
finance interior federal crown general national permanent special high us u.s. american
russian chinese french german british ukrainian le la l’ les son sa ancien ancienne premier
première vice haut haute der die das den dem des seine ihr el la los su primer primera o a
os seu primeiro primo il lo suo vice заместитель первый вице специальный постоянный
генеральный перший заступник نائب
"""
BEFORE_OFFICE: Final = frozenset(_BEFORE_OFFICE_WORDS.split())
"""Words that belong to the office named behind them."""

_LINKS_WORDS = """
of the for and at to de du des la le les l’ d’ del della dei dello der die des für von van
zu et y e al bin ibn и й та da do dos das di
"""
LINKS: Final = frozenset(_LINKS_WORDS.split())
"""Words in small letters within a name, or between an office and what it is the office of."""

_BEHIND_OFFICE_WORDS = """
foreign affairs state defence defense finance general interior trade étrangères extérieures
exteriores estrangeiros esteri affaires affari negócios relaciones asuntos иностранных дел
обороны внутренних закордонних справ оборони правительства государства делегации
"""
BEHIND_OFFICE: Final = frozenset(_BEHIND_OFFICE_WORDS.split())
"""Words in small letters that name what an office is the office of."""

_CHINESE_OFFICES = (
    "国务院总理|国家主席|总书记|总统|总理|主席|副主席|副总统|副总理|外交部长|外交部部长|国防部长|外长|部长|国务卿|国务委员"
    "|首相|国王|王储|大使|发言人|特使|议长|秘书长|殿下|陛下|酋长|埃米尔"
)


@lru_cache(maxsize=4)
def unspaced() -> re.Pattern[str]:
    """Return the pattern of places and offices in a script without blanks."""
    names = sorted({*_CHINESE.split(), *_CHINESE_OFFICES.split("|")}, key=len, reverse=True)
    return re.compile("|".join(names))


@lru_cache(maxsize=4)
def single() -> frozenset[str]:
    """Return the names of one word, as they are written."""
    return frozenset((*_LATIN.split(), *_ARABIC.split()))


@lru_cache(maxsize=4)
def stems() -> frozenset[str]:
    """Return the beginnings of names whose endings change with their case."""
    return frozenset(name.rstrip("*") for name in _CYRILLIC.split())


@lru_cache(maxsize=4)
def phrases() -> re.Pattern[str]:
    """Return the pattern of names of several words."""
    lines = (_LATIN_PHRASES, _CYRILLIC_PHRASES, _ARABIC_PHRASES)
    names = {name for block in lines for line in block.split("\n") for name in line.split("|")}
    # The data of the second list are patterns already; no name of the others has a sign of one.
    longest = sorted((name for name in names if name), key=len, reverse=True)
    body = "|".join(name.replace(".", r"\.").replace(" ", r"\s") for name in longest)
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)")

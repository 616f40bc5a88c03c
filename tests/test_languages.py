"""Languages beside Russian: which language a text or a word is in, and the lemmas of bg, uk, en.

Tables to be read by a linguist. Sentences are our own.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from types import ModuleType
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import bulgarian, english, language, ukrainian

Lemmas = Callable[[str], tuple[tuple[str, float], ...]]

BULGARIAN = """
Времето утре ще бъде слънчево, но ветровито.
Министърът обеща нови училища в три области.
Децата от селото ходят пеша до гарата.
Не знам дали магазинът работи в неделя.
Цените на хляба пак се вдигнаха.
Пожарникарите спасиха котка от покрива на блока.
Къде е най-близката аптека?
Лекарите препоръчват повече разходки и по-малко сол.
Влакът за Пловдив закъснява с двайсет минути.
Съдът отложи делото за месец март.
Тази книга е подарък от баба ми.
Мостът над реката ще бъде ремонтиран през лятото.
Учените откриха нов вид пеперуда в Родопите.
Той каза, че няма да се кандидатира.
Отборът загуби мача с две точки разлика.
Кметът откри изложбата в градската галерия.
Студентите протестираха срещу новите такси.
Ще платите ли в брой или с карта?
Вчера си купих чифт обувки и чанта.
Гората край селото изгоря за една нощ.
Преговорите в Женева приключиха без резултат.
Синдикатът няма да отстъпи
Парламентът прие бюджета на второ четене
Няма ток в три квартала на столицата
Срещата на върха започва утре
Защо пчелите изчезват
Как се прави домашно сирене
Нова линия на метрото тръгва през есента
Забраниха пушенето по плажовете
Спасиха алпинист под връх Мусала
Писателката получи награда за последния си роман.
Може ли да затвориш прозореца, студено ми е.
На пазара имаше само ябълки и тикви.
Полицията търси свидетели на катастрофата.
Музеят ще работи и в почивните дни.
Това е единственият път към манастира.
Обичам да чета вечер, когато всички спят.
Археолозите намериха гроб на тракийски владетел.
Градът празнува сто години от основаването си.
Моля, изключете телефоните преди концерта.
"""

UKRAINIAN = """
Завтра буде сонячно, але вітряно.
Міністр пообіцяв нові школи у трьох областях.
Діти з села ходять пішки на станцію.
Не знаю, чи працює крамниця в неділю.
Ціни на хліб знову зросли.
Пожежники врятували кота з даху будинку.
Де тут найближча аптека?
Лікарі радять більше гуляти і менше солити.
Потяг до Львова запізнюється на двадцять хвилин.
Суд переніс розгляд справи на березень.
Цю книгу подарувала мені бабуся.
Міст через річку відремонтують улітку.
Учені знайшли новий вид метелика в Карпатах.
Він сказав, що не буде балотуватися.
Команда програла матч з різницею у два очки.
Мер відкрив виставку в міській галереї.
Студенти протестували проти нової плати за навчання.
Платитимете готівкою чи карткою?
Учора купила собі черевики та сумку.
Ліс біля села згорів за одну ніч.
Переговори у Женеві завершилися без результату.
Профспілка не піде на поступки
Парламент ухвалив бюджет у другому читанні
У трьох районах столиці немає світла
Саміт почнеться завтра
Чому зникають бджоли
Як зробити домашній сир
Нову лінію метро відкриють восени
На пляжах заборонили курити
Під Говерлою врятували альпініста
Письменниця отримала премію за останній роман.
Зачини, будь ласка, вікно, мені холодно.
На ринку були лише яблука та гарбузи.
Поліція шукає свідків аварії.
Музей працюватиме й у вихідні.
Це єдина дорога до монастиря.
Люблю читати ввечері, коли всі сплять.
Археологи розкопали могилу скіфського вождя.
Місто святкує сторіччя заснування.
Прошу вимкнути телефони перед концертом.
"""

ENGLISH = """
Tomorrow will be sunny but windy.
The minister promised new schools in three regions.
Children from the village walk to the station.
I do not know whether the shop is open on Sunday.
Bread prices went up again.
Firefighters rescued a cat from the roof.
Where is the nearest pharmacy?
Doctors advise more walks and less salt.
The train to Leeds is twenty minutes late.
The court adjourned the case until March.
This book was a present from my grandmother.
The bridge over the river will be repaired in summer.
Scientists found a new species of butterfly.
He said he would not run for office.
The team lost by two points.
The mayor opened an exhibition in the town gallery.
Students marched against higher fees.
Cash or card?
Yesterday I bought shoes and a bag.
The wood near the village burned down in one night.
Talks in Geneva ended without result.
No concessions, says the union
Parliament passes budget on second reading
Power cut in three districts of the capital
Summit opens tomorrow
Why bees disappear
How to make cheese at home
New metro line to open in autumn
Smoking banned on beaches
Climber rescued below the summit
The writer won a prize for her last novel.
Could you close the window, I am cold.
There were only apples and pumpkins at the market.
Police are looking for witnesses of the crash.
The museum will stay open at weekends.
This is the only road to the monastery.
I love to read in the evening when all are asleep.
Archaeologists dug up the grave of a chieftain.
The town celebrates its centenary.
Please switch off your phones before the concert.
"""

RUSSIAN = """
Кошки спят.
Женева
Переговоры в Женеве
Погода
Профсоюз не пойдет на уступки
На даче у деда растут яблони и сливы.
Он говорит правду.
Закон о связи
Снова снег
Пять советов от врача
Книга на столе
Россия и США
На море без виз
Утро в сосновом лесу
Или так, или никак
Да будет свет
Дед за репку
Памятка для жильцов дома
Нажмите кнопку и введите пароль.
Котята и ребята выбежали на двор.
Тих и скромен.
Само собой разумеется.
Да, те самые.
Будь добр.
След ведет в лес.
Виновата зима.
"""


@pytest.mark.parametrize(
    ("sentences", "expected", "least"),
    [(RUSSIAN, "ru", 1.0), (BULGARIAN, "bg", 0.95), (UKRAINIAN, "uk", 0.95), (ENGLISH, "en", 1.0)],
    ids=["ru", "bg", "uk", "en"],
)
def test_a_sentence_is_enough(sentences: str, expected: str, least: float) -> None:
    lines = sentences.strip().splitlines()
    missed = [line for line in lines if language.detect(line) != expected]
    assert 1 - len(missed) / len(lines) >= least, missed


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("", "ru", "nothing to tell by"),
        ("2022, 5 374 — 14:45!", "ru", "no letters"),
        ("東京", "ru", "no letters of ours"),
        ("Hello", "en", "Latin letters"),
        ("Бонжур, mes amis, сказал он гостям.", "ru", "two languages, but mostly Cyrillic"),
        ("Метод Cursor::getNextDocument возвращает документ", "ru", "a manual: names in Latin, text in Russian"),
        ("https://example.org/very/long/address/of/a/page Погода на завтра", "ru", "an address is no English"),
        ("Sergei Ryabkov (Рябков) said there would be no concessions.", "en", "one name is not a Russian text"),
        (
            "Софийская газета пишет «няма да вдигаме цените»; по-русски это значит, что цены не поднимут.",
            "ru",
            "quotes Bulgarian",
        ),
        ("Украинцы говорят «немає» и «їжа», а мы говорим «нет» и «еда».", "ru", "quotes uk"),
        ("Домъ стоялъ на берегу, и садъ былъ старъ.", "ru", "old spelling: ъ at the end is not Bulgarian"),
        (normalize("NFD", "У неї є мрії."), "uk", "ї, decomposed to і and a mark"),
        ("Русия" + " и" * 5000 + " ще " + "няма " * 9, "ru", "only the beginning counts"),
    ],
)
def test_document(text: str, expected: str, reason: str) -> None:
    assert language.detect(text) == expected, reason


@pytest.mark.parametrize(
    ("form", "document", "expected", "reason"),
    [
        ("уступки", "ru", "ru", "no letter tells: the document's language"),
        ("уступки", "uk", "uk", "the same"),
        ("преговори", "bg", "bg", "the same"),
        ("software", "ru", "en", "Latin"),
        ("café", "bg", "en", "Latin with an accent"),
        ("переговоры", "en", "ru", "Cyrillic in an English text"),
        ("київ", "ru", "uk", "ї"),
        ("ґанок", "en", "uk", "ґ"),
        ("росії", "bg", "uk", "і ї"),
        ("переговоры", "bg", "ru", "ы"),
        ("это", "uk", "ru", "э"),
        ("ёлка", "bg", "ru", "ё"),
        ("объявил", "uk", "ru", "no ъ in Ukrainian"),
        ("объявил", "ru", "ru", "ъ before я is Russian"),
        ("съюз", "bg", "bg", "ъ before ю is both"),
        ("сверхъизысканный", "ru", "ru", "ы, and ъ before и"),
        ("отстъпки", "ru", "bg", "ъ before a consonant"),
        ("българия", "uk", "bg", "the same"),
        ("домъ", "ru", "ru", "old spelling"),
        ("it-компания", "ru", "ru", "of two scripts the Cyrillic one is inflected"),
        ("2022", "uk", "uk", "digits"),
        ("", "bg", "bg", "nothing"),
        ("東京", "ru", "ru", "letters of no language here"),
    ],
)
def test_word_in_document(form: str, document: str, expected: str, reason: str) -> None:
    assert language.of_word(form, document) == expected, reason


@settings(deadline=None)  # the first text that may be of another language loads the Russian dictionary
@given(st.text(), st.sampled_from(language.LANGUAGES))
def test_any_text_has_a_language(text: str, document: str) -> None:
    assert language.detect(text) in language.LANGUAGES
    assert language.of_word(text, document) in language.LANGUAGES


# --- what holds for the lemmas of every language -------------------------------------------------------------

MODULES = [bulgarian, english, ukrainian]
ALPHABETS = "абвгдежзийклмнопрстуфхцчшщъьюяёыэіїєґ", "abcxyz", "0123456789", "-'+.&", "\U00017000é東"
FORMS = st.text(st.sampled_from("".join(ALPHABETS)), max_size=20) | st.text(max_size=12)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
class TestEveryLanguage:
    @given(form=FORMS)
    def test_contract(self, module: ModuleType, form: str) -> None:
        _check(module.lemmas(form.lower()))

    @pytest.mark.parametrize(
        "form",
        ["", "ё", "c++", "'", "-", "а-а", "\U00017000", "\U00017000кошка", "ab\u0301", "б" * 10**6, "а-" * 10**6],
        ids=lambda form: ascii(form[:10]),
    )
    def test_strange_forms(self, module: ModuleType, form: str) -> None:
        _check(module.lemmas(form))

    def test_version_names_its_source(self, module: ModuleType) -> None:
        assert re.fullmatch(r"(snowball|pymorphy3-dicts-uk|endings) \d[\d.]*", module.version())


def _check(pairs: tuple[tuple[str, float], ...]) -> None:
    assert pairs
    assert len({lemma for lemma, _ in pairs}) == len(pairs)
    assert all(0.01 < share <= 1 and share == round(share, 4) for _, share in pairs)
    assert 0.95 < sum(share for _, share in pairs) < 1.001
    assert list(pairs) == sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
    assert not any("ё" in lemma for lemma, _ in pairs)


def _affinity(lemmas: Lemmas, query: str, form: str) -> float:
    """w(form | query): how much an occurrence of the form counts for the query word."""
    asked = dict(lemmas(query))
    return sum(asked.get(lemma, 0) / max(asked.values()) * share for lemma, share in lemmas(form))


# --- English --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("forms", "stem"),
    [
        ("concession concessions concession's concessions'", "concess"),
        ("negotiate negotiated negotiating", "negoti"),
        ("country countries country's", "countri"),
        ("o'reilly o'reilly's", "o'reilli"),
        ("c++", "c++"),
        ("covid-19", "covid-19"),
        ("ёж", "еж"),
    ],
)
def test_english(forms: str, stem: str) -> None:
    assert {english.lemmas(form) for form in forms.split()} == {((stem, 1.0),)}


# --- Ukrainian ------------------------------------------------------------------------------------------------


@pytest.fixture
def without_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ukrainian, "installed", lambda: False)


needs_dictionary = pytest.mark.skipif(not ukrainian.installed(), reason="the extra `uk` is not installed")


@needs_dictionary
@pytest.mark.parametrize(
    ("form", "lemmas", "reason"),
    [
        ("женеві", {"женева"}, "the same lemma as Russian «Женеве» and Bulgarian «Женева»"),
        ("росії", {"росія"}, "case"),
        ("договору", {"договір"}, "і and о alternate"),
        ("здоров'ю", {"здоров'я"}, "the apostrophe of the dictionary is that of the tokens"),
        ("об'єкта", {"об'єкт"}, "the same"),
        ("рябкова", {"рябков", "рябкова"}, "his and hers"),
        ("днів", {"день"}, "a fleeting vowel"),
        ("йшла", {"йти"}, "verbs too"),
        ("телеграм-каналі", {"телеграм-канал"}, "hyphen"),
        ("это", {"это"}, "not a Ukrainian word"),
        ("2022", {"2022"}, "not a word"),
    ],
)
def test_ukrainian(form: str, lemmas: set[str], reason: str) -> None:
    assert dict(ukrainian.lemmas(form)).keys() == lemmas, reason


@pytest.mark.usefixtures("without_dictionary")
@pytest.mark.parametrize(
    "forms",
    [
        "поступка поступки поступкою поступками поступках",
        "міністр міністра міністрів міністрами",
        "новий нова нове нового новому новою нових новими",
        "здоров'я здоров'ю здоров'ям",
    ],
)
def test_ukrainian_without_the_dictionary(forms: str) -> None:
    for one, other in itertools.permutations(forms.split(), 2):
        assert _affinity(ukrainian.lemmas, one, other) > 0.2, (one, other)
    assert ukrainian.version() == "endings 1"


@given(form=FORMS)
def test_ukrainian_contract_without_the_dictionary(form: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ukrainian, "installed", lambda: False)
        pairs = ukrainian.lemmas(form.lower())
    _check(pairs)
    assert form.lower().replace("ё", "е") in dict(pairs)


# --- Bulgarian ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "lemma", "reason"),
    [
        ("договор", "договор", "the word itself"),
        ("договорът", "договор", "full article"),
        ("договорите", "договор", "plural with article"),
        ("договорят", "договорят", "a verb stays whole: договарям, not договор"),
        ("обсъждат", "обсъждат", "verb"),
        ("прави", "прави", "a verb far more often than a plural of право"),
        ("каза", "каза", "verb"),
        ("иска", "иска", "verb, hardly ever a form of иск"),
        ("отстъпка", "отстъпка", "-ка is feminine"),
        ("отстъпки", "отстъпка", "and its plural"),
        ("отстъпката", "отстъпка", "and its article"),
        ("отстъпките", "отстъпка", "both"),
        ("женева", "женева", "a name stays whole"),
        ("москва", "москва", "the same"),
        ("германия", "германия", "no plural of германе"),
        ("украйна", "украйна", "no adjective"),
        ("брюксел", "брюксел", "nothing to take off"),
        ("сащ", "сащ", "an abbreviation"),
        ("гаранциите", "гаранция", "-ции is always -ция"),
        ("сигурността", "сигурност", "feminine without -а"),
        ("министри", "министър", "a fleeting ъ"),
        ("градове", "град", "plural of one syllable"),
        ("хората", "човек", "another word in the plural"),
        ("руският", "руски", "-ски is the base of its adjective"),
        ("главните", "главен", "a fleeting е"),
        ("голяма", "голям", "я and е alternate"),
        ("големи", "голям", "the same"),
        ("решенията", "решение", "neuter"),
        ("учителят", "учител", "-тел is never a verb"),
        ("заместник-министърът", "заместник-министър", "the last part is inflected"),
        ("път", "път", "what is left of a word must have a vowel"),
        ("дата", "дата", "the same"),
        ("это", "это", "not a Bulgarian word"),
    ],
)
def test_bulgarian_likeliest_lemma(form: str, lemma: str, reason: str) -> None:
    assert bulgarian.lemmas(form)[0][0] == lemma, reason


def test_bulgarian_readings_have_shares() -> None:
    assert bulgarian.lemmas("договора") == (("договор", 0.8), ("договора", 0.2))  # or a feminine, like гора
    assert bulgarian.lemmas("цели") == (("цел", 0.5), ("цял", 0.5))  # "goals", "whole"
    assert dict(bulgarian.lemmas("среща"))["среща"] > 0.5  # or a participle, like следваща


PARADIGMS = """
договор договорът договора договори договорите | преговор преговори преговорите | отстъпка отстъпки отстъпката
отстъпките | гаранция гаранции гаранцията гаранциите | сигурност сигурността | министър министърът министъра
министри министрите | среща срещата срещи срещите | град градът града градове градовете | заплаха заплахата
заплахи заплахите | граница границата граници границите | съюзник съюзникът съюзника съюзници съюзниците |
политик политикът политици политиците | политика политиката политики | дипломат дипломатът дипломати дипломатите
| сигнал сигналът сигнали сигналите | интерес интересът интереси интересите | действие действието действия
действията | напрежение напрежението | условие условието условия условията | аргумент аргумента аргументи
аргументите | илюзия илюзията илюзии илюзиите | оръжие оръжието оръжия оръжията | заседание заседанието заседания
| консултация консултацията консултации | организация организацията организации | диалог диалогът диалога диалози
| приоритет приоритети приоритетите | войска войската войски войските | дума думата думи думите | страна страната
страни страните | ден денят деня дни дните | място мястото места местата | човек човекът човека хора хората |
дете детето деца децата | жена жената жени жените | мъж мъжът мъжа мъже мъжете | година годината години годините
| месец месецът месеца месеци месеците | час часът часа часове часовете | работа работата работи работите |
живот животът живота | къща къщата къщи къщите | училище училището училища училищата | книга книгата книги книгите
| вестник вестникът вестника вестници вестниците | учител учителят учителя учители учителите | лекар лекарят
лекари лекарите | ученик ученикът ученика ученици учениците | ученичка ученичката ученички ученичките | вода водата
води водите | река реката реки реките | планина планината планини планините | море морето морета моретата |
село селото села селата | писмо писмото писма писмата | число числото числа числата | дърво дървото дървета
дърветата | цвете цветето цветя цветята | момче момчето момчета момчетата | куче кучето кучета кучетата |
правителство правителството правителства правителствата | общество обществото общества | средство средството
средства средствата | право правото права правата | закон законът закона закони законите | съд съдът съда съдилища
| проект проектът проекта проекти проектите | документ документът документа документи документите | президент
президентът президента президенти | депутат депутатът депутата депутати депутатите | парламент парламентът
парламента | партия партията партии партиите | избор изборът избора избори изборите | война войната войни войните
| мир мирът мира | храна храната храни храните | цена цената цени цените | пазар пазарът пазара пазари пазарите
| фирма фирмата фирми фирмите | магазин магазинът магазина магазини магазините | кола колата коли колите | влак
влакът влака влакове влаковете | път пътят пътя пътища пътищата | мост мостът моста мостове мостовете | улица
улицата улици улиците | площад площадът площада площади | къс късът късове | брат братът братя братята | сестра
сестрата сестри сестрите | майка майката майки майките | баща бащата бащи бащите | син синът сина синове |
дъщеря дъщерята дъщери | приятел приятелят приятели приятелите | ръка ръката ръце ръцете | крак кракът крака
краката | око окото очи очите | глава главата глави главите | сърце сърцето сърца сърцата | име името имена
имената | време времето времена времената | лято лятото лета | зима зимата зими | пролет пролетта | нощ нощта
нощи | вечер вечерта | сутрин сутринта | език езикът езика езици езиците | народ народът народа народи народите
| българин българинът българи българите | гражданин гражданинът граждани гражданите | американец американци
американците | европеец европейци европейците | художник художникът художника художници художниците | музей
музеят музея музеи музеите | случай случаят случая случаи случаите | герой героят героя герои героите | край краят
края краища | театър театърът театри театрите | център центърът центрове центровете | метър метърът метра метри
| филм филмът филма филми филмите | песен песента песни песните | история историята истории историите | идея идеята
идеи идеите | линия линията линии линиите | кухня кухнята кухни | земя земята земи земите | стая стаята стаи стаите
| механизъм механизмът механизма механизми механизмите | туризъм туризмът туризма | организъм организми | свят светът
света светове светове | цвят цветът цветове цветовете | бряг брегът брегове бреговете | вятър вятърът ветрове |
промяна промяната промени промените | мярка мярката мерки мерките | обувка обувката обувки обувките | снимка
снимката снимки снимките | точка точката точки точките | грешка грешката грешки грешките | болница болницата
болници болниците | седмица седмицата седмици | психолог психологът психолози психолозите | успех успехът успехи
| дреха дрехата дрехи дрехите | риба рибата риби рибите | възможност възможността възможности възможностите |
област областта области областите | част частта части частите | власт властта власти властите | любов любовта |
младеж младежта младежи | изследване изследването изследвания изследванията | искане искането искания исканията |
нов новият новия нова новата ново новото нови новите | голям големият големия голяма голямата голямо голямото
големи големите | малък малкият малка малката малко малките | добър добрият добра добро добри добрите | бял белият
бяла бяло бели белите | стар старият старата старо стари старите | млад младият млада млади младите | хубав хубавият
хубава хубаво хубави | червен червеният червена червено червени червените | важен важният важна важно важни важните
| главен главният главна главната главно главни главните | последен последният последна последно последни |
сигурен сигурният сигурна сигурно сигурни | спокоен спокойният спокойна спокойно спокойни | руски руският руския
руска руската руско руското руските | български българският българска българското българските | човешки човешкият
човешка човешко човешките | политически политическият политическа политическо политическите | висок високият висока
високо високи високите | лесен лесният лесна лесно лесни | външен външният външна външно външни външните | близък
близкият близка близко близки близките | тежък тежката тежко тежки | първи първият първа първата първо първите
"""


def test_bulgarian_paradigms_meet_and_keep_apart() -> None:
    """Any form asked for finds 97 % of its paradigm, and nearly nothing else of this list."""
    paradigms = [paradigm.split() for paradigm in PARADIGMS.split("|")]
    assert len(paradigms) >= 150
    expected = {pair for paradigm in paradigms for pair in itertools.permutations(paradigm, 2)}
    by_lemma: dict[str, set[str]] = {}
    for form in itertools.chain(*paradigms):
        for lemma, _ in bulgarian.lemmas(form):
            by_lemma.setdefault(lemma, set()).add(form)
    candidates = {pair for forms in by_lemma.values() for pair in itertools.permutations(forms, 2)}
    found = {pair for pair in candidates if _affinity(bulgarian.lemmas, *pair) >= 0.05}
    assert len(found & expected) >= 0.97 * len(expected), expected - found
    assert len(found & expected) >= 0.99 * len(found), found - expected


VERBS = """
договорят обсъждат казват говорим правиш отидоха разбират четете вземете играят знаят стоят броят пишеш искаме
работят учат ходят варят повтарят затварят изтеглят виждат покаже смята коментира предполага организира
"""


@pytest.mark.parametrize("verb", VERBS.split())
def test_bulgarian_verbs_are_not_stripped(verb: str) -> None:
    lemma, share = bulgarian.lemmas(verb)[0]
    assert lemma == verb
    assert share > 0.5

"""Languages beside Russian: which language a text or a word is in, and the lemmas of bg, uk, en.

Tables to be read by a linguist. Sentences are our own.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import pytest
from hypothesis import given
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
Русия няма да прави отстъпки
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
Росія не піде на поступки
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
No concessions, says Moscow
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
Москва не пойдет на уступки
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
"""


def _share(sentences: str, expected: str) -> float:
    lines = sentences.strip().splitlines()
    return sum(language.detect(line) == expected for line in lines) / len(lines)


@pytest.mark.parametrize(
    ("sentences", "expected", "least"),
    [(RUSSIAN, "ru", 1.0), (BULGARIAN, "bg", 0.95), (UKRAINIAN, "uk", 0.95), (ENGLISH, "en", 1.0)],
    ids=language.LANGUAGES[:1] + ("bg", "uk", "en"),
)
def test_a_sentence_is_enough(sentences: str, expected: str, least: float) -> None:
    missed = [line for line in sentences.strip().splitlines() if language.detect(line) != expected]
    assert _share(sentences, expected) >= least, missed

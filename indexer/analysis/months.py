"""The names of the months: as they stand beside a day, and alone or behind «в»."""

# Russian in full and short, Ukrainian, Bulgarian, English.
BESIDE_A_DAY = tuple(
    tuple(names.split())
    for names in (
        "января янв січня януари january jan",
        "февраля фев февр лютого февруари february feb",
        "марта мар березня март march mar",
        "апреля апр квітня април april apr",
        "мая травня май may",
        "июня июн червня юни june jun",
        "июля июл липня юли july jul",
        "августа авг серпня август august aug",
        "сентября сен сент вересня септември september sep sept",
        "октября окт жовтня октомври october oct",
        "ноября ноя нояб листопада ноември november nov",
        "декабря дек грудня декември december dec",
    )
)
_ALONE = (
    "январь январе січень січні", "февраль феврале лютий лютому", "март марте березень березні",
    "апрель апреле квітень квітні", "май мае травень травні", "июнь июне червень червні", "июль июле липень липні",
    "август августе серпень серпні", "сентябрь сентябре вересень вересні", "октябрь октябре жовтень жовтні",
    "ноябрь ноябре листопад листопаді", "декабрь декабре грудень грудні",
)  # fmt: skip

# Name → number from 1; and the same with the names that stand without a day.
OF_A_DAY = {name: number for number, names in enumerate(BESIDE_A_DAY, 1) for name in names}
NUMBERS = OF_A_DAY | {name: number for number, names in enumerate(_ALONE, 1) for name in names.split()}

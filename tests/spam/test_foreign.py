"""Blocks of another script or language on an English page: what sells goes, what belongs to health stays."""

from __future__ import annotations

import pytest
from spam_cases import Detect, cleaned

BODY = (
    "Sciatica is pain along the sciatic nerve, which runs from the lower back down the leg. Symptoms include numbness "
    "and weakness in the affected leg. Most patients get better with treatment at home, exercise and time. A doctor "
    "may order imaging of the back if the pain is severe or the weakness gets worse."
)
PAGE = f"<html><body>\n<h1>Sciatica</h1>\n<p>{BODY}</p>\n</body></html>\n"

SELLS = {
    "Japanese": "激安ブランド時計の通販サイト。送料無料でお届けします。人気のバッグも多数取り揃えています。",
    "Chinese": "最好的线上娱乐平台，注册即送彩金，百家乐和老虎机每日返水，欢迎加入。",
    "Thai": "เว็บสล็อตแตกง่าย ฝากถอนไม่มีขั้นต่ำ สมัครวันนี้รับโบนัสทันที",
    "Vietnamese": "Nhà cái uy tín hàng đầu châu Á, đăng ký ngay để nhận khuyến mãi nạp lần đầu và rút tiền nhanh chóng.",
    "Russian": "Лучшее онлайн казино с бонусом за регистрацию, играйте в игровые автоматы на деньги и выводите выигрыш за час.",
    "Turkish": "Güvenilir bahis siteleri arasında en yüksek oranları sunan yeni giriş adresimiz ile hemen kazanmaya başlayın.",
    "Indonesian": "Situs judi slot online terpercaya dengan bonus member baru dan deposit pulsa tanpa potongan setiap hari.",
    "Chinese, of no game": "不看征信，三分钟放款，黑户也可以做，当天到账。",
    "Japanese, of no shop": "審査なしで即日振込、ブラックの方でも必ず借りられます。",
    "German, of no game": "Schnell Geld nötig? Sofortkredit ohne Schufa, Auszahlung noch heute, jetzt online beantragen.",
    "Korean": "안전한 토토사이트 추천, 카지노 신규 가입 쿠폰을 지급하며 빠른 환전을 보장합니다.",
}


@pytest.mark.parametrize("text", SELLS.values(), ids=SELLS)
def test_a_block_that_sells_in_another_language_goes(find: Detect, text: str) -> None:
    page = PAGE.replace("</body>", f"<p>{text}</p>\n</body>")
    assert cleaned(page, find(page)) == PAGE
    assert cleaned(f"{BODY}\n{text}", find(f"{BODY}\n{text}")).strip() == BODY


STAYS = {
    "point of acupuncture": "The point is called Hegu (合谷) and lies on the hand.",
    "names of authors": "The review by 王小明 and Наталья Иванова covers 12 trials.",
    "quotation": "She said: «me duele la pierna» and pointed to her leg.",
    "Vietnamese leaflet": "Bệnh nhân nên nghỉ ngơi và gọi bác sĩ nếu đau chân kéo dài hơn một tuần.",
    "Russian leaflet": "Пациенты должны отдыхать и обратиться к врачу, если боль в ноге не проходит неделю.",
    "Japanese leaflet": "坐骨神経痛は腰から足にかけての痛みです。痛みが続く場合は医師に相談してください。",
    "Indonesian leaflet": "Istirahatkan kaki dan hubungi dokter bila nyeri berlanjut lebih dari satu minggu.",
    "Kampo medicine": "Goshajinkigan (牛車腎気丸) is a Kampo medicine.",
    "Turkish abstract": "Abstract in Turkish: Siyatik, bacağa yayılan ağrıdır. Hastaların çoğu evde tedavi ile iyileşir.",
}


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS)
def test_honest_words_of_another_language_stay(find: Detect, text: str) -> None:
    for page in (PAGE.replace("</body>", f"<p>{text}</p>\n</body>"), f"{BODY}\n{text}"):
        found = find(page)
        assert (found.cuts, found.findings) == ((), ())


@pytest.mark.parametrize(
    "words",
    ["代写论文 价格", "быстрый займ на карту", "在线赌场 注册送钱", "激安スーパーコピー時計"],
    ids=["essays", "loans", "casino", "copies"],
)
def test_search_phrases_of_another_script_amid_a_sentence_go(find: Detect, words: str) -> None:
    text = BODY.replace("weakness in the", f"weakness {words} in the")
    assert cleaned(text, find(text)) == BODY


def test_what_a_bilingual_page_says_in_its_other_language_stays(find: Detect) -> None:
    spanish = (
        "La mayoría de los pacientes mejora en seis semanas sin operación. Llame gratis a su clínica y pida cita en línea. "
        "El dolor baja por la pierna. Descanse y camine un poco cada día."
    )
    text = f"{BODY}\n{spanish}"
    assert find(text).cuts == ()


@pytest.mark.parametrize(
    "text",
    [
        "Игровая зависимость лечится: позвоните на бесплатную горячую линию, мы поможем.",
        "借金の相談は無料の窓口へお電話ください。ギャンブル依存症の相談も受け付けています。",
        "Spielsucht ist behandelbar. Rufen Sie die kostenlose Hotline an, auch nachts und am Wochenende.",
        "هر روز نیم ساعت پیاده‌روی کنید و داروها را سر وقت بخورید.",
    ],
    ids=["Russian", "Japanese", "German", "Persian"],
)
def test_help_in_another_language_stays(find: Detect, text: str) -> None:
    assert find(f"{BODY}\n{text}").cuts == ()


@pytest.mark.parametrize(
    "advice",
    [
        "Kaufen Sie Schuhe am Abend, wenn die Füße größer sind.",
        "Koop goede schoenen en loop elke dag.",
        "The leaflet reads “Kaufen Sie Schuhe am Abend, wenn die Füße größer sind.” on its first page.",
    ],
)
def test_what_a_leaflet_tells_its_readers_to_do_stays(find: Detect, advice: str) -> None:
    page = "\n".join(BODY.replace("back", part) for part in ("back", "hip", "leg"))
    assert find(f"{page}\n{advice}").cuts == ()

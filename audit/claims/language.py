"""Which language a page is in: as declared, unless its words say otherwise."""

from __future__ import annotations

import re

ENGLISH = "en"
_NAMES = {
    "de": "German", "es": "Spanish", "fr": "French", "it": "Italian", "pt": "Portuguese", "nl": "Dutch",
    "tr": "Turkish", "id": "Indonesian", "vi": "Vietnamese", "pl": "Polish", "sv": "Swedish", "ja": "Japanese",
    "zh": "Chinese", "ko": "Korean", "th": "Thai", "ru": "Russian", "ar": "Arabic", "hi": "Hindi", "el": "Greek",
    "he": "Hebrew", "fa": "Persian", "uk": "Ukrainian", "cs": "Czech", "da": "Danish", "no": "Norwegian",
    "fi": "Finnish", "hu": "Hungarian", "ro": "Romanian",
}  # fmt: skip
_STOP_WORDS = {
    "en": "the of and to in is that for with are this you your on as be it or from by can not have was",
    "es": "el los las de que y en un una es por con para se del al como más su pero está son",
    "fr": "le les des et est un une que pour dans du en sur avec pas plus vous sont au par ce qui",
    "de": "der die das und ist nicht ein eine mit von zu den auf für im sich dem werden bei oder auch",
    "it": "il di che è per un una con del della sono non nel più gli dei le si da alla",
    "pt": "o os as de que e do da em um uma para com não por mais são ao dos na como",
    "nl": "de het een en van is dat op te voor met zijn niet aan er ook bij door",
    "tr": "ve bir bu için ile de da olarak çok daha olan gibi en ne var",
    "id": "dan yang di untuk dengan dari ini pada adalah tidak dapat atau ke dalam oleh",
    "vi": "và của là có không cho các được với người này một khi đến những",
    "pl": "i w na z do się nie jest to że od dla przez oraz jak",
    "sv": "och att det som är en på för med av inte till den ett kan",
}
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")), ("zh", re.compile("[\u4e00-\u9fff]")), ("ko", re.compile("[\uac00-\ud7af]")),
    ("th", re.compile("[\u0e00-\u0e7f]")), ("ru", re.compile("[\u0400-\u04ff]")), ("ar", re.compile("[\u0600-\u06ff]")),
    ("hi", re.compile("[\u0900-\u097f]")), ("el", re.compile("[\u0370-\u03ff]")), ("he", re.compile("[\u0590-\u05ff]")),
)  # fmt: skip
_OTHER_LETTERS = re.compile(
    "[\u0370-\u03ff\u0400-\u04ff\u0590-\u06ff\u0900-\u097f\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"
)
_WORDS = {word: tuple(code for code, words in _STOP_WORDS.items() if word in words.split())
          for word in sorted({word for words in _STOP_WORDS.values() for word in words.split()})}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 1500
"""Code points that are looked at, at the start and in the middle of a text."""
_FEWEST = 25
"""Words below which the declared language stands, or English if none is declared."""
_ENGLISH_SHARE = 0.08
"""Share of English stop words above which a text is taken as English whatever it declares; real prose has 0.25."""


def language(declared: str, folded: str) -> str:
    """Return the language code of a page; the declared one where the text is too short to tell."""
    sample = folded[:_SAMPLE] if len(folded) <= 2 * _SAMPLE else folded[:_SAMPLE] + folded[len(folded) // 2 :][:_SAMPLE]
    if len(_OTHER_LETTERS.findall(sample)) * 3 > len(sample):
        return (
            max(_SCRIPTS, key=lambda script: len(script[1].findall(sample)))[0]
            if declared in {"", ENGLISH}
            else declared
        )
    words = _WORD.findall(sample)
    if len(words) < _FEWEST:
        return declared or ENGLISH
    counts = dict.fromkeys(_STOP_WORDS, 0)
    for word in words:
        for code in _WORDS.get(word, ()):
            counts[code] += 1
    best = max(counts, key=lambda code: (counts[code], code == ENGLISH))
    if best == ENGLISH or (counts[ENGLISH] >= _ENGLISH_SHARE * len(words) and counts[best] < 1.5 * counts[ENGLISH]):
        return ENGLISH
    if counts[best] < _ENGLISH_SHARE * len(words):
        return declared or ENGLISH
    return best


def name(code: str) -> str:
    """Return the English name of a language, or its code."""
    return _NAMES.get(code, code)

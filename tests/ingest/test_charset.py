"""Bytes to text: the right encoding, nothing else changed, and cuts that leave every other byte alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.ingest import Options, byte_cuts, decode, find, read
from audit.ingest.charset import BYTE_FOR_BYTE, codec_of, find_name
from audit.model import Page
from audit.text.span import Span, without

GERMAN = "Die Übungen für den Rücken sind schön und helfen möglicherweise gegen Schmerzen. Grüße aus Köln!"
JAPANESE = "腰痛の治療には運動が有効です。毎日の体操を続けることが大切です。"
CHINESE = "腰痛的治疗需要每天锻炼身体，保持健康的生活方式非常重要。"
KOREAN = "허리 통증 치료에는 운동이 효과적입니다. 매일 꾸준히 하세요."
RUSSIAN = "Лечение спины упражнениями каждый день помогает людям жить без боли."


@pytest.mark.parametrize(
    ("text", "codec", "encoding", "how"),
    [
        ("Plain words.", "ascii", "utf-8", "utf-8"),
        (GERMAN, "utf-8", "utf-8", "utf-8"),
        (GERMAN, "utf-8-sig", "utf-8", "byte order mark"),
        (GERMAN, "utf-16", "utf-16le", "byte order mark"),
        (GERMAN, "utf-16-be", "utf-16be", "utf-16"),
        (GERMAN, "utf-32", "utf-32le", "byte order mark"),
        (GERMAN, "latin-1", "windows-1252", "detected"),
        (RUSSIAN, "cp1251", "windows-1251", "detected"),
        (RUSSIAN, "koi8-r", "koi8-r", "detected"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp", "iso-2022"),
        (KOREAN, "iso2022_kr", "iso-2022-kr", "iso-2022"),
        (JAPANESE, "shift_jis", "shift_jis", "detected"),
        (JAPANESE, "euc_jp", "euc-jp", "detected"),
        (CHINESE, "gb18030", "gb18030", "detected"),
        (KOREAN, "euc_kr", "euc-kr", "detected"),
    ],
)
def test_encoding_is_found_without_a_declaration(text, codec, encoding, how):
    got = decode(text.encode(codec))
    assert (got.text, got.encoding, got.how, got.undecodable) == (text, encoding, how, 0)


@pytest.mark.parametrize(
    ("raw", "declared", "html", "encoding"),
    [
        (b"<meta charset=windows-1251><p>\xcb\xe5", None, True, "windows-1251"),
        (b"<p>\xcb\xe5", "windows-1251", True, "windows-1251"),
        (b"<meta charset=koi8-r><p>\xcb\xe5", "windows-1251", True, "windows-1251"),
        (b'<meta http-equiv="content-type" content="text/html; charset=gb2312"><p>\xc4\xe3', None, True, "gbk"),
        (b'<?xml version="1.0" encoding="iso-8859-2"?><p>\xbf\xb1', None, True, "iso-8859-2"),
        ("<meta charset=windows-1252><p>Café".encode(), None, True, "utf-8"),
    ],
    ids=["meta", "header", "header before meta", "http-equiv", "xml", "utf-8 before meta"],
)  # fmt: skip
def test_declaration_goes_before_the_detector_and_after_utf_8(raw, declared, html, encoding):
    got = decode(raw, declared=declared, html=html)
    assert got.encoding == encoding
    assert got.text == raw.decode(codec_of(encoding))


@pytest.mark.parametrize("label", ["utf-16", "unicode_escape", "utf-7", "base64", "nonsense"])
def test_a_declaration_that_cannot_be_is_passed_over(label):
    raw = f"<meta charset={label}><p>\\x41 +AGE- {GERMAN}".encode("cp1252")
    got = decode(raw)
    assert (got.how, got.text) == ("detected", raw.decode("cp1252"))


TRADITIONAL = "腰痛的治療需要每天鍛鍊身體，保持健康的生活方式非常重要。多喝水，少吃鹽。"
WRONG = ("utf-8", "windows-1251", "windows-1252", "shift_jis", "big5", "euc-kr", "gb18030", "utf-16le", "iso-2022-jp")
TOLD = {  # what says more than any declaration, and the declarations that the bytes disprove by not fitting
    ("utf-8", GERMAN): WRONG,
    ("utf-8-sig", JAPANESE): WRONG,
    ("utf-16", JAPANESE): WRONG,
    ("utf-16-le", GERMAN): WRONG,
    ("utf-16-be", GERMAN): WRONG,
    ("utf-32", GERMAN): WRONG,
    ("iso2022_jp", JAPANESE): WRONG,
    ("big5", TRADITIONAL): ("utf-8", "euc-kr", "utf-16le", "iso-2022-jp"),
    ("shift_jis", JAPANESE): ("utf-8", "windows-1251", "windows-1252", "big5", "euc-kr", "utf-16le", "iso-2022-jp"),
    ("euc_kr", KOREAN): ("utf-8", "shift_jis", "big5", "utf-16le", "iso-2022-jp"),
    ("gb18030", CHINESE): ("utf-8", "shift_jis", "euc-kr", "utf-16le", "iso-2022-jp"),
    ("cp1251", RUSSIAN): ("utf-8", "shift_jis", "big5", "euc-kr", "gb18030", "utf-16le", "iso-2022-jp"),
}


@pytest.mark.parametrize(("codec", "text"), TOLD, ids=[codec for codec, _ in TOLD])
def test_a_wrong_declaration_is_seen_where_the_bytes_tell(codec, text):
    for label in TOLD[codec, text]:
        page = f"<!doctype html><meta charset={label}><title>{text[:20]}</title><p>{text}</p>"
        got = decode(page.encode(codec))
        assert (label, got.text, got.undecodable) == (label, page, 0)


@pytest.mark.parametrize(("codec", "text"), TOLD, ids=[codec for codec, _ in TOLD])
def test_a_page_of_any_encoding_declared_as_any_other_is_read_and_says_as_what(codec, text, tmp_path):
    path = tmp_path / "x.html"
    for label in WRONG:
        whole = f"<meta charset={label}><p>{text}</p>".encode(codec)
        for raw in (whole, whole[:-1], whole[1:], whole[len(whole) // 2 :], whole[::-1]):
            path.write_bytes(raw)
            (got,) = read(find([path], Options()).items[0], Options())
            if raw is whole or isinstance(got, Page):
                assert decode(raw).text == got.text
                assert raw.decode(codec_of(got.encoding), BYTE_FOR_BYTE).removeprefix("\ufeff") == got.text
            else:
                assert "binary" in str(got.error)


@pytest.mark.parametrize(
    ("raw", "text", "undecodable"),
    [
        ("Übungen für den Rücken ".encode() + b"\xc3", "Übungen für den Rücken \ufffd", 1),
        ("Übungen für ".encode() + b"\xe2\x82" + " über".encode(), "Übungen für \ufffd\ufffd über", 2),
        ("größer \ufffd schöner ".encode() + b"\xff", "größer \ufffd schöner \ufffd", 1),
        ("größer schöner ".encode() + b"\xed\xa0\x80", "größer schöner \ufffd\ufffd\ufffd", 3),
        (b"\xef\xbb\xbfa\xffb", "a\ufffdb", 1),
        (b"\xff\xfea\x00b", "a\ufffd", 1),
    ],
    ids=["torn", "inside", "honest replacement", "half a surrogate pair", "with a mark", "odd utf-16"],
)
def test_each_undecodable_byte_is_one_replacement(raw, text, undecodable):
    got = decode(raw)
    assert (got.text, got.undecodable) == (text, undecodable)


@pytest.mark.parametrize("text", ["a\r\nb\rc\n", "“quoted” ‘words’ …", "a\u2028b", "\x0c\x85"])
def test_nothing_is_rewritten(text):
    assert decode(text.encode()).text == text
    assert decode("“x”\r\nfür".encode("cp1252")).text == "“x”\r\nfür"


@given(st.binary(max_size=300))
def test_any_bytes_decode(raw):
    got = decode(raw)
    got.text.encode()  # no half of a surrogate pair
    assert decode(raw) == got


CODECS = ["utf-8", "utf-16le", "windows-1252", "shift_jis", "gb18030", "big5", "euc-jp", "euc-kr", "iso-2022-jp"]


@st.composite
def _texts(draw):
    encoding = draw(st.sampled_from([*CODECS, "iso-2022-kr"]))
    codec = codec_of(encoding)
    stock = JAPANESE + CHINESE + KOREAN + GERMAN + "<b>&amp;\r\n"
    chars = "".join(char for char in dict.fromkeys(stock) if _fits(char, codec))
    text = draw(st.text(st.sampled_from(chars), min_size=1, max_size=60))
    start = draw(st.integers(0, len(text)))
    return encoding, text, [Span(start, draw(st.integers(start, len(text))))]


def _fits(char, codec):
    try:
        return char.encode(codec).decode(codec) == char
    except UnicodeError:
        return False


@given(_texts())
@settings(max_examples=400)
def test_cut_bytes_decode_to_the_cut_text(case):
    encoding, text, cuts = case
    codec = codec_of(encoding)
    assert byte_cuts(text.encode(codec), encoding, cuts).decode(codec) == without(text, cuts)


@given(st.sampled_from(CODECS), st.binary(min_size=1, max_size=80), st.data())
@settings(max_examples=400)
def test_cut_bytes_are_a_stretch_of_broken_input(encoding, raw, data):
    if raw[:1] in {b"\xef", b"\xfe", b"\xff", b"\0"} or encoding.startswith("iso-2022"):
        raw = b"a" + raw.translate(None, b"\x1b\x0e\x0f")
    text = raw.decode(codec_of(encoding), BYTE_FOR_BYTE)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    cut = byte_cuts(raw, encoding, [Span(start, end)])
    gone = len(raw) - len(cut)
    assert any(raw[:at] + raw[at + gone :] == cut for at in range(len(raw) + 1))
    assert gone >= (end - start if encoding != "big5" else 0)


@pytest.mark.parametrize(
    ("raw", "encoding", "cut", "left"),
    [
        (b"\xef\xbb\xbfcasino: Rest", "utf-8", (0, 8), b"\xef\xbb\xbfRest"),
        (b"a\xffbc\xfed", "utf-8", (2, 4), b"a\xff\xfed"),
        (b"a\xffb", "utf-8", (1, 2), b"ab"),
        (b"\xe2\x82", "utf-8", (0, 1), b"\x82"),
        ("Aあい".encode("iso2022_jp"), "iso-2022-jp", (0, 2), b"\x1b$B$$\x1b(B"),
        (b"\x88\x62x", "big5", (0, 1), b"\x88\x62x"),
        (b"\x88\x62x", "big5", (0, 2), b"x"),
        ("a😀b".encode("utf-16"), "utf-16le", (1, 2), "ab".encode("utf-16")),
        (b"\x1b" + b"\0" * 20 + b"ab", "iso-2022-jp", (21, 22), b"\x1b" + b"\0" * 20 + b"b"),
        (b"\x1b" + b"\0" * 9, "iso-2022-jp", (9, 10), b"\x1b" + b"\0" * 8),
    ],
    ids=[
        "mark",
        "broken bytes stay",
        "broken byte cut",
        "each by itself",
        "shifts stay",
        "half",
        "whole",
        "pair",
        "long escape",
        "escape without end",
    ],
)
def test_byte_cuts_leave_the_rest(raw, encoding, cut, left):
    assert byte_cuts(raw, encoding, [Span(*cut)]) == left


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("ISO-8859-1", "windows-1252"), (" UTF8 ", "utf-8"), ("latin-1", "windows-1252"), ("cp932", "shift_jis"),
        ("utf-7", None), ("base64", None), ("replacement", None), ("", None), ("\0", None), ("unicode_escape", None),
        ("raw_unicode_escape", None), ("idna", None),
    ],
)  # fmt: skip
def test_labels_mean_what_browsers_take_them_for(label, name):
    assert find_name(label) == name

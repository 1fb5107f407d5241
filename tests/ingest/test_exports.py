"""WordPress exports, Scrapy's XML and sitemaps: read gently, with the place of every field in the file."""

import gzip
from io import BytesIO
from pathlib import Path
from time import process_time

import pytest
from made_sources import brief, errors, ids, in_parts, item_of, pages, texts, write

from audit.ingest import Options, PageFailure
from audit.ingest.markup import records, tokens
from audit.ingest.wordpress import entries
from audit.text.span import Span


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def post(number, content, kind="post", comments="", link=None):
    return f"""<item>
\t<title><![CDATA[Title {number}]]></title>
\t<link>{link or f"https://example.org/?p={number}"}</link>
\t<dc:creator><![CDATA[ann]]></dc:creator>
\t<content:encoded>{content}</content:encoded>
\t<excerpt:encoded><![CDATA[]]></excerpt:encoded>
\t<wp:post_id>{number}</wp:post_id>
\t<wp:post_type><![CDATA[{kind}]]></wp:post_type>
\t<wp:postmeta><wp:meta_key><![CDATA[k]]></wp:meta_key><wp:meta_value><![CDATA[<item>]]></wp:meta_value></wp:postmeta>
{comments}</item>
"""


def cdata(text):
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def comment(number, text):
    return f"""<wp:comment>
\t<wp:comment_id>{number}</wp:comment_id>
\t<wp:comment_author_url>https://spam.example/</wp:comment_author_url>
\t<wp:comment_content>{cdata(text)}</wp:comment_content>
</wp:comment>
"""


def export(*items, head='<?xml version="1.0" encoding="UTF-8" ?>\n'):
    return (
        head + '<!-- generator="WordPress/6.9" -->\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/">\n'
        "<channel><title>Site</title>\n" + "".join(items) + "</channel>\n</rss>\n"
    )


@pytest.mark.parametrize("name", ["site.xml", "site.wxr", "site.xml.gz"])
def test_posts_pages_and_comments_are_pages(name):
    made = export(
        post(1, cdata("<p>Käse</p>\n\nmore"), comments=comment(7, "Nice!") + comment(8, "Buy")),
        post(2, cdata("<p>About</p>"), kind="page"),
        post(3, cdata(""), kind="page"),
        post(4, cdata("body { color: red }"), kind="custom_css"),
    ).encode()
    write(name, gzip.compress(made) if name.endswith("gz") else made)
    got = pages(name)
    assert [brief(page) for page in got] == [
        ("post-1", "html", "<p>Käse</p>\n\nmore"),
        ("comment-7", "html", "Nice!"),
        ("comment-8", "html", "Buy"),
        ("page-2", "html", "<p>About</p>"),
    ]
    assert [page.url for page in got[:2]] == ["https://example.org/?p=1", "https://example.org/?p=1#comment-7"]


def test_an_export_without_its_name_is_told_by_content():
    write("dump", export(post(1, cdata("text"))))
    assert ids(pages("dump")) == ["post-1"]


FIELDS = [
    cdata("plain text of a post"),
    cdata("a ]]> in code, <p>and ]]]]>more</p>"),
    cdata("Käse 😀 \x0b\x1f control &amp; raw"),
    "entities: &lt;p&gt;Tom &amp; Ann&#228;&#x1F600;&unknown;&lt;/p&gt;",
    "\n  " + cdata("after white space") + "\n",
]


@pytest.mark.parametrize("field", FIELDS)
def test_every_character_of_a_field_has_its_place_in_the_file(field):
    raw = export(post(1, cdata("before")), post(2, field)).encode()
    write("x.xml", raw)
    item = item_of("x.xml")
    with Path("x.xml").open("rb") as file:
        entry = list(entries(file, item, Options()))[1]
    text = entry.page.text
    for at in range(len(text)):
        for start, end in entry.field.places([Span(at, at + 1)]):
            left = raw[:start] + raw[end:]
            write("cut.xml", left)
            if b"]]>" in left[start - 2 : start + 2]:
                continue  # what comes together is the caller's to see
            assert texts(pages("cut.xml"))[1] == text[:at] + text[at + 1 :]


def test_places_of_a_span_over_a_boundary_are_two():
    raw = export(post(1, cdata("one ]]> two"))).encode()
    write("x.xml", raw)
    with Path("x.xml").open("rb") as file:
        (entry,) = entries(file, item_of("x.xml"), Options())
    places = entry.field.places([Span(4, 7)])
    assert [raw[start:end] for start, end in places] == [b"]]", b">"]


def many(count):
    return export(*(post(at, cdata(f"<p>page {at} &amp; ä</p>" * 9), comments=comment(at, "c")) for at in range(count)))


@pytest.mark.parametrize("size", [1, 5000])
def test_ranges_of_an_export_give_the_same_pages_as_the_whole(size):
    write("x.xml", many(40))
    whole = pages("x.xml")
    count, got = in_parts("x.xml", size)
    assert len(whole) == 80
    assert count > 3
    assert got == whole


@pytest.mark.parametrize("name", ["x.xml", "x.xml.gz"])
@pytest.mark.parametrize(
    ("made", "good"),
    [
        ("<items><item><text>one</text></item>\n<item><text>two</text></item>\n", 2),
        (export(post(1, cdata("one"))).partition("</channel>")[0], 1),
    ],
    ids=["feed", "export"],
)
def test_a_file_that_is_cut_off_between_records_says_so(name, made, good):
    write(name, gzip.compress(made.encode()) if name.endswith("gz") else made)
    got = pages(name)
    assert len(texts(got)) == good
    assert ["the file is cut off" in error for error in errors(got)] == [True]
    write("y.xml", made)
    assert len(errors(in_parts("y.xml", 20)[1])) == 1


def test_a_sitemap_that_is_cut_off_between_addresses_says_so():
    write("p.html", "<p>one</p>")
    write("x.xml", "<urlset><url><loc>https://e.org/p.html</loc></url>")
    assert "the file is cut off" in errors(pages("x.xml"))[-1]
    write("y.xml", "<sitemapindex><sitemap><loc>https://e.org/x.xml</loc></sitemap>")
    assert "the file is cut off" in errors(pages("y.xml"))[-1]


def test_an_export_that_is_cut_off_says_so_after_what_is_whole():
    made = many(5)
    write("x.xml", made[: made.rindex("<item>\n") + 300])
    got = pages("x.xml")
    assert len([page for page in got if not isinstance(page, PageFailure)]) == 8
    assert "the item has no end" in errors(got)[0]


def test_an_item_over_the_bound_costs_that_item():
    write("x.xml", export(post(1, cdata("x" * 5000)), post(2, cdata("after"))))
    got = pages("x.xml", max_page_size=1000)
    assert "more than the 1,000 bytes" in errors(got)[0]
    assert texts(got) == ["after"]


def test_no_entity_is_expanded():
    bomb = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol"><!ENTITY f SYSTEM "file:///etc/passwd">{bomb}]>\n'
    write("x.xml", export(post(1, "&l9;&f; text"), head=head))
    assert texts(pages("x.xml")) == ["&l9;&f; text"]


@pytest.mark.parametrize(
    "raw", [b'<a "' * 50_000, b"<" * 200_000, b"<![CDATA[" * 50_000, b"&" * 200_000, b"<!--" * 9999]
)
def test_broken_markup_costs_no_more_than_its_length(raw):
    begin = process_time()
    for _ in tokens(BytesIO(raw)):
        pass
    assert process_time() - begin < 3


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 1000])
def test_tokens_do_not_depend_on_how_the_file_is_read(chunk):
    raw = export(post(1, FIELDS[2]), post(2, FIELDS[3]), post(3, FIELDS[1])).encode()

    class Slow:
        at = 0

        def read(self, _size, /):
            self.at += chunk
            return raw[self.at - chunk : self.at]

    found = [element.text("content:encoded") for element in records(Slow(), "item", 10**6)]
    assert found == [
        "Käse 😀 \x0b\x1f control &amp; raw",
        "entities: <p>Tom & Annä😀&unknown;</p>",
        "a ]]> in code, <p>and ]]]]>more</p>",
    ]


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"<feed><entry/></feed>", "it begins with 'feed'"),
        ("<rss/>".encode("utf-16"), "UTF-16"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><rss></rss>', "ISO-8859-1"),
        (b"no markup", "it begins with 'nothing'"),
        (b"<rss></rss>", "empty: no record in it"),
    ],
)
def test_other_xml_is_refused_with_what_can_be_read(raw, what):
    write("x.xml", raw)
    assert what in errors(pages("x.xml"))[0]


FEED = """<?xml version="1.0" encoding="utf-8"?>
<items>
<item><url>https://e.org/1</url><title>T</title><body>&lt;p&gt;one &amp;amp; two&lt;/p&gt;</body><tags><value>a</value></tags></item>
<item><url>https://e.org/2</url><text><value>first</value><value>second</value></text></item>
<item><url>https://e.org/3</url><title>only</title></item>
</items>"""


def test_scrapy_feeds_in_xml_are_records():
    write("x.xml", FEED)
    got = pages("x.xml")
    assert [brief(page) for page in got[:2]] == [
        ("x.xml:1", "html", "<p>one &amp; two</p>"),
        ("x.xml:2", "text", "first\nsecond"),
    ]
    assert got[1].url == "https://e.org/2"
    assert "fields here: title, url" in errors(got)[0]
    assert [brief(page) for page in in_parts("x.xml", 1)[1]] == [brief(page) for page in got]


def sitemap(*urls, ns=' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'):
    return (
        f"<urlset{ns}>" + "".join(f"<url><loc>\n{url}</loc><priority>1</priority></url>" for url in urls) + "</urlset>"
    )


STORED = {
    "site/example.org/index.html": "https://example.org/",
    "site/example.org/about.html": "https://example.org/about",
    "site/example.org/a b/c/index.html": "https://example.org/a%20b/c/",
    "site/example.org/post": "https://example.org/post",
    "site/example.org/list.php?page=2.html": "https://example.org/list.php?page=2",
    "site/example.org/shop@id=3.html": "https://example.org/shop?id=3",
    "site/www.other.net/x.html": "https://other.net/x.html",
}


@pytest.mark.parametrize("told", [True, False])
def test_the_addresses_of_a_sitemap_are_read_from_their_stored_copies(told):
    for name, url in STORED.items():
        write(name, f"<p>copy of {url}</p>")
    name = write("map.xml" if told else "site/map.xml", sitemap(*STORED.values()))
    got = pages(name, mirror="site" if told else "")
    assert errors(got) == []
    assert [(page.id, page.url, page.text) for page in got] == [
        (url, url, f"<p>copy of {url}</p>") for url in STORED.values()
    ]
    assert got[0].path == "site/example.org/index.html"


def test_a_sitemap_in_the_folder_of_its_site_finds_the_pages_there():
    write("example.org/about.html", "<p>about</p>")
    write("example.org/sitemap.xml", sitemap("https://example.org/about"))
    assert texts(pages("example.org/sitemap.xml")) == ["<p>about</p>"]


def test_an_index_of_sitemaps_names_files_beside_it():
    write("example.org/a.html", "<p>a</p>")
    write("example.org/b.html", "<p>b</p>")
    write("example.org/one.xml", sitemap("https://example.org/a.html"))
    write("example.org/two.xml.gz", gzip.compress(sitemap("https://example.org/b.html", ns="").encode()))
    index = "".join(
        f"<sitemap><loc>https://example.org/{name}</loc></sitemap>"
        for name in ("one.xml", "two.xml.gz", "x.xml", "index.xml")
    )
    write("example.org/index.xml", f"<sitemapindex>{index}</sitemapindex>")
    got = pages("example.org/index.xml")
    assert texts(got) == ["<p>a</p>", "<p>b</p>"]
    assert "No such file" in errors(got)[0]
    assert "an index names a file that is no sitemap" in errors(got)[1]


def test_an_index_of_sitemaps_that_names_what_is_no_address_is_a_failure():
    write("index.xml", "<sitemapindex><sitemap><loc>https://[x/one.xml</loc></sitemap></sitemapindex>")
    assert "the sitemap is not stored beside its index" in errors(pages("index.xml"))[0]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/../../secret.html",
        "https://example.org/%2e%2e/%2e%2e/secret.html",
        "https://../secret.html",
        "file:///etc/passwd",
        "https://example.org/link.html",
        "no address",
        "https://[x/a.html",
        "https://example.org:x/a.html",
    ],
)
def test_no_address_leads_out_of_the_mirror(url):
    write("secret.html", "<p>secret</p>")
    write("site/example.org/x.html", "x")
    Path("site/example.org/link.html").symlink_to(Path("secret.html").absolute())
    write("map.xml", sitemap(url))
    got = pages("map.xml", mirror="site")
    assert texts(got) == []
    assert len(errors(got)) == 1


def test_lists_hold_paths_and_addresses():
    write("a.html", "<p>a</p>")
    write("site/b.txt", "b")
    write("site/example.org/c.html", "<p>c</p>")
    write(
        "list",
        "# sources\na.html\n\nhttps://example.org/c.html\nhttps://example.org/none\r\nsite/b.txt\nmissing.html\n",
    )
    got = pages("@list", mirror="site")
    assert texts(got) == ["<p>a</p>", "<p>c</p>", "b"]
    assert [error.splitlines()[0] for error in errors(got)] == [
        "list:5: no stored copy of this address",
        "list:7: missing.html: no such file or folder",
    ]


def test_long_lists_of_addresses_are_one_item_and_many_ranges():
    for at in range(60):
        write(f"example.org/{at}.html", f"<p>{at}</p>")
    write("list", "".join(f"https://example.org/{at}.html\n" for at in range(60)))
    count, got = in_parts("@list", 500)
    assert count > 3
    assert ids(got) == [f"https://example.org/{at}.html" for at in range(60)]


CRAWL = (
    '"Address","Content Type","Status Code","Title 1"\n'
    '"https://www.example.org/","text/html; charset=UTF-8","200","Home"\n'
    '"https://www.example.org/about/us?x=1","text/html","200","About"\n'
    '"https://www.example.org/logo.png","image/png","200",""\n'
    '"https://www.example.org/old","text/html","301",""\n'
    '"https://www.example.org/lost","text/html","200","Lost"\n'
)


@pytest.mark.parametrize(
    "style",
    [
        "original_https_www.example.org_{}.html",
        "rendered_https_www_example_org_{}.html",
        "https___www.example.org_{}.html",
    ],
)
@pytest.mark.parametrize("told", [True, False])
def test_a_crawl_table_is_joined_with_its_stored_pages(style, told):
    folder = "stored" if told else "crawl/page_source"
    write(f"{folder}/{style.format('')}", "<p>home</p>")
    write(f"{folder}/{style.format('about_us_x_1')}", "<p>about</p>")
    write("crawl/internal_all.csv", CRAWL.encode("utf-8-sig"))
    got = pages("crawl/internal_all.csv", mirror="stored" if told else "")
    assert [(page.url, page.text) for page in got[:2]] == [
        ("https://www.example.org/", "<p>home</p>"),
        ("https://www.example.org/about/us?x=1", "<p>about</p>"),
    ]
    assert [error.splitlines()[0] for error in errors(got)] == [
        "crawl/internal_all.csv:6: no stored copy of this address"
    ]


def test_the_content_column_of_a_crawl_table_is_no_text():
    write("example.org/a.html", "<p>a</p>")
    write("x.csv", "Address,Content,Status Code\nhttps://example.org/a.html,text/html,200\n")
    assert texts(pages("x.csv")) == ["<p>a</p>"]


def test_a_field_of_a_broken_reference_keeps_it():
    (element,) = records(BytesIO(b"<item><a>x &amp y &#0; &#xD800; &#99999999;</a></item>"), "item", 1000)
    assert element.text("a") == "x &amp y &#0; &#xD800; &#99999999;"

"""The Scrapy pipeline on a real crawl of a server on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from audit.cli import main

pytest.importorskip("scrapy", reason="the extra `scrapy` is not installed")
pytestmark = pytest.mark.sockets("local")
ROOT = Path(__file__).parent.parent

SPAM = "luckwin88.com login, spinrajah exchange, 22bahis online: "
GOOD = "Walking is pleasant on a dry day. Bring water and a hat, and rest when you are tired."
REST = """
<p>Start slowly and choose a level path. Good shoes with a soft sole make the first weeks easier, and a friend who comes
along makes them shorter. Many parks have benches every few hundred metres.</p>
<p>Keep a small diary of where you went and how your back felt in the evening. After a month, look at it again and plan
the next one. Ask your physiotherapist before you add hills or a rucksack.</p>
<p>In autumn the leaves hide stones and kerbs, so slow down where the ground is covered. In winter a pair of spikes under
the boots and a stick with a rubber tip keep you upright on ice. In spring the river floods the lower meadow, and the
board at the bridge says which trail is open.</p>
<p>The walking club of our town meets every Saturday at nine in front of the library. Its guides know the surgery, the
chemist and every bench between the mill and the old railway station, and they wait for whoever is last. Children come
free, dogs stay on the lead, and the bus back to the market square leaves at noon from the cemetery gate.</p>
<p>Dress in layers that you can open or take off on the way. Cotton stays wet, wool and fleece dry quickly. Put a plaster
and the number of a neighbour into the side pocket, and tell somebody at home which way you went.</p>
"""
PAGES = {
    "index.html": '<p>Our pages</p><a href="good.html">Walking</a> <a href="bad.html">Resting</a>',
    "good.html": f"<html><body><h1>Walking</h1><p>{GOOD}</p></body></html>",
    "bad.html": f"<html><body><h1>Walking for the back</h1><p>{SPAM}{GOOD}</p>{REST}</body></html>",
}
SPIDER = """
import scrapy

class Found(scrapy.Item):
    url = scrapy.Field()
    html = scrapy.Field()

class Pages(scrapy.Spider):
    name = "pages"
    start_urls = [ADDRESS]

    def parse(self, response):
        yield from response.follow_all(css="a", callback=self.page)
        yield {"url": response.url, "note": "a list, no page"}

    def page(self, response):
        yield ITEM(url=response.url, html=response.text)
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "www"
    folder.mkdir()
    for name, content in PAGES.items():
        (folder / name).write_text(content, encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


Crawl = Callable[..., tuple[list[dict], str]]


@pytest.fixture
def crawl(tmp_path: Path, server: str) -> Crawl:
    """Crawl the server with these settings; return the items by address, and the log."""

    def run(item: str = "dict", **settings: str) -> tuple[list[dict], str]:
        spider = SPIDER.replace("ITEM", item).replace("ADDRESS", repr(server))
        (tmp_path / "spider.py").write_text(spider, encoding="utf-8")
        (tmp_path / "items.jsonl").unlink(missing_ok=True)
        given = {"ITEM_PIPELINES": '{"audit.scrapy.AuditPipeline": 300}', "TELNETCONSOLE_ENABLED": "0", **settings}
        options = [part for key, value in given.items() for part in ("-s", f"{key}={value}")]
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "scrapy", "runspider", "spider.py", "-o", "items.jsonl", *options],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], str(ROOT)])},
        )
        lines = (tmp_path / "items.jsonl").read_text("utf-8").splitlines() if done.returncode == 0 else []
        items = sorted((json.loads(line) for line in lines), key=lambda item: item["url"])
        return items, done.stderr

    return run


def test_every_page_of_a_crawl_comes_with_its_report(crawl: Crawl, server: str, tmp_path: Path) -> None:
    (front, bad, good), log = crawl(AUDIT_REPORT="out")
    assert "audit" not in front
    assert (bad["audit"]["verdict"], bad["audit"]["id"]) == ("block", f"{server}bad.html")
    (cut,) = bad["audit"]["cuts"]
    assert bad["html"][cut["start"] : cut["end"]] == SPAM
    assert good["audit"]["cuts"] == []
    assert "'audit/pages': 2" in log
    assert "'audit/verdict/block': 1" in log
    lines = (tmp_path / "out/report.jsonl").read_bytes().splitlines()
    assert sorted(json.loads(line)["url"] for line in lines) == [f"{server}bad.html", f"{server}good.html"]


def test_the_report_of_a_crawl_goes_through_the_gate(crawl: Crawl, tmp_path: Path, monkeypatch) -> None:
    crawl(AUDIT_REPORT="out")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["gate", "out"])
    assert result.exit_code == 1
    assert "bad.html:1:" in result.output
    assert "came from a crawl" in CliRunner().invoke(main, ["show", "out", "bad.html"]).stderr


def test_pages_can_be_cleaned_and_dropped(crawl: Crawl, tmp_path: Path) -> None:
    (_, bad, good), _ = crawl(AUDIT_CLEAN="1")
    assert (bad["html"], good["html"]) == (PAGES["bad.html"].replace(SPAM, ""), PAGES["good.html"])
    (tmp_path / "audit-ignore.yaml").write_text("ignore:\n  - {rule: spam.*, reason: a test}\n", encoding="utf-8")
    (_, bad, _), _ = crawl(AUDIT_CLEAN="1")
    assert bad["html"] == PAGES["bad.html"]
    items, log = crawl(AUDIT_DROP="block")
    assert [Path(item["url"]).name for item in items if "html" in item] == ["good.html"]
    assert "Dropped: audit: " in log


def test_an_item_that_has_no_field_for_the_report_is_let_be(crawl: Crawl) -> None:
    (_, bad, _), log = crawl("Found")
    assert set(bad) == {"url", "html"}
    assert "'audit/verdict/block': 1" in log


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"AUDIT_PROFILE": "strikt"}, 'there is no profile "strikt"'),
        ({"AUDIT_DROP": "blok"}, 'AUDIT_DROP: there is no verdict "blok"'),
    ],
)
def test_a_wrong_setting_does_not_let_a_crawl_go_by_unaudited(
    crawl: Crawl, settings: dict[str, str], message: str
) -> None:
    items, log = crawl(**settings)
    assert items == []
    assert message in log

"""A Scrapy item pipeline: every scraped page is audited on its way, and can be dropped or cleaned.

    ITEM_PIPELINES = {"audit.scrapy.AuditPipeline": 300}
    AUDIT_PROFILE = "strict"    # settings of `audit`, from audit.toml where they are not given here
    AUDIT_FIELD = "body"        # field that holds the page; else the usual name that is there
    AUDIT_CLEAN = True          # put the page less its injected spam into that field, audit-ignore.yaml aside
    AUDIT_DROP = "block"        # drop items from this verdict on: review, fix or block
    AUDIT_REPORT = "reports"    # write report.jsonl there, for `audit gate` and `audit show`

Needs the extra `scrapy`. Pages are judged one by one as they come; what stands on many pages of a site is seen by
`audit run` on the exported items.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec
from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem

from audit import overrides, suppressions
from audit.batch.shard import one_report
from audit.errors import PageError, SettingsError
from audit.ingest import Item
from audit.ingest.records import of_record, text_field
from audit.known import left_standing, survey
from audit.model import PageReport
from audit.report.jsonl import NAME, encode
from audit.settings import effective
from audit.text.span import Span, without

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from scrapy.statscollectors import StatsCollector

FIELD = "audit"
"""Field of an item that takes its report, as a line of `report.jsonl` has it."""
_ITEM = Item(path="", label="", reader="records")
_GRAVER = ("pass", "review", "fix", "block")


class AuditPipeline:
    """Audits each item that holds a page; the others go by."""

    def __init__(self, settings: BaseSettings, stats: StatsCollector | None = None) -> None:
        """Load the rules.

        Raises:
            AuditError: A setting cannot be used. The crawl does not begin: one that goes on unaudited would look clean.
        """
        flags = {"profile": settings.get("AUDIT_PROFILE"), "rules": settings.getlist("AUDIT_RULES") or None}
        flags["text_field"] = settings.get("AUDIT_FIELD")
        settled = effective(flags)
        self._rules = overrides.load(settled.settings, settled.origins)
        self._options = settled.settings.reading()
        sidecar = settled.settings.suppressions
        entries = suppressions.load(Path(sidecar)) if sidecar else ()
        self._known = survey((), None, entries, date.today().isoformat())  # noqa: DTZ011 (the user's own day)
        self._clean = settings.getbool("AUDIT_CLEAN")
        self._drop = settings.get("AUDIT_DROP") or ""
        if self._drop and self._drop not in _GRAVER:
            raise SettingsError("AUDIT_DROP", f'there is no verdict "{self._drop}"', f"use one of {', '.join(_GRAVER)}")
        self._folder = settings.get("AUDIT_REPORT") or ""
        self._file: IO[bytes] | None = None
        self._stats = stats
        self._pages = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AuditPipeline:
        """Return the pipeline of a crawl."""
        return cls(crawler.settings, crawler.stats)

    def open_spider(self) -> None:
        """Open the report, if there is to be one."""
        if self._folder:
            folder = Path(self._folder)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "run.json").unlink(missing_ok=True)  # of an earlier run; it would count other pages
            self._file = (folder / NAME).open("wb")

    def close_spider(self) -> None:
        """Close the report."""
        if self._file is not None:
            self._file.close()

    def process_item(self, item: Any) -> Any:  # noqa: ANN401 (whatever a spider yields)
        """Return the item with its report in the field `audit`, where it may have one.

        Raises:
            DropItem: Its verdict is as grave as `AUDIT_DROP` or graver.
        """
        adapter = ItemAdapter(item)
        where = f"item {self._pages + 1}"
        try:
            name = text_field(adapter, where, self._options)
        except PageError:
            return item
        self._pages += 1
        got = of_record(adapter, where, _ITEM, self._options)
        name_of_page = got.url if got.id == where and got.url else got.id
        report = one_report(msgspec.structs.replace(got, id=name_of_page, path=None), self._rules)
        self._count(report)
        if self._file is not None:
            self._file.write(encode(report))
        if FIELD in adapter.field_names() or isinstance(item, dict):
            adapter[FIELD] = msgspec.to_builtins(report)
        cuts = left_standing(report, self._known).cuts
        if self._clean and cuts and isinstance(adapter[name], str):
            adapter[name] = without(adapter[name], [Span(cut.start, cut.end) for cut in cuts])
        if self._drop and report.verdict and _GRAVER.index(report.verdict) >= _GRAVER.index(self._drop):
            raise DropItem(f"audit: {report.id}: {report.verdict}, {_first(report)}")
        return item

    def _count(self, report: PageReport) -> None:
        if self._stats is None:
            return
        self._stats.inc_value("audit/pages")
        self._stats.inc_value(f"audit/verdict/{report.verdict or 'unread'}")
        if report.cuts:
            self._stats.inc_value("audit/pages_with_cuts")


def _first(report: PageReport) -> str:
    worst = max(report.findings, key=lambda finding: finding.severity, default=None)
    return worst.message if worst else "no finding"

from __future__ import annotations

import pytest
from spam_cases import Detect

from audit.findings import Reporter
from audit.model import Page
from audit.page import parse
from audit.rules.load import RuleSet, load_rules
from audit.spam import Injected, detect


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    return load_rules()


@pytest.fixture(scope="session")
def find(rules: RuleSet) -> Detect:
    def run(text: str) -> Injected:
        page = Page(id="page", kind="html" if text.startswith("<") else "text", text=text)
        return detect(parse(page), rules, Reporter(text))

    return run

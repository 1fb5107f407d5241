from __future__ import annotations

import pytest

from audit.errors import SettingsError
from audit.text.globs import compiled, matches


@pytest.mark.parametrize(
    ("glob", "name", "fits"),
    [
        ("drafts", "site/drafts/a.html", True),
        ("*.html", "site/drafts/a.html", True),
        ("site/*", "site/drafts/a.html", True),
        ("site/*.html", "site/drafts/a.html", False),
        ("site/**/a.html", "site/drafts/a.html", True),
        ("site/**/a.html", "site/a.html", True),
        ("site/?.html", "site/a.html", True),
        ("[ab].html", "b.html", True),
        ("[!ab].html", "b.html", False),
        ("page[1].html", "page[1].html", True),
        ("page.html", "pageXhtml", False),
        ("https://a.example/**", "https://a.example/x/y", True),
    ],
)
def test_a_name_fits_a_glob(glob: str, name: str, fits: bool) -> None:
    assert matches(glob, None, name) is fits


def test_what_is_no_glob_is_an_error() -> None:
    with pytest.raises(SettingsError, match="is no glob"):
        compiled("[z-a]")

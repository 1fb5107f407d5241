"""What the program trusts: no network at run time, nothing that turns data into code, weights that are numbers."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "audit").rglob("*.py"))
MODELS = sorted(path for path in (ROOT / "audit/models").rglob("*") if path.is_file())
UNSAFE = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "code", "codeop"}
CALLS = {"eval", "exec", "compile", "__import__"}


def unsafe(source: str) -> Iterator[str]:
    """Yield each import of a module, and each call of a built-in, that makes code of data."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Name) and node.id in CALLS:
            yield f"line {node.lineno}: {node.id}"
            continue
        else:
            continue
        yield from (f"line {node.lineno}: {name}" for name in names if name.partition(".")[0] in UNSAFE)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_makes_code_of_data(path: Path) -> None:
    assert list(unsafe(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import pickle", ["line 1: pickle"]),
        ("def f():\n    from marshal import loads", ["line 2: marshal"]),
        ("import re\nre.compile('a')", []),
        ("x = eval('1')", ["line 1: eval"]),
        ("run = exec", ["line 1: exec"]),
    ],
)
def test_the_reading_of_modules_sees_what_makes_code_of_data(source: str, found: list[str]) -> None:
    assert list(unsafe(source)) == found


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.relative_to(ROOT / "audit/models").as_posix())
def test_weights_are_json_text_messagepack_or_plain_numbers(path: Path) -> None:
    """Neither a pickle (protocol 2 to 5 begins with 0x80 and its number) nor a ZIP, in which torch and joblib put one."""
    content = path.read_bytes()
    assert content[:1] != b"\x80" or len(content) == 1, "a pickle; 0x80 alone is an empty table of MessagePack"
    assert content[:4] != b"PK\x03\x04"
    if content.startswith(b"\x93NUMPY"):
        assert b"'descr': '<f4'" in content[:128], "an array of objects would be read by pickle"


RUN = """
import sys
from pathlib import Path

refused = []

def hook(event, args):
    if event == "pickle.find_class" or event in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        refused.append(event)
        raise PermissionError(event)

from audit.cli import main

def call(*args):
    try:
        main(list(args))
    except SystemExit as ended:
        return ended.code

def calls(samples):
    names = ("miracle-tonic.html", "gout.html", "records.jsonl", "walking-leaflet-fa-en.txt")
    pages = [str(Path(samples) / name) for name in names]
    formats = [f"--format={name}" for name in ("csv", "html", "sarif", "junit", "markdown", "github")]
    yield "run", *pages, "-o", "out", "-q", *formats
    yield "gate", "out"
    yield "show", "out", "miracle-tonic.html"
    yield "clean", pages[1], "-o", "clean"
    yield "compare", "out", "out"
    yield "baseline", "out", "-o", "baseline.json"
    yield "config",
    yield "rules", "list"
    yield "rules", "test"
    yield "schema",

sys.addaudithook(hook)
codes = [call(*each) for each in calls(sys.argv[1])]
print(f"refused {refused}, codes {codes}, spaCy {'spacy' in sys.modules}", file=sys.stderr)
"""


def test_every_command_works_with_sockets_and_pickles_refused(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RUN, str(ROOT / "samples")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)  # noqa: S603
    said = done.stderr.splitlines()[-1]
    assert said == "refused [], codes [0, 1, 0, 0, 0, 0, 0, 0, 0, 0], spaCy True", done.stderr


def test_the_hook_of_that_test_refuses(tmp_path: Path, refused: Path) -> None:
    script = RUN.replace("codes = [", "import socket; socket.create_connection(('127.0.0.1', 9))\ncodes = [")
    command = [sys.executable, "-c", script, "x"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert "PermissionError: socket." in done.stderr
    refused.write_bytes(b"")


CONNECT = "import socket; socket.create_connection(('127.0.0.1', 9))"


def test_the_suite_runs_with_sockets_refused(refused: Path) -> None:
    with pytest.raises(PermissionError, match="sockets refused"):
        exec(CONNECT)  # noqa: S102
    assert refused.read_text("utf-8").split() == ["socket.getaddrinfo", "127.0.0.1"]
    refused.write_bytes(b"")


def test_so_do_the_processes_that_it_starts(refused: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CONNECT], capture_output=True, text=True, check=False)  # noqa: S603
    assert "PermissionError: socket.getaddrinfo 127.0.0.1: the tests run with sockets refused" in done.stderr
    assert refused.read_text("utf-8")
    refused.write_bytes(b"")


@pytest.mark.sockets("local")
def test_a_test_may_call_this_machine_and_no_other(refused: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
    with pytest.raises(PermissionError):
        socket.create_connection(("192.0.2.1", 9))  # an address of documentation: RFC 5737
    refused.write_bytes(b"")


def advisories(said: str, errors: str = "", code: int = 0) -> subprocess.CompletedProcess[str]:
    """Call the check of CI on something that says and ends as pip-audit would."""
    stub = f"import sys; print({said!r}); print({errors!r}, file=sys.stderr); sys.exit({code})"
    command = [sys.executable, str(ROOT / ".ci/advisories.py"), sys.executable, "-c", stub]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


KNOWN = '{"name": "a", "version": "1", "vulns": [%s]}'
UNKNOWN = '{"name": "b", "skip_reason": "not found on PyPI"}'
WEAK = KNOWN % '{"id": "CVE-1", "fix_versions": ["2"]}'


@pytest.mark.parametrize(
    ("said", "errors", "code", "ends", "tells"),
    [
        (
            f'{{"dependencies": [{KNOWN % ""}, {UNKNOWN}]}}',
            "",
            0,
            0,
            "no known weakness in 1 packages; 1 are not known",
        ),
        (f'{{"dependencies": [{WEAK}, {UNKNOWN}]}}', "", 1, 1, "a 1: CVE-1 (mended in 2)"),
        (f'{{"dependencies": [{UNKNOWN}]}}', "", 0, 0, "SKIPPED: this registry gives no advisories"),
        ("", "requests.exceptions.ConnectionError: refused", 1, 0, "SKIPPED: the advisories cannot be had here"),
        ("", "Traceback: TypeError", 1, 1, "pip-audit ended with 1 and said Traceback: TypeError"),
        ("", "", 0, 1, "said nothing"),
    ],
    ids=["none", "weak", "none could be asked", "no network", "broken", "silent"],
)
def test_advisories_fail_for_a_weakness_and_say_what_could_not_be_asked(
    said: str, errors: str, code: int, ends: int, tells: str
) -> None:
    done = advisories(said, errors, code)
    assert (done.returncode, tells in done.stdout + done.stderr) == (ends, True), done

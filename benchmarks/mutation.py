"""How many small changes to the core the tests notice: `python -m benchmarks.mutation`.

A mutant is the module with one node of its syntax changed; it is killed when the tests of that part fail, die or run on
too long. Mutants are drawn by a seed, so many for each module, and run in a copy of the repository, each in a fork of
this process, so that what the tests import from elsewhere is imported once. Texts and types are not changed, nor what a
class is declared with (`frozen=True`).
Linux and macOS only.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import copy
import importlib
import os
import random
import resource
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
_ASKED = "not test_kill and not test_workers"
"""Not the tests with kills and several workers, which take minutes."""
_TOO_LONG = 2
"""Times the CPU seconds of the tests as they are, after which a mutant has run on too long."""
_IMPORTED = ("ahocorasick_rs", "bs4", "click", "jinja2", "msgspec", "multiprocessing.connection", "re2",
             "rich", "ruamel.yaml", "selectolax.lexbor", "tldextract")  # fmt: skip


class Part(NamedTuple):
    """Modules, and the tests that hold them: the quick ones first."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


PARTS = {
    "offsets": Part(
        ("audit/text/span.py", "audit/text/mapped.py", "audit/text/lines.py"),
        ("tests/text/test_span.py", "tests/text/test_mapped.py", "tests/text/test_lines.py"),
    ),
    "cutting": Part(
        ("audit/spam/cutting.py", "audit/spam/boundaries.py"),
        (
            "tests/spam/test_cutting.py",
            "tests/spam/test_boundaries.py",
            "tests/spam/test_detect.py",
            "tests/spam/test_planted.py",
            "tests/test_clean.py",
            "tests/test_samples.py",
        ),
    ),
    "judge": Part(
        ("audit/spam/judge.py", "audit/spam/verdict.py"),
        ("tests/spam/test_judge.py", "tests/spam/test_verdict.py", "tests/spam/test_detect.py"),
    ),
    "severity": Part(("audit/claims/severity.py",), ("tests/claims/test_severity.py",)),
    "gate": Part(("audit/gate.py",), ("tests/test_gate.py",)),
    "journal": Part(
        ("audit/batch/plan.py", "audit/batch/shard.py", "audit/batch/run.py"),
        (
            "tests/batch/test_journal.py",
            "tests/batch/test_cache.py",
            "tests/batch/test_cloaking.py",
            "tests/batch/test_two_passes.py",
        ),
    ),
}

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


class Mutant(NamedTuple):
    """A module with one change."""

    module: str
    line: int
    change: str
    source: str


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, in the order of its syntax tree."""
    tree = ast.parse(source)
    skipped = _not_changed(tree)
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in skipped:
            continue
        for change in range(_changes(node)):
            changed = copy.deepcopy(tree)
            twin = next(each for at, each in enumerate(ast.walk(changed)) if at == number)
            before = ast.unparse(twin)
            _change(twin, change)
            after = ast.unparse(twin)
            said = f"{before} → {after}" if before != after else f"{before} …"
            yield Mutant(module, getattr(node, "lineno", 0), " ".join(said.split())[:120], ast.unparse(changed))


def _not_changed(tree: ast.AST) -> set[int]:
    """Return the nodes that are types, or stand in them, and what a class is declared with."""
    roots: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            roots += [node.returns] if node.returns else []
        elif isinstance(node, ast.arg | ast.AnnAssign):
            roots += [node.annotation] if node.annotation else []
        elif isinstance(node, ast.ClassDef):
            roots += [*node.keywords, *node.decorator_list]
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            roots.append(node)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp):
            # `Got = tuple[…]`, `Condition = Literal[…]`: a type under a name of its own.
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            roots += [node.value] if any(name[:1].isupper() and not name.isupper() for name in names) else []
    return {id(node) for root in roots for node in ast.walk(root)}


def _changes(node: ast.AST) -> int:
    """Return how many changes are known for a node."""
    match node:
        case ast.Compare(ops=ops):
            return len(ops)
        case ast.BinOp(op=op) | ast.AugAssign(op=op):
            return int(type(op) in _COUNTED)
        case ast.If(test=test) | ast.IfExp(test=test):
            return int(isinstance(test, ast.Name | ast.Attribute | ast.Call))
        case ast.Constant(value=bool() | int()) | ast.Call(func=ast.Name(id="min" | "max" | "any" | "all")):
            return 1
        case ast.BoolOp() | ast.UnaryOp(op=ast.Not()) | ast.Continue() | ast.Break() | ast.Expr(value=ast.Call()):
            return 1
    return 0


def _change(node: ast.AST, number: int) -> None:
    match node:
        case ast.Compare(ops=ops):
            ops[number] = _COMPARED[type(ops[number])]()
        case ast.BinOp() | ast.AugAssign():
            node.op = _COUNTED[type(node.op)]()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.Constant(value=bool()):
            node.value = not node.value
        case ast.Constant(value=int()):
            node.value += 1
        case ast.Call(func=ast.Name()):
            node.func.id = _CALLED[node.func.id]
        case ast.If() | ast.IfExp():
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case ast.UnaryOp():
            node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)
        case ast.Expr():
            node.value = ast.Constant(None)
        case ast.Continue() | ast.Break():
            node.__class__ = ast.Break if isinstance(node, ast.Continue) else ast.Continue


def passes(folder: Path, tests: Sequence[str], *, most: int, keep: bool = False) -> bool:
    """Run the tests in a fork, in a copy of the repository; whether they pass.

    Args:
        folder: The copy.
        tests: Files, quick ones first.
        most: CPU seconds that they may take.
        keep: Whether compiled files are kept; not those of a mutant.
    """
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (most, most))
        os.chdir(folder)
        sys.path.insert(0, str(folder))
        os.environ["PYTHONPATH"] = str(folder)  # the workers of a batch are processes of their own
        if not keep:
            os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        sys.dont_write_bytecode = not keep
        for name in [name for name in sys.modules if name.partition(".")[0] in {"audit", "benchmarks"}]:
            del sys.modules[name]
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        there = [test for test in tests if (folder / test).exists()]
        os._exit(int(pytest.main(["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-k", _ASKED, *there]) != 0))
    return os.waitpid(child, 0)[1] == 0


def measure(names: Sequence[str], each: int, seed: int) -> dict[str, tuple[int, list[Mutant]]]:
    """Try so many mutants of each module; return for each part how many there were, and those that lived."""
    done: dict[str, tuple[int, list[Mutant]]] = {}
    with TemporaryDirectory(prefix="audit-mutants-") as place:
        folder = Path(place) / "repository"
        unwanted = shutil.ignore_patterns(".*", "__pycache__", "reports")
        shutil.copytree(ROOT, folder, ignore=unwanted)
        compileall.compile_dir(folder / "audit", quiet=2)
        for name in names:
            part = PARTS[name]
            before = _spent()
            if not passes(folder, part.tests, most=600, keep=True):
                raise SystemExit(f"{name}: the tests fail as they are: pytest {' '.join(part.tests)}")
            most = 5 + round(_TOO_LONG * (_spent() - before))
            tried, lived = 0, []
            for module in part.modules:
                source = (folder / module).read_text("utf-8")
                all_of_them = list(mutants(module, source))
                drawn = random.Random(f"{seed} {module}").sample(all_of_them, min(each, len(all_of_them)))
                begin, earlier = monotonic(), len(lived)
                for mutant in drawn:
                    _put(folder / module, mutant.source)
                    if passes(folder, part.tests, most=most):
                        lived.append(mutant)
                        print(f"  lived: {mutant.module}:{mutant.line}: {mutant.change}", flush=True)
                _put(folder / module, source)
                tried += len(drawn)
                killed = len(drawn) - (len(lived) - earlier)
                seconds = f"{monotonic() - begin:.0f} s"
                print(
                    f"{module}: {killed} of {len(drawn)} killed ({len(all_of_them)} there are), {seconds}", flush=True
                )
            done[name] = tried, lived
    return done


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _put(module: Path, source: str) -> None:
    for compiled in (module.parent / "__pycache__").glob(f"{module.stem}.*.pyc"):
        compiled.unlink()
    module.write_text(source, "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all of them if none is named")
    parser.add_argument("--each", type=int, default=20, help="mutants of each module")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--least", type=int, default=85, help="per cent that have to be killed")
    args = parser.parse_args()
    unknown = set(args.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    for name in _IMPORTED:
        importlib.import_module(name)
    done = measure(args.parts or list(PARTS), args.each, args.seed)
    print(f"\n{'part':12}{'mutants':>10}{'killed':>10}")
    for name, (tried, lived) in done.items():
        print(f"{name:12}{tried:>10}{1 - len(lived) / tried:>10.1%}")
    tried, lived = sum(each[0] for each in done.values()), sum(len(each[1]) for each in done.values())
    print(f"{'all':12}{tried:>10}{1 - lived / tried:>10.1%}")
    raise SystemExit(0 if 100 * (tried - lived) >= args.least * tried else 1)


if __name__ == "__main__":
    main()

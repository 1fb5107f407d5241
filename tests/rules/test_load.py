"""Packs and profiles: what is right loads, what is wrong says where, what, and what to do."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from made_packs import GOOD, write

from audit.errors import RuleError
from audit.rules.load import KINDS, load_rules, profile_names
from audit.rules.schema import Phrase


def refused(folder: Path, text: str) -> str:
    with pytest.raises(RuleError) as caught:
        load_rules([write(folder, text)], shipped=False)
    return str(caught.value).replace(folder.as_posix() + "/", "")


@pytest.mark.parametrize(
    ("old", "new", "where", "what", "hint"),
    [
        ("any:", "ani:", "10:5", 'kind "phrase" has no field "ani"', 'did you mean "any"?'),
        ("any: [buy now]", "regex: x", "10:5", 'kind "phrase" has no field "regex"', "kinds that have it: pattern"),
        ("kind: phrase", "kind: phrases", "5:11", 'there is no kind "phrases"', 'did you mean "phrase"?'),
        ("kind: phrase", "kind: zzz", "5:11", 'there is no kind "zzz"', "kinds: phrase, pattern"),
        ("kind: phrase", "", "4:5", "it has no kind", "kinds: phrase"),
        ("severity: error", "severity: eror", "6:15", 'there is no severity "eror"', "info, note, warning"),
        ("[buy now]", "buy now", "10:10", "expected a list, got `str`", ""),
        ("[buy now]", "[buy, 12]", "10:16", "any[1]: expected `str`, got `int`", "put it in quotes"),
        ("    why: It costs.\n", "", "4:5", "has no why", "add why"),
        ("id: spam.x.a", "id: spam.y.a", "4:9", "the id does not begin with its pack", "`spam.x.some-name`"),
        ("⟦buy now⟧", "⟦buy now", "11:20", "do not pair", "⟦text⟧"),
        ("⟦buy now⟧", "buy now", "11:20", "no span is marked", "⟦text⟧"),
        ('["please ⟦buy now⟧"]', "[]", "11:19", "should_match is empty", "proof"),
        ("[nothing]", "[⟦buy now⟧]", "12:24", "a span is marked in a text that should not match", "take the marks"),
        ("[buy now]", "['']", "10:11", "a phrase of any is empty", "delete"),
        ("any: [buy now]", "any: []", "5:11", "nothing to look for", "fill any"),
        ("title: A book", "titel: A book", "9:14", 'source has no field "titel"', 'did you mean "title"?'),
        ("pack: spam.x", "pack: Spam X", "1:7", "is no name of a pack", "spam.pharmacy"),
        ("version: 1", "version: one", "2:10", "expected `int`, got `str`", ""),
        ("why: It costs.", "why: It costs.\n    why: z", "9:5", '"why" is there twice', "keep one"),
        ("why: It costs.", "why: !!python/object:os.system x", "8:10", "is not allowed", "delete it"),
        ("why: It costs.", "<<: {why: w}", "8:5", "is not allowed", "delete it"),
        ("any: [buy now]", "any: &a [x]\n    near: *a", "10:10", "an alias (*name) is not allowed", "write the value"),
        ("kind: phrase", "kind: [phrase]", "5:11", "there is no kind", "phrase"),
        ("severity: error", "severity: {error: 1}", "6:15", "there is no severity", "severities: "),
        ("why: It costs.", "why: [a", "9:11", "this is not YAML", "brackets"),
    ],
)  # fmt: skip
def test_a_broken_pack_says_where_what_and_what_next(
    tmp_path: Path, old: str, new: str, where: str, what: str, hint: str
) -> None:
    assert old in GOOD
    message = refused(tmp_path, GOOD.replace(old, new, 1))
    first, _, second = message.partition("\n")
    assert first.startswith(f"x.yaml:{where}: ")
    assert what in first
    assert hint in second


@pytest.mark.parametrize(
    ("regex", "what"),
    [("(?=x)y", "look-ahead"), ("x*", "empty text"), ("x)", "RE2 says")],
)
def test_a_bad_pattern_is_refused_at_its_place(tmp_path: Path, regex: str, what: str) -> None:
    text = GOOD.replace("kind: phrase", "kind: pattern").replace("any: [buy now]", f"regex: '{regex}'")
    message = refused(tmp_path, text)
    assert message.startswith('x.yaml:10:12: rule "spam.x.a": this pattern cannot be used: ')
    assert what in message


def test_an_id_twice_names_both_places(tmp_path: Path) -> None:
    first, second = write(tmp_path, GOOD, "a.yaml"), write(tmp_path, GOOD, "b.yaml")
    with pytest.raises(RuleError) as caught:
        load_rules([first, second], shipped=False)
    assert f"{second.as_posix()}:4:5" in str(caught.value)
    assert f"{first.as_posix()}:4:5" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "the file is empty"),
        ("- a", "must be a mapping"),
        ("a: b\n---\nc: d", "not YAML"),
        ("a: \x01", "not YAML"),
        ("[" * 100_000, "nested too deep"),
        ("- " * 100_000, "nested too deep"),
        ("{a: " * 100_000, "nested too deep"),
    ],
    ids=["empty", "list", "two documents", "control", "brackets", "dashes", "braces"],
)
def test_what_is_no_pack_is_refused(tmp_path: Path, content: str, what: str) -> None:
    assert what in refused(tmp_path, content)


def test_a_file_that_is_not_utf8_or_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"pack: \xff")
    with pytest.raises(RuleError, match="not UTF-8: byte 6"):
        load_rules([path], shipped=False)
    path.write_bytes(b"#" * (3 << 20))
    with pytest.raises(RuleError, match="larger than 2 MB"):
        load_rules([path], shipped=False)


def test_a_missing_path_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="there is no such file"):
        load_rules([tmp_path / "none.yaml"])
    with pytest.raises(RuleError, match="holds no rule file"):
        load_rules([tmp_path])


def test_a_folder_comes_in_order_and_beside_the_shipped_rules(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("spam.x", "spam.z"), "1.yaml")
    write(tmp_path, GOOD, "2.yaml")
    alone = load_rules([tmp_path], shipped=False)
    assert [pack.name for pack in alone.packs] == ["spam.z", "spam.x"]
    assert len(load_rules([tmp_path]).rules) == len(load_rules().rules) + 2


def test_the_digest_follows_the_content_and_nothing_else(tmp_path: Path) -> None:
    one = load_rules([write(tmp_path, GOOD, "a.yaml")], shipped=False)
    same = load_rules([write(tmp_path, "# a remark\n" + GOOD, "b.yaml")], shipped=False)
    other = load_rules([write(tmp_path, GOOD.replace("buy now", "buy soon"), "c.yaml")], shipped=False)
    strict = load_rules([tmp_path / "a.yaml"], shipped=False, profile="strict")
    assert one == same
    assert hash(one) == hash(same)
    assert len({one.digest, other.digest, strict.digest}) == 3


def test_a_rule_set_survives_pickling() -> None:
    rules = load_rules()
    assert pickle.loads(pickle.dumps(rules)) == rules  # noqa: S301


def test_get_suggests_and_origin_points(tmp_path: Path) -> None:
    rules = load_rules([write(tmp_path, GOOD)], shipped=False)
    assert isinstance(rules.get("spam.x.a"), Phrase)
    assert rules.origin("spam.x.a") == f"{(tmp_path / 'x.yaml').as_posix()}:4"
    with pytest.raises(RuleError, match=r'did you mean "spam\.x\.a"\?'):
        rules.get("spam.x.b")


def profiled(folder: Path, **files: str) -> str:
    for name, text in files.items():
        write(folder, text, f"{name}.yaml")
    write(folder, GOOD, "pack.yml")
    with pytest.raises(RuleError) as caught:
        load_rules(profile=str(folder / "a.yaml"))
    return str(caught.value).replace(folder.as_posix() + "/", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("profile: a\nextnds: b", 'a.yaml:2:1: a profile has no field "extnds"\n  did you mean "extends"?'),
        ("profile: a\nextends: nope", 'a.yaml:2:10: there is no profile "nope"\n  profiles: default, strict'),
        ("profile: a\nextends: b.yaml", "b.yaml:2:10: profile extends itself: a → b → a"),
        ("profile: a\nseverities: {spam.nope.x: note}", 'a.yaml:2:27: "spam.nope.x" is the id of no rule'),
        ("profile: a\nseverities: {spam.*: nite}", 'a.yaml:2:22: there is no severity "nite"'),
        ("profile: a\nweights: {clams: 3}", 'a.yaml:2:11: weights has no field "clams"\n  did you mean "claims"?'),
        ("profile: a\ngate: {min_scor: 3}", 'a.yaml:2:8: gate has no field "min_scor"'),
        ("profile: a\nreview_at: x", "a.yaml:2:12: review_at: expected `int`, got `str`"),
        ("profile: a\nflag_at: 5", "a.yaml:2:10: flag_at: expected `float` <= 1.0"),
        ("profile: a\ncut_at: -1", "a.yaml:2:9: cut_at: expected `float` >= 0.0"),
        ("profile: a\nreview_at: 0", "a.yaml:2:12: review_at: expected `int` >= 1"),
        ("profile: a\nweights: {claims: -35}", "a.yaml:2:10: weights[...]: expected `int` >= 0"),
        ("extends: default", "a.yaml:1:1: the profile has no profile"),
    ],
)
def test_a_broken_profile_says_where(tmp_path: Path, text: str, message: str) -> None:
    assert profiled(tmp_path, a=text, b="profile: b\nextends: a.yaml").startswith(message)


def test_an_unknown_profile_lists_the_known() -> None:
    with pytest.raises(RuleError, match="profiles: default, strict"):
        load_rules(profile="defualt")


def test_a_profile_sets_severities_and_switches_off(tmp_path: Path) -> None:
    pack = write(tmp_path, GOOD + GOOD.split("rules:\n")[1].replace("spam.x.a", "spam.x.b"))
    text = "profile: p\nextends: strict\nseverities: {spam.x.*: note, spam.x.a: blocker}\ndisable: [spam.x.b]\n"
    profile = write(tmp_path, text, "p.yaml")
    rules = load_rules([pack], profile=str(profile), shipped=False)
    assert [rule.id for rule in rules.rules] == ["spam.x.a"]
    assert rules.disabled == ("spam.x.b",)
    assert [rules.severity(rules.get(rule_id)) for rule_id in ("spam.x.a", "spam.x.b")] == [4, 1]
    assert rules.profile.gate.min_score == load_rules(profile="strict").profile.gate.min_score
    assert rules.profile.weights["claims"] == 35


def test_both_profiles_load() -> None:
    assert profile_names() == ("default", "strict")
    assert load_rules(profile="strict").profile.flag_at < load_rules().profile.flag_at


def test_loading_the_shipped_packs_is_quick() -> None:
    code = """
import time
from audit.rules.load import load_rules
load_rules()
start = time.process_time()
load_rules()
print(time.process_time() - start)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert float(done.stdout) < 1.0  # about 0.15 s, in a process of its own: here, the leavings of other tests count


def test_the_rule_guide_names_every_kind_and_field() -> None:
    guide = (Path(__file__).parents[2] / "rules" / "README.md").read_text("utf-8")
    for name, kind in KINDS.items():
        assert f"`{name}`" in guide
        assert [field for field in kind.__struct_fields__ if f"`{field}`" not in guide] == []

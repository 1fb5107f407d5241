"""Settings: where they come from, and what is said of wrong ones."""

import os

import pytest

from audit.errors import SettingsError
from audit.settings import Settings, effective


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_without_file_and_flags_all_is_default():
    got = effective()
    assert got.settings == Settings()
    assert set(got.origins.values()) == {"default"}
    assert tuple(got.origins) == Settings.__struct_fields__


def test_flags_win_over_the_file_and_the_file_over_defaults(project):
    (project / "pyproject.toml").write_text('[tool.audit]\nprofile = "strict"\njobs = 3\n')
    got = effective({"jobs": 1, "output": None})
    assert (got.settings.profile, got.settings.jobs, got.settings.output) == ("strict", 1, "reports")
    assert {name: got.origins[name] for name in ("profile", "jobs", "output")} == {
        "profile": "pyproject.toml:2",
        "jobs": "--jobs",
        "output": "default",
    }


@pytest.mark.parametrize(
    ("files", "jobs"),
    [
        ({"pyproject.toml": "[tool.audit]\njobs = 1", "audit.toml": "jobs = 2"}, 2),
        ({"audit.toml": "[tool.audit]\njobs = 2"}, 2),
        ({"sub/pyproject.toml": "[project]\nname = 'x'", "audit.toml": "jobs = 2"}, 2),
        ({"sub/pyproject.toml": "[tool.audit]\njobs = 1", "audit.toml": "jobs = 2"}, 1),
        ({"audit.toml": ""}, 0),
    ],
    ids=["audit.toml wins", "table in audit.toml", "upward", "nearest wins", "empty"],
)
def test_the_file_that_holds_is_found(project, files, jobs):
    (project / "sub").mkdir()
    for name, content in files.items():
        (project / name).write_text(content)
    os.chdir(project / "sub")
    assert effective().settings.jobs == jobs


def test_paths_of_a_file_are_relative_to_it(project):
    (project / "sub").mkdir()
    (project / "audit.toml").write_text('rules = ["ours"]\noutput = "out"\n')
    assert effective().settings.rules == ("ours",)
    os.chdir(project / "sub")
    settings = effective().settings
    assert settings.rules == (str(project / "ours"),)
    assert settings.output == str(project / "out")


@pytest.mark.parametrize(
    ("content", "where", "what", "hint"),
    [
        ("jbos = 2", "audit.toml:1", 'unknown setting "jbos"', 'did you mean "jobs"?'),
        ("max-page-size = 2", "audit.toml:1", 'unknown setting "max-page-size"', 'did you mean "max_page_size"?'),
        ("zzz = 2", "audit.toml:1", 'unknown setting "zzz"', "known settings: output"),
        ('jobs = "2"', "audit.toml:1", 'setting "jobs": expected `int`, got `str`', "jobs = 2"),
        ("formats = [1]", "audit.toml:1", 'setting "formats[0]": expected `str`', 'formats = ["csv"'),
        ("jobs = -1", "audit.toml:1", 'setting "jobs" is -1', "use 0 or more"),
        pytest.param("a = " + "[" * 5_000, "audit.toml", "nested too deep", "three levels", id="brackets"),
        pytest.param(f"jobs = {'1' * 5_000}", "audit.toml", "not TOML", "shorter number", id="digits"),
        pytest.param(f'extends = "{"a" * 999}.toml"', "audit.toml:1", "there is no settings file", "", id="long name"),
        pytest.param(f'extends = "{"a" * 9_999}.toml"', "audit.toml:1", "names no file", "", id="longer name"),
        ('extends = "a\\u0000.toml"', "audit.toml:1", "extends names no file", "in TOML"),
        ("extends = 5", "audit.toml:1", "extends names no file", "in TOML"),
        ("extends = [5]", "audit.toml:1", "extends names no file", "in TOML"),
        ("jobs = = 2", "audit.toml:1:8", "not TOML", "strings need quotes"),
        ('# why\nfail_on = "eror"', "audit.toml:2", 'setting "fail_on": invalid enum value', 'fail_on = "error"'),
        ("fail_on = 5", "audit.toml:1", 'setting "fail_on"', 'fail_on = "error"'),
        ("min_score = 101", "audit.toml:1", 'setting "min_score"', "min_score = 70"),
        ('extend = "x"', "audit.toml:1", 'unknown setting "extend"', 'did you mean "extends"?'),
        (
            'jobs = 1\n\n[[overrides]]\npaths = ["a"]\n[[overrides]]\npahts = ["b"]',
            "audit.toml:5",
            'unknown setting "pahts" in overrides[1]',
            'did you mean "paths"?',
        ),
        ("[[overrides]]\nmin_score = 3", "audit.toml:1", "missing required field `paths`", "[[tool.audit.overrides]]"),
        ('[[overrides]]\npaths = ["[z-a]"]', "audit.toml:1", "is no glob", "use *"),
        ('[severities]\n"claims.*" = "eror"', "audit.toml:1", "invalid enum value", "severities = {"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(project, content, where, what, hint):
    (project / "audit.toml").write_text(content)
    with pytest.raises(SettingsError) as caught:
        effective()
    assert caught.value.where == str(project / where)
    assert what in caught.value.what
    assert hint in caught.value.hint


def test_extends_lays_a_file_over_another(project):
    (project / "base").mkdir()
    (project / "base/audit.toml").write_text(
        'jobs = 2\nmin_score = 50\nrules = ["packs"]\ndisable = ["spam.a.*"]\nprofile = "house.yaml"\n'
        '[severities]\n"claims.*" = "note"\n[[overrides]]\npaths = ["a/*"]\nprofile = "strict"\n'
    )
    (project / "audit.toml").write_text(
        'extends = "base/audit.toml"\nmin_score = 60\nrules = ["ours"]\ndisable = ["spam.b.*"]\n'
        '[severities]\n"claims.cure.*" = "error"\n[[overrides]]\npaths = ["b/*"]\n'
    )
    got = effective()
    settings = got.settings
    assert (settings.jobs, settings.min_score) == (2, 60)
    assert settings.profile == str(project / "base/house.yaml")
    assert settings.rules == (str(project / "base/packs"), "ours")
    assert settings.disable == ("spam.a.*", "spam.b.*")
    assert settings.severities == {"claims.*": "note", "claims.cure.*": "error"}
    assert [override.paths for override in settings.overrides] == [("a/*",), ("b/*",)]
    assert {name: got.origins[name] for name in ("jobs", "min_score", "rules", "overrides")} == {
        "jobs": "base/audit.toml:1",
        "min_score": "audit.toml:2",
        "rules": "base/audit.toml:3, audit.toml:3",
        "overrides": "base/audit.toml:8, audit.toml:7",
    }


@pytest.mark.parametrize(
    ("extends", "file", "jobs"),
    [("our_house_rules", "audit.toml", 3), ("our_house_rules:lenient.toml", "lenient.toml", 4)],
)
def test_extends_takes_an_installed_package_without_running_it(project, monkeypatch, extends, file, jobs):
    package = project / "site-packages/our_house_rules"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('code of the package was run')")
    (package / file).write_text(f'jobs = {jobs}\nrules = ["packs"]\n')
    monkeypatch.syspath_prepend(str(package.parent))
    (project / "audit.toml").write_text(f'extends = ["{extends}"]\n')
    got = effective()
    assert (got.settings.jobs, got.origins["jobs"]) == (jobs, f"our_house_rules:{file}:1")
    assert got.settings.rules == (str(package / "packs"),)


@pytest.mark.parametrize(
    ("files", "where", "what"),
    [
        ({"audit.toml": 'extends = "audit.toml"'}, "audit.toml:1", "audit.toml → audit.toml"),
        (
            {
                "audit.toml": 'extends = "a.toml"',
                "a.toml": 'jobs = 1\nextends = ["b.toml"]',
                "b.toml": 'extends="a.toml"',
            },
            "b.toml:1",
            "a.toml → b.toml → a.toml",
        ),
        ({"audit.toml": 'extends = "nowhere.toml"'}, "audit.toml:1", "there is no settings file"),
        ({"audit.toml": 'extends = "nowhere_installed"'}, "audit.toml:1", "is not installed"),
        ({"audit.toml": 'extends = "json"'}, "audit.toml:1", 'the package "json" has no audit.toml'),
        ({"audit.toml": 'extends = "../no package"'}, "audit.toml:1", "neither a .toml file nor a package"),
        ({"audit.toml": "extends = [1]"}, "audit.toml:1", "names no file"),
        ({"audit.toml": 'extends = "a.toml"', "a.toml": "\njbos = 1"}, "a.toml:2", 'unknown setting "jbos"'),
    ],
    ids=["itself", "a circle", "missing file", "missing package", "no settings", "neither", "number", "unknown key"],
)
def test_what_extends_names_wrongly_is_an_error_with_its_place(project, files, where, what):
    for name, content in files.items():
        (project / name).write_text(content)
    with pytest.raises(SettingsError) as caught:
        effective()
    assert caught.value.where == str(project / where)
    assert what in caught.value.what


def test_a_file_extended_twice_is_no_circle(project):
    for name, content in {"audit.toml": 'extends = ["a.toml", "b.toml"]', "a.toml": 'extends = "c.toml"',
                          "b.toml": 'extends = "c.toml"', "c.toml": "jobs = 7"}.items():  # fmt: skip
        (project / name).write_text(content)
    assert effective().settings.jobs == 7


@pytest.mark.parametrize(
    ("content", "suppressions", "origin"),
    [("jobs = 1", "audit-ignore.yaml", "found"), ('suppressions = ""', "", "audit.toml:1")],
)
def test_the_sidecar_beside_the_settings_is_found_unless_they_say_otherwise(project, content, suppressions, origin):
    (project / "audit.toml").write_text(content)
    (project / "audit-ignore.yaml").write_text("ignore: []")
    got = effective()
    assert (got.settings.suppressions, got.origins["suppressions"]) == (suppressions, origin)


def test_a_sidecar_is_found_without_settings_too(project):
    (project / "audit-ignore.yaml").write_text("ignore: []")
    assert effective().settings.suppressions == "audit-ignore.yaml"


@pytest.mark.usefixtures("project")
def test_a_wrong_flag_is_named():
    with pytest.raises(SettingsError, match='command line: setting "jobs" is -2'):
        effective({"jobs": -2})

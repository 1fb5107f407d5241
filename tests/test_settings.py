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
        "profile": "pyproject.toml",
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
        ("jbos = 2", "audit.toml", 'unknown setting "jbos"', 'did you mean "jobs"?'),
        ("max-page-size = 2", "audit.toml", 'unknown setting "max-page-size"', 'did you mean "max_page_size"?'),
        ("zzz = 2", "audit.toml", 'unknown setting "zzz"', "known settings: output"),
        ('jobs = "2"', "audit.toml", 'setting "jobs": expected `int`, got `str`', "jobs = 2"),
        ("formats = [1]", "audit.toml", 'setting "formats[0]": expected `str`', 'formats = ["csv"'),
        ("jobs = -1", "audit.toml", 'setting "jobs" is -1', "use 0 or more"),
        ("jobs = = 2", "audit.toml:1:8", "not TOML", "strings need quotes"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(project, content, where, what, hint):
    (project / "audit.toml").write_text(content)
    with pytest.raises(SettingsError) as caught:
        effective()
    assert caught.value.where == str(project / where)
    assert what in caught.value.what
    assert hint in caught.value.hint


@pytest.mark.usefixtures("project")
def test_a_wrong_flag_is_named():
    with pytest.raises(SettingsError, match='command line: setting "jobs" is -2'):
        effective({"jobs": -2})

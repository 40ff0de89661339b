"""The workflow of the nights: its commands exist, and they are the steps of `shelflife nightly`."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from harness import cli, matrix, project
from harness.cli import nightly
from harness.nightly import programme

ROOT = Path(__file__).resolve().parents[2]
PATH = ROOT / ".github" / "workflows" / "nightly.yml"
WORKFLOW: dict[Any, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
JOBS = WORKFLOW["jobs"]


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in JOBS.items():
        for step in job["steps"]:
            yield name, step


def commands() -> list[tuple[str, list[str]]]:
    """(job, words) of every command of Shelflife."""
    found = []
    for name, step in steps():
        for line in step.get("run", "").splitlines():
            for text in re.findall(r"\bshelflife ([^)]*)", line):
                words = [
                    re.sub(r"^\$(MATRIX|SHARD)$", r"\1", w) for w in shlex.split(text.rstrip('"'))
                ]
                found.append((name, words))
    return found


def resolved(words: list[str]) -> click.Command:
    """The command of these words; raises where one of them, or an option, does not exist."""
    command: click.Command = cli.shelflife
    rest = words
    while isinstance(command, click.Group):
        command, rest = command.commands[rest[0]], rest[1:]
    command.make_context(command.name, list(rest))
    return command


@pytest.mark.parametrize(("job", "words"), commands())
def test_every_command_exists_with_its_options(job: str, words: list[str]) -> None:
    resolved(words)


def test_the_steps_are_those_of_the_command_on_one_machine() -> None:
    """Each step calls what `shelflife nightly` calls, in the same order."""
    here = [(job, resolved(words).callback) for job, words in commands()]
    wanted = [
        ("plan", nightly.plan_command.callback),
        ("shard", nightly.shard_command.callback),
        ("conclude", nightly.conclude_command.callback),
    ]
    assert here == wanted
    whole = inspect.getsource(nightly.nightly.callback)
    calls = [r"\.plan\(_?wanted", r"\.shard\(", r"_conclude\("]
    for (_, callback), call in zip(wanted, calls, strict=True):
        assert re.search(call.replace("_?wanted", ""), inspect.getsource(callback))
        assert re.search(call, whole)
    places = [re.search(call, whole).start() for call in calls]  # type: ignore[union-attr]
    assert places == sorted(places)


def test_shards_are_the_plans_jobs_and_none_stops_another() -> None:
    strategy = JOBS["shard"]["strategy"]
    assert strategy["matrix"] == "${{ fromJSON(needs.plan.outputs.jobs) }}"
    assert strategy["fail-fast"] is False


def test_what_was_measured_is_kept_whatever_fails() -> None:
    (upload,) = [s for s in JOBS["shard"]["steps"] if "upload-artifact" in s.get("uses", "")]
    assert upload["if"] == "always()"
    assert "night/shards" in upload["with"]["path"].splitlines()
    assert "!cancelled()" in JOBS["conclude"]["if"]


def test_every_job_has_the_least_permissions() -> None:
    assert WORKFLOW["permissions"] == {}
    write = {
        name: sorted(k for k, v in job["permissions"].items() if v == "write")
        for name, job in JOBS.items()
    }
    assert write == {
        "plan": [],
        "shard": [],
        "conclude": [],
        "issue": ["issues"],
        "history": ["contents"],
        "pages": ["id-token", "pages"],
    }


def test_actions_are_pinned_and_no_untrusted_text_is_in_a_script() -> None:
    for _, step in steps():
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"])
        assert "${{" not in step.get("run", ""), "hand it over by env"


def test_every_artifact_that_is_taken_was_given() -> None:
    given = {s["with"]["name"] for _, s in steps() if "upload-artifact@" in s.get("uses", "")}
    for _, step in steps():
        if "download-artifact" in step.get("uses", ""):
            name = step["with"].get("name") or step["with"]["pattern"].replace("*", "${{")
            assert any(each.startswith(name) for each in given)


def test_the_night_that_is_committed_can_be_planned() -> None:
    found = programme.read(project.ROOT / "matrices")
    assert 1 <= len(found.jobs()) <= programme.JOBS
    known = {path.stem for path in matrix.files(project.ROOT / "matrices")}
    assert {entry.name for entry in found.entries} <= known
    assert "nightly" not in known


def test_variables_of_indexes_reach_the_steps_that_need_them() -> None:
    named = {p.index for p in programme.read(project.ROOT / "matrices").prereleases if p.index}
    for job in ("plan", "shard"):
        given = {key for step in JOBS[job]["steps"] for key in step.get("env", {})}
        assert named <= given

"""Pickles, codecs and what is kept at rest, with small objects and without scikit-learn."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.worker import artifacts, registry
from harness.worker.formats import _packs, at_rest, cloudpickles, dills, joblibs, skopses
from harness.worker.formats import pickle_codecs as codecs
from harness.worker.formats.pickles import Pickle
from harness.worker.models import by_value
from harness.worker.registry import Format, Unsupported

MODEL = {"weights": [0.5 * n for n in range(60)], "name": "x" * 200, "classes": list(range(70))}
CODECS = [codecs.PickleInCodec(codec) for codec in codecs.CODECS]
VERIFIED = [format for format in CODECS if format.checksum]
MODULES = (at_rest, cloudpickles, dills, joblibs, skopses)
OURS = [
    *Pickle.variants(),
    *CODECS,
    *(joblibs.Joblib(), joblibs.JoblibMapped(), *joblibs.JoblibInCodec.variants()),
    *(cloudpickles.Cloudpickle(), *dills.Dill.variants(), *skopses.Skops.variants()),
]


def needs(format: Format) -> None:
    for module in format.requires:
        pytest.importorskip(module)


def saved(format: Format, path: Path, model: Any = MODEL) -> bytes:
    needs(format)
    artifacts.save(format, model, str(path), None)
    return path.read_bytes()


def outcome(format: Format, path: Path, content: bytes) -> str:
    """`raise`, or whether what is loaded is the `same` or `other`."""
    path.write_bytes(content)
    try:
        loaded = format.load(str(path))
    except Exception:
        return "raise"
    return "same" if loaded == MODEL else "other"


def flips(content: bytes) -> Iterator[bytes]:
    """The content with one bit changed, each in its turn, and with each byte inverted."""
    for at in range(len(content)):
        for change in (1, 2, 4, 8, 16, 32, 64, 128, 255):
            yield content[:at] + bytes([content[at] ^ change]) + content[at + 1 :]


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def by_id(format: Format) -> str:
    return format.id


# -- what each says of itself ----------------------------------------------------------------------


@pytest.mark.parametrize("format", OURS, ids=by_id)
def test_a_format_is_described_and_its_snippet_loads(format: Format) -> None:
    assert format.summary and format.executes and format.python_only and format.suffix[0] == "."
    tree = compile(format.snippet, format.id, "exec")
    assert {"model", "path", "loaded"} <= set(tree.co_names)


@pytest.mark.parametrize("format", [*Pickle.variants(), *CODECS], ids=by_id)
def test_a_snippet_runs_and_gives_the_model_back(format: Format, tmp_path: Path) -> None:
    needs(format)
    names = {"model": MODEL, "path": str(tmp_path / "model")}
    exec(format.snippet, names)
    assert names["loaded"] == MODEL


# -- pickle ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", Pickle.variants(), ids=by_id)
def test_the_protocol_is_the_one_in_the_id(format: Pickle, tmp_path: Path) -> None:
    content = saved(format, tmp_path / "model")
    assert format.load(str(tmp_path / "model")) == MODEL
    assert (content[0] == 0x80) == (format.protocol >= 2)
    assert format.protocol < 2 or content[1] == format.protocol


class Broken:
    """Fails while it is saved, through no fault of pickle's."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __reduce__(self) -> Any:
        raise self.error


def refused_by_pickle() -> list[Any]:
    class Local:
        pass

    return [lambda row: row, Local(), Local, (row for row in ()), sys]


@pytest.mark.parametrize("format", [Pickle(5), Pickle(0), CODECS[0], joblibs.Joblib()], ids=by_id)
@pytest.mark.parametrize("place", range(5))
def test_what_pickle_refuses_is_unsupported(format: Format, place: int, tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match=r"cannot store it: .*[Cc]an") as raised:
        saved(format, tmp_path / "model", [refused_by_pickle()[place]])
    assert " at 0x" not in str(raised.value)


@pytest.mark.parametrize("format", [Pickle(5), CODECS[0]], ids=by_id)
@pytest.mark.parametrize("error", [TypeError("no"), AttributeError("no"), ValueError("no")])
def test_any_other_failure_of_saving_stays_one(
    format: Format, error: Exception, tmp_path: Path
) -> None:
    with pytest.raises(type(error), match=r"^no$"):
        saved(format, tmp_path / "model", Broken(error))


# -- codecs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", CODECS, ids=by_id)
def test_a_codec_gives_the_model_back_and_saves_the_same_bytes(
    format: Format, tmp_path: Path
) -> None:
    content = saved(format, tmp_path / "model")
    assert outcome(format, tmp_path / "copy", content) == "same"
    assert content == saved(format, tmp_path / "again")
    assert len(content) < len(pickle.dumps(MODEL))


@pytest.mark.parametrize("format", VERIFIED, ids=by_id)
def test_no_changed_bit_gives_another_model(format: Format, tmp_path: Path) -> None:
    content = saved(format, tmp_path / "model")
    found = [outcome(format, tmp_path / "bad", bad) for bad in flips(content)]
    assert "other" not in found
    assert found.count("raise") > 0.9 * len(found)


@pytest.mark.parametrize("format", CODECS, ids=by_id)
def test_every_cut_is_refused(format: Format, tmp_path: Path) -> None:
    content = saved(format, tmp_path / "model")
    cuts = [outcome(format, tmp_path / "bad", content[:end]) for end in range(len(content))]
    assert set(cuts) == {"raise"}


@pytest.mark.parametrize("format", CODECS, ids=by_id)
def test_bytes_behind_the_stream_are_refused(format: Format, tmp_path: Path) -> None:
    content = saved(format, tmp_path / "model")
    for more in (b"\0", b"\n", bytes(64), content):
        assert outcome(format, tmp_path / "bad", content + more) == "raise"


@pytest.mark.parametrize("format", VERIFIED, ids=by_id)
def test_nothing_is_unpickled_before_the_checksum_was_verified(
    format: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = saved(format, tmp_path / "model")
    monkeypatch.setattr(codecs.pickle, "loads", lambda data: pytest.fail("it was unpickled"))
    end = -9 if "bz2" in format.id else -2  # within the checksum, but for padding
    bad = content[:end] + bytes([content[end] ^ 0x5A]) + content[end + 1 :]
    assert outcome(format, tmp_path / "bad", bad) == "raise"


def test_a_stream_that_has_no_checksum_is_refused(tmp_path: Path) -> None:
    import lzma

    data = pickle.dumps(MODEL)
    by_name = {format.codec.name: format for format in CODECS}
    plain = lzma.compress(data, check=lzma.CHECK_NONE)
    assert outcome(by_name["lzma"], tmp_path / "bad", plain) == "raise"
    zstandard = pytest.importorskip("zstandard")
    plain = zstandard.ZstdCompressor(write_checksum=False).compress(data)
    assert outcome(by_name["zstd"], tmp_path / "bad", plain) == "raise"
    frame = pytest.importorskip("lz4.frame")
    assert outcome(by_name["lz4"], tmp_path / "bad", frame.compress(data)) == "raise"


# -- joblib ----------------------------------------------------------------------------------------


def test_joblib_has_every_level_that_its_codecs_have() -> None:
    ids = {format.id for format in joblibs.JoblibInCodec.variants()}
    assert len(ids) == 59 and "joblib-bz2-0" not in ids
    assert {"joblib-zlib-0", "joblib-gzip-9", "joblib-lz4-0", "joblib-xz-5", "joblib-bz2-1"} <= ids


@pytest.mark.parametrize("format", joblibs.JoblibInCodec.variants(), ids=by_id)
def test_what_is_called_compressed_is(format: joblibs.JoblibInCodec, tmp_path: Path) -> None:
    content = saved(format, tmp_path / "model")
    assert content.startswith(format.codec.begins)
    assert format.load(str(tmp_path / "model")) == MODEL


def test_joblib_itself_takes_level_0_for_no_compression(tmp_path: Path) -> None:
    joblib = pytest.importorskip("joblib")
    joblib.dump(MODEL, tmp_path / "model", compress=("gzip", 0))
    assert (tmp_path / "model").read_bytes()[:1] == b"\x80"


def test_an_uncompressed_file_is_no_compressed_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    joblib = pytest.importorskip("joblib")
    format = joblibs.JoblibInCodec(joblibs.CODECS[0], 3)
    dump = joblib.dump
    monkeypatch.setattr(joblib, "dump", lambda model, path, compress: dump(model, path))
    with pytest.raises(RuntimeError, match="and no zlib"):
        saved(format, tmp_path / "model")


def test_dill_leaves_joblib_as_it_is() -> None:
    pytest.importorskip("joblib")
    pytest.importorskip("dill")
    code = """
import dill, sys
from harness.worker.formats.joblibs import Joblib
from harness.worker.registry import Unsupported
try:
    Joblib().dump(lambda x: x, sys.argv[1], None)
except Unsupported as refusal:
    print(refusal)
"""
    root = Path(registry.__file__).parents[2]
    command = [sys.executable, "-c", code, os.devnull]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert run.stdout.startswith("joblib cannot store it"), run.stderr


# -- functions and classes by value ----------------------------------------------------------------


@pytest.mark.parametrize("format", [cloudpickles.Cloudpickle(), *dills.Dill.variants()], ids=by_id)
def test_a_lambda_is_saved_by_value(format: Format, tmp_path: Path) -> None:
    saved(format, tmp_path / "model", [lambda row: row + 1])
    assert format.load(str(tmp_path / "model"))[0](1) == 2


def test_the_script_of_the_models_is_python_and_defines_what_they_use() -> None:
    code = compile(by_value.SCRIPT, "script", "exec")
    assert {"Centred", "floored", "beyond", "locally_centred", "squared", "logged"} <= set(
        code.co_names
    )
    assert not hasattr(sys.modules["__main__"], by_value.DEFINED)


# -- skops -----------------------------------------------------------------------------------------


def fired(attack: registry.Attack, path: Path, canary: Path, rows: Any) -> str:
    """When the canary came to be: at `load`, when asked to `predict`, or `never`."""
    attack.plant(str(path), str(canary))
    assert not canary.exists()
    loaded: Any = None
    with contextlib.suppress(Exception):
        loaded = attack.load(str(path))
    if canary.exists():
        return "load"
    with contextlib.suppress(Exception):
        loaded.predict(rows)
    return "predict" if canary.exists() else "never"


@pytest.mark.filterwarnings("ignore")  # what hostile files open, nobody closes
def test_hostile_files_of_skops_run_where_its_words_say(tmp_path: Path) -> None:
    pytest.importorskip("skops.io")
    numpy = pytest.importorskip("numpy")
    format = skopses.Skops.variants()[0]
    data = SimpleNamespace(ask=numpy.arange(6.0).reshape(3, 2))
    found = [
        (attack.mode, fired(attack, tmp_path / f"{place}.skops", tmp_path / str(place), data.ask))
        for place, attack in enumerate(format.attacks(MODEL, data))
    ]
    assert found == [("strict", "never")] * 8 + [("strict", "predict")] + [("lax", "load")] * 3
    assert "unpickle" in format.executes


# -- at rest ---------------------------------------------------------------------------------------


class Beside(Format):
    """JSON in a file, and a file beside it; says where it was loaded from."""

    id = "beside"
    summary = "json, with a file beside it"
    suffix = ".json"
    executes = "nothing"
    snippet = "import json\njson.dump(model, open(path, 'w'))\nloaded = json.load(open(path))\n"

    def __init__(self) -> None:
        self.loaded: list[str] = []

    def dump(self, model: Any, path: str, data: Any) -> None:
        Path(path).write_text(json.dumps(model))
        Path(path + ".types").write_text("list of types")

    def load(self, path: str) -> Any:
        self.loaded.append(path)
        assert Path(path + ".types").read_text() == "list of types"
        return json.loads(Path(path).read_text())


class InFolder(Beside):
    def dump(self, model: Any, path: str, data: Any) -> None:
        Path(path).mkdir()


class Failing(Beside):
    def load(self, path: str) -> Any:
        raise ValueError("not today")


WAYS = (at_rest.Encrypted, at_rest.Authenticated, at_rest.Signed)
each_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.way)


@pytest.fixture
def inner() -> Beside:
    return Beside()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Small chunks; and temporary files where they can be counted."""
    monkeypatch.setattr(at_rest, "CHUNK", 64)
    monkeypatch.setattr(_packs, "MEMORY", "")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))


@each_way
def test_what_is_sealed_comes_back_with_what_lay_beside_it(
    way: type[at_rest.Sealed], inner: Beside, tmp_path: Path
) -> None:
    format = way(inner)
    saved(format, tmp_path / ("model" + format.suffix))
    assert listed(tmp_path) == ["model" + format.suffix, "temporary"]
    assert format.load(str(tmp_path / ("model" + format.suffix))) == MODEL
    assert Path(inner.loaded[0]).name == "model.json"
    assert listed(tmp_path / "temporary") == []


@each_way
def test_it_comes_back_where_the_system_has_no_files_in_memory(
    way: type[at_rest.Sealed], inner: Beside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_packs, "_memfd_create", None)
    format = way(inner)
    saved(format, tmp_path / "model")
    assert format.load(str(tmp_path / "model")) == MODEL
    assert listed(tmp_path / "temporary") == []


@each_way
def test_the_plain_artifact_is_for_one_user_alone(
    way: type[at_rest.Sealed], inner: Beside, tmp_path: Path
) -> None:
    format = way(inner)
    saved(format, tmp_path / "model")
    found: list[Path] = []
    modes = format.opened(
        str(tmp_path / "model"),
        lambda path: (
            found.append(Path(path)),
            [each.stat().st_mode & 0o777 for each in (Path(path), Path(path).parent)],
        ),
    )[1]
    assert modes == [0o600, 0o700]
    assert not found[0].parent.exists()


def test_a_folder_in_memory_is_taken_where_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_packs, "MEMORY", str(tmp_path))
    for size, parent in ((1000, tmp_path), (1 << 60, tmp_path / "temporary")):
        with _packs.private_folder(size) as folder:
            assert Path(folder).parent == parent
    monkeypatch.setattr(_packs, "MEMORY", str(tmp_path / "nowhere"))
    with _packs.private_folder(1) as folder:
        assert Path(folder).parent == tmp_path / "temporary"


@each_way
def test_a_failing_load_leaves_nothing_behind(way: type[at_rest.Sealed], tmp_path: Path) -> None:
    format = way(Failing())
    saved(format, tmp_path / "model")
    before = len(listed(Path("/proc/self/fd")))
    with pytest.raises(ValueError, match="not today"):
        format.load(str(tmp_path / "model"))
    assert len(listed(Path("/proc/self/fd"))) == before
    assert listed(tmp_path / "temporary") == []


@each_way
def test_every_changed_bit_and_cut_is_refused_before_anything_is_loaded(
    way: type[at_rest.Sealed], inner: Beside, tmp_path: Path
) -> None:
    format = way(inner)
    content = saved(format, tmp_path / "model", [1, "two", 3.0])
    bad = [*flips(content), *(content[:end] for end in range(len(content)))]
    bad += [content + more for more in (b"\0", b"\n", bytes(64), content)]
    assert {outcome(format, tmp_path / "bad", each) for each in bad} == {"raise"}
    assert inner.loaded == []
    assert format.load(str(tmp_path / "model")) == [1, "two", 3.0]


@each_way
def test_another_key_is_refused(way: type[at_rest.Sealed], inner: Beside, tmp_path: Path) -> None:
    format = way(inner)
    content = saved(format, tmp_path / "model")
    forged = saved(format.forger(), tmp_path / "forged")
    assert outcome(format, tmp_path / "bad", forged) == "raise"
    format.key = bytes(reversed(format.key))
    assert outcome(format, tmp_path / "bad", content) == "raise"
    assert inner.loaded == []


@each_way
def test_a_file_of_another_format_is_refused(
    way: type[at_rest.Sealed], inner: Beside, tmp_path: Path
) -> None:
    content = saved(way(inner), tmp_path / "model")
    other = way(Pickle(5))
    assert outcome(other, tmp_path / "bad", content) == "raise"
    header = len(way(inner).header())
    assert outcome(other, tmp_path / "bad", other.header() + content[header:]) == "raise"


def chunks_of(format: at_rest.Sealed, content: bytes) -> tuple[bytes, list[bytes]]:
    start, size = len(format.header()) + 32, at_rest.CHUNK + at_rest.TAG
    return content[:start], [content[at : at + size] for at in range(start, len(content), size)]


def moved(chunks: list[bytes], others: list[bytes]) -> dict[str, list[bytes]]:
    """What an attacker can do with whole chunks of two files of equal content."""
    return {
        "exchanged": [chunks[1], chunks[0], *chunks[2:]],
        "one left out": [chunks[0], *chunks[2:]],
        "the last left out": chunks[:-1],
        "all but one left out": chunks[:1],
        "the last alone": chunks[-1:],
        "none left": [],
        "one repeated": [chunks[0], *chunks],
        "the last repeated": [*chunks, chunks[-1]],
        "the first appended": [*chunks, chunks[0]],
        "another file's first": [others[0], *chunks[1:]],
        "another file's last": [*chunks[:-1], others[-1]],
        "another file's, all": others,
    }


def test_chunks_that_are_moved_are_refused(inner: Beside, tmp_path: Path) -> None:
    format = at_rest.Encrypted(inner)
    start, chunks = chunks_of(format, saved(format, tmp_path / "model"))
    _, others = chunks_of(format, saved(format, tmp_path / "other"))
    assert len(chunks) > 3 and len(chunks) == len(others)
    for what, wrong in moved(chunks, others).items():
        assert outcome(format, tmp_path / "bad", start + b"".join(wrong)) == "raise", what
    assert inner.loaded == []


@pytest.mark.parametrize("length", [1, 63, 64, 65, 127, 128, 129, 1000])
def test_chunks_of_any_length_come_back(length: int, tmp_path: Path) -> None:
    needs(at_rest.Encrypted(Beside()))
    format = at_rest.Encrypted(Beside())
    sealed, pack = io.BytesIO(), io.BytesIO()
    format.seal(iter([bytes([n % 256]) for n in range(length)]), sealed)
    assert len(sealed.getvalue()) == 32 + length + at_rest.TAG * -(-length // 64)
    sealed.seek(0)
    format.open(sealed, pack)
    assert pack.getvalue() == bytes(n % 256 for n in range(length))


def test_what_is_encrypted_can_not_be_read_and_differs_each_time(
    inner: Beside, tmp_path: Path
) -> None:
    format = at_rest.Encrypted(inner)
    content = saved(format, tmp_path / "model")
    assert b"weights" not in content and b"list of types" not in content
    assert content[100:] != saved(format, tmp_path / "again")[100:]


@each_way
def test_a_folder_is_unsupported(way: type[at_rest.Sealed], tmp_path: Path) -> None:
    with pytest.raises(Unsupported, match="is a folder and no file"):
        saved(way(InFolder()), tmp_path / "model")


@each_way
def test_a_wrapper_is_described_by_what_it_wraps(way: type[at_rest.Sealed], inner: Beside) -> None:
    inner.converts, inner.varies, inner.tolerance = True, "the time", registry.Tolerance(1e-3, "x")
    format = way(inner)
    assert (format.id, format.wraps) == ("beside+" + way.way, "beside")
    assert format.converts and format.tolerance == inner.tolerance and format.checksum
    assert format.executes.startswith("nothing without") and format.varies
    assert format.executes.endswith("with it: nothing")


@each_way
def test_the_snippet_of_a_wrapper_runs(
    way: type[at_rest.Sealed], inner: Beside, tmp_path: Path
) -> None:
    format = way(Pickle(5))
    needs(format)
    names = {"model": MODEL, "path": str(tmp_path / ("model" + format.suffix))}
    exec(format.snippet, names)
    assert names["loaded"] == MODEL
    assert (tmp_path / ("model" + format.suffix)).exists()


@each_way
def test_hostile_pickles_run_with_the_key_alone(way: type[at_rest.Sealed], tmp_path: Path) -> None:
    format = way(Pickle(5))
    needs(format)
    ran: dict[str, bool] = {}
    for place, attack in enumerate(format.attacks(MODEL, None)):
        path, canary = str(tmp_path / f"{place}{format.suffix}"), tmp_path / f"canary{place}"
        attack.plant(path, str(canary))
        assert not canary.exists()
        if attack.mode == "strict":
            with pytest.raises(at_rest.Refused):
                attack.load(path)
        else:
            attack.load(path).close()
        ran[f"{attack.mode}: {attack.how}"] = canary.exists()
    assert [how for how, did in ran.items() if did] == [
        "lax: an object whose __reduce__ opens a file, sealed with the key itself"
    ]
    assert len(ran) == 3


def test_every_format_is_wrapped_in_every_way() -> None:
    wrapped = {wrap for wrap in registry.WRAPPERS if wrap.__module__ == at_rest.__name__}
    assert wrapped == set(WAYS)

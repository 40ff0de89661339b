"""A matrix is loaded as it is meant, and every fault of it is one message that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from harness import locks, matrix, plan, project, registry
from harness.errors import MatrixError
from harness.records import Environment, Exclude, Matrix
from harness.source import Source
from tests.unit.samples import FORMATS, MODELS, ROOT, environment, format_, lock_text

SHIPPED = ROOT / "matrices"
TOP = """description = "a small one"
models = ["logreg.*"]
formats = ["pickle-5"]
"""
OLD = """
[[environment]]
id = "old"
python = "3.11"
main = "scikit-learn"
released = 2023-03-09
cutoff = 2023-06-30
requirements = ["scikit-learn==1.2.2", "numpy==1.24.3"]
"""
NEW = (
    OLD.replace('"old"', '"new"')
    .replace("1.2.2", "1.7.2")
    .replace("released = 2023", "released = 2025")
)
BASE = TOP + OLD.replace('"old"', '"base-1"') + OLD.replace('"old"', '"base-2"')


@dataclass(frozen=True)
class Fault:
    """A matrix with something wrong in the line that ends with `#!`, and what is said of it."""

    name: str
    text: str
    says: str
    suggests: str

    @property
    def line(self) -> int:
        return 1 + self.text[: self.text.index("#!")].count("\n")


def without(table: str, key: str) -> str:
    """The table with the line of one key taken out."""
    return "".join(line for line in table.splitlines(True) if not line.startswith(f"{key} ="))


def marked(text: str, line: str) -> str:
    """`text` with the fault's mark behind the last line that begins with `line`."""
    head, found, tail = text.rpartition("\n" + line)
    first, newline, rest = (found + tail)[1:].partition("\n")
    return head + ("\n" if found else "") + first + " #!" + newline + rest


def excluding(*lines: str) -> str:
    return TOP + OLD + "\n[[exclude]]\n" + "\n".join(lines) + "\n"


def taking(*lines: str) -> str:
    return TOP + "\n[[from]]\n" + "\n".join(lines) + "\n"


def including(environments: str = '["*"]', formats: str = '["*"]') -> str:
    lists = f'environments = {environments}\nmodels = ["*"]\nformats = {formats}\n'
    return OLD + "\n[[include]]\n" + lists


WHOLE = "'must be'"  # what a value must be is the suggestion, and stands in the message
FAULTS = [
    # Unknown keys, at every level.
    Fault("top key", 'modles = ["*"] #!\n' + TOP + OLD, "'modles'", "Did you mean models?"),
    Fault("environment key", TOP + OLD + "pyhton = 3 #!\n", "'pyhton'", "Did you mean python?"),
    Fault("from key", taking('matrix = "base"', "enviroments = [] #!"), "'enviroments'",
          "Did you mean environments?"),
    Fault("exclude key", excluding('modle = "*" #!', 'reason = "so"'), "'modle'",
          "Did you mean model?"),
    Fault("exclude key that is one elsewhere", excluding('models = "*" #!', 'reason = "so"'),
          "'models'", "Did you mean model?"),
    Fault("limits key", TOP + OLD + "[limits]\nsecnds = 3 #!\n", "'secnds'",
          "Did you mean seconds?"),
    Fault("limits key in one line", TOP + "limits = { secnds = 3 } #!\n" + OLD, "'secnds'",
          "Did you mean seconds?"),
    # Ids.
    Fault("id twice in a file", TOP + OLD + marked(OLD, "id"), "'old' is used twice",
          "another id"),
    Fault("id with a slash", TOP + marked(OLD.replace('"old"', '"o/ld"'), "id"), "'o/ld'",
          "letters, digits"),
    # Patterns that select nothing.
    Fault("models pattern", marked(TOP.replace("logreg.*", "logrge.*"), "models") + OLD,
          "'logrge.*' selects no model", "Did you mean logreg."),
    Fault("formats pattern", marked(TOP.replace("pickle-5", "pikle-5"), "formats") + OLD,
          "'pikle-5' selects no format", "Did you mean pickle-5"),
    Fault("from pattern", taking('matrix = "base"', 'environments = ["bsae-1"] #!'),
          "'bsae-1' selects no environment", "Did you mean base-1"),
    Fault("exclude model", excluding('reason = "so"', 'model = "logrge.*" #!'),
          "'logrge.*' selects no model", "Did you mean logreg."),
    Fault("exclude a format left out", excluding('reason = "so"', 'format = "pickle-4" #!'),
          "'pickle-4' selects no format", "Did you mean pickle-5?"),
    Fault("exclude producer", excluding('reason = "so"', 'producer = "odl" #!'),
          "'odl' selects no producer", "Did you mean old?"),
    Fault("exclude consumer", excluding('reason = "so"', 'consumer = "odl" #!'),
          "'odl' selects no consumer", "Did you mean old?"),
    # Missing keys.
    *[
        Fault(f"no {key}", TOP + marked(without(OLD, key), "id"), f"needs '{key}'",
              f"`{key} = ...`")
        for key in ("python", "requirements", "cutoff", "main", "released")
    ],
    Fault("no python in the second environment", TOP + OLD + marked(without(NEW, "python"), "id"),
          "needs 'python'", "`python = ...`"),
    Fault("no id", TOP + marked(without(OLD, "id"), "[[environment]]"), "needs 'id'", "`id = ...`"),
    Fault("no id in the second environment",
          TOP + OLD + marked(without(NEW, "id"), "[[environment]]"), "needs 'id'", "`id = ...`"),
    Fault("no models", "#!\n" + without(TOP, "models") + OLD, "needs 'models'", "`models = ...`"),
    Fault("no formats", "#!\n" + without(TOP, "formats") + OLD, "needs 'formats'",
          "`formats = ...`"),
    Fault("no matrix in from", marked(taking('environments = ["*"]'), "[[from]]"),
          "needs 'matrix'", "`matrix = ...`"),
    Fault("no environments in from", marked(taking('matrix = "base"'), "[[from]]"),
          "needs 'environments'", "`environments = ...`"),
    Fault("no environment at all", "#!\n" + TOP, "no environment", "[[environment]]"),
    # Wrong types.
    Fault("models a string", marked(TOP.replace('["logreg.*"]', '"logreg.*"'), "models") + OLD,
          "'models' must be a list of strings", WHOLE),
    Fault("models of numbers", marked(TOP.replace('["logreg.*"]', "[1]"), "models") + OLD,
          "'models' must be a list of strings", WHOLE),
    Fault("description a number", "description = 3 #!\n" + without(TOP, "description") + OLD,
          "'description' must be a string", WHOLE),
    Fault("id a number", TOP + marked(OLD.replace('"old"', "3"), "id"), "'id' must be a string",
          WHOLE),
    Fault("python a number", TOP + marked(OLD.replace('"3.11"', "3.11"), "python"),
          "'python' must be a string", WHOLE),
    Fault("python a number in the second environment",
          TOP + OLD + marked(NEW.replace('"3.11"', "3.11"), "python"), "'python' must be a string",
          WHOLE),
    Fault("cutoff a string", TOP + marked(OLD.replace("2023-06-30", '"2023-06-30"'), "cutoff"),
          "'cutoff' must be a date", WHOLE),
    Fault("released a moment",
          TOP + marked(OLD.replace("2023-03-09", "2023-03-09T10:00:00"), "released"),
          "'released' must be a date", WHOLE),
    Fault("requirements a string",
          TOP + marked(without(OLD, "requirements") + 'requirements = "numpy"\n', "requirements"),
          "'requirements' must be a list of strings", WHOLE),
    Fault("environment a table", TOP + OLD.replace("[[environment]]", "[environment] #!"),
          "must be an array of tables", "Write [[environment]]."),
    Fault("exclude a table", excluding('model = "*"').replace("[[exclude]]", "[exclude] #!"),
          "must be an array of tables", "Write [[exclude]]."),
    Fault("exclude pattern a list", excluding('reason = "so"', 'model = ["*"] #!'),
          "'model' must be a string", WHOLE),
    Fault("limits a number", "limits = 3 #!\n" + TOP + OLD, "'limits' must be a table", WHOLE),
    *[
        Fault(f"seconds {value}", TOP + OLD + f"[limits]\nseconds = {value} #!\n",
              "'seconds' must be a number above 0", WHOLE)
        for value in ("0", "-1.5", '"60"', "true", "nan", "inf")
    ],
    Fault("memory a fraction of a MiB", TOP + OLD + "[limits]\nmemory_mib = 0.5 #!\n",
          "'memory_mib' must be", WHOLE),
    # Wrong values.
    *[
        Fault(f"python {value}", TOP + marked(OLD.replace('"3.11"', f'"{value}"'), "python"),
              f"python '{value}' is no version", '"3.11"')
        for value in ("3", "three", "3.x", "py311", "3.11.2", ">=3.11", "")
    ],
    Fault("main not pinned",
          TOP + marked(OLD.replace("scikit-learn==1.2.2", "scikit-learn>=1.2.2"), "id"),
          "does not pin its main library 'scikit-learn'", 'Add "scikit-learn==..."'),
    Fault("main not required", TOP + marked(OLD.replace('"scikit-learn==1.2.2", ', ""), "id"),
          "does not pin its main library 'scikit-learn'", 'Add "scikit-learn==..."'),
    Fault("unknown matrix", taking('matrix = "bsae" #!', 'environments = ["*"]'),
          "no matrix 'bsae'", "Did you mean base?"),
    Fault("exclude without reason", marked(excluding('model = "*"'), "[[exclude]]"),
          "needs 'reason'", "`reason = ...`"),
    Fault("second exclude without reason",
          marked(excluding('reason = "so"', 'model = "logreg.binary"', "\n[[exclude]]",
                           'model = "logreg.multinomial"'), "[[exclude]]"),
          "needs 'reason'", "`reason = ...`"),
    Fault("exclude without pattern", excluding('reason = "so" #!'), "without a pattern", "model"),
    Fault("no folder of plugins", 'plugins = ["../plugs"] #!\n' + TOP + OLD, "'../plugs'",
          "folder"),
    Fault("pairs of another kind", 'pairs = "some" #!\n' + TOP + OLD, "pairs = 'some'", '"own"'),
    Fault("facts a word", 'facts = "yes" #!\n' + TOP + OLD, "'facts' must be", WHOLE),
    Fault("a number alone in an id", TOP + marked(OLD.replace('"old"', '"torch-2.13-py311"'), "id"),
          "'2.13' stands alone", "lib2.13"),
    Fault("models that no include takes", 'models = ["*"] #!\n' + including(),
          "'models' at the top is used by no", "[[include]]"),
    Fault("include key", including() + "mdoels = 3 #!\n", "'mdoels'", "Did you mean models?"),
    Fault("include without formats", marked(without(including(), "formats"), "[[include]]"),
          "needs 'formats'", "`formats = ...`"),
    Fault("include of no environment", including(environments='["odl"] #!'),
          "'odl' selects no environment", "Did you mean old?"),
    Fault("a pattern that takes nothing away", including(formats='["*", "!pikle-5"] #!'),
          "'pikle-5' selects no format", "Did you mean pickle-5"),
    Fault("everything taken away", including(formats='["*", "!*"] #!'), "'formats' selects no",
          '["*"]'),
    Fault("not TOML", TOP + "models = [\n[[environment #!\n", "not valid TOML", "TOML"),
    Fault("a key without a value", TOP + "seconds #!\n", "not valid TOML", "TOML"),
]  # fmt: skip
each_fault = pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of matrices with `base` in it, whose environments others may take."""
    (tmp_path / "base.toml").write_text(BASE, encoding="utf-8")
    return tmp_path


def load(folder: Path, text: str) -> Matrix:
    path = folder / "small.toml"
    path.write_text(text, encoding="utf-8")
    return matrix.load(path, folder, MODELS, FORMATS)


def error_of(folder: Path, text: str) -> MatrixError:
    with pytest.raises(MatrixError) as raised:
        load(folder, text)
    return raised.value


@each_fault
def test_a_fault_is_one_message_about_it(folder: Path, fault: Fault) -> None:
    error = error_of(folder, fault.text)
    assert fault.says in error.message
    assert len(error.message.splitlines()) == 1


@each_fault
def test_a_fault_is_shown_with_file_and_line(folder: Path, fault: Fault) -> None:
    message = error_of(folder, fault.text).message
    assert message.startswith(f"{folder / 'small.toml'}:{fault.line}: "), message


@each_fault
def test_a_fault_comes_with_a_suggestion(folder: Path, fault: Fault) -> None:
    error = error_of(folder, fault.text)
    wanted = "must be" if fault.suggests == WHOLE else fault.suggests
    assert wanted in (error.message if fault.suggests == WHOLE else error.hint or error.message)
    assert fault.suggests == WHOLE or "TOML" in wanted or error.hint


def test_a_pattern_takes_away_what_those_before_it_have_selected(folder: Path) -> None:
    found = load(folder, including(formats='["*", "!pickle-*", "pickle-4"]'))
    assert [format.id for format in found.formats] == ["onnx-f32", "pickle-4"]


def test_a_format_that_wraps_another_is_selected_by_a_plus(folder: Path) -> None:
    path = folder / "small.toml"
    formats = (*FORMATS, format_("pickle-5+hmac"))

    def picked(patterns: str) -> list[str]:
        path.write_text(including(formats=patterns), encoding="utf-8")
        return [format.id for format in matrix.load(path, folder, MODELS, formats).formats]

    assert picked('["pickle-*"]') == ["pickle-4", "pickle-5"]
    assert picked('["pickle-*", "*+*"]') == ["pickle-4", "pickle-5", "pickle-5+hmac"]


def test_a_pattern_with_a_slash_names_the_family(folder: Path) -> None:
    families = {model.id: model.family for model in MODELS}
    family = families["logreg.binary"]
    found = load(folder, TOP.replace('["logreg.*"]', f'["{family}/*"]') + OLD)
    assert {m.id for m in found.models} == {id for id in families if families[id] == family}


def test_an_include_takes_the_lists_at_the_top_where_it_has_none(folder: Path) -> None:
    text = including().replace('models = ["*"]\n', "")
    found = load(folder, 'models = ["logreg.multinomial"]\n' + text)
    assert [model.id for model in found.models] == ["logreg.multinomial"]


def test_a_variant_is_one_of_an_environment_in_the_matrix(folder: Path) -> None:
    variant = NEW.rstrip() + '\nvariant_of = "old"\n'
    line = {e.id: e.variant_of for e in load(folder, TOP + OLD + variant).environments}
    assert line == {"old": "", "new": "old"}
    error = error_of(folder, TOP + OLD + variant.replace('"old"', '"odl"'))
    assert "variant of 'odl'" in error.message and error.hint == "Did you mean old?"


def test_variants_differ_from_what_they_vary_in_one_thing_only() -> None:
    declared = matrix.declared(project.matrices())
    variants = [e for e in declared.values() if e.variant_of]
    assert variants
    for variant in variants:
        base = declared[variant.variant_of]
        pins = [locks.read(project.matrices(), e).pins for e in (base, variant)]
        names = {name for name in {*pins[0], *pins[1]} if pins[0].get(name) != pins[1].get(name)}
        assert len(names) + (base.python != variant.python) == 1, (variant.id, names)


def test_includes_are_products_of_their_own(folder: Path) -> None:
    text = including(environments='["old"]', formats='["pickle-4"]') + NEW
    more = '[[include]]\nenvironments = ["new"]\nmodels = ["logreg.*"]\nformats = ["pickle-5"]\n'
    found = load(folder, 'pairs = "own"\n' + text + more)
    assert {(c.format, c.producer, c.consumer) for c in plan.cells(found)} == {
        ("pickle-4", "old", "old"),
        ("pickle-5", "new", "new"),
    }
    assert len(plan.cells(found)) == len(MODELS) + 2


def test_a_matrix_is_loaded_as_it_is_meant(folder: Path) -> None:
    found = load(
        folder, excluding('reason = "slow"', 'model = "logreg.m*"') + "[limits]\nseconds = 5\n"
    )
    assert found.name == "small" and found.description == "a small one"
    assert [model.id for model in found.models] == ["logreg.binary", "logreg.multinomial"]
    assert [format.id for format in found.formats] == ["pickle-5"]
    assert found.excludes == (Exclude("slow", model="logreg.m*"),)
    assert (found.seconds, found.memory_mib) == (5.0, 2048)


def test_models_stand_in_the_registrys_order_and_once(folder: Path) -> None:
    text = TOP.replace('["logreg.*"]', '["logreg.multinomial", "*", "forest.*"]') + OLD
    assert load(folder, text).models == MODELS


def test_environments_stand_in_order_of_their_release(folder: Path) -> None:
    found = load(folder, TOP + NEW + OLD)
    assert [environment.id for environment in found.environments] == ["old", "new"]


def test_environments_are_taken_from_another_matrix_once(folder: Path) -> None:
    found = load(folder, taking('matrix = "base"', 'environments = ["base-1", "base-*"]'))
    assert [environment.id for environment in found.environments] == ["base-1", "base-2"]


def test_declared_and_taken_environments_stand_together(folder: Path) -> None:
    found = load(folder, TOP + OLD + '[[from]]\nmatrix = "base"\nenvironments = ["base-2"]\n')
    assert {environment.id for environment in found.environments} == {"base-2", "old"}


def test_an_id_declared_in_two_files_is_a_fault_of_the_second(folder: Path) -> None:
    text = TOP + OLD.replace('"old"', '"base-2"')
    (folder / "later.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MatrixError) as raised:
        matrix.declared(folder)
    line = 1 + text[: text.index("id =")].count("\n")
    assert raised.value.message.startswith(f"{folder / 'later.toml'}:{line}: ")
    assert "already used in base.toml" in raised.value.message
    assert "[[from]]" in raised.value.hint


@pytest.mark.parametrize("key", ["models", "formats"])
def test_a_matrix_of_nothing_is_a_fault(folder: Path, key: str) -> None:
    text = marked(without(TOP, key) + f"{key} = []\n", key) + OLD
    error = error_of(folder, text)
    assert key.rstrip("s") in error.message


def test_a_pattern_in_a_comment_does_not_draw_the_line_to_it(folder: Path) -> None:
    error = error_of(folder, '# "logrge.*" is gone\n' + TOP.replace("logreg.*", "logrge.*") + OLD)
    assert error.message.startswith(f"{folder / 'small.toml'}:3: ")


def test_a_matrix_that_is_no_text_is_a_fault(folder: Path) -> None:
    path = folder / "latin.toml"
    path.write_bytes('description = "caf\xe9"\n'.encode("latin-1"))
    with pytest.raises(MatrixError, match=r"latin\.toml.*UTF-8"):
        Source.read(path)


def test_a_matrix_that_cannot_be_read_is_a_fault(folder: Path) -> None:
    with pytest.raises(MatrixError, match=r"gone\.toml: cannot be read: No such file"):
        Source.read(folder / "gone.toml")


def test_a_matrix_is_found_by_name_and_by_path(folder: Path) -> None:
    assert matrix.find("base", folder) == folder / "base.toml"
    assert matrix.find(str(folder / "base.toml"), folder / "elsewhere") == folder / "base.toml"


def test_an_unknown_name_is_answered_with_the_nearest(folder: Path) -> None:
    with pytest.raises(MatrixError) as raised:
        matrix.find("bsae", folder)
    assert raised.value.hint == "Did you mean base?"


def test_plugins_are_folders_beside_the_matrix(folder: Path) -> None:
    (folder / "plugs").mkdir()
    found = load(folder, 'plugins = ["plugs"]\n' + TOP + OLD)
    assert found.plugins == (str((folder / "plugs").resolve()),)


def test_a_missing_lock_names_the_file_and_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(MatrixError) as raised:
        locks.read(tmp_path, environment("old"))
    assert str(tmp_path / "locks" / "old.txt") in raised.value.message
    assert raised.value.hint == "Run: shelflife lock old"


def test_a_stale_lock_names_the_file_and_the_command_that_makes_it(tmp_path: Path) -> None:
    path = locks.path(tmp_path, "old")
    path.parent.mkdir()
    path.write_text(lock_text(environment("old"), {"numpy": "1.24.3"}), encoding="utf-8")
    assert locks.read(tmp_path, environment("old")).pins == {"numpy": "1.24.3"}
    with pytest.raises(MatrixError) as raised:
        locks.read(tmp_path, environment("old", requirements=("scikit-learn==1.3.0",)))
    assert "older than its requirements" in raised.value.message
    assert raised.value.hint == "Run: shelflife lock old"
    assert str(path) in raised.value.message


# -- what is shipped ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def declared() -> dict[str, Environment]:
    return matrix.declared(SHIPPED)


@pytest.mark.parametrize("path", matrix.files(SHIPPED), ids=lambda path: path.stem)
def test_a_shipped_matrix_loads_and_describes_itself(path: Path) -> None:
    known = registry.read(matrix.plugins(Source.read(path)))
    found = matrix.load(path, SHIPPED, known.models, known.formats)
    assert found.description and found.environments and found.models and found.formats


def test_every_declared_environment_has_a_current_lock_or_a_reason_for_none(
    declared: dict[str, Environment],
) -> None:
    told = []
    for found in declared.values():
        try:
            assert locks.read_all(SHIPPED, [found]) or found.notrun
        except MatrixError as error:
            told.append(str(error))
    assert not told, "\n".join(told)


@pytest.mark.parametrize("path", sorted((SHIPPED / "locks").iterdir()), ids=lambda path: path.stem)
def test_a_shipped_lock_is_current_and_pins_what_is_asked(
    path: Path, declared: dict[str, Environment]
) -> None:
    assert path.stem in declared, f"{path.name} belongs to no environment: remove it"
    lock, wanted = locks.Lock(path, path.read_text(encoding="utf-8")), declared[path.stem]
    stale = f"the lock of {path.stem} is stale: run `shelflife lock {path.stem}`"
    assert lock.input == locks.digest(wanted), stale
    exact = (line.split("==") for line in wanted.requirements if "==" in line)
    assert {locks.normal(name): version for name, version in exact}.items() <= lock.pins.items()
    assert lock.text.count("--hash=sha256:") >= len(lock.pins) > 0

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model_training.cli import _parser, main
from model_training.commands import _recipe
from model_training.config import TrainingConfig, load_config
from model_training.dataset import split_by_patient
from model_training.fresh_folder import unless_left_empty
from tests.helpers.idc_like import write_idc_like
from tests.helpers.patch_folders import write_patch
from tests.helpers.tiny_bundle import TINY
from tests.helpers.tiny_weights import write_tiny_weights


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_idc_like(tmp_path / "data", patients=5, patches=2)
    return tmp_path / "data"


def failure(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 1) -> str:
    """The one line a failing command writes."""
    assert main([str(argument) for argument in arguments]) == code
    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("histoviewer-train:")]
    return line


def test_bundling_no_training_is_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    command = ("bundle", data, "--training", run, "--output", tmp_path / "bundle")
    assert "config.json" in failure(capsys, *command)
    run.mkdir()
    TrainingConfig().save(run / "config.json")
    assert "split.json" in failure(capsys, *command)
    (run / "split.json").write_text('{"train": ["1"], "validation": ["2"], "test": ["3"]}', encoding="utf-8")
    assert "network.weights.h5" in failure(capsys, *command)
    assert not (tmp_path / "bundle").exists()


def test_a_refused_command_leaves_no_empty_folder(
    data: Path, tmp_path: Path, tiny_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, older = tmp_path / "new", tmp_path / "older"
    older.mkdir()
    for output in (new / "run", older):
        failure(capsys, "train", data, "--output", output, "--hold-out", "nobody", "1000")
        failure(capsys, "train", tmp_path / "no data", "--output", output)
        failure(capsys, "crossvalidate", data, "--output", output, "--folds", "90")
        failure(capsys, "evaluate", tmp_path / "no data", "--bundle", tiny_bundle, "--output", output)
    assert not new.exists()
    assert list(older.iterdir()) == []


def test_what_a_command_wrote_before_it_failed_stays(tmp_path: Path) -> None:
    def stopped(folder: Path) -> None:
        folder.mkdir(parents=True)
        (tmp_path / "a" / "kept").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), unless_left_empty(tmp_path / "a" / "b"):
        stopped(tmp_path / "a" / "b")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["kept"]


def test_training_into_a_file_is_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert "Cannot make the folder" in failure(capsys, "train", data, "--output", tmp_path / "file")


def test_training_into_the_folder_of_another_split_is_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    names = [str(name) for name in range(1000, 1005)]
    split_by_patient(names, seed=0).save(run / "split.json")
    before = (run / "split.json").read_text(encoding="utf-8")
    assert "split.json" in failure(capsys, "train", data, "--output", run, "--hold-out", "1000", "1001")
    assert (run / "split.json").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("content", [None, "no json", "[1]", '{"train": 3, "validation": [], "test": []}'])
def test_an_unreadable_split_list_is_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    lists = tmp_path / "lists.json"
    if content is not None:
        lists.write_text(content, encoding="utf-8")
    line = failure(capsys, "train", data, "--output", tmp_path / "run", "--split-list", lists)
    assert str(lists) in line


def test_evaluating_no_bundle_names_its_option(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = failure(capsys, "evaluate", data, "--bundle", tmp_path / "none")
    assert "Check --bundle" in line


def test_evaluating_writes_a_report_beside_the_figures(
    tiny_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [
        "evaluate",
        tiny_bundle.parent / "data",
        "--bundle",
        tiny_bundle,
        "--output",
        tmp_path / "report",
    ]
    assert main([str(word) for word in command]) == 0
    figures = json.loads(capsys.readouterr().out)
    facts = json.loads((tmp_path / "report" / "metrics.json").read_text(encoding="utf-8"))
    assert facts["metrics"]["own answer"] == figures
    assert (tmp_path / "report" / "report.html").exists()


def test_evaluating_into_a_file_is_one_line_before_time_is_spent(
    tiny_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    command = ("evaluate", tmp_path / "no data", "--bundle", tiny_bundle, "--output", tmp_path / "file")
    assert "Cannot make the folder" in failure(capsys, *command)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--folds", "3", "--fold", "0"], "fold 0 of 3"),
        (["--folds", "9"], "9 folds"),
    ],
)
def test_folds_that_cannot_be_are_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    assert named in failure(capsys, "train", data, "--output", tmp_path / "run", *words)


@pytest.mark.parametrize(
    ("command", "option", "value"),
    [
        ("train", "--batch-size", "0"),
        ("train", "--batch-size", "2.5"),
        ("train", "--head-epochs", "0"),
        ("train", "--fine-tune-epochs", "-3"),
        ("train", "--fine-tune-rate", "0"),
        ("train", "--fine-tune-rate", "nan"),
        ("train", "--fine-tune-rate", "inf"),
        ("train", "--label-smoothing", "1"),
        ("train", "--stain-jitter", "-0.1"),
        ("train", "--most-of-patient", "-1"),
        ("train", "--seed", "-1"),
        ("train", "--orientations", "9"),
        ("train", "--split", "luck"),
        ("train", "--fine-tune", "block9"),
        ("crossvalidate", "--folds", "1"),
        ("tune", "--seed", "-1"),
        ("tune", "--trials", "0"),
        ("tune", "--minutes", "0"),
        ("tune", "--minutes", "nan"),
    ],
)
def test_numbers_that_make_no_sense_are_refused_by_the_parser(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, option: str, value: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, str(data), "--output", str(tmp_path / "run"), option, value])
    assert stopped.value.code == 2
    assert option in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--seed", "0"],
        ["--fine-tune", "block1"],
        ["--most-of-patient", "0"],
        ["--keep", "best"],
        ["--equal-patches"],
    ],
)
@pytest.mark.parametrize("command", ["train", "crossvalidate"])
def test_an_option_beside_a_recipe_is_refused_even_if_it_is_the_default(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, words: list[str]
) -> None:
    TrainingConfig(seed=7).save(tmp_path / "recipe.json")
    given = (command, data, "--output", tmp_path / "run", "--config", tmp_path / "recipe.json")
    assert "--config is the whole recipe" in failure(capsys, *given, *words, code=2)


def test_options_make_the_recipe_and_leave_the_rest_as_it_is_by_default() -> None:
    def recipe(*words: str) -> TrainingConfig:
        return _recipe(_parser().parse_args(["train", "data", "--output", "run", *words]))

    assert recipe() == TrainingConfig()
    words = (
        "--fine-tune",
        "none",
        "--most-of-patient",
        "0",
        "--equal-patches",
        "--seed",
        "3",
        "--patience",
        "2",
    )
    changes = {"fine_tune": None, "most_of_patient": None, "class_weights": False, "seed": 3, "patience": 2}
    assert recipe(*words) == replace(TrainingConfig(), **changes)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device", "run/history.jsonl"), "run/history.jsonl: No space left"),
        (OSError(5, "Input/output error"), "Cannot read or write: Input/output error"),
        (MemoryError("Unable to allocate 2 GiB\nfor an array"), "Out of memory: Unable to allocate 2 GiB"),
        (MemoryError(), "Out of memory: MemoryError"),
    ],
)
def test_what_the_machine_lacks_is_one_line(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    said: str,
) -> None:
    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr("model_training.commands.run_training", fail)
    words = ("train", data, "--output", tmp_path / "run")
    assert said in failure(capsys, *words)
    with pytest.raises(type(error)):
        main([str(word) for word in (*words, "--debug")])


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--all-patients", "--folds", "3"], "--all-patients says by itself"),
        (["--split", "random", "--hold-out", "1000"], "leave out --hold-out"),
        (["--folds", "3", "--hold-out", "1000"], "leave out --hold-out"),
        (["--folds", "3", "--split-list", "lists.json"], "leave out --split-list"),
        (["--fold", "2"], "--fold is one of --folds"),
        (["--folds", "3", "--train-on", "1000"], "leave out --train-on"),
        (["--hold-out", "1000", "1001", "--train-on", "1001"], "both name 1001"),
    ],
)
def test_two_ways_to_split_are_a_wrong_call(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], named: str
) -> None:
    assert named in failure(capsys, "train", data, "--output", tmp_path / "run", *words, code=2)


def test_a_training_on_everybody_by_name_ends_before_it_begins(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    everybody = sorted({path.name.partition("_")[0] for path in data.rglob("*.png")})
    words = ("train", data, "--output", tmp_path / "run", "--train-on", *everybody)
    assert "nobody is left to measure the model on" in failure(capsys, *words)


def one_class(folder: Path) -> None:
    for i in range(6):
        write_patch(folder / "7" / "benign", f"{i}.png", noise(i))


def one_patient(folder: Path) -> None:
    write_idc_like(folder, patients=1, patches=8)


def three_patches(folder: Path) -> None:
    for patient, truth in (("1", "0"), ("2", "1"), ("3", "0")):
        write_patch(folder / patient / truth, "a.png", noise(int(patient)))


def no_labels(folder: Path) -> None:
    write_patch(folder, "a.png")


def nothing(folder: Path) -> None:
    del folder


def rubbish(folder: Path) -> None:
    write_idc_like(folder, patients=5, patches=8)
    for broken in sorted(folder.rglob("*.png"))[::4]:
        broken.write_bytes(b"no picture")


def noise(seed: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 256, (50, 50, 3), np.uint8)


BAD_DATA = {
    one_class: "6 benign and 0 malignant patches: both classes are needed",
    one_patient: "of 1 (1000), and 3 or more are needed",
    three_patches: "2 benign and 1 malignant patches: at least 3 of each",
    no_labels: "No labelled patch in",
    nothing: "No such file or directory",
    rubbish: "More than 10% of the 40 patches are unreadable",
}


@pytest.mark.parametrize(("write", "said"), BAD_DATA.items(), ids=[write.__name__ for write in BAD_DATA])
def test_bad_data_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], write: Any, said: str
) -> None:
    write(tmp_path / "bad")
    assert said in failure(capsys, "train", tmp_path / "bad", "--output", tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_wrong_weights_are_one_line(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weights = write_tiny_weights(tmp_path / "w.npz")
    line = failure(capsys, "train", data, "--output", tmp_path / "run", "--weights", weights)
    assert "block1_conv1/kernel" in line
    assert "expected floats (3, 3, 3, 64)" in line


def test_bad_data_is_found_without_tensorflow(tmp_path: Path) -> None:
    one_patient(tmp_path / "bad")
    words = (
        "import sys\n"
        "from model_training.cli import main\n"
        "code = main(sys.argv[1:])\n"
        "sys.exit(3 if 'tensorflow' in sys.modules or 'keras' in sys.modules else code)\n"
    )
    command = [sys.executable, "-c", words, "train", str(tmp_path / "bad"), "--output", str(tmp_path / "run")]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


QUICK = ("--head-epochs", "2", "--orientations", "1", "--fine-tune", "block5", "--fine-tune-epochs", "1")


@pytest.fixture
def tiny_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[str | Path, ...]:
    """Options that train the tiny network."""
    monkeypatch.setattr("model_training.commands.NetworkConfig", lambda: TINY.network)
    weights = write_tiny_weights(tmp_path / "weights.npz")
    return ("--weights", weights, "--batch-size", "8", "--precision", "float32", *QUICK)


def test_a_training_tells_a_program_how_far_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tiny_network: tuple[str | Path, ...]
) -> None:
    write_idc_like(tmp_path / "data", patients=5, patches=8)
    run = tmp_path / "run"
    words = ("train", tmp_path / "data", "--output", run, "--progress-json", *tiny_network)
    assert main([str(word) for word in words]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    kinds = [line["event"] for line in told]
    assert list(dict.fromkeys(kinds)) == ["reading", "started", "features", "step", "epoch", "done"]
    (started,) = (line for line in told if line["event"] == "started")
    assert started["counts"]["train"] == {"patients": 3, "patches": 24, "malignant": 12}
    assert (started["phases"], started["epochs"]) == ({"head": 2, "fine-tune block5": 1}, 3)
    last_steps = [line for line in told if line["event"] == "step" and line["step"] == line["steps"]]
    assert [(line["phase"], line["epoch"], line["steps"]) for line in last_steps] == [
        ("head", 1, 3),
        ("head", 2, 3),
        ("fine-tune block5", 1, 3),
    ]
    epochs = [line for line in told if line["event"] == "epoch"]
    history = (run / "history.jsonl").read_text(encoding="utf-8").splitlines()
    for line, kept in zip(epochs, map(json.loads, history), strict=True):
        assert kept.items() <= line.items()
    assert told[-1]["output"] == str(run)


def test_a_failure_is_told_to_a_program_and_to_a_person(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", str(data), "--output", str(tmp_path / "run"), "--folds", "9", "--progress-json"]
    assert main(words) == 1
    captured = capsys.readouterr()
    failed = json.loads(captured.out)
    assert failed["event"] == "failed"
    assert failed["message"] in captured.err


def test_a_random_split_is_told_and_goes_on_when_given_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, tiny_network: tuple[str | Path, ...]
) -> None:
    write_idc_like(tmp_path / "data", patients=1, patches=40)
    run = tmp_path / "run"
    words = [*("train", tmp_path / "data", "--output", run, "--split", "random"), *tiny_network]
    assert main([str(word) for word in words]) == 0
    assert "it leaks" in caplog.text
    split = json.loads((run / "split.json").read_text(encoding="utf-8"))
    assert (split["kind"], split["leaks"]) == ("random patches", True)
    assert [len(split[role]) for role in ("train", "validation", "test")] == [32, 4, 4]
    before = (run / "history.jsonl").read_bytes()
    assert main([str(word) for word in words]) == 0
    assert (run / "history.jsonl").read_bytes() == before


def test_everybody_is_trained_on_to_the_last_epoch_and_nobody_else_goes_on_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tiny_network: tuple[str | Path, ...]
) -> None:
    write_idc_like(tmp_path / "data", patients=2, patches=8)
    run = tmp_path / "run"
    words = ("train", tmp_path / "data", "--output", run, "--all-patients", *tiny_network)
    assert main([str(word) for word in words]) == 0
    lines = [json.loads(line) for line in (run / "history.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["phase"], line["epoch"]) for line in lines] == [
        ("head", 1),
        ("head", 2),
        ("fine-tune block5", 1),
    ]
    assert not any(name.startswith("val_") for line in lines for name in line)
    assert (run / "network.weights.h5").exists()

    write_patch(tmp_path / "data" / "1000" / "0", "another.png", noise(0))
    assert "holds a training on other data" in failure(capsys, *words)


@pytest.mark.parametrize("sides", [["--all-patients"], []])
def test_a_training_that_diverges_is_one_line_and_leaves_no_network(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    tiny_network: tuple[str | Path, ...],
    sides: list[str],
) -> None:
    write_idc_like(tmp_path / "data", patients=5, patches=8)
    run = tmp_path / "run"
    words = ("train", tmp_path / "data", "--output", run, *sides, *tiny_network, "--weight-decay", "1e30")
    for _ in range(2):  # it diverges again where it goes on
        line = failure(capsys, *words)
        assert "The training diverged: " in line
        assert "epoch 1 of head" in line
        assert "weight_decay" in line
        assert not [*run.glob("done *"), *run.glob("*.h5"), *run.glob("backup */*"), *run.glob("history*")]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("ResourceExhaustedError", "Out of memory: OOM when allocating a tensor."),
        ("InternalError", "TensorFlow failed: OOM when allocating a tensor."),
    ],
)
def test_what_tensorflow_says_is_one_line(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    said: str,
) -> None:
    errors = pytest.importorskip("tensorflow").errors

    def fail(*_: Any) -> None:
        raise getattr(errors, kind)(None, None, "OOM when allocating a tensor\n[Op:Conv2D]")

    monkeypatch.setattr("model_training.commands.run_training", fail)
    words = ("train", data, "--output", tmp_path / "run", "--progress-json")
    assert main([str(word) for word in words]) == 1
    captured = capsys.readouterr()
    assert f"histoviewer-train: {said}" in captured.err
    assert len(captured.err.splitlines()) == 1
    assert json.loads(captured.out)["message"] == "OOM when allocating a tensor"
    with pytest.raises(errors.OpError):
        main([str(word) for word in (*words, "--debug")])


def test_a_training_keeps_the_arithmetic_it_began_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_network: tuple[str | Path, ...]
) -> None:
    write_idc_like(tmp_path / "data", patients=5, patches=8)
    run = tmp_path / "run"
    options = [word for word in tiny_network if word not in ("--precision", "float32")]
    words = [str(word) for word in ("train", tmp_path / "data", "--output", run, *options)]
    monkeypatch.setattr("model_training.machine.fastest_precision", lambda: "mixed_bfloat16")
    assert main(words) == 0
    assert load_config(run / "config.json").precision == "mixed_bfloat16"
    settings = json.loads((run / "metrics.json").read_text(encoding="utf-8"))["settings"]
    assert settings["precision"] == "mixed_bfloat16"

    monkeypatch.setattr("model_training.machine.fastest_precision", lambda: "mixed_float16")
    assert main(words) == 0
    assert load_config(run / "config.json").precision == "mixed_bfloat16"
    assert main([*words, "--precision", "mixed_float16"]) == 1

    replace(load_config(run / "config.json"), precision=None).save(run / "config.json")  # as it was before
    assert main(words) == 0
    assert load_config(run / "config.json").precision is None


@pytest.mark.parametrize(
    ("lists", "held_out", "warned", "why"),
    [
        (
            {"validation": [], "test": ["1001"]},
            [],
            "Nobody is on the valid",
            "nobody is on the validation side",
        ),
        ({"validation": ["1000"], "test": []}, ["1000"], "Nobody is on the valid", "nobody is on the valid"),
        ({"validation": ["1000"], "test": []}, [], "Nobody is on the test", "nobody is on the test side"),
        ({"validation": ["1000"], "test": ["7"]}, [], "The test side (2", "all patches of the test side are"),
    ],
)
def test_a_side_without_patients_is_told_of_and_why_there_is_no_report(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    tiny_network: tuple[str | Path, ...],
    lists: dict[str, list[str]],
    held_out: list[str],
    warned: str,
    why: str,
) -> None:
    caplog.set_level("INFO")
    write_idc_like(tmp_path / "data", patients=4, patches=8)
    for number in range(2):
        write_patch(tmp_path / "data" / "7" / "benign", f"{number}.png", noise(number))
    path, run = tmp_path / "lists.json", tmp_path / "run"
    named = {name for side in lists.values() for name in side}
    train = [name for name in ("1000", "1001", "1002", "1003") if name not in named]
    path.write_text(json.dumps({"train": train, **lists}), encoding="utf-8")
    words = ("train", tmp_path / "data", "--output", run, "--split-list", path)
    words = (*words, "--hold-out", *held_out) if held_out else words
    assert main([str(word) for word in (*words, *tiny_network)]) == 0
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("model_training")]
    told = next(place for place, line in enumerate(lines) if line.startswith(warned))
    begun = next(place for place, line in enumerate(lines) if '"epoch": 1' in line)
    assert told < begun
    assert lines[-1].startswith(f"No report is written: {why}")
    assert not (run / "report.html").exists()


def test_recipes_are_not_compared_without_validation_patients(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lists = tmp_path / "lists.json"
    lists.write_text('{"train": ["1001"], "validation": [], "test": ["1000"]}', encoding="utf-8")
    words = ("tune", data, "--output", tmp_path / "search", "--split-list", lists)
    assert "nobody is on the validation side" in failure(capsys, *words)

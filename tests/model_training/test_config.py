import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from histoviewer.errors import SourceError
from model_training.config import TrainingConfig, load_config


def write(folder: Path, config: TrainingConfig = TrainingConfig(), **changes: Any) -> Path:  # noqa: B008
    """A recipe's file with some of its values changed; those named ``network_X`` are of the network."""
    facts = json.loads(config.text())
    for name, value in changes.items():
        inner = name.removeprefix("network_")
        (facts if inner == name else facts["network"])[inner] = value
    path = folder / "config.json"
    path.write_text(json.dumps(facts), encoding="utf-8")
    return path


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    config = replace(TrainingConfig(), fine_tune=None, most_of_patient=None, precision="mixed_bfloat16")
    config.save(tmp_path / "config.json")
    assert load_config(tmp_path / "config.json") == config
    assert [path.name for path in tmp_path.iterdir()] == ["config.json"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seed", "x"),
        ("seed", -1),
        ("batch_size", 0),
        ("batch_size", 2.5),
        ("batch_size", True),
        ("head_epochs", 0),
        ("head_rate", 0),
        ("fine_tune", "block9"),
        ("fine_tune", "none"),
        ("fine_tune_rate", float("nan")),
        ("orientations", 9),
        ("orientations", True),
        ("stain_jitter", -0.1),
        ("label_smoothing", 1),
        ("most_of_patient", 0),
        ("class_weights", 1),
        ("weight_decay", None),
        ("schedule", "linear"),
        ("keep", "bset"),
        ("patience", [3]),
        ("precision", "float64"),
        ("network_input_size", 0),
        ("network_widths", [64, 128]),
        ("network_widths", [64, 128, 256, 512, 0]),
        ("network_dense_units", "many"),
        ("network_dropout", 1.0),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_with_its_file(tmp_path: Path, field: str, value: Any) -> None:
    path = write(tmp_path, **{field: value})
    with pytest.raises(SourceError) as raised:
        load_config(path)
    line = str(raised.value)
    assert f"Cannot use {field.removeprefix('network_')} in {path}: expected " in line
    assert "Correct the file" in line


def test_whole_numbers_where_fractions_are_possible_are_taken(tmp_path: Path) -> None:
    assert load_config(write(tmp_path, stain_jitter=0, weight_decay=0, head_rate=1)).head_rate == 1


def test_what_an_older_file_lacks_means_what_trainings_did_then(tmp_path: Path) -> None:
    path = write(tmp_path)
    facts = json.loads(path.read_text(encoding="utf-8"))
    for name in ("most_of_patient", "schedule", "keep"):
        del facts[name]
    path.write_text(json.dumps(facts), encoding="utf-8")
    assert load_config(path) == replace(
        TrainingConfig(), most_of_patient=None, schedule="cosine", keep="best"
    )


@pytest.mark.parametrize("change", [{"network": None}, {"network": {"widths": 5}}, {"depth": 3}])
def test_what_is_no_recipe_is_one_line(tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(SourceError, match="does not hold the settings"):
        load_config(write(tmp_path, **change))

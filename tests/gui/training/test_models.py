"""Models that were trained and installed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from histoviewer.errors import ModelError
from histoviewer.gui.training.child import TrainingError
from histoviewer.gui.training.models import chosen_bundle, install_model, installed_models
from histoviewer.inference.model_card import read_card
from histoviewer.resources import default_bundle
from tests.helpers.changed_bundle import changed_bundle

pytestmark = pytest.mark.usefixtures("data_folder")


def test_an_installed_model_is_a_copy_and_is_there_once(tiny_bundle: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(tiny_bundle, bundle)
    card = install_model(bundle)
    assert install_model(bundle).folder == card.folder
    shutil.rmtree(bundle)
    assert [one.folder for one in installed_models()] == [card.folder]
    assert installed_models()[0] == card


def test_one_with_the_same_networks_and_another_card_takes_its_place(
    tiny_bundle: Path, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(tiny_bundle, bundle)
    before = install_model(bundle)
    replace(before, limits="seen with other eyes").save(bundle)
    (bundle / "similar.npz").write_bytes(b"new")
    after = install_model(bundle)
    assert (after.folder, after.limits) == (before.folder, "seen with other eyes")
    assert (after.folder / "similar.npz").exists()
    assert [path.name for path in after.folder.parent.iterdir()] == [after.folder.name]


@pytest.mark.parametrize("name", ["card.json", "network"])
def test_one_that_is_damaged_where_it_is_installed_is_made_whole(tiny_bundle: Path, name: str) -> None:
    installed = install_model(tiny_bundle).folder
    damaged = installed / name if name == "card.json" else next(installed.glob("*.bin"))
    whole = damaged.read_bytes()
    damaged.write_bytes(b"{ damaged")
    assert install_model(tiny_bundle).folder == installed
    assert damaged.read_bytes() == whole


def test_where_it_cannot_be_replaced_the_older_one_stays(
    tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = install_model(tiny_bundle).folder
    changed = changed_bundle(tiny_bundle, tmp_path / "changed", limits="others")
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == "bundle":
            raise PermissionError(13, "in use")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(TrainingError, match="in use"):
        install_model(changed)
    assert read_card(installed).sha256 == read_card(tiny_bundle).sha256


def test_a_damaged_one_is_not_installed(tiny_bundle: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(tiny_bundle, bundle)
    next(bundle.glob("*.bin")).write_bytes(b"")
    with pytest.raises(ModelError):
        install_model(bundle)
    assert installed_models() == []


def test_the_chosen_one_is_used_unless_another_is_given(tiny_bundle: Path, tmp_path: Path) -> None:
    chosen = str(install_model(tiny_bundle).folder)
    assert chosen_bundle(default_bundle(), chosen) == (Path(chosen), "")
    assert chosen_bundle(default_bundle(), "") == (default_bundle(), "")
    assert chosen_bundle(tmp_path, chosen) == (tmp_path, "")


def test_one_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    bundle, why = chosen_bundle(default_bundle(), str(tmp_path / "gone"))
    assert bundle == default_bundle()
    assert "gone" in why

import numpy as np

from model_training.patches import PatchFacts
from model_training.provenance import Origin, sentences

PUBLIC = ("10253/0/10253_idx5_x1351_y1101_class0.png", "10254/1/10254_idx5_x1_y1_class1.png")
OWN = ("a.svs#xywh=0,0,800,800", "a.svs#xywh=800,0,800,800", "10253_idx5_x1_y1_class0.tif#xywh=0,0,8,8")


def said(files: tuple[str, ...], origin: Origin) -> dict[str, str]:
    count = len(files)
    facts = PatchFacts(
        files=files,
        patients=np.array([file[:5] for file in files]),
        truth=np.arange(count, dtype=np.int8) % 2,
        x=np.zeros(count, np.int32),
        y=np.zeros(count, np.int32),
    )
    return sentences(facts, origin, input_size=50, mpp=4.0)


def test_own_slides_are_not_said_to_be_the_public_data_set() -> None:
    card = said(OWN, Origin(sources=("a.svs", "reviewed.histo"), reviewed=frozenset(OWN)))
    assert card["data"] == (
        "own data: 2 patients, 3 patches, 1 of them malignant, 50 x 50 px at about 4 µm/px. "
        "Truth from reviews (3). Read from: a.svs, reviewed.histo."
    )
    everything = " ".join(card.values())
    for word in ("Histopathology Images", "Cruz-Roa", "Janowczyk", "case numbers", "ductal"):
        assert word not in everything
    assert "Simonyan" in card["attribution"]


def test_the_public_data_set_is_known_by_its_file_names_and_counted() -> None:
    card = said(PUBLIC, Origin(sources=("IDC",), reviewed=frozenset(PUBLIC[:1])))
    assert card["data"].startswith("Breast Histopathology Images: 2 patients, 2 patches, 1 of them malignant")
    assert "Truth from names and folders (1) and from reviews (1). Read from: IDC." in card["data"]
    assert "Cruz-Roa" in card["attribution"]
    assert "2 patients, 2 patches" in card["limits"]
    assert "case numbers" in card["limits"]
    assert "marks 200 µm squares that look like invasive ductal carcinoma" in card["intended_use"]


def test_of_mixed_data_both_are_named() -> None:
    card = said(PUBLIC + OWN, Origin())
    assert card["data"].startswith("own data and Breast Histopathology Images (2 patches): 3 patients")
    assert "Cruz-Roa" in card["attribution"]


def test_what_a_person_says_of_the_data_stands_before_the_counts() -> None:
    card = said(OWN, Origin(description="Slides of the Institute of X, 2021."))
    assert card["data"].startswith("Slides of the Institute of X, 2021: 2 patients, 3 patches")
    assert "Cruz-Roa" not in card["attribution"]
    again = said(OWN, Origin(description="cut anew from breast histopathology images"))
    assert "Cruz-Roa" in again["attribution"]


def test_of_many_sources_some_are_named() -> None:
    card = said(OWN, Origin(sources=tuple(f"{i}.svs" for i in range(12))))
    assert card["data"].endswith("8.svs, 9.svs and 2 more.")

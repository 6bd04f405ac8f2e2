"""What experiments read: relative paths go below the folder of data, and each missing thing is named."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from convergence import needs
from convergence.errors import UserError
from convergence.needs import Need

ROOT = Path("/data")


def part(**fields: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"input_path": "", "tfds_name": "", "tfds_data_dir": ""} | fields)


def config(train: SimpleNamespace, valid: SimpleNamespace, **task: Any) -> SimpleNamespace:
    return SimpleNamespace(task=SimpleNamespace(train_data=train, validation_data=valid, **task))


def places(made: SimpleNamespace, root: Path = ROOT) -> list[tuple[str, str]]:
    needs.place(made, root)
    return list(dict.fromkeys(needs._all(made)))


def test_everything_relative_goes_below_the_folder_of_data() -> None:
    made = config(
        part(input_path="imagenet/train*"),
        part(input_path="imagenet/valid*", vocab_file="vocab.txt"),
        init_checkpoint="checkpoints/a/ckpt-1",
        annotation_file="coco/instances.json",
        quantization=SimpleNamespace(pretrained_original_checkpoint="checkpoints/b"),
    )
    assert places(made) == [
        ("data", "/data/imagenet/train*"),
        ("data", "/data/imagenet/valid*"),
        ("file", "/data/vocab.txt"),
        ("checkpoint", "/data/checkpoints/a/ckpt-1"),
        ("checkpoint", "/data/checkpoints/b"),
        ("file", "/data/coco/instances.json"),
    ]


@pytest.mark.parametrize("path", ["/elsewhere/train*", "gs://bucket/train*"])
def test_what_says_itself_where_it_is_stays_there(path: str) -> None:
    assert places(config(part(input_path=path), part())) == [("data", path)]


def test_a_data_set_of_tfds_is_below_the_data_unless_it_has_a_folder() -> None:
    made = config(part(tfds_name="cityscapes/a"), part(tfds_name="cifar10", tfds_data_dir="gs://b"))
    assert places(made) == [
        ("TFDS data set", "/data/tfds/cityscapes/a"),
        ("TFDS data set", "gs://b/cifar10"),
    ]


def test_what_is_not_set_is_not_needed() -> None:
    made = config(part(), part(input_path=None), init_checkpoint=None, quantization=None)
    assert places(made) == []


def test_each_missing_thing_is_named_once() -> None:
    found = [
        Need("data", "/data/a*", there=False),
        Need("file", "/data/b", there=True),
        Need("checkpoint", "/data/c", there=False),
        Need("data", "/data/a*", there=False),
    ]
    with pytest.raises(UserError) as refused:
        needs.require(found, "pruning/tiny")
    assert str(refused.value) == (
        "error[missing-data]: no data /data/a*, no checkpoint /data/c; pruning/tiny; "
        "put it there, or name the folder of the data with --data"
    )


def test_what_is_all_there_is_not_refused() -> None:
    needs.require([Need("data", "/data/a*", there=True)], "pruning/tiny")


@pytest.mark.training
@pytest.mark.parametrize(
    ("kind", "path", "there"),
    [
        ("data", "a/train*", True),
        ("data", "a/valid*", False),
        ("file", "a/train-1", True),
        ("checkpoint", "a/ckpt-1", True),
        ("checkpoint", "a/ckpt", False),
        ("checkpoint", "a", True),
        ("checkpoint", "b", False),
        ("TFDS data set", "b", True),
        ("data", "nosuch://x/y", False),
    ],
)
def test_what_is_there_is_seen(tmp_path: Path, kind: str, path: str, there: bool) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for name in ("train-1", "ckpt-1.index", "ckpt-1.data-00000-of-00001"):
        (tmp_path / "a" / name).touch()
    assert needs._is_there(kind, path if "://" in path else str(tmp_path / path)) is there

"""The data that smoke recipes train on, made on this machine from what an installed package ships."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from convergence.errors import UserError

DIGITS_SIZE = 32
DIGITS_TEST = 500
DIGITS_SPLIT_SEED = 0
DIGITS_MADE_AS = f"size {DIGITS_SIZE}, test {DIGITS_TEST}, split {DIGITS_SPLIT_SEED}, format 1"
MADE_AS = "made-as.txt"

Array = npt.NDArray[np.uint8]


def prepare(name: str, root: Path) -> None:
    """Makes the data set called `name` under `root` unless it is there; an empty name needs nothing.

    Raises:
      UserError: unknown-data.
    """
    if name and name not in MAKERS:
        raise UserError(
            "unknown-data", f'no data set "{name}" is made here', hint=f"known: {', '.join(MAKERS)}"
        )
    if name:
        MAKERS[name](root)


def prepare_digits(root: Path) -> Path:
    """Writes scikit-learn's handwritten digits as TFRecords, once, and returns their folder.

    1,797 grey 8×8 images (UCI Optical Recognition of Handwritten Digits) become 32×32 RGB PNGs in
    `digits/train.tfrecord` (1,297) and `digits/test.tfrecord` (500), split once and for all.

    Args:
      root: folder of data sets; `root/digits` is written atomically.

    Raises:
      UserError: stale-data.
    """
    folder = root / "digits"
    if folder.is_dir():
        _check_made_as_now(folder)
        return folder
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root) as scratch:
        images, labels = _load_digits()
        order = np.random.default_rng(DIGITS_SPLIT_SEED).permutation(len(labels))
        for split, chosen in {"train": order[DIGITS_TEST:], "test": order[:DIGITS_TEST]}.items():
            _write_records(Path(scratch) / "digits" / f"{split}.tfrecord", images[chosen], labels[chosen])
        (Path(scratch) / "digits" / MADE_AS).write_text(DIGITS_MADE_AS, encoding="utf-8")
        _publish(Path(scratch) / "digits", folder)
    return folder


def _check_made_as_now(folder: Path) -> None:
    mark = folder / MADE_AS
    if not mark.exists() or mark.read_text(encoding="utf-8") != DIGITS_MADE_AS:
        hint = "delete the folder to have it made anew"
        raise UserError("stale-data", "the digits there were made otherwise", where=str(folder), hint=hint)


def _load_digits() -> tuple[Array, Array]:
    """Images (1797, 32, 32, 3) and labels (1797,), both uint8."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    grey = np.round(digits.images * 255.0 / 16.0).astype(np.uint8)
    factor = DIGITS_SIZE // grey.shape[1]
    large = grey.repeat(factor, axis=1).repeat(factor, axis=2)
    return np.stack([large] * 3, axis=-1), digits.target.astype(np.uint8)


def _write_records(path: Path, images: Array, labels: Array) -> None:
    import tensorflow as tf

    path.parent.mkdir(parents=True, exist_ok=True)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for image, label in zip(images, labels, strict=True):
            encoded = tf.io.encode_png(image).numpy()
            features = {
                "image/encoded": tf.train.Feature(bytes_list=tf.train.BytesList(value=[encoded])),
                "image/class/label": tf.train.Feature(int64_list=tf.train.Int64List(value=[int(label)])),
            }
            example = tf.train.Example(features=tf.train.Features(feature=features))
            writer.write(example.SerializeToString(deterministic=True))


def _publish(made: Path, folder: Path) -> None:
    """Renames the finished folder into place; another process may have been first."""
    try:
        made.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


MAKERS = {"digits": prepare_digits}

"""What a stage leaves is what the next begins with, or is refused as another model's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convergence.errors import UserError

pytestmark = pytest.mark.training

tf_keras = pytest.importorskip("tf_keras")


def model(units: int = 3, name: str = "head") -> Any:
    inputs = tf_keras.Input((4,))
    hidden = tf_keras.layers.ReLU(name="relu")(tf_keras.layers.Dense(5, name="hidden")(inputs))
    return tf_keras.Model(inputs, tf_keras.layers.Dense(units, name=name)(hidden), name="network")


def test_weights_come_back(tmp_path: Path) -> None:
    from convergence import stages

    left, begun = model(), model()
    assert not stages.kept(str(tmp_path))
    stages.keep(left, tmp_path)
    assert stages.kept(str(tmp_path))
    stages.restore(begun, str(tmp_path))
    for one, other in zip(left.get_weights(), begun.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("other", [{"units": 4}, {"name": "classifier"}])
def test_another_models_weights_are_refused(tmp_path: Path, other: dict[str, Any]) -> None:
    from convergence import stages

    stages.keep(model(), tmp_path)
    with pytest.raises(UserError, match=r"other-checkpoint.*another model's.*for network; start from"):
        stages.restore(model(**other), str(tmp_path))


def test_no_folder_has_nothing() -> None:
    from convergence import stages

    assert not stages.kept("")

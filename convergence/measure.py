"""What a deployed model is worth: accuracy, size and weights, measured on its TFLite file itself."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

Images = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]
Batches = Sequence[tuple[Images, Labels]]

BUILT_IN = re.compile(r"[A-Z0-9_]+")
CALIBRATION_IMAGES = 100
KERNEL_INPUT = 1  # position of the weights among an operator's inputs
WEIGHTED_OPERATORS = ("CONV_2D", "FULLY_CONNECTED", "DEPTHWISE_CONV_2D")


def convert(model: Any, conversion: str, calibration: Sequence[Images] | None) -> bytes:
    """The TFLite file of a model.

    Args:
      model: a functional model with one input.
      conversion: `float`, `dynamic`, `float16` or `int8`.
      calibration: batches of images, (n, height, width, channels), by which `int8` ranges activations; None
        where the model was trained with fake quantization, so that what lacks it stays visible as floats.
    """
    shape = (1, *model.inputs[0].shape[1:])
    function = tf.function(lambda images: model(images, training=False))
    concrete = function.get_concrete_function(tf.TensorSpec(shape, tf.float32))
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], model)
    # Going through a SavedModel gives the same file ten times slower.
    converter.experimental_lower_to_saved_model = False
    if conversion != "float":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if conversion == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if conversion == "int8" and calibration is not None:
        images = np.concatenate(calibration)[:CALIBRATION_IMAGES]
        converter.representative_dataset = lambda: ([image[np.newaxis]] for image in images)
    return bytes(converter.convert())


def opened(tflite: bytes) -> Any:
    """An interpreter of a file that anybody may have made; nothing of it has run yet.

    Raises:
      ValueError: an operator that is not TFLite's own; TensorFlow's, which TFLite runs as well, write files.
    """
    interpreter = tf.lite.Interpreter(model_content=tflite, num_threads=1)
    for op in interpreter._get_ops_details():
        if not BUILT_IN.fullmatch(op["op_name"]):
            raise ValueError(f"{op['op_name'][:60]!r} is no operator of TFLite's own")
    return interpreter


def accuracy(tflite: bytes, batches: Batches) -> float:
    """Fraction of images whose largest logit is their label's, over all batches."""
    interpreter = opened(tflite)
    right = total = 0
    for images, labels in batches:
        right += int(np.sum(_logits(interpreter, images).argmax(axis=1) == labels))
        total += len(labels)
    return right / total


def sizes(tflite: bytes) -> dict[str, float]:
    """`bytes` of the file, and `zip_bytes` of the file in a deflated zip archive, as the guides measure."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("model.tflite"), tflite, compress_type=zipfile.ZIP_DEFLATED)
    return {"bytes": float(len(tflite)), "zip_bytes": float(buffer.tell())}


def kernels(tflite: bytes) -> dict[str, npt.NDArray[Any]]:
    """The constant weights of every weighted operator, by `index operator`, output channels first or last
    as TFLite stores them; in a float16 file, where they are widened before use, as they are stored."""
    interpreter = opened(tflite)
    interpreter.allocate_tensors()
    operators = interpreter._get_ops_details()
    widened = {op["outputs"][0]: op["inputs"][0] for op in operators if op["op_name"] == "DEQUANTIZE"}
    found = {}
    for op in operators:
        if op["op_name"] in WEIGHTED_OPERATORS:
            index = op["inputs"][KERNEL_INPUT]
            kernel = interpreter.get_tensor(widened.get(index, index))
            found[f"{op['index']:03d} {op['op_name']}"] = kernel
    return found


def integer_operators(tflite: bytes) -> float:
    """Fraction of the weighted operators that compute with 8-bit integers: input and weights."""
    interpreter = opened(tflite)
    interpreter.allocate_tensors()
    types = {tensor["index"]: tensor["dtype"] for tensor in interpreter.get_tensor_details()}
    weighted = [op for op in interpreter._get_ops_details() if op["op_name"] in WEIGHTED_OPERATORS]
    return float(
        np.mean([all(types[i] == np.int8 for i in op["inputs"][: KERNEL_INPUT + 1]) for op in weighted])
    )


def activation_scales(tflite: bytes) -> list[float]:
    """The quantization scale of each 8-bit tensor that an operator computes."""
    interpreter = opened(tflite)
    interpreter.allocate_tensors()
    computed = {index for op in interpreter._get_ops_details() for index in op["outputs"]}
    tensors = [one for one in interpreter.get_tensor_details() if one["index"] in computed]
    return [float(one["quantization"][0]) for one in tensors if one["dtype"] == np.int8]


def weights(tflite: bytes) -> dict[str, dict[str, float]]:
    """`sparsity` (fraction of zeros) and `unique_weights` of each weighted operator's constants."""
    return {
        name: {"sparsity": float(np.mean(kernel == 0)), "unique_weights": float(np.unique(kernel).size)}
        for name, kernel in kernels(tflite).items()
    }


def _logits(interpreter: Any, images: Images) -> npt.NDArray[np.float32]:
    source = interpreter.get_input_details()[0]
    if tuple(source["shape"]) != images.shape:
        interpreter.resize_tensor_input(source["index"], images.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(source["index"], images)
    interpreter.invoke()
    return np.asarray(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))

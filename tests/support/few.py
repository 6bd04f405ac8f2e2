"""A few of our recipes by name: what is said of these does not change when another technique comes."""

from __future__ import annotations

from convergence import claims

EVERYTHING = claims.load()
SMOKE = {
    name: EVERYTHING[name]
    for name in (
        "uncompressed/mobilenetv2-digits",
        "pruning/mobilenetv2-digits-50",
        "quantization/mobilenetv2-digits-int8",
    )
}
FULL = {
    name: EVERYTHING[name]
    for name in ("uncompressed/mobilenetv2-imagenet", "pruning/mobilenetv2-imagenet-50")
}
RECIPES = SMOKE | FULL

"""The policy: our own is sound, and every mistake is named with its file, its key, and what would work."""

from __future__ import annotations

from pathlib import Path

import pytest

from convergence import claims
from convergence.errors import UserError
from release_tools import config
from release_tools.model import Role
from release_tools.policy import Budgets, Policy, Roles, Technique

RECIPES = claims.load()
KNOWN = ", ".join(sorted({recipe.technique for recipe in RECIPES.values() if recipe.claims}))
OURS = Path(__file__).parents[2] / config.PATH


def read(text: str) -> Policy:
    return config.read(text, "policy.toml", RECIPES)


def test_ours_says_the_defaults() -> None:
    ours = config.read(OURS.read_text(encoding="utf-8"), OURS.name, RECIPES)
    assert ours == Policy(techniques={"pruning": Technique(), "quantization": Technique()})


def test_an_empty_file_is_the_defaults() -> None:
    assert read("") == Policy()


def test_what_is_written_is_read() -> None:
    text = """
        bots = ["some-bot"]
        [roles]
        mot = ["tensorflow/mot", "ada"]
        [techniques.pruning]
        owners = ["grace"]
        [budgets]
        per_request = 1
    """
    assert read(text) == Policy(
        roles=Roles(mot=("tensorflow/mot", "ada")),
        techniques={"pruning": Technique(owners=("grace",))},
        bots=("some-bot",),
        budgets=Budgets(per_request=1.0),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = [", "is not TOML: "),
        ("a = " + "[" * 5000, "is not TOML: "),
        ("[runners]\ngpu = []", "policy.toml: runners.gpu; write letters, digits, -, _ and ."),
        ("[runners]\nhosted = ['a b']", "['a b'] are no labels; policy.toml: runners.hosted"),
        ("[runners]\nimage = '-v/:/x'", '"-v/:/x" is no image; policy.toml: runners.image'),
        ("[storage]\ndata = 'data'", '"data" is no folder; policy.toml: storage.data'),
        ("[storage]\ncheckpoints = '/a b'", '"/a b" is no folder; policy.toml: storage.checkpoints'),
        ("[converge]\nlooks = [1, 51]", "51 runs are too many; policy.toml: converge.looks; at most 50 "),
        (
            'bots = ["Ada"]\n[roles]\nmot = ["ada"]',
            '"ada" is a bot, and nobody; policy.toml: roles.mot; name a person, or strike it from bots',
        ),
        (
            '[roles]\nofficial = ["renovate-bot", "ghost"]',
            '"ghost" is a bot, and nobody; policy.toml: roles.official',
        ),
        ("[budget]", "no such key; policy.toml: budget; did you mean budgets?"),
        (
            "[budgets]\nper_requst = 1",
            "no such key; policy.toml: budgets.per_requst; did you mean per_request?",
        ),
        (
            "[techniques.pruning]\nzz = 1",
            "no such key; policy.toml: techniques.pruning.zz; known: mot, official, owners, tiers, ",
        ),
        ('[budgets]\ntotal = "8"', "Input should be a valid number; policy.toml: budgets.total"),
        ("[budgets]\ntotal = nan", "policy.toml: budgets.total"),
        ("[budgets]\ntotal = true", "Input should be a valid number; policy.toml: budgets.total"),
        ("[budgets]\ntotal = -1", "is below 0; policy.toml: budgets.total; give GPU-hours, or 0"),
        ('roles = "ada"', "policy.toml: roles"),
        ('[roles]\nmot = "ada"', "Input should be a valid array; policy.toml: roles.mot"),
        (
            '[roles]\nmot = ["@ada"]',
            '"@ada" is no team and no login; policy.toml: roles.mot; write org/slug or a login, without @',
        ),
        ('[roles]\nofficial = ["a/b/c"]', '"a/b/c" is no team and no login; policy.toml: roles.official'),
        ('[techniques.pruning]\nowners = ["a b"]', "policy.toml: techniques.pruning.owners"),
        (
            '[repositories]\ntfmot = "tfmot"',
            '"tfmot" is no repository; policy.toml: repositories.tfmot; write owner/name',
        ),
        ('[repositories]\nmodels = ""', '"" is no repository; policy.toml: repositories.models'),
        ('[repositories]\nfork = "x"', '"x" is no repository; policy.toml: repositories.fork'),
        (
            '[roles]\nmot = ["ada"]\nofficial = ["Ada"]',
            '"Ada" has two roles, mot and official; policy.toml: roles; a person holds one role',
        ),
        (
            '[roles]\nmot = ["ada"]\n[techniques.pruning]\nowners = ["ada"]',
            '"ada" has two roles, mot and owner; policy.toml: techniques.pruning',
        ),
        (
            "[techniques.prunng]",
            'there is no "prunng"; policy.toml: techniques.prunng; did you mean pruning?',
        ),
        ("[techniques.zz]", f'there is no "zz"; policy.toml: techniques.zz; known: {KNOWN}'),
        (
            '[techniques.pruning]\ntiers = ["ful"]',
            'there is no "ful"; policy.toml: techniques.pruning.tiers; did you mean full?',
        ),
        (
            '[techniques.pruning]\nheadline = ["quantization/mobilenetv2-digits-int8/accuracy"]',
            "policy.toml: techniques.pruning.headline; ",
        ),
        (
            '[techniques.pruning]\nheadline = ["pruning/gnmt-en-de-80/bleu"]',
            "pruning/gnmt-en-de-80/bleu cannot be run: Official Models has no GNMT; "
            "policy.toml: techniques.pruning.headline; name one that can: pruning/mobilenetv2-digits-50/",
        ),
        (
            '[techniques.pruning]\nhome = "here"',
            'there is no "here"; policy.toml: techniques.pruning.home; known: official, fork',
        ),
        (
            '[techniques.pruning]\nhome = "fork"',
            "there is no fork; policy.toml: techniques.pruning.home; name it: repositories.fork",
        ),
        ('[converge]\ntier = "mist"', 'there is no "mist"; policy.toml: converge.tier; known: smoke, full'),
        ("[converge]\nlooks = [3, 1]", "[3, 1] are no looks; policy.toml: converge.looks; give rising"),
        ("[converge]\nlooks = []", "[] are no looks"),
        ("[converge]\nlooks = [0]", "[0] are no looks"),
        ("bots = 2026-01-01", "policy.toml: bots"),
        ("[labels]\nready = 2026-01-01", "Input should be a valid string; policy.toml: labels.ready"),
        (
            '[repositories]\nmodels = "TensorFlow/Model-Optimization"',
            '"TensorFlow/Model-Optimization" is there twice; policy.toml: repositories.models',
        ),
        ('[repositories]\nfork = "o/.."', '"o/.." is no repository; policy.toml: repositories.fork'),
        (
            '[storage]\nclaims = "/claims"',
            '"/claims" is no folder of a repository; policy.toml: storage.claims',
        ),
        ('[storage]\nclaims = "a/../.."', '"a/../.." is no folder of a repository'),
    ],
)
def test_what_is_wrong_is_named(text: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        read(text)
    assert refused.value.code == "policy"
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("login", "bot"),
    [("ada", False), ("x[bot]", True), ("X[BOT]", True), ("Copybara-Service", True), ("bot", False)],
)
def test_bots_are_told_by_name(login: str, bot: bool) -> None:
    assert Policy().is_bot(login) is bot


@pytest.mark.parametrize(
    ("role", "technique", "holders"),
    [
        (Role.MOT, "pruning", ("grace",)),
        (Role.MOT, "quantization", ("ada",)),
        (Role.OFFICIAL, "pruning", ("o/team",)),
        (Role.OWNER, "pruning", ()),
        (Role.OWNER, "quantization", ("owner",)),
    ],
)
def test_a_technique_may_have_reviewers_of_its_own(
    role: Role, technique: str, holders: tuple[str, ...]
) -> None:
    policy = Policy(
        roles=Roles(mot=("ada",), official=("o/team",)),
        techniques={"pruning": Technique(mot=("grace",)), "quantization": Technique(owners=("owner",))},
    )
    assert policy.holders(role, technique) == holders

"""Every sentence that is said of the seven steps: plain text, which is escaped where it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from release_tools.approvals.steps import Step
from release_tools.model import Role

SIDES = {Role.MOT: "MOT", Role.OFFICIAL: "Official Models", Role.OWNER: "the technique's owners"}
SHORT = 12

GONE = "the account is gone"
BOT = "no person, but a program"
AUTHOR = "the author of the pull request"
REHEARSAL = "smoke tier, which this policy lets stand for full: a rehearsal"


def two_roles(roles: Iterable[Role]) -> str:
    """Somebody in two roles, who speaks for neither."""
    return f"speaks for both {' and '.join(SIDES[one] for one in roles)}: a person holds one role a technique"


def other_role(roles: Sequence[Role], wanted: Role) -> str:
    """Somebody who speaks for others, or for nobody."""
    if roles:
        return f"speaks for {SIDES[roles[0]]}, not for {SIDES[wanted]}"
    return f"does not speak for {SIDES[wanted]}"


def hidden(teams: Iterable[str]) -> str:
    """Teams that cannot be read."""
    return f"{', '.join(teams)} cannot be read with this token, which needs members: read"


def turn(missing: Step) -> str:
    """Something that is right but comes too early."""
    return f"counts once step {missing.number} ({missing.value}) is done, not before"


def own_turn(missing: Step) -> str:
    """A step that waits for another."""
    return f"its turn comes after step {missing.number}, {missing.value}"


CLOSED = "the pull request is closed, and not on the default branch as far as is known: reopen it to go on"

# Step 1

HOME_OPEN = "Official Models has not decided yet whether the example lives there or in the fork"
HOME_WITHOUT_LINK = "the policy names a home without a link to the decision (rfc), which is needed"
HOME_NO_FORK = "decided for the fork, but the policy names no fork (repositories.fork)"
NO_REASON = "gives no reason"
OVERRULED = "the policy decides otherwise"
LATER = "decided anew later"
EDITED = "edited after it was written, so that it never counts"


def home(where: str, how: str) -> str:
    """The decision."""
    return f"{_HOMES[where]}, {how}"


def home_said(where: str, reason: str) -> str:
    """The decision in a comment, with its reason."""
    return f"{_HOMES[where]}: {reason}" if reason else _HOMES[where]


def elsewhere(where: str, expected: str, repository: str) -> str:
    """A pull request in the wrong repository."""
    return f"decided for {_HOMES[where]}, which is {expected}, but this pull request is in {repository}"


_HOMES = {"official": "Official Models", "fork": "the fork"}

# Step 2

NO_WHEEL = (
    "the text of the pull request names no wheel built from source: its file name and sha256, as build prints"
)
NO_CLAIMS = "the text states no claimed numbers: a block fenced as toml claims, with the technique's name"


def claimed(wheel: str, digest: str, numbers: int) -> str:
    """What the contributor says."""
    stated = f"{numbers} claimed number{'s' * (numbers != 1)}"
    return f"says {stated}, with {wheel} ({digest[:SHORT]}…) built from source"


def unreadable_claims(reason: str) -> str:
    """A block of claims that cannot be read."""
    return f"the claimed numbers cannot be read: {reason}"


# Step 3

STANDARDS_MISSING = "the example's standards have not been checked on this commit yet (check-example)"
STANDARDS_RUNNING = "the example's standards are being checked on this commit"


def standards(title: str) -> str:
    """A check that is green."""
    return title or "the example's standards are met"


def not_standards(title: str) -> str:
    """A check that is not."""
    return f"the example does not meet the standards yet: {title or 'see the check'}"


# Step 4


def no_headline(technique: str, tier: str) -> str:
    """Nothing that could be reproduced."""
    return f"{technique} has no accepted headline claim at tier {tier}, so that nothing can prove it"


def no_record(tier: str) -> str:
    """Nobody has asked, or it is not finished."""
    return (
        f"the headline claims are not reproduced at tier {tier} on this commit yet: a maintainer asks for it"
    )


STALE_RECORD = "the example has changed since the numbers were reproduced: a maintainer asks for it again"
UNTOLD_RECORD = (
    "a record says NOT_REPRODUCED for a commit that is gone: whether the example is this one cannot be told"
)
UNDATED_RECORD = "GitHub does not tell when the run ended that reproduced the numbers"
EARLY = "counts when its turn comes, not before"
NO_MOT = "the numbers are reproduced; MOT has not approved this commit since"
NO_OFFICIAL = "MOT has approved; Official Models has not said yet that it may depend on a release with this"
STALE_APPROVAL = "a push has changed the pull request since it was approved"
BEFORE_RECORD = "given before the numbers were reproduced: it does not count, approve again"
COMMIT_GONE = "of a commit that no longer exists"
UNCOMPARED = "whether the pull request has changed since cannot be told"
CHANGED = "the pull request has changed since"
DISMISSED = "dismissed"
SAME_DIFF = "carried over: the diff is the same"
SAME_BUT_MINIMUM = "carried over: the diff is the same apart from the minimum version"
SAME_EXAMPLE = "carried over: content of TFMOT and the example's files are the same"
NOT_WHOLE = "names a commit by fewer than 40 digits, which somebody could imitate"
NO_COMMIT = "names no commit"
NOT_A_LINK = "links to no comment of this pull request"
COMMENT_GONE = "the comment it links to is gone"
COMMENT_EDITED = "the comment it links to was edited, so that it never counts"
NOT_PUSHED = "which commit was the head when that comment was written cannot be told"


def reproduced(claims: int, digest: str, tier: str) -> str:
    """What the record says."""
    rehearsal = f" ({REHEARSAL})" if tier == "smoke" else ""
    what = f"{claims} headline claim{'s' * (claims != 1)} at tier {tier}"
    return f"REPRODUCED: {what} on content {digest[:SHORT]}{rehearsal}"


def partly(done: int, claims: int, tier: str) -> str:
    """A record that decides not everything."""
    return f"{done} of {claims} headline claims at tier {tier} reproduced on this content so far"


def not_reproduced(claim: str, digest: str, attempts: int) -> str:
    """A verdict that stands."""
    times = f", asked {attempts} times" if attempts > 1 else ""
    return (
        f"NOT_REPRODUCED: {claim} on content {digest[:SHORT]}{times}; "
        "it stands until TFMOT's content or the example changes"
    )


def approved(side: Role) -> str:
    """A review."""
    return f"approved for {SIDES[side]}"


def asks_for_changes(side: Role, login: str) -> str:
    """A review that stops the step."""
    return f"{login} asks for changes for {SIDES[side]}"


def perhaps_asks_for_changes(login: str, why: str) -> str:
    """A review of somebody whose role cannot be told."""
    return f"{login} asks for changes, and it cannot be told for whom: {why}"


APPROVAL = "an approval"
VERBAL = "okay to depend on a release with this"


def recorded(login: str) -> str:
    """An approval that somebody else recorded."""
    return f"{VERBAL}, recorded by {login}"


def but(what: str, *reasons: str) -> str:
    """Something with what is to be said of it."""
    return "; ".join([what, *(one for one in reasons if one)])


# Step 5

NOT_RELEASED = "no stable release on the index has the content that was reproduced"


def released(version: str, digest: str) -> str:
    """The release."""
    return (
        f"{version} is on the index, its content {digest[:SHORT]} as reproduced, with the technique's names"
    )


def yanked(version: str) -> str:
    """A release that was taken back."""
    return f"{version} has the content, but is yanked"


def other_content(version: str) -> str:
    """A release of something else."""
    return f"{version} has other content than what was reproduced"


def missing(version: str, names: Sequence[str]) -> str:
    """A release without the technique."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{version} lacks {', '.join(names[:3])}{more}"


# Step 6


def not_bumped(line: str) -> str:
    """A minimum that is too low."""
    return f"the minimum is not the release yet: {line}"


def no_final(side: Role) -> str:
    """A review that is missing."""
    return f"the minimum is bumped; the final approval, a review of this commit by {SIDES[side]}, is missing"


NOT_FINAL = "of a commit before the minimum was bumped: the final approval is of the bumped one"

# Step 7

NOT_LANDED = "not on the default branch yet"


MERGED = "merged"
COPYBARA = "landed through copybara, as its mark in the log says"
MERGE_COMMIT = "landed as a merge commit, as the log says"
FILES_UNKNOWN = "the files of the default branch cannot all be read"


def same_files(branch: str) -> str:
    """Content that is there, however it came."""
    return f"landed: its files are on {branch} as they are on the head"


def other_landed(sha: str) -> str:
    """Another state of the pull request than the head."""
    return f"the log says that {sha[:SHORT]} of this pull request landed, which is not its head"


def not_installed(line: str) -> str:
    """A release that pip does not install, or that does not do."""
    return f"landed, but not usable at the declared minimum: {line}"


def out_of_order(step: Step) -> str:
    """What must not happen."""
    return f"merged out of order: step {step.number}, {step.value}, was not done"


def untold(reason: str) -> str:
    """Something that is not known, and so not done."""
    return f"cannot be told: {reason}"


# What is read elsewhere

ANY = "any version"
MOVED = "somebody pushed meanwhile"


def no_names(technique: str) -> str:
    """A technique that we have no file on."""
    return f"no file in convergence/techniques says which names of TFMOT {technique} has"


def not_to_be_had(version: str) -> str:
    """A version that pip does not install."""
    return f"pip does not install {version} from the index"


def usable(version: str, names: int) -> str:
    """A version with all that is used; read, not run."""
    return (
        f"pip installs {version}, which has all {names} names of TFMOT that the example uses (read, not run)"
    )

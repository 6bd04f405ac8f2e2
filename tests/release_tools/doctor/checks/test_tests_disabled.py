from __future__ import annotations

import patient
import pytest
from patient import BUILD, TEST, Patch, gone, replaced

from release_tools.doctor.checks import tests_disabled

OFF = "a test is switched off since 1.2.2:"
COMMENTED = "code of a test is commented out since 1.2.2:"
PRUNES = "  def testPrunes(self):\n    self.assertTrue(self.MODELS)\n"


def test_nothing_was_switched_off() -> None:
    assert patient.said(tests_disabled, patient.subject()) == []
    assert patient.noted(tests_disabled, patient.subject()) == []


@pytest.mark.parametrize(
    ("path", "patch", "expected"),
    [
        (
            TEST,
            replaced("  def testPrunes", "  @unittest.skip('broken')\n  def testPrunes"),
            (f"{OFF} PruneTest.testPrunes is under @unittest.skip", f"{TEST}:12"),
        ),
        (
            TEST,
            replaced("class PruneTest", "@unittest.skipIf(True, 'x')\nclass PruneTest"),
            (f"{OFF} PruneTest is under @unittest.skipIf", f"{TEST}:5"),
        ),
        (
            TEST,
            replaced("    self.assertTrue(True)", "    self.skipTest('later')\n    self.assertTrue(True)"),
            (f"{OFF} PruneTest.testKeepsShape is under self.skipTest", f"{TEST}:14"),
        ),
        (TEST, lambda text: text + "\n  del testPrunes\n", (f"{OFF} del testPrunes", f"{TEST}:17")),
        (
            TEST,
            replaced("      'ResNet50',", "      # 'ResNet50',"),
            (f"{COMMENTED} 'ResNet50',", f"{TEST}:8"),
        ),
        (
            BUILD,
            replaced('    name = "prune_test",\n', '    name = "prune_test",\n    tags = ["manual"],\n'),
            (f'{OFF} prune_test has the tag "manual"', f"{BUILD}:15"),
        ),
        (
            BUILD,
            replaced('py_test(\n    name = "prune_test",', 'py_library(\n    name = "prune_test",'),
            ("no target runs prune_test any more, which 1.2.2 ran", BUILD),
        ),
    ],
)
def test_a_test_is_switched_off(path: str, patch: Patch, expected: tuple[str, str]) -> None:
    assert patient.said(tests_disabled, patient.subject({path: patch})) == [("blocker", *expected)]
    # The twin: it was so before already.
    assert patient.said(tests_disabled, patient.subject({path: patch}, before={path: patch})) == []


def test_what_was_off_before_and_is_on_again_is_fine() -> None:
    skipped = {TEST: replaced("  def testPrunes", "  @unittest.skip('broken')\n  def testPrunes")}
    commented = {TEST: replaced("      'ResNet50',", "      # 'ResNet50',")}
    assert patient.said(tests_disabled, patient.subject(before=skipped)) == []
    assert patient.said(tests_disabled, patient.subject(before=commented)) == []


def test_what_was_a_comment_before_is_none_that_is_new() -> None:
    comment = "  # def testOld(self):\n  #   pass\n"
    before = {TEST: lambda text: text + comment}
    now = {TEST: lambda text: text + "\n  # Another comment.\n" + comment}
    assert patient.said(tests_disabled, patient.subject(now, before=before)) == []


def test_a_whole_test_commented_out() -> None:
    commented = "".join(f"  # {line[2:]}\n" for line in PRUNES.splitlines())
    found = patient.said(tests_disabled, patient.subject({TEST: replaced(PRUNES, commented)}))
    assert found == [
        ("blocker", f"{COMMENTED} def testPrunes(self): and 1 below", f"{TEST}:11"),
        ("warning", "the test PruneTest.testPrunes of 1.2.2 is gone", f"{TEST}:11"),
    ]


def test_a_test_that_is_gone_and_one_that_moved() -> None:
    assert patient.said(tests_disabled, patient.subject({TEST: replaced(PRUNES, "")})) == [
        ("warning", "the test PruneTest.testPrunes of 1.2.2 is gone", f"{TEST}:11")
    ]
    moved = {TEST: gone, f"{patient.CORE}/api/prune_test.py": patient.written(patient.TESTS)}
    assert patient.said(tests_disabled, patient.subject(moved)) == []


def test_a_new_test_that_never_ran() -> None:
    new = "\n  @unittest.skip('later')\n  def testNew(self):\n    pass\n"
    found = patient.said(tests_disabled, patient.subject({TEST: lambda text: text + new}))
    what = "a new test is switched off from its beginning: PruneTest.testNew is under @unittest.skip"
    assert found == [("warning", what, f"{TEST}:18")]


def test_a_new_todo_is_noted_wherever_it_moves_afterwards() -> None:
    todo = "    # TODO(tfmot): mend this.\n"
    here = {TEST: replaced("    self.assertTrue(True)\n", f"{todo}    self.assertTrue(True)\n")}
    below = {TEST: lambda text: text + "\n" + todo}
    assert patient.noted(tests_disabled, patient.subject(here)) == [
        "a TODO beside tests is new since 1.2.2: TODO(tfmot): mend this."
    ]
    assert patient.noted(tests_disabled, patient.subject(below, before=here)) == []


@pytest.mark.parametrize("text", ["#", "  # a comment in words", "  # }", "  x = 'a # TODO'.strip('#')"])
def test_what_is_no_code_that_was_there(text: str) -> None:
    subject = patient.subject({TEST: lambda before: f"{before}{text}\n"})
    assert patient.said(tests_disabled, subject) == []

"""Where links lead once GitHub's stand-in is gone."""

from __future__ import annotations

import pytest
from rehearsed import Rehearsed

from release_tools.rehearsal import drawing
from release_tools.rehearsal.page.links import Links, identity
from release_tools.sandbox.people import Site

BASE = "https://github.com/tensorflow"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        (f"{BASE}/models/pull/1", "#pull-tensorflow-models-1"),
        (f"{BASE}/models/pull/1/", "#pull-tensorflow-models-1"),
        (f"{BASE}/model-optimization/releases/tag/v0.8.2", "#release-tensorflow-model-optimization-v0-8-2"),
        (f"{BASE}/models/pull/9", None),
        (f"{BASE}/models/actions/runs/7", None),
        (f"{BASE}/models-of-others/pull/1", f"{BASE}/models-of-others/pull/1"),
        ("https://www.tensorflow.org/x?y#z", "https://www.tensorflow.org/x?y#z"),
        ("http://127.0.0.1:8080/simple/", None),
        ("http://localhost/x", None),
        ("http://[::1]:1/x", None),
        ("http://[broken", None),
        ("javascript:alert(1)", None),
        ("mailto:a@b.c", None),
        ("https:///nowhere", None),
        ("/relative", None),
        ("#main", None),
        ("", None),
    ],
)
def test_an_address_leads_to_its_place_to_the_web_or_nowhere(
    played: Rehearsed, address: str, place: str | None
) -> None:
    assert Links(drawing.draw(played.world)).resolve(address) == place


def test_comments_reviews_and_checks_have_their_places(played: Rehearsed) -> None:
    drawn = drawing.draw(played.world)
    links = Links(drawn)
    pull = drawn.pulls[0]
    for moment in pull.timeline:
        assert links.place(moment.url) == moment.url.rpartition("#")[2]
    for check in pull.checks:
        assert links.resolve(check.url) == f"#check-{check.url.rpartition('/')[2]}"
    places = [links.place(one.url) for one in (*pull.timeline, *pull.checks) if one.url]
    assert len(set(places)) == len(places) == 7


def test_a_stand_in_on_loopback_is_where_its_own_links_led(played: Rehearsed) -> None:
    played.world.move(Site("http://127.0.0.1:5/api", "http://127.0.0.1:5", "http://127.0.0.1:5/up"))
    links = Links(drawing.draw(played.world))
    assert links.resolve("http://127.0.0.1:5/tensorflow/models/pull/2") == "#pull-tensorflow-models-2"
    assert links.resolve("http://127.0.0.1:5/tensorflow/models/pull/3") is None


def test_a_pull_request_that_is_not_shown_has_no_place(played: Rehearsed) -> None:
    links = Links(drawing.draw(played.world, ["tensorflow/models"]))
    assert links.pull("tensorflow/models", 1) == "pull-tensorflow-models-1"
    assert links.pull("tensorflow/models", 3) == ""


def test_an_id_is_made_of_letters_digits_and_hyphens() -> None:
    assert identity("pull", "Tensor_Flow/models.x", 3) == "pull-tensor-flow-models-x-3"

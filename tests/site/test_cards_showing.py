"""What of a card's HTML a page shows, whoever wrote it."""

from __future__ import annotations

import pytest

from bedside.site.cards.showing import gist_of, shown

PICTURE = f"/cards/media/{'a' * 64}.png"


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        '<img src="https://elsewhere.example/x.png">',
        '<img src="//elsewhere.example/x.png">',
        '<img src="/logout">',
        f'<img src="{PICTURE}/../../../logout">',
        '<a href="javascript:alert(1)">x</a>',
        "<style>body{display:none}</style>",
        '<p style="position:fixed">x</p>',
        '<form action="/study/grade"><button>x</button></form>',
        '<iframe src="/me"></iframe>',
        '<svg><image href="https://elsewhere.example/x"></image><foreignObject><b onclick="x">x</b></foreignObject></svg>',
        '<svg><use href="#x"></use><animate attributeName="href"></animate></svg>',
        '<input name="csrfmiddlewaretoken"><p id="left" class="flashcard">x</p>',
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    ],
)
def test_nothing_runs_leaves_the_site_or_poses_as_the_page(harm: str) -> None:
    text = str(shown(f"<p>before</p>{harm}"))
    for part in (
        "script",
        "onerror",
        "onclick",
        "elsewhere",
        "href=",
        "/logout",
        "style",
        "form",
        "iframe",
        "input",
        "id=",
        "flash",
    ):
        assert part not in text.replace("&lt;", ""), text
    assert "<p>before</p>" in text


@pytest.mark.parametrize(
    "good",
    [
        "<p>a <b>b</b> <i>c</i> <sub>2</sub></p>",
        '<p><span class="cloze">[…]</span></p><hr class="answer">',
        f'<img src="{PICTURE}" alt="an ECG" width="20" height="10">',
        f'<audio controls="" preload="none" src="{PICTURE[:-3]}mp3" aria-label="a murmur"></audio>',
        '<table><tbody><tr><th scope="row">K</th><td colspan="2">5.9</td></tr></tbody></table>',
        f'<svg class="occlusion" viewBox="0 0 9 9" role="img" aria-label="x"><image href="{PICTURE}"></image></svg>',
        '<svg viewBox="0 0 9 9"><rect class="mask active" x="1" y="2" width="3" height="4"></rect></svg>',
    ],
)
def test_what_cards_are_made_of_is_shown_whole(good: str) -> None:
    assert shown(good) == good


def test_the_gist_of_a_side_is_its_words() -> None:
    assert gist_of("<p>Na &lt; 135</p>\n<ul><li>is <b>low</b></li></ul>") == "Na < 135 is low"

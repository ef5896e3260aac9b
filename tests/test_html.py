from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.files import sha256
from annotator.formats import html
from annotator.formats.incoming import Incoming
from annotator.pipeline.add import add
from annotator.pipeline.project import Project


def page(folder: Path, content: str | bytes, encoding: str | None = None) -> Incoming:
    path = folder / "page.html"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (found,) = html.read(path, encoding)
    return found


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<h1>Head</h1><p>One   two\n three<br>four</p>", "Head\n\nOne two three\nfour"),
        ("<p>a</p> \n <p>b</p>", "a\n\nb"),
        ("<p>x<b>y</b>z <i>w</i></p>", "xyz w"),
        ("He said [inaudible] &mdash; 5 &lt; 6.", "He said [inaudible] — 5 < 6."),
        ("one&nbsp;two", "one\u00a0two"),
        ("<ul><li>a<li>b</ul>after", "• a\n• b\n\nafter"),
        ('<ol start="3"><li>x</li><li>y</li></ol>', "3. x\n4. y"),
        ("<ul><li>a<ul><li>b</ul></ul>", "• a\n• b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c<td>d</table>", "a\tb\nc\td"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<pre>a\n  b</pre>c", "a\n  b\n\nc"),
        ("a<!-- no --><script>if (1<2) no()</script><style>p{}</style>b", "ab"),
        ("<svg><title>Icon</title><text>no</text></svg>yes", "yes"),
        ("<p>a<br><br><br>b", "a\n\nb"),
        ("plain words, 5 < 6 and 7 > 6", "plain words, 5 < 6 and 7 > 6"),
        ("<p>words and a broken <a href='", "words and a broken"),
        ("a\r\nb", "a b"),
        ("&#0;&#xD800;&#x202e;", "\ufffd\ufffd\u202e"),
    ],
)
def test_the_text_is_what_a_reader_sees(tmp_path: Path, source: str, text: str) -> None:
    assert page(tmp_path, source).text == text


READ = "<h1>Call</h1><p>They spoke of <em>trade</em>.</p><ul><li>grain</ul>"
TEXT = "Call\n\nThey spoke of trade.\n\n• grain"
MENUS = "<nav><ul><li>Home<li>News</ul></nav>"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (f"<header>Site{MENUS}</header><main>{READ}</main><footer>Legal</footer>", TEXT),
        (f"{MENUS}<div>Teaser</div><article>{READ}</article><aside>More</aside>", TEXT),
        (f"<main>{MENUS}<article>{READ}</article></main>", TEXT),
        (f"{MENUS}{READ}<footer><p>Legal</p></footer>", TEXT),
        (f'<div role="navigation">Home<div>News</div></div>{READ}<button>Share</button>', TEXT),
        # What stands inside the article is a part of it.
        (f"<article>{READ}<footer>A note.</footer></article>", f"{TEXT}\n\nA note."),
        (f"<header>Site</header>{READ}", f"Site\n\n{TEXT}"),
        # Several articles are a list of them, and an article of few words is a teaser.
        ("<article>One.</article><article>Two.</article>", "One.\nTwo."),
        (f"<article>More.</article>{READ * 2}", f"More.\n\n{TEXT}\n\n{TEXT}"),
        # Where nothing would be left, or something is not closed, nothing is left out.
        ("<nav>Only this.</nav>", "Only this."),
        (f"{READ}<footer>A note. {READ}", f"{TEXT}\n\nA note.\n\n{TEXT}"),
        ("<main></main><p>Words.</p>", "Words."),
        ("<main><table><tr><td>a<td>b</table></main><table><tr><td>c<td>d</table>", "a\tb"),
    ],
)
def test_what_stands_around_the_article_is_left_out(tmp_path: Path, source: str, text: str) -> None:
    found = page(tmp_path, source)
    assert found.text == text


def test_the_report_says_what_was_left_out(tmp_path: Path) -> None:
    root = tmp_path / "p"
    (root / "seeds").mkdir(parents=True)
    (root / "schemas").mkdir()
    project = Project.open(root)
    source = tmp_path / "page.html"
    source.write_text(f"{MENUS}<main>{READ}</main>", "utf-8")
    report = add(project, [source])
    assert project.readout("page").text == TEXT
    said = "  page: 15 characters of menus and the like around the text were left out."
    assert said in report.summary()


def test_the_title_and_the_source_are_known(tmp_path: Path) -> None:
    source = (
        "<html><head><title>A &amp;\n B</title><title>C</title></head><body>Words.</body></html>"
    )
    found = page(tmp_path, source)
    assert (found.name, found.title, found.text) == ("page", "A & B", "Words.")
    assert found.raw is None
    assert found.metadata.source_file == "page.html"
    assert found.metadata.source_sha256 == sha256(source.encode())


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', "koi8-r"),
        ("<META CHARSET=Shift_JIS>", "shift_jis"),
    ],
)
def test_a_page_that_is_not_utf_8_says_what_it_is(tmp_path: Path, head: str, codec: str) -> None:
    assert page(tmp_path, f"{head}<p>Переговоры".encode(codec)).text == "Переговоры"


def test_latin_1_on_the_web_is_windows_1252(tmp_path: Path) -> None:
    found = page(tmp_path, b"<meta charset=iso-8859-1><p>\x93Yes\x94 caf\xe9")
    assert found.text == "“Yes” café"


def test_utf_8_is_stronger_than_a_wrong_word_and_the_callers_word_stronger_still(
    tmp_path: Path,
) -> None:
    assert page(tmp_path, "<meta charset=latin1><p>café").text == "café"
    raw = "<meta charset=koi8-r><p>Да".encode("cp1251")
    assert page(tmp_path, raw, "cp1251").text == "Да"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"<p>caf\xe9", "not UTF-8"),
        (b"<meta charset=no-such-thing><p>caf\xe9", "no text encoding"),
        (b"<p>\0", "binary"),
        (b"<html><body><script>x()</script><p> </p>", "no text"),
        (b"", "no text"),
    ],
)
def test_a_page_without_a_text_is_refused(tmp_path: Path, raw: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        page(tmp_path, raw)


def test_nothing_of_a_page_is_looked_up(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    url = secret.as_uri()
    source = (
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "{url}">]>'
        f'<iframe src="{url}"></iframe><object data="{url}"></object>a &x; b'
    )
    assert "the secret" not in page(tmp_path, source).text


PIECES = """<p> </p> <pre> </pre> <ul> <li> </ul> <ol> </ol> <br> <td> <tr> <table> </table>
<script> </script> <svg> </svg> <svg/> <title> </title> <head> </head> <!-- --> <![CDATA[ ]]> <![x[
<!x <! <? </ &amp; &# &#x110000; < > ' " = word [ ]"""


@given(st.lists(st.sampled_from([*PIECES.split(), " ", "\n"]) | st.text(max_size=5), max_size=30))
@example(["<![x[word]]>"])
@example(["<![", "1"])
def test_whatever_a_page_is_it_gives_a_text_or_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, parts: list[str]
) -> None:
    raw = "".join(parts).encode("utf-8", "replace")
    try:
        text = page(tmp_path_factory.getbasetemp(), raw).text
    except InputError as error:
        text = str(error)
        assert "\n" not in text
    assert text.strip()
    assert "\r" not in text


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<a b='",
        "<!",
        "<!--",
        "<![CDATA[",
        "</",
        "<?",
        "&",
        "&#1",
        "<div>",
        "<ul><li>",
        "<script>",
        "<script></scrip",
        "<pre>",
        "<td>",
        "<title>",
    ],
)
def test_a_page_made_to_be_slow_is_not(tmp_path: Path, piece: str) -> None:
    def seconds(size: int) -> float:
        started = time.process_time()
        page(tmp_path, "words " + piece * (size // len(piece)))
        return time.process_time() - started

    small = min(seconds(20_000) for _ in range(2))
    # Ten times the size: a parser that goes back over what it has read would take a hundred times.
    assert seconds(200_000) < max(40 * small, 0.5)

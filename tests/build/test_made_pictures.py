"""Pictures made of those in texts: which, of what, kept by content, and exact from build to build."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from sitegen.build.darkroom import recipes_of
from sitegen.build.memory import Memory
from sitegen.pictures.encoding import PictureError, encode
from sitegen.pictures.looking import look_at

CONFIG = "title: Scratch\nbase_url: https://example.org/blog/\npictures: {formats: [avif, webp], widths: [40, 80]}\n"
TEXT = "---\ntitle: Trip\ndate: 2024-01-01\n---\n![A](a.png)\n"


def painted(width: int, height: int, kind: str = "PNG", **options: object) -> bytes:
    made = io.BytesIO()
    Image.radial_gradient("L").resize((width, height)).convert("RGB").save(made, kind, **options)
    return made.getvalue()


def moving(kind: str) -> bytes:
    made = io.BytesIO()
    frames = [Image.new("RGB", (90, 60), color) for color in ("red", "blue")]
    frames[0].save(made, kind, save_all=True, append_images=frames[1:])
    return made.getvalue()


def files(**more: str | bytes) -> dict[str, str | bytes]:
    return {
        "config.yaml": CONFIG,
        "content/trip/index.md": TEXT,
        "content/trip/a.png": painted(100, 60),
        **more,
    }


def made_of(site: object, ending: str = "") -> list[str]:
    names = (path.split("/")[-1] for path in site.outputs())
    return sorted(name for name in names if name.startswith("a.") and name.endswith(ending))


def test_a_picture_is_offered_in_every_format_and_width(site: Callable) -> None:
    scratch = site(files())
    assert not scratch.build().problems
    page = scratch.text("trip/index.html")
    name = made_of(scratch, "80.avif")[0].removesuffix("80.avif")

    for kind in ("avif", "webp"):
        srcset = ", ".join(f"/blog/assets/{name}{width}.{kind} {width}w" for width in (40, 80))
        assert f'<source type="image/{kind}" srcset="{srcset}" sizes="(min-width: ' in page
        for width in (40, 80):
            data = scratch.outputs()[f"assets/{name}{width}.{kind}"]
            with Image.open(io.BytesIO(data)) as picture:
                assert (picture.format, picture.size) == (kind.upper(), (width, width * 6 // 10))
    assert '<img src="/blog/trip/a.png" alt="A" width="100" height="60"></picture>' in page
    assert scratch.outputs()["trip/a.png"] == painted(100, 60)


def test_feeds_show_the_original_alone(site: Callable) -> None:
    scratch = site(files())
    scratch.build()

    assert "picture" not in scratch.text("feed.xml")
    assert "https://example.org/blog/trip/a.png" in scratch.text("feed.xml")


def test_a_picture_in_static_is_measured_and_made_too(site: Callable) -> None:
    text = TEXT.replace("(a.png)", "(/images/a.png)")
    scratch = site(
        {"config.yaml": CONFIG, "content/trip.md": text, "static/images/a.png": painted(100, 60)}
    )
    assert not scratch.build().problems

    assert len(made_of(scratch)) == 5
    assert 'width="100" height="60"' in scratch.text("trip/index.html")


@pytest.mark.parametrize(
    "data",
    [
        moving("PNG"),
        moving("WEBP"),
        moving("GIF"),
        painted(40, 30),
        b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="9"/>',
    ],
    ids=["moving png", "moving webp", "gif", "small", "svg"],
)
def test_what_moves_or_is_small_or_drawn_is_left_alone(site: Callable, data: bytes) -> None:
    scratch = site(files(**{"content/trip/a.png": data}))
    assert not scratch.build().problems

    assert "<picture>" not in scratch.text("trip/index.html")
    assert made_of(scratch) == ["a.png"]


def test_nothing_is_made_where_the_site_does_not_ask(site: Callable) -> None:
    scratch = site(files(**{"config.yaml": CONFIG.split("pictures", maxsplit=1)[0]}))
    scratch.build()

    assert made_of(scratch) == ["a.png"]


def test_a_changed_picture_is_made_anew_and_the_old_ones_go(site: Callable) -> None:
    scratch = site(files())
    scratch.build()
    before = made_of(scratch)
    scratch.write({"content/trip/a.png": painted(120, 60)})
    scratch.build()
    after = made_of(scratch)

    assert len(after) == len(before) == 5
    assert set(before) & set(after) == {"a.png"}
    made = scratch.outputs()
    scratch.build(remember=False, jobs=2)
    assert scratch.outputs() == made


def test_pictures_are_kept_by_content_and_not_made_again(site: Callable) -> None:
    scratch = site(files())
    scratch.build()
    memory = Memory(scratch.root / ".sitegen")
    keys = [
        key
        for (key,) in memory._all("SELECT key FROM value")
        if b"ftypavif" in (memory.value(key) or b"")
    ]
    assert len(keys) == 2
    for key in keys:
        memory.keep(key, b"", b"kept by content")
    memory.flush()
    memory.close()
    for path in scratch.outputs():
        (scratch.output / path).unlink()
    (scratch.root / "content/trip").rename(scratch.root / "content/away")
    scratch.build()

    made = [data for path, data in scratch.outputs().items() if path.endswith(".avif")]
    assert made == [b"kept by content"] * 2


def test_a_build_with_nothing_to_do_does_not_import_pillow(site: Callable) -> None:
    scratch = site(files())
    scratch.build()
    code = (
        "import sys; from sitegen.cli import main\n"
        "try: main(['build', '--now', '2024-06-01T12:00:00Z'])\n"
        "except SystemExit as error: assert not error.code\n"
        "assert 'PIL' not in sys.modules and 'jinja2' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=scratch.root, capture_output=True, check=False, text=True
    )

    assert done.returncode == 0, done.stderr
    assert "0 written" in done.stdout + done.stderr


def test_a_damaged_picture_is_told_and_nothing_is_published(site: Callable) -> None:
    scratch = site(files(**{"content/trip/a.png": painted(100, 60)[:200]}))
    report = scratch.build()

    assert report.written is None
    assert [str(problem.location.path) for problem in report.problems] == ["content/trip/a.png"]
    assert report.problems[0].message.startswith("the picture cannot be decoded: ")


def test_the_library_that_is_missing_is_named(
    site: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = site(files())
    monkeypatch.setitem(sys.modules, "PIL", None)
    report = scratch.build()

    assert [problem.message for problem in report.problems] == [
        "making pictures needs Pillow, which is not installed"
    ]
    assert "sitegen[images]" in report.problems[0].hint


def test_a_changed_setting_is_noticed(site: Callable) -> None:
    scratch = site(files())
    scratch.build()
    scratch.write({"config.yaml": CONFIG.replace("avif, ", "")})
    scratch.build()

    assert [name.split(".", 2)[2] for name in made_of(scratch, "webp")] == ["40.webp", "80.webp"]
    assert not made_of(scratch, "avif")


def test_what_the_camera_wrote_stays_behind_and_the_picture_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camera of Ada"
    original = painted(100, 60, "JPEG", exif=exif)
    assert b"Camera of Ada" in original
    assert (look_at(original).width, look_at(original).height) == (60, 100)

    for kind in ("avif", "webp"):
        made = encode(original, "jpeg", kind, 30)
        assert b"Camera" not in made
        with Image.open(io.BytesIO(made)) as picture:
            assert picture.size == (30, 50)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
@pytest.mark.parametrize("kind", ["avif", "webp"])
def test_every_mode_of_a_picture_can_be_made(mode: str, kind: str) -> None:
    made = io.BytesIO()
    original = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (50, 20)).save(made, original)
    data = made.getvalue()
    look = look_at(data)
    if mode == "I;16":
        assert look.kind == ""
        return

    assert look_at(encode(data, look.kind, "webp", 25)).width == 25
    assert encode(data, look.kind, kind, 25) == encode(data, look.kind, kind, 25)


@pytest.mark.parametrize("length", [0, 20, 100, 400])
def test_a_cut_picture_is_an_error_of_its_own(length: int) -> None:
    with pytest.raises(PictureError):
        encode(painted(100, 60, "JPEG")[:length], "jpeg", "webp", 50)


def test_recipes_are_those_of_the_plan_alone() -> None:
    assert not list(recipes_of(()))


def test_two_articles_share_what_is_made_of_one_picture(site: Callable) -> None:
    other = TEXT.replace("(a.png)", "(trip/a.png)")
    scratch = site(files(**{"content/other.md": other}))
    assert not scratch.build().problems

    assert len(made_of(scratch)) == 5
    assert Path(scratch.output / "other/index.html").read_text().count("<source") == 2

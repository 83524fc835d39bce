"""What is given out: an sdist and a wheel that hold what they should, and work where nothing else is."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import wheels
from programs import Program

from sitegen import __version__
from sitegen.scaffold.sites import starter_files

ROOT = Path(__file__).resolve().parents[1]
MAN_PAGE = f"sitegen-{__version__}.data/data/share/man/man1/sitegen.1"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="environments are laid as links")


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> wheels.Environment:
    """An environment with the wheel and nothing that it does not ask for."""
    return wheels.Environment(tmp_path_factory.mktemp("installed") / "env", wheel)


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheels.build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def test_the_wheel_holds_the_package_and_its_themes_and_nothing_else(wheel: Path) -> None:
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "sitegen").rglob("*")
        if path.is_file() and not {"__pycache__", "man"} & set(path.parts)
    }
    themes = {
        f"sitegen/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "themes").rglob("*")
        if path.is_file()
    }
    about = f"sitegen-{__version__}.dist-info"
    metadata = {f"{about}/{name}" for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt")}

    assert names(wheel) == {*package, *themes, *metadata, f"{about}/licenses/LICENSE", MAN_PAGE}
    assert "sitegen/py.typed" in package
    assert {"sitegen/themes/default/theme.yaml", "sitegen/themes/plain/theme.yaml"} <= themes
    assert "sitegen/scaffold/site/dot-github/workflows/publish.yml" in package


def test_no_file_of_the_wheel_knows_the_machine_that_made_it(wheel: Path) -> None:
    here = re.compile(re.escape(str(ROOT)) + "|" + re.escape(str(Path.home())) + r"/\w")
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8", "replace")

            assert not here.search(text), name


def test_the_sdist_makes_the_same_wheel_byte_for_byte(
    wheel: Path, sdist: Path, tmp_path: Path
) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (sources,) = tmp_path.iterdir()

    assert wheels.build(sources, "wheel", tmp_path / "again").read_bytes() == wheel.read_bytes()


def test_the_sdist_holds_the_whole_repository(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("this is no checkout of git")

    assert set(listed.stdout.rstrip("\0").split("\0")) | {"PKG-INFO"} == held


def test_it_is_installed_with_all_that_it_asks_for(installed: wheels.Environment) -> None:
    assert installed.pip("check").strip() == "No broken requirements found."
    listed = installed.pip("list", "--format=freeze")

    assert f"sitegen=={__version__}\n" in listed
    assert "pytest" not in listed


def test_it_makes_a_site_and_builds_it_in_an_empty_folder(
    installed: wheels.Environment, tmp_path: Path
) -> None:
    assert installed.sitegen("init", "notes", folder=tmp_path).returncode == 0
    made = {p.relative_to(tmp_path / "notes").as_posix() for p in (tmp_path / "notes").rglob("*")}
    assert set(starter_files("notes", dt.datetime(2024, 6, 1, tzinfo=dt.UTC))) <= made

    for theme in ("default", "plain"):
        with (tmp_path / "notes/config.yaml").open("a", encoding="utf-8") as config:
            config.write(f"theme: {theme}\n" if theme != "default" else "")
        done = installed.sitegen("build", "--strict", "--site", "notes", folder=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        page = (tmp_path / "notes/output/articles/hello/index.html").read_text(encoding="utf-8")
        assert 'id="comment-first"' in page


def test_the_version_names_what_the_bytes_depend_on(
    installed: wheels.Environment, tmp_path: Path
) -> None:
    told = installed.sitegen("--version", folder=tmp_path).stdout.splitlines()
    libraries = {line.rpartition(" ")[0] for line in told[2:]}

    assert told[0] == f"sitegen {__version__}"
    assert told[1] == f"Python {sys.version.split(' ', maxsplit=1)[0]}"
    assert {"bleach", "jinja2", "markdown-it-py", "nh3", "pygments", "pyyaml"} <= libraries
    assert "babel" not in libraries


def test_the_man_page_lies_where_man_looks(installed: wheels.Environment) -> None:
    page = installed.folder / "share/man/man1/sitegen.1"

    assert page.read_bytes() == (ROOT / "sitegen/man/sitegen.1").read_bytes()


@pytest.mark.skipif(not shutil.which("mandoc"), reason="there is no mandoc here")
def test_mandoc_has_nothing_to_say_about_the_man_page() -> None:
    command = ["mandoc", "-T", "lint", str(ROOT / "sitegen/man/sitegen.1")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)
    undated = 'WARNING: missing date, using "": TH'  # it belongs to a version, not to a day

    assert [line for line in done.stdout.splitlines() if not line.endswith(undated)] == []


@pytest.mark.skipif(not shutil.which("man"), reason="there is no man here")
def test_man_shows_every_command_of_the_man_page() -> None:
    command = ["man", "--warnings", "-l", str(ROOT / "sitegen/man/sitegen.1")]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "100", "MANPAGER": "cat"}
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", check=False, timeout=60, env=environment
    )

    assert done.stderr == ""
    for name in ("build", "comments review", "completion", "theme eject"):
        assert f"\n   {name}\n" in done.stdout


# Extras, each alone: what it brings, and what is said without it


PNG = (ROOT / "themes/default/static/card.png").read_bytes()
ARTICLE = "---\ntitle: Trip\ndate: 2018-02-19\n---\n"
EXTRAS = {
    "i18n": ('language: de\ndate_format: "%d. %B %Y"\n', ARTICLE, "articles/trip/index.html", "Februar"),
    "images": (
        "pictures: {formats: [webp], widths: [100]}\n", f"{ARTICLE}![A card](card.png)\n",
        "articles/trip/index.html", 'type="image/webp"',
    ),
    "math": (
        "markdown: {math: true}\n", f"{ARTICLE}So $x^2$.\n", "articles/trip/index.html", "<msup>",
    ),
    "search": ("search: true\n", ARTICLE, "pagefind/pagefind.js", "pagefind"),
}  # fmt: skip
WITH_OTHERS = {"dask", "receiver", "remote-cache"}
FOR_DEVELOPERS = {"test", "check"}


def extra_site(folder: Path, extra: str) -> Path:
    config, article, *_ = EXTRAS.get(extra, ("", ARTICLE))
    (folder / "content/articles").mkdir(parents=True)
    (folder / "config.yaml").write_text(f"title: A\nbase_url: https://a.example/\n{config}")
    (folder / "content/articles/trip.md").write_text(article)
    (folder / "content/articles/card.png").write_bytes(PNG)
    for number in range(400 if extra not in EXTRAS else 0):  # enough to be worth a worker
        (folder / f"content/articles/{number}.md").write_text(article)
    return folder


def test_every_extra_is_tested_alone(wheel: Path) -> None:
    offered = {of for one in wheels.requirements(wheel) for of in wheels.extras_of(one)}

    assert offered == {*EXTRAS, *WITH_OTHERS, *FOR_DEVELOPERS}


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_needs_no_other(
    installed: wheels.Environment, wheel: Path, tmp_path: Path, extra: str
) -> None:
    added = wheels.lay(
        wheels.needed(wheels.requirements(wheel), extra) - installed.laid, tmp_path / "added"
    )
    site = extra_site(tmp_path / "site", extra)
    done = installed.sitegen("build", "--strict", folder=site, PYTHONPATH=str(added))
    _, _, path, words = EXTRAS[extra]

    assert done.returncode == 0, done.stderr
    assert words in (site / "output" / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("extra", EXTRAS)
def test_without_an_extra_its_name_is_told(
    installed: wheels.Environment, tmp_path: Path, extra: str
) -> None:
    done = installed.sitegen("build", "--strict", folder=extra_site(tmp_path, extra))

    assert done.returncode == 1
    assert done.stderr.startswith("config.yaml: error: ")
    assert f"hint: run pip install 'sitegen[{extra}]'" in done.stderr


@pytest.mark.parametrize("library", ["waitress", "altcha"])
def test_the_receiver_says_which_extra_it_needs(
    installed: wheels.Environment, tmp_path: Path, library: str
) -> None:
    forge = tmp_path / "forge.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(forge)], check=True)
    variables = {
        "SITEGEN_RECEIVE_REMOTE": str(forge),
        "SITEGEN_RECEIVE_STATE": str(tmp_path / "state"),
        "SITEGEN_RECEIVE_PROOF": "1000" if library == "altcha" else "0",
    }
    done = installed.sitegen("receive", "--port", "0", folder=tmp_path, **variables)

    assert done.returncode == 2
    assert library in done.stderr
    assert "pip install 'sitegen[receiver]'" in done.stderr


def test_the_receiver_needs_no_other_extra(
    installed: wheels.Environment, wheel: Path, tmp_path: Path
) -> None:
    names = wheels.needed(wheels.requirements(wheel), "receiver") - installed.laid
    added = wheels.lay(names, tmp_path / "added")
    forge = tmp_path / "forge.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(forge)], check=True)
    variables = installed.variables(
        PYTHONPATH=str(added), SITEGEN_RECEIVE_REMOTE=str(forge), SITEGEN_RECEIVE_PROOF="1000",
        SITEGEN_RECEIVE_STATE=str(tmp_path / "state"),
    )  # fmt: skip
    program = [str(installed.programs / "sitegen")]
    receiver = Program(["receive", "--port", "0"], variables, tmp_path, program)
    try:
        assert "http://127.0.0.1:" in receiver.until("receiving at ")
    finally:
        receiver.kill()


ON_A_WORKER = """
from distributed import LocalCluster
from sitegen.cli import main
with LocalCluster(
    n_workers=1, threads_per_worker=1, processes=False, protocol="tcp://", dashboard_address=None
) as cluster:
    address = cluster.scheduler_address.replace("tcp://", "dask://")
    main(["build", "--strict", "--executor", address], standalone_mode=False)
"""


def test_dask_needs_no_other_extra(
    installed: wheels.Environment, wheel: Path, tmp_path: Path
) -> None:
    names = wheels.needed(wheels.requirements(wheel), "dask") - installed.laid
    site = extra_site(tmp_path / "site", "dask")
    variables = installed.variables(PYTHONPATH=str(wheels.lay(names, tmp_path / "added")))
    done = subprocess.run(
        [str(installed.programs / "python"), "-c", ON_A_WORKER], cwd=site, env=variables,
        capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip

    assert (site / "output/articles/trip/index.html").is_file(), done.stdout + done.stderr


def test_without_dask_its_extra_is_told(installed: wheels.Environment, tmp_path: Path) -> None:
    site = extra_site(tmp_path, "dask")
    done = installed.sitegen("build", "--executor", "dask://127.0.0.1:1", folder=site)

    assert done.returncode == 1
    assert "hint: run pip install 'sitegen[dask]'" in done.stderr


@pytest.mark.parametrize("is_there", [True, False], ids=["with fsspec", "without it"])
def test_a_remote_cache_needs_no_other_extra(
    installed: wheels.Environment, wheel: Path, tmp_path: Path, is_there: bool
) -> None:
    names = wheels.needed(wheels.requirements(wheel), "remote-cache") - installed.laid
    added = {"PYTHONPATH": str(wheels.lay(names, tmp_path / "added"))} if is_there else {}
    site = extra_site(tmp_path / "site", "remote-cache")
    store = tmp_path / "store"
    done = installed.sitegen("build", "--remote-cache", store.as_uri(), folder=site, **added)

    assert done.returncode == 0
    assert store.exists() == is_there
    assert ("run pip install 'sitegen[remote-cache]'" in done.stderr) != is_there


# What is typed, with a tab in it, and what is printed if the tab completed it.
STARTED = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "--interactive"],
}
LOADED = {
    "bash": 'eval "$(sitegen completion bash)"',
    "zsh": 'autoload -Uz compinit && compinit -u -D && eval "$(sitegen completion zsh)"',
    "fish": "sitegen completion fish | source",
}
TYPED = {
    "a command and its argument": ("sitegen sche\tcon\t", '"title": "sitegen config"'),
    "a command of a group": ("sitegen comments rend\t--he\t", "Usage: sitegen comments render"),
    "a value of an option": ("sitegen check --format sar\t--he\t", "Usage: sitegen check"),
}


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("shell", LOADED)
def test_a_shell_completes_what_is_typed(
    installed: wheels.Environment, tmp_path: Path, shell: str, typed: str
) -> None:
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell} here")
    from terminal import Terminal

    keys, printed = TYPED[typed]
    terminal = Terminal(STARTED[shell], installed.variables(TERM="xterm", PS1="> "), tmp_path)
    try:
        terminal.type(f"{LOADED[shell]}\r")
        terminal.type("echo is rea''dy\r").until("is ready")
        terminal.type(f"{keys}\r").until(printed)
    finally:
        terminal.close()

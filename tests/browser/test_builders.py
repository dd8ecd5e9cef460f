"""The pages belong to no builder: the announced successor of MkDocs builds as many of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_plain_mkdocs_publishes_the_same_files(site: Path, tmp_path: Path) -> None:
    """`mkdocs build --strict` on the written pages: the same tree, the same bytes."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    done = subprocess.run(
        command, cwd=site.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    theirs, ours = (
        {path.relative_to(top).as_posix(): path for path in top.rglob("*") if path.is_file()}
        for top in (tmp_path, site)
    )
    assert theirs.keys() == ours.keys()
    dated = {"sitemap.xml", "sitemap.xml.gz"}  # with the day of the build
    assert not [name for name in ours.keys() - dated if ours[name].read_bytes() != theirs[name].read_bytes()]


@pytest.mark.slow
def test_zensical_builds_the_same_pages(site: Path, tmp_path: Path) -> None:
    """As many pages, at the same addresses, strictly, and under the same policy."""
    for name in ("docs", "mkdocs.yml"):
        source = site.parent / name
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy2(source, tmp_path / name)
    done = subprocess.run(
        [Path(sys.executable).with_name("zensical"), "build", "--strict"],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    theirs, ours = (
        {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
        for folder in (tmp_path / "site", site)
    )
    assert theirs == ours
    page = (tmp_path / "site/catalogue/events/order_completed/v1/index.html").read_text("utf-8")
    assert "Content-Security-Policy" in page and "unsafe-" not in page.split("</head>")[0]

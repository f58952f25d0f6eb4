"""What the site adds to the pages of docs/: the front page and the changelog from the project's root, the notebook as a page.

mkdocs calls the functions by their names (`hooks:` in mkdocs.yml).
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import nbformat
from mkdocs.structure.files import File, Files
from nbconvert import MarkdownExporter
from pymdownx.slugs import slugify

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = {"README.md": "index.md", "CHANGELOG.md": "changelog.md"}
"""Pages at the project's root, and what they are called in the site."""
FILES = {"LICENSE": "LICENSE.txt", "CITATION.cff": "CITATION.cff"}
"""Files at the root that pages link to."""


def on_config(config: Any) -> Any:
    """Name the anchors of headings as the pages do where they are read on the web: lower case, hyphens kept."""
    config.mdx_configs["toc"]["slugify"] = slugify(case="lower")
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add what stands outside docs/, and a page in place of the notebook."""
    for name, called in {**PAGES, **FILES}.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        text = re.sub(r"\]\(docs/", "](", text)
        for other, there in {**PAGES, **FILES}.items():
            text = text.replace(f"]({other})", f"]({there})")
        files.append(File.generated(config, called, content=text))
    for notebook in [file for file in files if file.src_uri.endswith(".ipynb")]:
        body, resources = MarkdownExporter().from_notebook_node(
            nbformat.read(notebook.abs_src_path, as_version=4)
        )
        stem = notebook.src_uri.removesuffix(".ipynb")
        for name, picture in resources["outputs"].items():
            files.append(File.generated(config, f"{stem}_{name}", content=picture))
            body = body.replace(f"]({name})", f"]({Path(stem).name}_{name})")
        files.append(File.generated(config, f"{stem}.md", content=body))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead links that leave docs/ to where the site has them; what only a checkout has is named without a link."""
    here = DOCS / Path(page.file.src_uri).parent

    def lead(found: re.Match[str]) -> str:
        words, path, anchor = found[1], found[2], found[3] or ""
        outside = (here / path).resolve()
        if outside.is_relative_to(DOCS) or not outside.exists():
            return found[0]
        called = {**PAGES, **FILES}.get(outside.relative_to(ROOT).as_posix())
        return f"[{words}]({os.path.relpath(DOCS / called, here)}{anchor})" if called else words

    markdown = re.sub(r"\[([^\]]*)\]\((\.\./[^)\s#]+)(#[^)\s]*)?\)", lead, markdown)
    markdown = re.sub(r"\]\(([\w./]*)\.ipynb\)", r"](\1.md)", markdown)
    markdown = markdown.replace("<!-- every outcome -->", outcomes())
    return markdown.replace("<!-- every type of intervention -->", "\n\n".join(interventions()))


def outcomes() -> str:
    """A table of every outcome in the catalogue."""
    from model.outcomes.catalogue import OUTCOMES, UNITS

    rows = [
        f"| `{one.name}` | {one.meaning} | {UNITS[one.unit]} | {one.better or 'neither'} |"
        for one in OUTCOMES
    ]
    return "\n".join(["| outcome | meaning | unit | better |", "| --- | --- | --- | --- |", *rows])


def interventions() -> list[str]:
    """What makes the reference of every type of intervention: a file each, found by the type it declares."""
    files = sorted((ROOT / "model" / "interventions").glob("*.py"))
    return [
        f"::: model.interventions.{path.stem}\n    options:\n      heading_level: 2"
        for path in files
        if re.search(r"^    type: ", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]

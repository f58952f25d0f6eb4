"""docs/performance.md and its figure, brought up to date from a bench."""

from __future__ import annotations

from pathlib import Path

from calibration.benchmark.result import BenchResult
from calibration.benchmark.words import conditions, sheets
from model.errors import Fault, InputError

PAGE = "performance.md"
FIGURE = Path("images") / "performance.svg"
END = "<!-- end of measured -->"


def check(docs: Path) -> None:
    """InputError when `docs` holds no performance page to write into."""
    if not (docs / PAGE).is_file():
        raise InputError(Fault("holds no page to bring up to date", str(docs), key="write", found=str(docs),
                               allowed=f"a folder with {PAGE}, such as docs"))  # fmt: skip


def write(told: BenchResult, docs: Path) -> list[Path]:
    """Put the tables of a bench between the marks of the page and draw the figure; the files written."""
    page = docs / PAGE
    text = page.read_text(encoding="utf-8")
    found = {sheet.name: sheet.markdown() for sheet in sheets(told)} | {"conditions": conditions(told)}
    for name, table in found.items():
        before, mark, rest = text.partition(f"<!-- measured: {name} -->\n")
        if mark:
            text = before + mark + table + "\n" + END + rest.partition(END)[2]
    page.write_text(text, encoding="utf-8", newline="\n")
    figure = docs / FIGURE
    figure.parent.mkdir(parents=True, exist_ok=True)
    draw(told, figure)
    return [page, figure]


def draw(told: BenchResult, path: Path) -> None:
    """Two log-log panels: seconds against residents, and resident-weeks a second against residents."""
    import matplotlib

    matplotlib.use("Agg")
    # The same figures give the same file; words stay words.
    matplotlib.rcParams.update({"svg.hashsalt": "everystep", "svg.fonttype": "none"})
    from matplotlib import pyplot as plt

    many = str(told.threads)
    growth = told.growth
    size = [town.residents for town in growth]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
    week = [n / town.rates[many] for n, town in zip(size, growth, strict=True)]
    build = [town.build_seconds for town in growth]
    left.loglog(size, week, "o-", color="#1b6ca8", label=f"a week, {many} threads")
    left.loglog(size, build, "s-", color="#c8553d", label="building people, ties and reach")
    left.loglog(
        size, [week[-1] * n / size[-1] for n in size], ":", color="0.5", label="in proportion to residents"
    )
    left.set(xlabel="residents", ylabel="seconds", title="Time grows in proportion")
    for number, style in (("1", "o--"), (many, "o-")):
        label = f"{number} thread{'s' if number != '1' else ''}"
        right.loglog(size, [town.rates[number] for town in growth], style, color="#1b6ca8", label=label)
        if number == many:
            break
    ceiling = told.main.roofs[many].ceiling
    right.axhline(ceiling, color="0.5", linestyle=":", label=f"what the machine allows, {many} threads")
    reference = told.reference
    right.loglog([reference.residents], [reference.rate], "D", color="#c8553d", label="plain Mesa reference")
    right.set(xlabel="residents", ylabel="resident-weeks a second", title="Speed")
    for panel in (left, right):
        panel.grid(True, which="major", color="0.9")
        panel.legend(frameon=False, fontsize=8)
        panel.spines[["top", "right"]].set_visible(False)
    metadata = {"Date": None} if path.suffix == ".svg" else {}
    figure.savefig(path, metadata=metadata)
    plt.close(figure)

"""What the documents say is true: commands parse, code runs, links lead somewhere, tables are those of the code."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import nbformat
import pytest
import yaml

from model.interventions import social_prescribing, walking_scheme

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
TEXT["docs/tutorial.ipynb"] = "\n\n".join(
    cell.source
    for cell in nbformat.read(ROOT / "docs" / "tutorial.ipynb", as_version=4).cells
    if cell.cell_type == "markdown"
)
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"`((?:python |make )[^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)", re.MULTILINE)


def blocks(language: str) -> list[tuple[str, str]]:
    """(page, code) of every fenced block in a language."""
    return [
        (page, code) for page, text in TEXT.items() for kind, code in BLOCK.findall(text) if kind == language
    ]


def commands() -> list[tuple[str, str]]:
    """(page, line) of every command, in a block of its own or in the middle of a sentence."""
    in_blocks = [
        (page, line) for page, code in blocks("console") for line in code.splitlines() if line.strip()
    ]
    in_words = [(page, line) for page, text in TEXT.items() for line in COMMAND.findall(BLOCK.sub("", text))]
    return sorted(set(in_blocks + in_words))


def parse(words: list[str]) -> tuple[str, dict]:
    """The verb and options of a command line of run.py; raises when the door would not take it."""
    from typer.main import get_command

    from run import app

    command, name, rest = get_command(app), "run.py", words
    while True:
        context = command.make_context(name, list(rest))
        if not hasattr(command, "resolve_command"):
            return name, context.params
        rest = [*getattr(context, "_protected_args", []), *context.args]
        if not rest:
            return name, context.params
        word, command, rest = command.resolve_command(context, rest)
        assert command is not None, f"there is no verb {word}"
        name = word


@pytest.mark.parametrize(("page", "line"), commands(), ids=lambda value: str(value)[:60])
def test_every_command_is_one_that_works(page, line):
    words = shlex.split(line, comments=True)
    if words[0] == "make":
        assert re.search(
            rf"^{re.escape(words[1])}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
        )
    elif words[1] == "-m":
        module = ROOT / Path(*words[2].split("."))
        assert module.with_suffix(".py").is_file(), line
        source = module.with_suffix(".py").read_text(encoding="utf-8")
        assert all(f'"{word}"' in source for word in words[3:] if word.startswith("--")), line
    else:
        assert words[:2] == ["python", "run.py"], f"{page}: {line}"
        if words[2:] in (["place"], ["scenario"]):
            return
        _, options = parse(words[2:])
        for name in [*(options.get("scenarios") or ()), *filter(None, [options.get("scenario")])]:
            assert name.endswith(".yaml") or (ROOT / "scenarios" / "library" / f"{name}.yaml").is_file(), name


def test_the_parser_of_this_test_refuses_what_the_door_refuses():
    with pytest.raises(Exception, match=r"(?i)no such (command|option)"):
        parse(["conquer", "walk_and_talk"])
    with pytest.raises(Exception, match=r"(?i)no such (command|option)"):
        parse(["compare", "walk_and_talk", "--replicate-count", "3"])
    assert len(commands()) > 20


@pytest.mark.parametrize("page", sorted({page for page, _ in blocks("python")}))
def test_python_runs_as_it_stands(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _, code in filter(lambda block: block[0] == page, blocks("yaml")):
        if name := re.match(r"# (\w+\.yaml)\n", code):
            (tmp_path / name[1]).write_text(code.replace("replicates: 4", "replicates: 2"), encoding="utf-8")
    names: dict = {}
    for _, code in filter(lambda block: block[0] == page, blocks("python")):
        # In this process: that another gives the same is tested elsewhere. Of fewer people: what is shown is how it is asked.
        code = re.sub(r'(sample"?[=:] ?)0\.02', r"\g<1>0.01", code.replace("jobs=2)", "jobs=1, apart=False)"))
        exec(compile(code, page, "exec"), names)
    if page == "docs/batches.md":
        assert names["done"].tally.ok == 12
        assert len(names["end"]) == 6 and (names["end"]["difference"] < 0).all()
        return
    assert names["effects"].manifest["replicates"] == 2
    if page == "docs/python.md":
        assert names["record"].flows["joined"].sum() > 0
        assert (tmp_path / "results" / "walks" / "effects.csv").is_file()


@pytest.mark.parametrize(("page", "code"), blocks("yaml"), ids=lambda value: str(value)[-30:])
def test_every_scenario_in_the_pages_is_valid(page, code):
    from model.synthesis.build_place import SETTINGS
    from scenarios import Scenario

    data = yaml.safe_load(code)
    if "vary" in data:
        from scenarios.sweeps.sweep import planned

        assert len(planned(data).points) > 1
    elif "projection" in data:
        assert set(data) <= set(SETTINGS), page
    else:
        assert Scenario.from_dict(data).name == data["name"]


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", BLOCK.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", TEXT)
def test_every_link_leads_somewhere(page):
    for link in LINK.findall(BLOCK.sub("", TEXT[page])):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), f"{page}: {link}"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{page}: {link}"


def test_tables_are_those_of_the_code_and_the_ledger():
    from calibration.ledger_page import stale

    late = [path.name for path in stale()]
    assert not late, f"{', '.join(late)} out of date: run `python -m calibration.ledger_page`"


def test_a_changed_ledger_makes_its_page_stale(tmp_path):
    from calibration.ledger_page import stale

    (tmp_path / "page.md").write_text(
        "<!-- table: week -->\nas it was\n<!-- end of table -->\n", encoding="utf-8"
    )
    ((path, text),) = stale(tmp_path).items()
    assert path.name == "page.md"
    assert "1. **world**" in text
    assert "as it was" not in text


def test_every_entry_of_the_ledger_has_a_row():
    from model.parameters import ledger

    rows = re.findall(r"^\| `(\w+)` \|", TEXT["docs/parameters.md"], re.MULTILINE)
    assert rows == sorted(ledger(), key=list(ledger()).index)


BEHAVIOUR = ("access", "body", "choice", "meeting", "movement", "opportunity", "programmes", "social", "ties")
FAMILY = re.compile(r"_(?:k|g|\*)$")
"""How the description of the model writes a family of numbers: `season_k`, `ethnic_g`, `know_*`."""


def words_of_the_model() -> tuple[set[str], tuple[str, ...]]:
    """Every name in the description of the model, and the beginnings of the families."""
    words = set(re.findall(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*(?:_\*)?", TEXT["docs/ODD.md"]))
    return words, tuple(FAMILY.sub("_", word) for word in words if FAMILY.search(word))


def test_every_number_of_behaviour_stands_in_the_description_of_the_model():
    from model.parameters import ledger

    words, families = words_of_the_model()
    numbers = [entry.name for entry in ledger().values() if entry.subject in BEHAVIOUR]
    assert [name for name in numbers if name not in words and not name.startswith(families)] == []


def test_every_name_in_the_description_of_the_model_exists():
    from model.parameters import ledger
    from model.population.columns import KINDS, RESIDENT

    names = {*ledger(), *RESIDENT, *KINDS, "sport_england"}
    told = set(re.findall(r"`([a-z][a-z0-9]*(?:_[a-z0-9*]+)+)`", BLOCK.sub("", TEXT["docs/ODD.md"])))
    unknown = {
        name
        for name in told - names
        if not any(one.startswith(FAMILY.sub("_", name)) for one in names if FAMILY.search(name))
    }
    assert not unknown
    assert len(told) > 60


def test_usual_prices_in_words_are_those_of_the_code():
    text = TEXT["docs/interventions.md"]
    for price in (walking_scheme.SETUP_PER_GROUP, *walking_scheme.WEEKLY_PER_WALK.values(),
                  social_prescribing.SETUP_PER_LINK_WORKER, social_prescribing.YEARLY_PER_LINK_WORKER):  # fmt: skip
        assert f"£{price:,.2f}".removesuffix(".00") in text


def test_every_outcome_and_file_of_a_result_is_explained():
    from model.outcomes import catalogue
    from scenarios.results.effects import COLUMNS
    from scenarios.results.result_folder import FILES

    for name in (
        *FILES,
        *COLUMNS,
        *catalogue.names("level", "gap", "flow"),
        "people_moved",
        "cost_per_person_moved",
        "asset_use",
        "reach",
    ):
        assert f"`{name}`" in TEXT["docs/results.md"], name


def test_every_type_of_intervention_has_a_page_of_settings():
    from model.interventions import REGISTRY

    for kind in REGISTRY.values():
        assert f"\n## {kind.title}\n" in TEXT["docs/interventions.md"]
        assert f"](#{kind.title.lower().replace(' ', '-')})" in TEXT["docs/interventions.md"]


def test_version_and_licence_agree():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{citation["version"]}"' in project
    assert citation["license"] in project
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_picture_of_the_report_is_small_enough():
    picture = ROOT / "docs" / "images" / "report.png"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < 400_000


def test_the_sizes_of_batches_are_those_of_their_formula():
    from calibration.benchmark.sizes import MARK, SPEED, Question, core_seconds, table

    assert MARK + table() in TEXT["docs/cluster.md"], "run python -m calibration.benchmark.sizes --write docs"
    one = core_seconds(Question("", 1_000_000, 1))
    assert one == pytest.approx(1e6 * 624 / SPEED, rel=0.05)
    assert f"{SPEED / 1e6:.1f} million resident-weeks a second" in " ".join(TEXT["docs/cluster.md"].split())
    assert core_seconds(Question("", 1_000_000, 10)) == pytest.approx(10 * one)

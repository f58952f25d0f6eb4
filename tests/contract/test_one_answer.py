"""One comparison has one answer: report, terminal, JSON and files give one value, one range, one rank for each plan."""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import random_comparisons as random
from expected import OUTCOMES, WORDS, Held
from surfaces import Page, measure_of, printed, read_table

from cli.groups import Output
from cli.verbs import compare
from scenarios import comparison
from scenarios.findings import table
from tests.viz.fake_results import undrawn
from viz.report import report

COMPARISONS = 40
USUAL = (0, 2, 4, 9, 10, 11, 14, 18)
"""Comparisons that are always drawn: every way of ranking, and every number of plans. The others are slow."""
MORE = [pytest.param(number, marks=pytest.mark.slow) for number in range(COMPARISONS) if number not in USUAL]
DRAWN = (0,)
"""Comparisons whose reports have their pictures drawn; of the others, the text alternatives are read."""
EMPTY_WORDS = re.compile(
    r"(?<![\d.,])[−-]?0\.00+(?!\d)|fewer than 1 more|fewer than 1 person-years more|−0(?![\d.,])"
)
FIRST = re.compile(r"\b(does most|is cheapest|does best|comes first|ranks first|alone of the)\b")


@pytest.fixture(scope="module", params=[*USUAL, *MORE])
def one(request, tmp_path_factory):
    """One comparison with all that it shows: files read apart, findings, terminal, JSON, page."""
    wanted, folder = random.drawn(request.param), tmp_path_factory.mktemp("one") / "comparison"
    with pytest.MonkeyPatch.context() as patch:
        if request.param not in DRAWN:
            undrawn(patch)
        effects = wanted.run(folder)
        page = report.build(folder)
        patch.setattr(comparison, "compare", lambda *_, **__: effects)
        patch.setattr(compare, "write_report", lambda _: page)
        said: dict[bool, str] = {}
        for as_json in (False, True):
            with _captured() as lines:
                compare.tell([one.title for one in wanted.plans], Output(as_json, quiet=True))
            said[as_json] = lines.getvalue()
    read, found = Page(page.read_text(encoding="utf-8")), effects.findings()
    return SimpleNamespace(wanted=wanted, held=Held(folder, wanted.rank_by), folder=folder, terminal=said[False],
                           json=json.loads(said[True]), page=read, effects=effects, tables=tables(found, said[False], read))  # fmt: skip


def _captured():
    import contextlib
    import io

    return contextlib.redirect_stdout(io.StringIO())


def tables(found, terminal, page):
    """The table of plans wherever it is shown: on a wide and a narrow terminal, and on the page."""
    narrow = printed(table.plans_table(found, 80), 80)
    return [read_table(terminal), page.beside(), *([read_table(narrow)] if "───" in narrow else [])]


def test_every_table_has_the_same_plans_in_the_same_order_with_the_same_ranks(one):
    held = one.held
    order = [held.title[name] for name in held.order]
    ranks = [held.rank(name) for name in held.order]
    for shown in one.tables:
        assert sorted(shown.titles) == sorted(order)
        assert shown.titles == order or _tied(one, shown.titles)
        assert dict(zip(shown.titles, shown.ranks, strict=True)) == dict(zip(order, ranks, strict=True))
    for told in (
        one.json["ranking"],
        json.loads((one.folder / "summary.json").read_text(encoding="utf-8"))["ranking"],
    ):
        assert [plan["title"] for plan in told["plans"]] == one.tables[0].titles
        assert [(plan["rank_low"], plan["rank_high"]) for plan in told["plans"]] == [
            (None, None) if (span := held.rank(plan["scenario"])) == "–" else (int(span.split("–")[0]), int(span.split("–")[-1]))
            for plan in told["plans"]
        ]  # fmt: skip


def _tied(one, titles):
    """Whether an order differs from the files' only among plans of one value."""
    names = {title: name for name, title in one.held.title.items()}
    values = [found.value for title in titles if (found := one.held.of(names[title], one.held.measure))]
    return values == sorted(values, reverse=one.held.sign > 0) and len(values) == len(one.held.ranked)


def test_every_cell_is_the_value_and_range_of_the_files(one):
    names = {one.held.title[name]: name for name in one.held.names}
    for shown in one.tables:
        assert one.held.measure in shown.measures, "the ranked column is never left out"
        for title, cells in zip(shown.titles, shown.cells, strict=True):
            for measure, cell in cells.items():
                assert cell == one.held.cell(names[title], measure), (title, measure)


def test_json_has_the_numbers_of_the_files(one):
    for plan in one.json["ranking"]["plans"]:
        for measure in OUTCOMES:
            held, told = one.held.of(plan["scenario"], measure, kept=True), plan.get(measure)
            assert (held is None) == (told is None), measure
            if held is not None:
                found = [math.nan if told[key] is None else told[key] for key in ("value", "low", "high")]
                assert found == pytest.approx([held.value, held.low, held.high], nan_ok=True, rel=1e-12), (
                    measure
                )
    for pair in one.json["ranking"]["versus"]:
        measure = next(name for name, outcome in OUTCOMES.items() if outcome == pair["outcome"])
        found = one.held.more(pair["scenario"], pair["against"], measure)
        assert pair["difference"] == pytest.approx(found.value, rel=1e-12)
        assert pair["apart"] == found.apart
    assert len(one.json["ranking"]["versus"]) == sum(key[2] in OUTCOMES.values() for key in one.held.pairs)
    assert len(one.json["effects"]) == one.held.rows


def test_a_price_is_given_in_all_or_in_none_and_only_where_people_surely_move(one):
    money = next(
        (rows for caption, _, rows in one.page.tables if caption.startswith("Cost, person-years")), []
    )
    for name in one.held.names:
        people, price = one.held.of(name, "person_years"), one.held.of(name, "cost_per_person_year")
        cost, title = one.held.of(name, "cost"), one.held.title[name]
        assert (price is not None) == (
            people.low > 0 and people.value >= 1 and cost is not None and cost.value > 0
        )
        shown = [
            dict(zip(each.titles, each.cells, strict=True))[title].get("cost_per_person_year")
            for each in one.tables
        ]
        shown += [tuple(row[3].removesuffix(")").split(" (")) for row in money if row[0] == title]
        for cell in (cell for cell in shown if cell is not None):
            assert cell[0].startswith("£") == (price is not None), cell
            assert price is None or tuple(cell) == one.held.cell(name, "cost_per_person_year")
    for row in money[1:]:
        name = next(name for name in one.held.names if one.held.title[name] == row[0])
        value, ends = one.held.cell(name, "person_years")
        assert row[2] == (f"{value} ({ends})" if ends else value)


def test_the_headline_is_one(one):
    headline = one.json["headline"]
    assert headline in one.terminal.splitlines()
    assert one.page.text_of("h1") == [headline]


def test_cards_are_of_the_plan_that_is_surely_first_and_have_its_values(one):
    first = one.held.first if len(one.held.names) > 1 else one.held.names[0]
    if first is None:
        assert not one.page.cards
        return
    labels = {"Adults out of inactivity while": "during", "One year": "after_52", "Two years": "after_104",
              "Person-years": "person_years", "Gap": "gap"}  # fmt: skip
    assert one.page.cards
    for label, figure, note in one.page.cards:
        measure = next((name for start, name in labels.items() if label.startswith(start)), "cost")
        value, ends = one.held.cell(first, measure)
        if measure == "cost":
            price = one.held.of(first, "cost_per_person_year")
            assert figure == value and (price is None) == ("no price" in note)
            if price is not None:
                assert (
                    "{} for each person-year ({})".format(*one.held.cell(first, "cost_per_person_year"))
                    == note
                )
        else:
            words = ("Not told from none", "One run", "No change", "Less than one")
            assert (
                figure in words
                or figure == value
                or (measure == "gap" and figure.startswith(value.strip("−")))
            )
            assert ends == "" or note.endswith(f"95% range {ends}")


def test_no_sentence_names_a_first_among_plans_that_cannot_be_told_apart(one):
    held = one.held
    quoted = {f"“{held.title[name]}”": name for name in held.names}
    for text in {*one.terminal.splitlines(), *one.page.texts}:
        if found := FIRST.search(text):
            assert held.first is not None, text
            assert f"“{held.title[held.first]}” {found[1]}" in text
            if held.measure == "cost_per_person_year":
                assert found[1] == ("alone of the" if len(held.ranked) == 1 else "is cheapest")
                assert f"{len(held.ranked)} plans" in text or found[1] == "alone of the"
        for better, worse in re.findall(
            r"traded: (“.*?”(?:(?:,| and) “.*?”)*) leaves? .*? than (“.*?”.*)\.", text
        ):
            for two in re.findall("“.*?”", worse):
                for one_ in re.findall("“.*?”", better):
                    assert (
                        held.beats(quoted[one_], quoted[two], "gap")
                        or len(re.findall("“.*?”", better + worse)) > 2
                    )
        if found := re.search(r"That is .* than (“.*?”), the next", text):
            assert held.first is not None and held.beats(held.first, quoted[found[1]], held.measure)
        if found := re.search(r", (“.*) help and cannot be told apart", text):
            titles = re.findall("“.*?”", found[1])
            assert titles == sorted(titles) and len(titles) > 1
            mine = [quoted[title] for title in titles]
            assert not any(held.beats(a, b, held.measure) for a in mine for b in mine if a != b)


def test_every_sentence_with_a_ranking_says_by_which_measure(one):
    words = WORDS[one.held.measure]
    for shown in one.tables:
        assert f"ranked by {words}" in shown.caption
    if len(one.held.names) > 1 and one.held.runs > 1:
        assert one.json["headline"].startswith(f"By {words}")
    ranking = re.compile(FIRST.pattern + r"|is shown to help|help and cannot be told apart")
    for text in {*one.terminal.splitlines(), *one.page.texts}:
        if ranking.search(text):
            assert f"y {words}" in text, text
    assert any(f", by {words}" in text for text in one.page.texts)


def test_nothing_empty_is_said(one):
    for text in {*one.terminal.splitlines(), *one.page.texts}:
        assert not EMPTY_WORDS.search(text), text
        for left, right in re.findall(r"([£−]?\d[\d,.]*%?) rather than ([£−]?\d[\d,.]*%?)", text):
            assert left.rstrip(".,") != right.rstrip(".,"), text


def test_with_another_baseline_nobody_speaks_of_todays_plans(one):
    spoken = [
        text for text in (*one.terminal.splitlines(), *one.page.texts) if "today's plans" in text.lower()
    ]
    if one.wanted.baseline is None:
        assert spoken
    else:
        assert not spoken
        assert any(f"“{one.wanted.baseline.title}”" in text for text in one.page.texts)
        assert f"“{one.wanted.baseline.title}”" in one.terminal


def test_the_pairs_of_plans_are_those_of_the_files(one):
    pairs = next(
        (rows for caption, _, rows in one.page.tables if caption.startswith("Differences between plans")),
        None,
    )
    if pairs is None:
        assert len(one.held.names) == 1
        return
    head, *rows = pairs
    names = {one.held.title[name]: name for name in one.held.names}
    assert len(rows) == len(names) * (len(names) - 1) // 2
    for row in rows:
        first, second = next((a, b) for a in names for b in names if row[0] == f"{a} less {b}")
        for name, cell in zip(head[1:], row[1:], strict=True):
            measure = measure_of(name)
            found = one.held.more(names[first], names[second], measure)
            if found is None:
                assert cell == "–"
            elif found.value == 0 and not (found.low < 0 or found.high > 0):
                assert cell == "0"
            else:
                value, ends = one.held.text(found, measure)
                assert cell == (f"{value} ({ends})" if ends else value)


def test_every_plan_against_one_of_them_is_told_with_the_numbers_of_the_files(one):
    last, *others = reversed(one.held.names)
    told = one.effects.as_dict(last)["against"]
    assert {row["scenario"] for row in told} == set(others) and {row["against"] for row in told} <= {last}
    shown = " ".join(printed(table.against_table(one.effects.findings(), last, 400), 400).split())
    for row in told:
        measure = next((name for name, outcome in OUTCOMES.items() if outcome == row["outcome"]), None)
        if measure is None:
            continue
        found = one.held.more(row["scenario"], last, measure)
        ends = [row["difference"], row["range_low"], row["range_high"]]
        assert ends == pytest.approx([found.value, found.low, found.high], rel=1e-12, nan_ok=True)
        if measure not in ("cost", "at_end") and found.value:
            assert all(text in shown for text in one.held.text(found, measure))


def test_every_plan_against_others_added_up_is_told_with_the_numbers_of_the_files(one):
    held = one.held
    if one.wanted.against is None:
        assert not one.json["added_up"]
        return
    first, second = held.names[:2]
    label, titles = f"{first} + {second}", f"{held.title[first]} + {held.title[second]}"
    for name in held.names[2:]:
        parts = [held.of(plan, "person_years").value for plan in (name, first, second)]
        found = held.more(name, label, "person_years")
        assert found.value == pytest.approx(parts[0] - parts[1] - parts[2], abs=1e-9)
        assert held.runs == 1 or found.low <= found.value <= found.high
    told = one.effects.as_dict(one.wanted.against)["against"]
    assert {row["scenario"] for row in told} == set(held.names[2:])
    assert not {row["outcome"] for row in told} & {"gap_deprivation_ratio", "cost_per_person_year"}
    rows = next(rows for caption, _, rows in one.page.tables if caption.startswith("More than its parts?"))
    shown = " ".join(printed(table.against_table(one.effects.findings(), label, 400), 400).split())
    said = [] if held.runs == 1 else one.json["added_up"]
    assert len(rows[1:]) == len(held.names[2:]) and len(said) in (0, len(rows[1:]))
    for head, name in ((rows[0], each) for each in held.names[2:]):
        row = next(row for row in rows[1:] if row[0] == f"{held.title[name]} less {titles}")
        for column, cell in zip(head[1:], row[1:], strict=True):
            found = held.more(name, label, measure_of(column))
            if found is None or (found.value == 0 and not (found.low < 0 or found.high > 0)):
                assert cell in ("–", "0")
                continue
            value, ends = held.text(found, measure_of(column))
            assert cell == (f"{value} ({ends})" if ends else value) and value in shown and ends in shown
        total = held.more(name, label, "person_years")
        line = next((line for line in said if f"“{held.title[name]}” does" in line), "")
        if line and held.runs >= 4:
            assert ("does more than" in line and "cannot be told" not in line) == (
                total.low > 0 and total.value >= 1
            )
    assert set(said) <= set(one.terminal.splitlines()) and set(said) <= set(one.page.texts)


def test_the_comparisons_are_of_every_kind():
    every = [random.drawn(seed) for seed in range(COMPARISONS)]
    usual = [random.drawn(seed) for seed in USUAL]
    assert {len(one.plans) for one in usual} == {len(one.plans) for one in every} == set(range(1, 8))
    assert {one.rank_by for one in usual} == {one.rank_by for one in every}
    assert {one.rank_by for one in every} == {"person_years", "during", "after", "gap", "cost"}
    assert {one.replicates for one in every} >= {1, 2, 6, 8}
    assert {one.parameters for one in every} == {"several", "fitted"}
    assert 4 <= sum(one.baseline is not None for one in every) <= 20


def test_two_plans_alike_in_every_run_share_ranks_and_have_a_report(tmp_path):
    plans = tuple(random.Drawn(title, 0.2, weeks=8, cost=900.0) for title in ("Yoga", "Led walks"))
    effects = random.Comparison(plans, 20, 4, "cost", "fitted").run(tmp_path / "alike")
    found = effects.findings()
    assert [(one.rank_low, one.rank_high) for one in found.plans] == [(1, 2), (1, 2)] and found.winner is None
    assert (
        "“Led walks” and “Yoga” help and cannot be told apart" in report.build(tmp_path / "alike").read_text()
    )

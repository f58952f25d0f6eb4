"""What the bench found, as tables: for a terminal (rich) and for a page (Markdown)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from calibration.benchmark.counts import WORK
from calibration.benchmark.measurement import CountyMeasured
from calibration.benchmark.result import BenchResult

MB, GB = 1e6, 1e9


@dataclass(frozen=True)
class Sheet:
    """One table: a heading, column heads, rows of text."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def markdown(self) -> str:
        """The table in Markdown, numbers to the right."""
        line = "| " + " | ".join(self.heads) + " |"
        rule = "|---|" + "---:|" * (len(self.heads) - 1)
        return "\n".join([line, rule, *("| " + " | ".join(row) + " |" for row in self.rows)])

    def rich(self) -> Any:
        """The table for a terminal."""
        from rich.box import SIMPLE_HEAD
        from rich.markup import escape
        from rich.table import Table

        table = Table(title=self.title, title_justify="left", box=SIMPLE_HEAD)
        for number, head in enumerate(self.heads):
            table.add_column(head, justify="right" if number else "left")
        for row in self.rows:
            table.add_row(*(escape(cell) for cell in row))
        return table


def sheets(told: BenchResult) -> list[Sheet]:
    """Every table of a bench, in order."""
    made = [_asked(told), _speed(told), _growth(told), _ties(told), _start(told), _memory(told), _acts(told),
            _roofline(told)]  # fmt: skip
    return [*made, *([_county(told.county)] if told.county else [])]


def conditions(told: BenchResult) -> str:
    """One line on the machine and the day."""
    here, share = told.machine, told.main.processor_share
    busy = ""
    if share is not None and share < 0.95:
        busy = f" The machine was busy: one thread got {100 * share:.0f}% of a core."
    kind = "full" if told.full else "quick"
    return (
        f"{here.processor}, {here.cores} cores, {here.system}, Python {here.python}, "
        f"numpy {here.numpy}, numba {here.numba}; {kind} run of {told.seconds:,.0f} s.{busy}"
    )


def _millions(rate: float | None) -> str:
    return "not there" if rate is None else f"{rate / 1e6:,.2f}" if rate >= 1e5 else f"{rate / 1e6:.4f}"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _asked(told: BenchResult) -> Sheet:
    rows = []
    for row in told.asked:
        low, high = row.low, row.high
        if low and high:
            asked = f"{_number(low)} to {_number(high)}"
        else:
            asked = f"at least {_number(low)}" if low else f"under {_number(high)}"
        rows.append((row.what, f"{asked} {row.unit}".strip(), f"{_number(row.found)} {row.unit}".strip(),
                     "yes" if row.holds else "no"))  # fmt: skip
    return Sheet("asked", "What was asked", ("What", "Asked", "Found", "Holds"), rows)


def _speed(told: BenchResult) -> Sheet:
    rows = [(f"{told.residents:,} residents, {number} thread{'s' if number != '1' else ''}", _millions(rate))
            for number, rate in told.main.rates.items()]  # fmt: skip
    rows += [(f"the same with three programmes, {number} thread{'s' if number != '1' else ''}", _millions(rate))
             for number, rate in told.with_plans.rates.items()]  # fmt: skip
    reference, plain = told.reference, told.main.compared
    agrees = "to the last bit" if reference.equal else "NOT"
    rows += [(f"the plain Mesa reference, {reference.residents:,} residents (agrees {agrees})",
              _millions(reference.rate)),
             (f"the engine on that same small town ({reference.engine_rate / reference.rate:,.0f} times)",
              _millions(reference.engine_rate))]  # fmt: skip
    same = all(share == 1.0 for share in plain.share_equal.values())
    agrees = "same bits" if same else f"differs by up to {plain.largest_relative_difference:.1e}"
    slower = f"the same in numpy alone ({agrees}; {plain.ratio:.1f} times slower)"
    rows.append(("kernel `choice` alone, one core", _millions(plain.kernel_rate)))
    rows.append((slower, _millions(plain.numpy_rate)))
    return Sheet("speed", "Speed, recording on", ("What", "Million resident-weeks a second"), rows)


def _growth(told: BenchResult) -> Sheet:
    many = str(told.threads)
    rows = [(f"{town.residents:,}", f"{town.place_seconds:.2f}", f"{town.build_seconds:.2f}",
             _millions(town.rates["1"]), _millions(town.rates[many]),
             f"{1e3 * town.residents / town.rates[many]:,.2f}",
             f"{town.peak_bytes / MB:,.0f}") for town in told.growth]  # fmt: skip
    heads = ("Residents", "Place, s", "Build, s", "Million/s, 1 thread", f"Million/s, {many} threads",
             "A week, ms", "Peak memory, MB")  # fmt: skip
    title = "Growth with residents"
    if told.exponents:
        title += (f" (from {10_000:,} on: a week grows as the power {told.exponents.week_one_core:.2f} on one core, "
                  f"{told.exponents.week:.2f} on {many}, "
                  f"building as {told.exponents.build:.2f})")  # fmt: skip
    return Sheet("growth", title, heads, rows)


def _ties(told: BenchResult) -> Sheet:
    rows = [(f"{town.ties_a_resident:.1f}", _millions(town.rates["1"]), f"{town.build_seconds:.2f}",
             f"{town.bytes_of_ties:.0f}") for town in told.ties]  # fmt: skip
    heads = ("Ties a resident", "Million/s, 1 thread", "Build, s", "Bytes of ties a resident")
    return Sheet("ties", f"Growth with ties ({told.ties[0].residents:,} residents)", heads, rows)


def _start(told: BenchResult) -> Sheet:
    start = told.start
    rows = []
    for lap, words in ((start.cold, "nothing compiled before"), (start.warm, "compiled before")):
        parts = lap.seconds
        rows.append((words, f"{lap.whole_seconds:.2f}", f"{parts['import']:.2f}", f"{parts['build']:.2f}",
                     f"{parts['warm_up']:.2f}", f"{parts['run']:.2f}", f"{lap.compile_seconds:.2f}"))  # fmt: skip
    rows.append(("`run.py --help`", f"{start.help_seconds:.2f}", *("",) * 5))
    heads = ("Start", "In all, s", "Import", "Place and build", "Warm-up", "The weeks", "Of it compiling")
    warm = start.warm
    title = f"From nothing to the first result ({warm.residents:,} residents, {warm.weeks} weeks)"
    return Sheet("start", title, heads, rows)


def _memory(told: BenchResult) -> Sheet:
    main, dropped = told.main, told.dropped
    rows = [
        ("columns of residents, bytes a resident", f"{main.bytes_of_columns:.0f}"),
        (
            f"ties ({main.ties_a_resident:.1f} a resident), bytes a resident",
            f"{main.bytes_of_ties:.0f}",
        ),
        ("weights and strata, bytes a resident", f"{main.bytes_beside:.0f}"),
        (f"peak of the process, {main.residents:,} residents, MB", f"{main.peak_bytes / MB:,.0f}"),
    ]
    if dropped:
        made = f"{dropped.towns} towns made and dropped (process {dropped.bytes_late / MB:,.0f} MB)"
        rows.append((f"kept of each of {made}, kB", f"{dropped.bytes_kept_a_town / 1e3:.1f}"))
    return Sheet("memory", "Memory", ("What", "Found"), rows)


def _acts(told: BenchResult) -> Sheet:
    acts, n = told.main.acts, told.residents
    whole = {number: sum(parts.values()) for number, parts in acts.items()}
    rows = [(act, *(f"{1e9 * parts[act] / n:.1f}" for parts in acts.values()),
             f"{100 * acts['1'][act] / whole['1']:.0f}%") for act in acts["1"]]  # fmt: skip
    rows.append(("a week", *(f"{1e9 * seconds / n:.1f}" for seconds in whole.values()), "100%"))
    heads = ("Act", *(f"ns a resident, {number} thread{'s' if number != '1' else ''}" for number in acts),
             "Share of the week")  # fmt: skip
    return Sheet("acts", "The acts of a week", heads, rows)


def _roofline(told: BenchResult) -> Sheet:
    roofs, rates = told.main.roofs, told.main.rates
    one, able = roofs["1"], [roof.machine for roof in roofs.values()]
    rows = [("bytes moved a resident-week", *(f"{one.bytes_a_week:,.0f}" for _ in roofs)),
            ("the machine moves, GB a second", *(f"{rate['bytes'] / GB:.1f}" for rate in able))]  # fmt: skip
    for name, words in WORK.items():
        many = one.work_a_week[name]
        rows.append((f"{words}: {many:.1f} a resident-week, ns each",
                     *(f"{1e9 / rate[name]:.2f}" for rate in able)))  # fmt: skip
    rows += [
            ("ceiling by memory, million resident-weeks a second",
             *(_millions(roof.by_memory) for roof in roofs.values())),
            ("ceiling by arithmetic", *(_millions(roof.by_arithmetic) for roof in roofs.values())),
            ("reached", *(_millions(rates[number]) for number in roofs)),
            ("share of the lower ceiling",
             *(f"{100 * rates[number] / roof.ceiling:.0f}%" for number, roof in roofs.items()))]  # fmt: skip
    heads = ("What", *(f"{number} thread{'s' if number != '1' else ''}" for number in roofs))
    return Sheet("roofline", "Roofline", heads, rows)


def _county(one: CountyMeasured) -> Sheet:
    rows = [(f"read and lay out the place of {one.people:,} people", f"{one.place_seconds:.1f} s"),
            (f"make {one.residents:,} residents of 16 and over and their ties", f"{one.build_seconds:.1f} s"),
            (f"warm-up of {one.warm_up_weeks} weeks", f"{one.warm_up_seconds:.1f} s"),
            (f"{one.weeks} weeks, recording on, {one.threads} threads", f"{one.run_seconds:.1f} s"),
            ("all told", f"{one.whole_seconds:.1f} s"), ("peak memory", f"{one.peak_bytes / GB:.2f} GB")]  # fmt: skip
    return Sheet("county", "All 17 districts, ten years", ("What", "Found"), rows)

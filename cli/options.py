"""The options of the door: each spelled once, whichever verbs take it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from typer import BadParameter, Option


class Definition(StrEnum):
    """Which official definition of inactive."""

    sport_england = "sport_england"
    ohid = "ohid"


class Backend(StrEnum):
    """Where replicates run."""

    loky = "loky"
    dask = "dask"
    ray = "ray"


class Method(StrEnum):
    """How sensitivity is measured."""

    morris = "morris"
    sobol = "sobol"
    pawn = "pawn"


class Effort(StrEnum):
    """How much a calibration runs."""

    quick = "quick"
    short = "short"
    full = "full"


class Keep(StrEnum):
    """What a sweep keeps of every run besides."""

    weekly = "weekly"
    zones = "zones"
    events = "events"


class RankBy(StrEnum):
    """What orders plans."""

    person_years = "person_years"
    during = "during"
    after = "after"
    gap = "gap"
    cost = "cost"


def _some(jobs: int) -> int:
    """A number of processes."""
    if jobs == 0:
        raise BadParameter("0 is no number of processes; allowed: 1 or more, or -1 for every core")
    return jobs


PlaceO = Annotated[
    str | None, Option("--place", help="A shipped place or a folder; above what the scenario says.")
]
DefinitionO = Annotated[
    Definition | None, Option("--definition", help="Which official definition of inactive.")
]
ByO = Annotated[
    str | None,
    Option(
        "--by",
        help="Attributes to cross, with commas: disability,sex,age_band tells effects on each crossing.",
    ),
]


def _share(written: str) -> float:
    """A share as typed; a percentage is refused with the share to write."""
    try:
        return float(written)
    except ValueError:
        pass
    try:
        advice = f": write {float(written.strip().removesuffix('%')) / 100:g}" if "%" in written else ""
    except ValueError:
        advice = ""
    raise BadParameter(f"'{written}' is not a share{advice or ': write a number such as 0.1'}.")


SampleO = Annotated[
    float | None,
    Option(
        "--sample",
        parser=_share,
        metavar="FLOAT",
        help="Share of residents simulated, above 0 to 1. Usual: 0.1.",
    ),
]
YearSampleO = Annotated[
    float | None,
    Option(
        "--sample",
        parser=_share,
        metavar="FLOAT",
        help="Share of residents in a year, above 0 to 1. Usual: 0.05, 0.15 or 0.25, by --effort.",
    ),
]
YearsO = Annotated[float | None, Option("--years", help="Years to run, above what the scenario says.")]
WeeksO = Annotated[int | None, Option("--weeks", help="Weeks to run, instead of years.")]
RankByO = Annotated[
    RankBy | None,
    Option(
        "--rank-by",
        help="What orders plans: person_years out of inactivity over the run (usual), during delivery, a year after, "
        "the gap closed, or cost for each person-year.",
    ),
]
AgainstO = Annotated[
    str | None,
    Option(
        "--against",
        help='Also each plan against this one of them, or against a sum of them ("A+B"), over paired runs.',
    ),
]
SeedO = Annotated[int, Option("--seed", help="Seed of all chance: the same seed gives the same results.")]
ReplicatesO = Annotated[int, Option("--replicates", help="Paired runs; more give narrower intervals.")]
JobsO = Annotated[int, Option("--jobs", help="Processes; -1 uses every core.", callback=_some)]
BackendO = Annotated[Backend, Option("--backend", help="Where replicates run: here, or on a cluster.")]
SchedulerO = Annotated[str | None, Option("--scheduler", help="Address of the cluster's scheduler.")]
OutO = Annotated[Path | None, Option("--out", help="Result folder: new, empty or one of ours.")]
PluginO = Annotated[
    list[Path] | None,
    Option(
        "--plugin",
        metavar="FILE.py",
        help="A file of interventions, outcomes or acts of the week of your own; again for more. It runs as code.",
    ),
]
AllowPluginsO = Annotated[
    bool, Option("--allow-plugins", help="Load the plugins that scenario files name, too: they run as code.")
]
ResumeO = Annotated[bool, Option("--resume", help="Go on with an interrupted batch in --out.")]
OverwriteO = Annotated[
    bool, Option("--overwrite", help="Results of another question that lie in --out may go.")
]
JsonO = Annotated[
    bool, Option("--json", help="One JSON object on standard output; all else on standard error.")
]
QuietO = Annotated[bool, Option("--quiet", help="No progress and no remarks.")]
MaxSecondsO = Annotated[
    float | None, Option("--max-seconds", min=0, help="Stop then; what is finished is kept for --resume.")
]
DeadlineO = Annotated[
    float | None, Option("--deadline", min=0.1, help="Seconds that one run may take before it is given up.")
]
WholeO = Annotated[
    bool,
    Option("--whole", help="The whole town's effect: a few runs of everybody beside those of the sample."),
]
PrecisionO = Annotated[
    float | None, Option("--precision", help="More replicates until the interval is so many points wide.")
]
MostO = Annotated[int, Option("--max-replicates", min=1, help="At most so many, with --precision.")]
GroupO = Annotated[
    str | None, Option("--group", help="Of whom, as imd_quintile=1. Usual: everybody.", metavar="GROUP=LEVEL")
]
WindowO = Annotated[
    str | None,
    Option("--window", help="Over which weeks, as 26:78. Usual: the last 52.", metavar="FIRST:LAST"),
]
WindowsO = Annotated[
    list[str] | None,
    Option(
        "--window", help="Tell outcomes over these weeks too, as 26:78; again for more.", metavar="FIRST:LAST"
    ),
]
KeepO = Annotated[
    list[Keep] | None,
    Option("--keep", help="Keep of every run besides: weekly, zones, events; again for more."),
]
FactorsO = Annotated[
    Path | None, Option("--factors", help="A file of what is varied, as `vary` in a sweep file.")
]
VaryO = Annotated[
    list[str] | None, Option("--vary", help="A parameter, over its range in the ledger; again for more.")
]
WithoutO = Annotated[
    list[str] | None,
    Option("--without", help="One that is not varied, of those that would be; again for more."),
]
PointsO = Annotated[
    int | None, Option("--points", help="Trajectories (morris), base points (sobol), or points.")
]
EmulatorO = Annotated[bool, Option("--emulator", help="With sobol: of an emulator fitted to fewer runs.")]
ParametersO = Annotated[
    str | None,
    Option("--parameters", help="ensemble (usual from 6 replicates, an even number), fitted, or a file."),
]
RetryO = Annotated[bool, Option("--retry", help="With --resume: runs that were set aside are tried again.")]
PartialO = Annotated[bool, Option("--partial", help="Use what runs there are, though some are missing.")]
CapO = Annotated[float, Option("--max-resident-weeks", help="Refuse more work than this.")]
CAP = 2e10
SpilloverO = Annotated[
    bool,
    Option("--spillover", help="Tell apart what spreads from person to person (takes three times as long)."),
]
MethodO = Annotated[Method, Option("--method", help="morris screens, sobol shares out variance.")]
OutcomeO = Annotated[str, Option("--outcome", help="Which effect stands first: any outcome.")]
SecondOrderO = Annotated[bool, Option("--second-order", help="With sobol: pairs, too; twice the runs.")]
BaselineO = Annotated[str, Option("--baseline", help="What they are compared with.")]

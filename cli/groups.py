"""Options that belong together, each group a dataclass that a verb takes as one argument."""

from __future__ import annotations

from dataclasses import dataclass

from cli.options import (
    CAP,
    AgainstO,
    AllowPluginsO,
    Backend,
    BackendO,
    BaselineO,
    ByO,
    CapO,
    DeadlineO,
    EmulatorO,
    FactorsO,
    GroupO,
    JobsO,
    JsonO,
    MaxSecondsO,
    Method,
    MethodO,
    MostO,
    OutcomeO,
    OutO,
    OverwriteO,
    ParametersO,
    PlaceO,
    PluginO,
    PointsO,
    PrecisionO,
    QuietO,
    RankByO,
    ReplicatesO,
    ResumeO,
    RetryO,
    SampleO,
    SchedulerO,
    SecondOrderO,
    SeedO,
    SpilloverO,
    VaryO,
    WeeksO,
    WholeO,
    WindowO,
    WithoutO,
    YearsO,
)


@dataclass(frozen=True)
class Town:
    """Which town is run, and for how long."""

    place: PlaceO = None
    sample: SampleO = None
    years: YearsO = None
    weeks: WeeksO = None
    seed: SeedO = 1


@dataclass(frozen=True)
class Runs:
    """How many runs a comparison makes, and of what numbers."""

    replicates: ReplicatesO = 10
    precision: PrecisionO = None
    max_replicates: MostO = 400
    parameters: ParametersO = None
    spillover: SpilloverO = False
    whole: WholeO = False


@dataclass(frozen=True)
class Reading:
    """What a comparison is held against, and how it is told."""

    baseline: BaselineO = "baseline"
    rank_by: RankByO = None
    against: AgainstO = None
    by: ByO = None


@dataclass(frozen=True)
class Processes:
    """Where runs are made, and how much work is refused."""

    jobs: JobsO = -1
    backend: BackendO = Backend.loky
    scheduler: SchedulerO = None
    max_resident_weeks: CapO = CAP


@dataclass(frozen=True)
class Folder:
    """Where results are kept."""

    out: OutO = None
    resume: ResumeO = False
    overwrite: OverwriteO = False


@dataclass(frozen=True)
class Batch:
    """Where the runs of a batch are kept, and when it ends."""

    out: OutO = None
    resume: ResumeO = False
    retry: RetryO = False
    max_seconds: MaxSecondsO = None
    deadline: DeadlineO = None


@dataclass(frozen=True)
class Question:
    """Which effect is asked about."""

    outcome: OutcomeO = "inactive"
    group: GroupO = None
    window: WindowO = None


@dataclass(frozen=True)
class Factors:
    """What is varied."""

    factors: FactorsO = None
    vary: VaryO = None
    without: WithoutO = None


@dataclass(frozen=True)
class Design:
    """How points are laid out, and how many runs each gets."""

    method: MethodO = Method.morris
    points: PointsO = None
    emulator: EmulatorO = False
    second_order: SecondOrderO = False
    replicates: ReplicatesO = 4


@dataclass(frozen=True)
class Outside:
    """Types of intervention from outside; they are loaded as soon as the options are read."""

    plugin: PluginO = None
    allow_plugins: AllowPluginsO = False

    def __post_init__(self) -> None:
        if self.plugin or self.allow_plugins:
            from scenarios.files.plugins import confirm

            confirm(self.plugin or (), self.allow_plugins)


@dataclass(frozen=True)
class Output:
    """What is printed."""

    as_json: JsonO = False
    quiet: QuietO = False

    @property
    def hidden(self) -> bool:
        """Whether progress is not shown."""
        return self.quiet or self.as_json

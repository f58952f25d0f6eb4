"""All verbs of the command line, and what is done without one."""

from __future__ import annotations

from pathlib import Path

import typer

from cli.door import verb
from cli.groups import Output
from cli.options import JobsO, OutO, ReplicatesO, SampleO, YearsO
from cli.verbs import batches, bundle, compare, fit, others, place, results, scenario, store
from scenarios.batches import interrupts

app = typer.Typer(
    help="How a neighbourhood gets moving, and what helps. Without a verb: compare the shipped scenarios.",
    no_args_is_help=False, add_completion=False, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
for act in (compare.simulate, compare.compare, batches.sweep, batches.sensitivity, fit.calibrate, fit.validate,
            batches.discover, results.report, results.rerun, others.view, others.doctor, others.setup, others.bench, bundle.bundle):  # fmt: skip
    app.command()(act)
app.command(context_settings={"ignore_unknown_options": True})(others.test)
app.add_typer(place.app, name="place")
app.add_typer(scenario.app, name="scenario")
app.add_typer(store.app, name="store")


@app.callback(invoke_without_command=True)
@verb
def demonstrate(
    context: typer.Context,
    output: Output,
    sample: SampleO = None,
    years: YearsO = None,
    replicates: ReplicatesO = 8,
    jobs: JobsO = -1,
    out: OutO = None,
) -> None:
    """How a neighbourhood gets moving, and what helps. Without a verb: compare the shipped scenarios."""
    interrupts.hear()
    if context.invoked_subcommand is not None:
        return _no_options_before_a_verb(context)
    from scenarios.files.library import list_scenarios

    names = [str(one["name"]) for one in list_scenarios() if one["name"] != "baseline"]
    compare.tell(names, output, sample=sample, years=years, replicates=replicates, jobs=jobs,
                 out=out or Path("results/demo"), resume=True, overwrite=out is None)  # fmt: skip


def _no_options_before_a_verb(context: typer.Context) -> None:
    """Options of the demonstration must not be swallowed by another verb."""
    for name in context.params:
        source = context.get_parameter_source(name)
        if source is not None and source.name == "COMMANDLINE":
            raise typer.BadParameter(
                f"stands before '{context.invoked_subcommand}'; put options after the verb"
            )

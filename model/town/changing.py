"""A town whose plans and numbers can be changed in mid-run, with what follows from them worked out again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from model.delivery.barrier import Barrier
from model.delivery.settings import Intervention
from model.errors import InputError
from model.parameters import Parameters, bearable, faults_in
from model.state import State
from model.town import plans, renewal
from model.town.mesa_model import WeeklyModel


class ChangingModel(WeeklyModel):
    """What is changed holds for this town alone, from its next week on; twins and copies keep what they have."""

    state: State

    def set_parameters(
        self,
        changes: Mapping[str, Any] | Parameters | None = None,
        *,
        beyond: Iterable[str] = (),
        **named: Any,
    ) -> None:
        """Change numbers of the model from now on: `town.set_parameters(contagion="complex")`.

        Lasting traits and what plans make of the numbers are worked out again; habits, motivation, knowledge, trust and
        illness go on from where they are. Before the first week of the warm-up the town is as one built with them, but for
        `homophily` and `deprivation_index`, which leave people as they were made.
        beyond: as in `Parameters.with_values`. Raises InputError, and changes nothing, for what is wrong and for numbers that
        only shape a town as it is built.
        """
        given = changes.values if isinstance(changes, Parameters) else changes or {}
        free = [*beyond, *(changes.beyond() if isinstance(changes, Parameters) else ())]
        wanted = {**given, **named}
        faults = renewal.fixed(self.state, wanted)
        told = {fault.key for fault in faults}
        faults += faults_in({name: value for name, value in wanted.items() if name not in told}, beyond=free)
        if faults:
            raise InputError(faults)
        new = self.state.parameters.with_values(wanted, beyond=free)
        with bearable(new):
            renewal.renew(self.state, new)

    @property
    def plans(self) -> dict[str, Intervention | Barrier]:
        """The settings, as they stand, of every plan that runs or is to come, by the label that `change` and `stop` take.

        Plans that are over are left out."""
        running = (one for one in self.state.programmes if not plans.over(self.state, one))
        return {programme.label: programme.settings for programme in running}

    def add(self, *more: Intervention | Barrier | Iterable[Intervention | Barrier]) -> None:
        """Bring in plans, one by one or as lists, beside those that run, and the places they will open. One whose first week is past begins
        now, and ends when it was to end. Raises InputError, and changes nothing, for one whose last week is past."""
        if new := [plan for one in more for plan in plans.listed(one)]:
            plans.bring_in(self.state, new)

    def change(self, label: str, changes: Mapping[str, Any] | None = None, **named: Any) -> None:
        """Change settings of a plan from now on: `town.change("walking_scheme", groups=20, **{"when.weeks": 104})`.

        Members stay members and what was paid stays paid; what the start costs more at a new size is paid in the next week.
        A label without its number, or a type, will do where one plan alone that runs or is to come has it. Raises InputError, and changes nothing, for settings
        that do not fit or that a plan cannot change once it is in a town.
        """
        plans.change(self.state, label, {**(changes or {}), **named})

    def stop(self, label: str) -> None:
        """End a plan now, as at its planned end: groups may go on by themselves, what was built stands. One that has not
        begun is called off."""
        plans.stop(self.state, label)

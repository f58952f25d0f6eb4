"""How much a calibration runs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from model.errors import Fault, InputError

LEAST_POINTS, EACH = 12, 6
"""Points of a first wave below which no emulator can be made, and points for each parameter."""


@dataclass(frozen=True)
class Budget:
    """How much is run. `sample` and `long_sample`: share of residents in a year, and in twenty years,
    which are run at one point of `long_every`. last_screen: the shipped screen is taken as it is. points: of the
    first wave, instead of so many for each parameter; later waves have a third of them."""

    trajectories: int = 6
    most: int = 28
    per_parameter: int = 12
    later: tuple[int, ...] = (120, 80)
    draws: int = 120
    particles: int = 400
    sample: float = 0.25
    long_sample: float = 0.05
    long_every: int = 2
    last_screen: bool = False
    points: int | None = None

    def first(self, parameters: int) -> int:
        """Points of the first wave."""
        return self.points or self.per_parameter * parameters

    def of(self, sample: float | None, points: int | None) -> Budget:
        """The same with one's own share of residents in a year, and points. Raises InputError."""
        faults = []
        if sample is not None and not 0 < sample <= 1:
            faults.append(
                Fault(
                    "must be a share of residents", key="sample", found=f"{sample:g}", allowed="above 0 to 1"
                )
            )
        if points is not None and points < LEAST_POINTS:
            faults.append(Fault("too few for an emulator", key="points", found=str(points),
                                allowed=f"{LEAST_POINTS} or more"))  # fmt: skip
        if faults:
            raise InputError(faults)
        found = replace(self, sample=sample or self.sample, points=points)
        if points is None:
            return found
        later = tuple(max(4, points // 3) for _ in self.later)
        return replace(found, most=min(self.most, points // EACH), later=later)


EFFORTS = {
    "full": Budget(),
    "short": Budget(4, 28, 6, (60,), 60, 300, 0.15, 0.03, 1, last_screen=True),
    "quick": Budget(4, 8, 6, (16,), 8, 100, 0.05, 0.02, 1),
}
"""full: for shipping; short: when rules have moved a little, with the last shipped screen; quick: shows that all works."""

"""Messages of the browser: each an object with fields, bounds and usual values; what does not fit is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from viz.live.builder import barriers
from viz.live.checks import known, number, whole
from viz.live.maps import groups
from viz.live.page import downloads
from viz.live.towns.live import SPEEDS


def _only_true(value: Any) -> bool:
    """A switch: on when it says so and nothing else."""
    return value is True


def _text(value: Any) -> Any:
    return value if value is None else str(value)


def _unless_none(value: Any, check: Callable[..., Any], **bounds: Any) -> Any:
    return None if value is None else check(value, **bounds)


On = Annotated[bool, BeforeValidator(_only_true)]
Text = Annotated[str | None, BeforeValidator(_text)]
Weeks = Annotated[int, BeforeValidator(partial(whole, key="weeks", low=1, high=52))]
Week = Annotated[
    int | None, BeforeValidator(partial(_unless_none, check=whole, key="week", low=1, high=1560))
]
Number = Annotated[int, BeforeValidator(partial(whole, key="number", low=0, high=50))]
BarrierNumber = Annotated[
    int | None, BeforeValidator(partial(_unless_none, check=whole, key="number", low=0, high=barriers.MOST))
]
Area = Annotated[
    int | None, BeforeValidator(partial(_unless_none, check=whole, key="area", low=0, high=100_000))
]
Group = Annotated[
    int | None, BeforeValidator(partial(_unless_none, check=whole, key="group", low=0, high=10_000_000))
]
Replicates = Annotated[int, BeforeValidator(partial(whole, key="replicates", low=2, high=40))]
Side = Annotated[str, BeforeValidator(partial(known, choices=groups.SIDES, key="side"))]
Speed = Annotated[str, BeforeValidator(partial(known, choices=SPEEDS, key="speed"))]
Kind = Annotated[str, BeforeValidator(partial(known, choices=downloads.KINDS, key="kind"))]


class Message(BaseModel):
    """What a browser sends. `quiet`: it leaves a standing remark where it is."""

    model_config = ConfigDict(extra="ignore", frozen=True, validate_default=True)
    quiet: ClassVar[bool] = False


class Nothing(Message):
    """A message without fields."""


class QuietNothing(Nothing):
    """The same, leaving remarks where they are."""

    quiet = True


class Goto(Message):
    """What an address says: the plan (`link`), the week, what is looked at; `back`: the visitor was here before."""

    week: Week = None
    link: Any = None
    back: On = False
    look: Any = None


class Hello(Message):
    """The first message of a page; `reduced`: no motion is wanted. What else it says is where to go."""

    model_config = ConfigDict(extra="allow")
    reduced: On = False
    quiet = True

    @property
    def goto(self) -> Goto:
        """Where to go. Raises InputError."""
        return Goto.model_validate(self.model_extra or {})


class Against(Message):
    """The plan on the left: this one (`this`), one of a link; or today's plans again."""

    this: On = False
    link: Any = None


class Name(Message):
    """Something by its name: of a ready plan, of a place, or the name that a plan is given."""

    name: Any = None


class Play(Message):
    """Play or stop."""

    on: On = False
    quiet = True


class Step(Message):
    """Some weeks on."""

    weeks: Weeks = 1
    quiet = True


class SpeedMessage(Message):
    """How fast it plays."""

    speed: Speed = ""
    quiet = True


class Value(Message):
    """A value by its name: of the view, or of the run."""

    name: Any = None
    value: Any = None


class Look(Value):
    """What is looked at."""

    quiet = True


class Setting(Message):
    """A control of the builder by its path in the scenario file, and its value."""

    path: Any = None
    value: Any = None


class Add(Message):
    """One more action, of a type."""

    type: Text = None


class Remove(Message):
    """One action fewer."""

    number: Number = -1


class Barrier(Message):
    """A barrier by its name, on or off; one of one's own taken out by its number; neither: one of one's own added."""

    number: BarrierNumber = None
    name: Text = None
    on: On = False


class Load(Message):
    """A scenario file's text."""

    text: Any = None


class Pick(Message):
    """A click on a map (x, y, near, metres; side), an area or a group of one side by number, or nothing."""

    x: Any = None
    y: Any = None
    near: Any = None
    side: Any = None
    area: Area = None
    group: Group = None
    quiet = True

    @property
    def point(self) -> tuple[float, float, float] | None:
        """Where the click was. Raises InputError."""
        if self.x is None:
            return None
        x, y, near = (
            number(value, key, 0, 1e6) for key, value in (("x", self.x), ("y", self.y), ("near", self.near))
        )
        return x, y, near


class Follow(Message):
    """A resident to follow."""

    resident: Any = None


class Download(Message):
    """What is taken away."""

    kind: Kind = ""


class RunBatch(Message):
    """Run it properly."""

    replicates: Replicates = 10

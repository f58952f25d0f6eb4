"""Machines that a bundle is for: which wheels they take, and what they are to the markers of packages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms

MACOS = (12, 0)
"""The oldest macOS that is served: what compiled packages ask for, such as llvmlite."""
GLIBC = 28
"""The oldest glibc of Linux that is served is 2.28: Debian 10, Ubuntu 20.04, Red Hat 8."""

_LINUX = (*(f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC, 16, -1)), "manylinux2014_x86_64",
          *(f"manylinux_2_{minor}_x86_64" for minor in range(16, 4, -1)), "manylinux2010_x86_64",
          "manylinux1_x86_64")  # fmt: skip
_DARWIN = {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin"}


@dataclass(frozen=True)
class Machine:
    """A kind of machine: its system as asked for, its name for people, platforms of wheels (best first), markers."""

    system: str
    title: str
    platforms: tuple[str, ...]
    markers: dict[str, str]


MACHINES = (
    Machine("windows", "Windows", ("win_amd64",),
            {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"}),
    Machine("macos", "macOS, Apple chip", tuple(mac_platforms(MACOS, "arm64")), _DARWIN | {"platform_machine": "arm64"}),
    Machine("macos", "macOS, Intel chip", tuple(mac_platforms(MACOS, "x86_64")), _DARWIN | {"platform_machine": "x86_64"}),
    Machine("linux", "Linux", _LINUX,
            {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"}),
)  # fmt: skip
SYSTEMS = tuple(dict.fromkeys(machine.system for machine in MACHINES))


@dataclass(frozen=True)
class Target:
    """A machine with a Python ("3.11")."""

    machine: Machine
    python: str

    @property
    def title(self) -> str:
        """Its name for people."""
        return f"{self.machine.title}, Python {self.python}"

    @cached_property
    def tags(self) -> frozenset[Tag]:
        """Tags of the wheels that it takes."""
        version = tuple(int(part) for part in self.python.split("."))
        short, platforms = "cp" + self.python.replace(".", ""), self.machine.platforms
        return frozenset([*cpython_tags(version, abis=[short], platforms=platforms),
                          *compatible_tags(version, interpreter=short, platforms=platforms)])  # fmt: skip

    def holds(self, marker: Marker, extra: str = "") -> bool:
        """Whether a marker holds there, for the first or the last release of its Python."""
        known = {"implementation_name": "cpython", "platform_python_implementation": "CPython", "platform_release": "",
                 "platform_version": "", "python_version": self.python, "extra": extra} | self.machine.markers  # fmt: skip
        return any(
            marker.evaluate(known | {"python_full_version": full, "implementation_version": full})
            for full in (f"{self.python}.0", f"{self.python}.99")
        )


def targets(systems: Iterable[str], pythons: Iterable[str]) -> Iterator[Target]:
    """Every machine of some systems with every one of some Pythons."""
    wanted, pythons = set(systems), tuple(pythons)
    return (Target(machine, python) for machine in MACHINES if machine.system in wanted for python in pythons)

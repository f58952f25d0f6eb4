"""Waves of a movement: how often, when and how high people come together in groups, beyond what chance does.

The course of people in groups is the mean over replicates, smoothed over a season. A wave is a peak of it
(`scipy.signal.find_peaks`) whose prominence, the height above the higher of the lowest points on either side before a
higher peak, is more than chance alone gives: the largest prominence in 95 of 100 courses made of nothing but the
replicates' deviations from their mean, each times a normal number (the multiplier bootstrap; van der Vaart and Wellner
1996, 2.9), so that the many weeks in which a peak might be seen and the slowness of groups are allowed for. Besides,
the rise from its beginning to its peak must be told over replicates (95% interval), so that no single run makes it. A
wave begins and ends where the course crosses a tenth of its prominence (`peak_widths` at 0.9); what the end of the run
cuts off has not ended.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri, stdtrit

from model import rng
from scenarios.results.effects import paired
from scenarios.runs.design import Job
from scenarios.runs.job import Result

FLOW = "group_members"
"""The outcome whose course is read."""
SEASON = 13
"""Weeks over which a course is smoothed."""
DRAWS = 999
"""Courses of chance drawn."""
LEVEL = 0.95
"""Share of courses of chance that show no wave at all."""
FEWEST = 5
"""Replicates below which chance cannot be told: no waves are said."""
ONE_RUN = 0.5
"""In one run, whose chance nobody knows: prominence asked, as a share of the course's mean."""
EDGE = 0.9
"""Share of the prominence down from the peak at which a wave begins and ends."""


@dataclass(frozen=True)
class Wave:
    """One wave: weeks of beginning, peak and end (None: not over), and people at the peak with the 95% range."""

    began: int
    peaked: int
    ended: int | None
    people: float
    low: float
    high: float


def waves(courses: np.ndarray) -> list[Wave] | None:
    """The waves in courses (R, W) of R replicates over W weeks; None when there are too few to tell."""
    if len(courses) < FEWEST or courses.shape[1] <= SEASON:
        return None
    smooth = _smooth(courses)
    least = max(_of_chance(smooth), 1.0)  # a wave is more than one person
    return [
        Wave(began, peaked, ended, *(float(value[0]) for value in paired(smooth[:, [peaked]])))
        for began, peaked, ended in _peaks(smooth.mean(axis=0), least)
        if paired(smooth[:, [peaked]] - smooth[:, [began]])[1][0] > 0
    ]


def in_one_run(course: np.ndarray) -> list[Wave]:
    """Waves of a single course (W,), told as what happened in it; chance may have made them."""
    if len(course) <= SEASON:
        return []
    smooth = _smooth(course[None])[0]
    return [
        Wave(began, peaked, ended, float(smooth[peaked]), float("nan"), float("nan"))
        for began, peaked, ended in _peaks(smooth, max(ONE_RUN * float(smooth.mean()), 1.0))
    ]


def wave_rows(found: list[Wave] | None) -> list[dict[str, Any]] | None:
    """Waves as JSON tells them."""
    return None if found is None else [asdict(wave) for wave in found]


class Courses:
    """People in groups week by week in every run, by scenario."""

    def __init__(self) -> None:
        self._town: dict[str, list[np.ndarray]] = {}
        self._brought: dict[str, list[np.ndarray]] = {}

    def add(self, job: Job, result: Result) -> None:
        """Take the runs of one job: what each arm is, and what each plan adds to its baseline."""
        courses = [record.flows.get(FLOW) for record in result.records]
        for arm, course in zip(job.arms, courses, strict=True):
            if course is None or (arm is job.arms[0] and len(self._town.get(arm.name, ())) > job.replicate):
                continue  # another town's baseline of the same name: the first stands
            self._town.setdefault(arm.name, []).append(course)
            if arm is not job.arms[0] and courses[0] is not None:
                self._brought.setdefault(arm.name, []).append(course - courses[0])

    def described(self) -> dict[str, Any]:
        """By scenario, the waves of the `town` and those that the plan `brought`; null where chance cannot be told."""
        told: dict[str, Any] = {}
        for name, courses in self._town.items():
            told[name] = {"town": wave_rows(waves(np.stack(courses)))}
            if name in self._brought:
                told[name]["brought"] = wave_rows(waves(np.stack(self._brought[name])))
        return told


def _smooth(courses: np.ndarray) -> np.ndarray:
    from scipy.ndimage import uniform_filter1d

    smooth: np.ndarray = uniform_filter1d(courses.astype(np.float64), SEASON, axis=1, mode="nearest")
    return smooth


def _open_ended(course: np.ndarray) -> np.ndarray:
    """The course with its lowest value after it, so that a wave that the end of the run cuts off is a peak too."""
    return np.append(course, course.min())


def _peaks(course: np.ndarray, least: float) -> list[tuple[int, int, int | None]]:
    """Beginning, peak and end of each peak with at least so much prominence."""
    from scipy.signal import find_peaks, peak_widths

    whole = _open_ended(course)
    peaks, _ = find_peaks(whole, prominence=least)
    _, _, left, right = peak_widths(whole, peaks, rel_height=EDGE)
    return [
        (int(begin), int(peak), None if end > len(course) - 1 else int(np.ceil(end)))
        for begin, peak, end in zip(left, peaks, right, strict=True)
    ]


def _of_chance(smooth: np.ndarray) -> float:
    """The prominence that the largest peak of a course of pure chance stays below in LEVEL of them."""
    from scipy.signal import find_peaks, peak_prominences

    many = len(smooth)
    # Few replicates know their own spread badly: Student's t, as in every interval.
    wider = stdtrit(many - 1, 0.975) / ndtri(0.975)
    left = (smooth - smooth.mean(axis=0)) * np.sqrt(many / (many - 1)) * wider / many
    lots = rng.gaussian(rng.key(0, 0, "waves"), np.arange(DRAWS * many)).reshape(DRAWS, many)
    largest = np.zeros(DRAWS)
    for draw, course in enumerate(lots @ left):
        whole = _open_ended(course)
        peaks, _ = find_peaks(whole)
        if len(peaks):
            largest[draw] = peak_prominences(whole, peaks)[0].max()
    return float(np.quantile(largest, LEVEL))

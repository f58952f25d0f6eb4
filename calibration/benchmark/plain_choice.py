"""The heaviest kernel, `choice`, in numpy alone: what fast code would be without a compiler. Same numbers."""

from __future__ import annotations

import numpy as np

from model.kernels.choice import ChoicePeople, ChoiceSettings, ChoiceWeek

_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)


def philox(key: np.uint64, ids: np.ndarray, week: int, slot: int) -> list[np.ndarray]:
    """Four uniforms in (0, 1) an id, as `model.rng` draws them: four float64 arrays."""
    k0, k1 = key & _LOW, key >> _32
    x0, x1 = ids.astype(np.uint64), np.zeros(len(ids), np.uint64)
    x2, x3 = np.full(len(ids), week, np.uint64), np.full(len(ids), slot, np.uint64)
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * x0, np.uint64(0xCD9E8D57) * x2
        x0, x1, x2, x3 = (p1 >> _32) ^ x1 ^ k0, p1 & _LOW, (p0 >> _32) ^ x3 ^ k1, p0 & _LOW
        k0, k1 = (k0 + np.uint64(0x9E3779B9)) & _LOW, (k1 + np.uint64(0xBB67AE85)) & _LOW
    return [(word.astype(np.float64) + 0.5) * (1.0 / 4294967296.0) for word in (x0, x1, x2, x3)]


def exp(x: np.ndarray) -> np.ndarray:
    """e to the x, by the very steps of `model.kernels.elementary.exp`."""
    x = np.clip(x, -700.0, 700.0)
    k = np.floor(x * 1.4426950408889634 + 0.5)
    r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10
    p = np.full_like(r, 1 / 40320) + r * (1 / 362880)
    for divisor in (5040, 720, 120, 24, 6, 2, 1):
        p = 1 / divisor + r * p
    return (1.0 + r * p) * ((k.astype(np.int64) + 1023) << 52).view(np.float64)


def log(x: np.ndarray) -> np.ndarray:
    """The natural logarithm, by the very steps of `model.kernels.elementary.log`."""
    bits = x.view(np.int64)
    part = ((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
    large = part > 1.4142135623730951
    part = np.where(large, 0.5 * part, part)
    k = ((bits >> 52) - 1023 + large).astype(np.float64)
    s = (part - 1.0) / (part + 1.0)
    q = s * s
    rest = np.full_like(q, 1 / 21)
    for odd in range(19, 1, -2):
        rest = 1 / odd + q * rest
    return k * 6.93147180369123816490e-01 + (
        2.0 * s + (2.0 * s * (q * rest) + k * 1.90821492927058770002e-10)
    )


def normal(u: np.ndarray) -> np.ndarray:
    """Standard normal quantiles by the rational approximations of `model.rng`."""
    q = u - 0.5
    z = _ratio(q * q, _A, _B) * q
    far = np.abs(q) > 0.47575
    tail = u[far]
    low = tail < 0.5
    value = _ratio(np.sqrt(-2.0 * log(np.where(low, tail, 1.0 - tail))), _C, _D)
    z[far] = np.where(low, value, -value)
    return z


_A = (-3.969683028665376e01, 2.209460984245205e02, -2.759285104469687e02, 1.383577518672690e02,
      -3.066479806614716e01, 2.506628277459239e00)  # fmt: skip
_B = (-5.447609879822406e01, 1.615858368580409e02, -1.556989798598866e02, 6.680131188771972e01,
      -1.328068155288572e01, 1.0)  # fmt: skip
_C = (-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e00, -2.549732539343734e00,
      4.374664141464968e00, 2.938163982698783e00)  # fmt: skip
_D = (7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e00, 3.754408661907416e00, 1.0)


def _ratio(x: np.ndarray, above: tuple[float, ...], below: tuple[float, ...]) -> np.ndarray:
    top, bottom = above[0] * x + above[1], below[0] * x + below[1]
    for coefficient in above[2:]:
        top = top * x + coefficient
    for coefficient in below[2:]:
        bottom = bottom * x + coefficient
    return top / bottom


def choice(
    settings: ChoiceSettings, week: ChoiceWeek, people: ChoicePeople
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sessions (6, n) uint8, minutes (6, n) float32 and place (n,) int32 of a week; arguments as the kernel's."""
    s, n, boost = settings, len(people.id), week.boost
    draws = [one for slot in (0, 1) for one in philox(week.key_sessions, people.id, week.number, slot)]
    length = [one for slot in (0, 1) for one in philox(week.key_minutes, people.id, week.number, slot)]
    fit = people.fitness.astype(np.float64) - 0.5
    shared = (people.drift + people.motivation) + s.energy_sd * normal(draws[6])
    shared = shared + s.fitness_effect * fit - s.illness_effect * people.ill
    sessions, minutes = np.empty((6, n), np.uint8), np.empty((6, n), np.float32)
    place, most, total = np.full(n, -1, np.int32), np.zeros(n, np.int64), np.zeros(n)
    for kind in range(6):
        utility = (
            shared
            + people.base[kind]
            + s.habit_effect * people.habit[kind].astype(np.float64)
            - week.season[kind]
        )
        if kind < 5:
            utility = utility + people.access[kind]
        if kind in (0, 2):
            utility = utility - people.unsafe.astype(np.float64) * week.dark
        if boost.shape[1]:
            utility = utility + boost[kind]
        count = _binomial(draws[kind], int(week.most_sessions[kind]), utility)
        sd = s.minutes_week_sd / np.sqrt(np.maximum(count, 1.0))
        spent = count * people.minutes_session[kind] * exp(sd * normal(length[kind]) - 0.5 * sd * sd)
        more = count > most
        place = np.where(more, people.destination[kind] if kind < 5 else -1, place)
        most = np.where(more, count, most)
        together = (people.group_sessions > 0) & (people.group_kind == kind)
        spent = np.where(together, spent + people.group_minutes, spent)
        led = together & (people.group_sessions >= most)
        most, place = np.where(led, people.group_sessions, most), np.where(led, people.group_place, place)
        sessions[kind], minutes[kind] = count, spent
        total = total + spent
    room = week.free_minutes[people.work]
    over = total > room
    scale = (room[over] + s.hours_free_squeeze * (total[over] - room[over])) / total[over]
    minutes[:, over] = minutes[:, over] * scale
    return sessions, minutes, place.astype(np.int32)


def _binomial(u: np.ndarray, size: int, utility: np.ndarray) -> np.ndarray:
    """Binomial counts (int64) of `size` tries at the logistic of `utility`, by climbing the distribution function."""
    odds = exp(-np.abs(utility))
    fewer, high = 1.0 / (1.0 + odds), utility > 0.0
    u = np.where(high, 1.0 - u, u)
    term = np.ones_like(u)
    for _ in range(size):
        term = term * fewer
    below = term.copy()
    count = (u > term).astype(np.int64)
    for step in range(1, size):
        term = term * (odds * ((size - step + 1) / step))
        below = below + term
        count += u > below
    return np.where(high, size - count, count)

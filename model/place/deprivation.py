"""Which year's zones and deprivation a table holds, and whether decile, rank and score say the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.errors import Fault
from model.files.table import Table
from model.place.codes import of_2021
from model.place.columns import SCHOOLING, upside_down, year_of

RANKED = {2025: 33_755, 2019: 32_844, 2015: 32_844, 2010: 32_482}
"""Zones of England that each Indices of Deprivation rank."""
CENSUS = {2025: 2021, 2019: 2011, 2015: 2011, 2010: 2001}
"""The census whose zones they rank."""
LATEST = 2025
SCORE_TOLERANCE = 0.1
"""Share of all ranks by which a score may stand off its rank: 0.012 in the Indices of 2025, more in older ones."""
FOLLOWERS = ("decile_income", "decile_employment", "decile_education", "decile_health", "decile_crime")
"""Domains whose deciles rise with the rank in every district (correlation 0.5 to 0.98 in the Indices of 2025)."""
AGAINST = -0.4
HARDSHIP = ("share_households_no_car", "share_16_74_unemployed", "share_16_74_long_term_sick")
"""Shares that are high where deprivation is."""


@dataclass(frozen=True)
class Vintage:
    """The census of the zones, and the year of their deprivation; None where nothing tells. `how` it was found."""

    zones: int | None = None
    deprivation: int | None = None
    how: str = "neither codes nor headings tell"

    @property
    def ranked(self) -> int:
        """Zones of England that the ranks run over."""
        return RANKED[self.deprivation or LATEST]


def check(
    table: Table, zones: pd.DataFrame, places: dict[str, int]
) -> tuple[Vintage, list[Fault], list[Fault]]:
    """The vintage of a table, what is wrong with it and its deprivation, and warnings.

    zones: canonical columns, a row for each of `table.rows`; places: the position of each column in the table.
    """
    heads = {name: table.headers[place] for name, place in places.items()}
    faults = [Fault("the heading says that 10 is the most deprived", table.file, table.head, heads[name],
                    allowed="1 = the most deprived tenth", hint="Give 11 minus the decile.")
              for name in heads if "decile" in name and upside_down(heads[name])]  # fmt: skip
    census, why = _census(table, zones, heads, faults)
    year, fits = _year(table, heads, faults)
    if not faults:
        ranked_by = _ranked_by(table, zones, heads, year, census, faults)
        year, fits = (
            (ranked_by, f"ranks are of {ranked_by}, as their deciles or their size show")
            if ranked_by and not year
            else (year, fits)
        )
    if not faults:
        _scores(table, zones, heads, RANKED[year or LATEST], faults)
        _domains(table, zones, heads, faults)
    if not faults and year and census and CENSUS[year] != census:
        faults.append(Fault(f"zones of {census} with deprivation of {year}, which ranks zones of {CENSUS[year]}",
                            table.file, table.head, heads["code"], found=f"{why}; {fits}",
                            allowed="zones and deprivation that go together: 2021 with 2025, 2011 with 2019",
                            hint="Take both from one publication."))  # fmt: skip
    if faults:
        return Vintage(), faults, []
    warnings = _hardship(table, zones, heads)
    if year is None and census == 2011:
        year, fits = 2019, "taken to go with zones of 2011"
    if census is None and year is not None:
        census, why = CENSUS[year], f"deprivation of {year} is published for zones of {CENSUS[year]}"
    warnings += _schooling(table, heads, census)
    told = "; ".join(filter(None, (why, fits))) or Vintage.how
    if year is None and "imd_rank" in heads and "imd_decile" not in heads:
        warnings.append(Fault(f"ranks are taken to be of {LATEST}, of {RANKED[LATEST]:,} zones", table.file, table.head,
                              heads["imd_rank"], hint="A heading such as imd_rank_2019 says otherwise."))  # fmt: skip
    if year is not None and year != LATEST:
        warnings.append(Fault(f"deprivation is of {year}, older than the latest ({LATEST})", table.file, table.head,
                              heads.get("imd_rank") or heads.get("imd_decile"),
                              hint="Figures that are filled in are England's by fifths of 2025."))  # fmt: skip
    return Vintage(census, year, told), [], warnings


def _schooling(table: Table, heads: dict[str, str], census: int | None) -> list[Fault]:
    """Warnings of qualifications and occupations of another census than that of England's which they are held against."""
    years = {name: year_of(heads[name]) for name in SCHOOLING if name in heads}
    return [Fault(f"shares of {year} are held against those of England in {census}", table.file, table.head, heads[name],
                  hint="Take them from the census of the zones.")
            for name, year in years.items() if census and year not in (None, census)]  # fmt: skip


def _census(
    table: Table, zones: pd.DataFrame, heads: dict[str, str], faults: list[Fault]
) -> tuple[int | None, str]:
    """The census of the zones by headings, then by codes that can only be of 2021."""
    said = {year for name in ("code", "name") if name in heads and (year := year_of(heads[name]))}
    new = [i for i, code in enumerate(zones["code"]) if of_2021(str(code))]
    if len(said) > 1:
        faults.append(Fault("code and name are of zones of two censuses", table.file, table.head, heads["code"],
                            f"{heads['code']} and {heads['name']}", "zones of one census"))  # fmt: skip
        return None, ""
    year = max(said, default=None)
    if year in (2001, 2011) and new:
        shown = ", ".join(str(zones["code"].iloc[i]) for i in new[:3])
        faults.append(Fault(f"the heading says zones of {year}, but codes are of zones made in 2021", table.file,
                            table.lines[new[0]], heads["code"], f"{shown} ({len(new)} of {len(zones)} zones)",
                            "zones of one census", "If all are zones of 2021, call the column LSOA21CD."))  # fmt: skip
        return None, ""
    counted = year_of(heads["residents"]) if "residents" in heads else None
    if year in (2001, 2011) and counted is not None and counted >= 2021:
        faults.append(Fault(f"zones of {year} with residents of {counted}, who are counted by zones of 2021", table.file,
                            table.head, heads["residents"], f"{heads['code']} and {heads['residents']}",
                            "zones and residents that go together"))  # fmt: skip
    if year in (2001, 2011, 2021):
        return (
            year,
            f"the heading {heads['code'] if year_of(heads['code']) else heads['name']} says zones of {year}",
        )
    return (2021, f"code {zones['code'].iloc[new[0]]} is of a zone made in 2021") if new else (None, "")


def _year(table: Table, heads: dict[str, str], faults: list[Fault]) -> tuple[int | None, str]:
    """The year of the Indices by the headings of rank, score and deciles."""
    said = {head: year for name, head in heads.items()
            if name.startswith(("imd_", "decile_")) and (year := year_of(head))}  # fmt: skip
    years = sorted(set(said.values()))
    if len(years) > 1:
        shown = [next(head for head, year in said.items() if year == one) for one in years]
        faults.append(Fault("deprivation of two years is mixed", table.file, table.head, shown[0],
                            " and ".join(shown), "rank, score and deciles of one year"))  # fmt: skip
        return None, ""
    if not years or years[0] not in RANKED:
        return None, ""
    return years[0], f"the heading {next(iter(said))} says deprivation of {years[0]}"


def _tenth(rank: np.ndarray, ranked: int) -> np.ndarray:
    return np.clip(np.ceil(rank * 10 / ranked), 1, 10)


def _ranked_by(
    table: Table,
    zones: pd.DataFrame,
    heads: dict[str, str],
    year: int | None,
    census: int | None,
    faults: list[Fault],
) -> int | None:
    """The year that the ranks can only be of, by their deciles or their size; None when it cannot be told."""
    if "imd_rank" not in zones:
        return None
    rank = zones["imd_rank"].to_numpy(float)
    likely = year or next((one for one, zoned in CENSUS.items() if zoned == census), LATEST)
    if year and np.nanmax(rank, initial=0) > RANKED[year]:
        row = int(np.nanargmax(rank))
        faults.append(Fault(f"is beyond the last rank of {year}", table.file, table.lines[row], heads["imd_rank"],
                            f"{rank[row]:.0f}", f"1 to {RANKED[year]}"))  # fmt: skip
        return None
    if "imd_decile" not in zones:
        return LATEST if np.nanmax(rank, initial=0) > RANKED[2019] else None
    decile = zones["imd_decile"].to_numpy(float)
    both = np.isfinite(rank) & np.isfinite(decile)
    wrong = {one: both & (decile != _tenth(rank, size)) for one, size in RANKED.items()}
    fitting = [one for one in RANKED if not wrong[one].any()]
    if year and not wrong[year].any():
        return year
    if fitting and not year:
        return fitting[0] if len({RANKED[one] for one in fitting}) == 1 and both.any() else None
    if fitting:
        faults.append(Fault(f"the heading says deprivation of {year}, but deciles and ranks are of {fitting[0]}",
                            table.file, table.head, heads["imd_rank"], f"ranks of {RANKED[fitting[0]]:,} zones",
                            f"ranks of {RANKED[year or LATEST]:,} zones"))  # fmt: skip
        return None
    _disagree(table, heads, rank, decile, wrong, likely, faults)
    return None


def _disagree(
    table: Table, heads: dict[str, str], rank: np.ndarray, decile: np.ndarray, wrong: dict[int, np.ndarray],
    likely: int, faults: list[Fault],
) -> None:  # fmt: skip
    """Say how deciles and ranks disagree: upside down, two years mixed, or row by row."""
    size, rows = RANKED[likely], np.flatnonzero(wrong[likely])
    right, row = _tenth(rank, size), int(rows[0])
    shown = f"decile {decile[row]:.0f} beside rank {rank[row]:,.0f} of {size:,}"
    checked = int((np.isfinite(rank) & np.isfinite(decile)).sum())
    if len(rows) > 2 and (decile[rows] == 11 - right[rows]).mean() > 0.9 and len(rows) > 0.8 * checked:
        faults.append(Fault("deciles run upside down: 1 must be the most deprived", table.file, table.lines[row],
                            heads["imd_decile"], f"{shown}, and so in {len(rows)} of {checked} zones",
                            "1 = the most deprived tenth", "Give 11 minus the decile."))  # fmt: skip
        return
    if not (wrong[2025] & wrong[2019]).any():
        old = np.flatnonzero(wrong[2025])
        faults.append(Fault("ranks of 2025 and of 2019 are mixed", table.file, table.lines[int(old[0])],
                            heads["imd_rank"], f"{len(old)} of {checked} zones fit 2019 only",
                            "ranks of one year"))  # fmt: skip
        return
    hint = (
        "Is it a decile within the district? The national one is wanted." if len(rows) > checked / 4 else None
    )
    for i in rows.tolist():
        faults.append(Fault("decile and rank disagree", table.file, table.lines[i], heads["imd_decile"],
                            f"decile {decile[i]:.0f} beside rank {rank[i]:,.0f} of {size:,}",
                            f"decile {right[i]:.0f} for this rank", hint))  # fmt: skip


def _scores(table: Table, zones: pd.DataFrame, heads: dict[str, str], size: int, faults: list[Fault]) -> None:
    """Scores must stand where England's do at that rank, or in that tenth."""
    from model.synthesis.england import RANKS, england  # synthesis stands above this module

    if "imd_score" not in zones or not {"imd_rank", "imd_decile"} & heads.keys():
        return
    by_score = england().rank(zones["imd_score"].to_numpy(float)) / RANKS
    nothing = np.full(len(zones), np.nan)
    rank = zones["imd_rank"].to_numpy(float) / size if "imd_rank" in zones else nothing
    tenth = zones["imd_decile"].to_numpy(float) / 10 if "imd_decile" in zones else nothing
    low, high = np.where(np.isfinite(rank), rank, tenth - 0.1), np.where(np.isfinite(rank), rank, tenth)
    off = np.maximum(low - by_score, by_score - high)
    rows = np.flatnonzero(off > SCORE_TOLERANCE)
    if not len(rows):
        return
    key = "imd_rank" if "imd_rank" in heads and np.isfinite(rank[rows[0]]) else "imd_decile"
    middle = (low + high) / 2
    mirrored = np.abs(1 - middle - by_score)
    if (
        len(rows) > 2
        and len(rows) > len(zones) / 4
        and (mirrored[rows] < SCORE_TOLERANCE + 0.05).mean() > 0.9
    ):
        what = "deciles run" if key == "imd_decile" else "ranks run"
        faults.append(Fault(f"{what} upside down: 1 must be the most deprived", table.file, table.lines[int(rows[0])],
                            heads[key], f"{zones[key].iloc[int(rows[0])]:.0f} beside a score of "
                            f"{zones['imd_score'].iloc[int(rows[0])]:g}, and so in {len(rows)} of {len(zones)} zones",
                            "1 = the most deprived; scores rise with deprivation"))  # fmt: skip
        return
    for i in rows.tolist():
        key = "imd_rank" if np.isfinite(rank[i]) else "imd_decile"
        faults.append(Fault(f"{key.split('_')[1]} and score disagree", table.file, table.lines[i], heads[key],
                            f"{zones[key].iloc[i]:,.0f} beside a score of {zones['imd_score'].iloc[i]:g}",
                            f"about rank {by_score[i] * size:,.0f}, decile {_tenth(by_score[i] * size, size):.0f}, "
                            "for this score"))  # fmt: skip


def _order(zones: pd.DataFrame) -> np.ndarray | None:
    """How well off each zone is: its rank, else decile, else score turned round."""
    for name, sign in (("imd_rank", 1), ("imd_decile", 1), ("imd_score", -1)):
        if name in zones:
            return zones[name].to_numpy(float) * sign
    return None


def _correlation(values: np.ndarray, order: np.ndarray | None) -> float:
    """Their correlation; 0 where fewer than ten zones have both, or one does not vary."""
    if order is None:
        return 0.0
    both = np.isfinite(values) & np.isfinite(order)
    if both.sum() < 10 or not np.ptp(values[both]) or not np.ptp(order[both]):
        return 0.0
    return float(np.corrcoef(values[both], order[both])[0, 1])


def _domains(table: Table, zones: pd.DataFrame, heads: dict[str, str], faults: list[Fault]) -> None:
    """Deciles of the domains that follow the index must not run against it."""
    order = _order(zones)
    for name in FOLLOWERS:
        if name in zones and _correlation(zones[name].to_numpy(float), order) < AGAINST:
            faults.append(Fault("deciles run upside down: they fall where deprivation falls", table.file, table.head,
                                heads[name], allowed="1 = the most deprived tenth", hint="Give 11 minus the decile."))  # fmt: skip


def _hardship(table: Table, zones: pd.DataFrame, heads: dict[str, str]) -> list[Fault]:
    """A warning where what goes with deprivation falls with it: the only sign when the deciles stand alone."""
    order = _order(zones)
    for name in HARDSHIP:
        if name in zones and _correlation(zones[name].to_numpy(float), order) > -AGAINST:
            key = next(one for one in ("imd_rank", "imd_decile", "imd_score") if one in heads)
            return [Fault(f"deprivation may run upside down: {heads[name]} is low where it is high", table.file,
                          table.head, heads[key], allowed="1 = the most deprived")]  # fmt: skip
    return []

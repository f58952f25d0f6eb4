"""Every column of a place's tables declared once: canonical name, bounds, aliases, groups that sum to one."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BANDS = ("0_4", "5_10", "11_15", "16_24", "25_34", "35_44", "45_54", "55_64", "65_74", "75_84", "85_plus")
AGE_COLUMNS = tuple(f"share_age_{band}" for band in _BANDS)
ADULT_AGE_COLUMNS = AGE_COLUMNS[3:]
ETHNIC_COLUMNS = tuple(f"share_ethnic_{group}" for group in ("white", "asian", "black", "mixed", "other"))
HOUSEHOLD_COLUMNS = tuple(f"share_households_size_{size}" for size in (*range(1, 8), "8_plus"))
WHOLES = (AGE_COLUMNS, ETHNIC_COLUMNS, HOUSEHOLD_COLUMNS)
"""Groups of shares that sum to one in every zone."""
PARTS = (
    ("share_households_no_car", "share_households_one_car"), ("share_no_qualifications", "share_level_4_plus"),
    ("share_ns_sec_1_2", "share_ns_sec_6_8"),
)  # fmt: skip
"""Groups of shares of one whole that do not make it up."""

ZONE_CODE_ALIASES = (
    "code", "zone_code", "zone", "lsoa21cd", "lsoa11cd", "lsoa_code", "lsoa21_code", "lsoa11_code",
    "geography_code", "area_code", "feature_code_lsoa_code", "mnemonic", "lsoa",
    "lower_layer_super_output_areas_code", "lower_layer_super_output_area_code",
)  # fmt: skip


@dataclass(frozen=True)
class ZoneColumn:
    """One canonical column of zones.csv: a number between `low` and `high`, or text when `low` is None."""

    name: str
    meaning: str
    low: float | None = None
    high: float | None = None
    aliases: tuple[str, ...] = ()
    compulsory: bool = False
    whole: bool = False


def _share(name: str, meaning: str, *aliases: str) -> ZoneColumn:
    return ZoneColumn(name, meaning, 0.0, 1.0, aliases)


def _decile(domain: str, *published: str) -> ZoneColumn:
    """A domain's decile; `published`: its names in the Indices of Deprivation, beside the short one."""
    aliases = [f"{name}_decile" for name in (domain, *published)] + [f"decile_{name}" for name in published]
    meaning = f"national decile of the {domain} domain, 1 = worst"
    return ZoneColumn(f"decile_{domain}", meaning, 1, 10, tuple(aliases))


def _imd(what: str) -> tuple[str, ...]:
    """How publishers head the index as a whole."""
    long = "index_of_multiple_deprivation"
    return (f"{long}_imd_{what}", f"{long}_{what}", f"iod_imd_{what}", f"overall_imd_{what}", f"{what}_imd",
            f"imd_national_{what}")  # fmt: skip


_COLUMNS = (
    ZoneColumn("code", "the zone's code", aliases=ZONE_CODE_ALIASES[1:], compulsory=True),
    ZoneColumn("name", "the zone's name", aliases=(
        "zone_name", "lsoa21nm", "lsoa11nm", "lsoa_name", "super_output_area_lower_layer",
        "lower_layer_super_output_areas", "geography")),
    ZoneColumn("easting", "centre of the residents, British National Grid, m", 0, 700_000,
               ("x", "e", "eastings", "bng_e"), True),
    ZoneColumn("northing", "centre of residents, British National Grid, m", 0, 1_300_000,
               ("y", "n", "northings", "bng_n"), True),
    ZoneColumn("residents", "people of any age", 0, 1_000_000,
               ("population", "usual_residents", "all_usual_residents", "total_population", "total_population_mid"),
               True, True),
    ZoneColumn("imd_decile", "national decile of deprivation, 1 = most deprived", 1, 10,
               _imd("decile"), whole=True),
    ZoneColumn("imd_score", "score of deprivation, higher = more deprived", 0, 100, _imd("score")),
    ZoneColumn("imd_rank", "national rank of deprivation, 1 = most deprived", 1, 33_755, _imd("rank"), whole=True),
    ZoneColumn("area_km2", "area", 0.0001, 20_000, ("area",)),
    ZoneColumn("urban", "1 = urban, 0 = rural", 0, 1, ("rural_urban", "urban_rural")),
    *(_share(name, "share of residents of this age") for name in AGE_COLUMNS),
    _share("share_female", "share of residents who are women or girls", "share_women"),
    _share("share_disabled", "share of residents limited in day-to-day activities (census)"),
    _share("share_of_disabled_limited_a_lot", "share of disabled residents who are limited a lot"),
    *(_share(name, "share of residents of this ethnic group") for name in ETHNIC_COLUMNS[:3]),
    _share("share_ethnic_mixed", "share of residents of mixed ethnic group",
           "share_ethnic_mixed_or_multiple_ethnic_groups"),
    _share("share_ethnic_other", "share of residents of another ethnic group",
           "share_ethnic_other_ethnic_group"),
    *(_share(name, "share of households of this size") for name in HOUSEHOLD_COLUMNS),
    _share("share_households_no_car", "share of households with no car or van"),
    _share("share_households_one_car", "share of households with one car or van"),
    _share("share_16_74_economically_active", "share of people of 16-74 in work or seeking it"),
    _share("share_16_74_unemployed", "share of people of 16-74 out of work and seeking it"),
    _share("share_16_74_home_or_family", "share of people of 16-74 looking after home or family"),
    _share("share_16_74_long_term_sick", "share of people of 16-74 long-term sick or disabled"),
    _share("share_unpaid_carers_20h_plus", "share of residents who give 20 hours or more of care"),
    _decile("income"), _decile("employment"), _decile("education", "education_skills_and_training"),
    _decile("health", "health_deprivation_and_disability", "health_and_disability"), _decile("crime"),
    _decile("housing", "barriers_to_housing_and_services", "housing_and_services", "housing_and_access"),
    _decile("environment", "living_environment"),
    ZoneColumn("greenspace_m", "mean distance to the nearest park, garden or playing field, m", 0, 50_000,
               ("greenspace_distance_m",)),
    ZoneColumn("shop_km", "road distance to a food shop, km", 0, 100,
               ("distance_general_store_or_supermarket_km",)),
    ZoneColumn("gp_km", "road distance to a GP surgery, km", 0, 100, ("distance_gp_surgery_km",)),
    ZoneColumn("school_km", "road distance to a primary school, km", 0, 100, ("distance_primary_school_km",)),
    ZoneColumn("road_accidents", "walkers and cyclists hurt on roads, per 1,000", 0, 1_000,
               ("road_traffic_accidents",)),
    ZoneColumn("antisocial_rate", "antisocial behaviour incidents per 1,000", 0, 10_000,
               ("anti_social_behaviour_rate_per_1_000", "anti_social_behaviour_rate")),
    ZoneColumn("violence_rate", "violence with injury per 1,000", 0, 10_000,
               ("violence_with_injury_rate_per_1_000", "violence_with_injury_rate")),
    ZoneColumn("connectivity", "DfT connectivity score, 0-100", 0, 100, ("connectivity_score",)),
    ZoneColumn("patients_per_gp", "patients for each GP", 0, 100_000, ("patient_to_gp_ratio",)),
    _share("share_no_qualifications", "share of residents of 16 and over without qualifications",
           "share_with_no_qualifications"),
    _share("share_level_4_plus", "share of residents of 16 and over with level 4 qualifications and above",
           "share_level_4_qualifications_and_above", "share_level_4_qualifications_or_above", "share_level_4"),
    _share("share_ns_sec_1_2", "share of residents of 16 and over in managerial and professional occupations (NS-SEC 1-2)",
           "share_nssec_1_2", "share_managerial_and_professional"),
    _share("share_ns_sec_6_8", "share of residents of 16 and over in routine occupations, never worked or long-term "
           "unemployed (NS-SEC 6-8)", "share_nssec_6_8", "share_routine_occupations"),
    ZoneColumn("decile_outdoors", "national decile of the outdoors sub-domain of the environment, 1 = worst", 1, 10, (
        "outdoors_decile", "outdoors_sub_domain_decile", "outdoors_subdomain_decile", "decile_outdoors_sub_domain")),
)  # fmt: skip

ZONE: dict[str, ZoneColumn] = {column.name: column for column in _COLUMNS}
SCHOOLING = ("share_no_qualifications", "share_level_4_plus", "share_ns_sec_1_2", "share_ns_sec_6_8")
"""Columns that tell of know-how in place of the education decile, where a place gives them."""
NEVER_FILLED = (*SCHOOLING, "decile_outdoors")
"""Columns that are used where a place gives them, and that nothing stands in for."""
FILLABLE = tuple(name for name, column in ZONE.items() if column.low is not None and not column.compulsory
                 and name not in ("imd_decile", "imd_score", "imd_rank", "area_km2", "urban", *NEVER_FILLED))  # fmt: skip
"""Columns that England's figure for the zone's IMD fifth can stand in for."""

ASSET: dict[str, tuple[float, float]] = {
    "capacity_week": (0, 1e7), "price": (0, 1_000), "step_free": (0, 1), "welcome": (0, 1), "upkeep": (0, 1),
    "opening": (0, 1), "lit": (0, 1),
}  # fmt: skip
"""Optional columns of assets.csv with their bounds; blanks take the ledger's value for the kind."""

ASSET_KIND_ALIASES = {
    "gp": "gp_practice", "gp_surgery": "gp_practice", "surgery": "gp_practice", "sports_club": "club",
    "sports_centre": "leisure_centre", "gym": "leisure_centre", "swimming_pool": "leisure_centre",
    "church": "place_of_worship", "mosque": "place_of_worship", "temple": "place_of_worship",
    "village_hall": "community_centre", "shop": "local_centre", "shops": "local_centre",
    "playing_field": "park", "garden": "park", "footpath": "path",
}  # fmt: skip

_YEAR = re.compile(r"(19|20)\d\d")
_BRACKETS = re.compile(r"[\[(][^\])]*[\])]")
_ALIASES = {alias: column.name for column in _COLUMNS for alias in (column.name, *column.aliases)}
_UPSIDE_DOWN = re.compile(r"\b10\W+(is |are |being )?(the )?most|\b1\W+(is |are |being )?(the )?least", re.I)
_VINTAGE = re.compile(r"(?<![a-z])(?:lsoa|sa|lad|ltla)?(01|11|21)(?=cd|nm|_|$)")


def plain(header: str) -> str:
    """A header in plain form: lower case, words joined by underscores."""
    return re.sub(r"[^a-z0-9]+", "_", str(header).strip().lower()).strip("_")


def canonical(header: str) -> str | None:
    """The canonical column a header stands for; None for a user's own.

    Years and explanations in brackets ("(where 1 is most deprived 10% of LSOAs)") are dropped.
    """
    bare = plain(_BRACKETS.sub(lambda found: found[0] if len(found[0]) < 8 else " ", str(header)))
    yearless = plain(_YEAR.sub(" ", bare.replace("_", " ")))
    return next((_ALIASES[name] for name in (plain(header), bare, yearless) if name in _ALIASES), None)


def known(header: str) -> bool:
    """Whether a header stands for a canonical column."""
    return canonical(header) is not None


def year_of(header: str) -> int | None:
    """The year a header names, as 2019 or as in LSOA11CD; None when it names none."""
    if found := _YEAR.search(str(header)):
        return int(found[0])
    short = _VINTAGE.search(plain(header))
    return 2000 + int(short[1]) if short else None


def upside_down(header: str) -> bool:
    """Whether a header says that 10, not 1, is the most deprived."""
    return bool(_UPSIDE_DOWN.search(str(header)))

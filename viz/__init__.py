"""What is seen: the report, its figures, the live view."""

import scenarios

if not hasattr(scenarios, "beside"):
    raise ImportError(
        f"{scenarios.__file__ or scenarios.__path__} hides the package `scenarios` of Everystep: rename it, or start from "
        "another folder"
    )
scenarios.beside("model")
scenarios.beside("calibration")

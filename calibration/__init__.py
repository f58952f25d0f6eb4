"""What is held against the model: targets, the fit, validation, sensitivity, benchmarks."""

import scenarios

if not hasattr(scenarios, "beside"):
    raise ImportError(
        f"{scenarios.__file__ or scenarios.__path__} hides the package `scenarios` of Everystep: rename it, or start from "
        "another folder"
    )
scenarios.beside("model")

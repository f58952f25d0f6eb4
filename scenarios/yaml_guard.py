"""The guarded reader of YAML, for this room; it stands in `model.files`, where places are read with it too."""

from model.files.yaml_guard import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_KEYS,
    MAX_NODES,
    REFUSED,
    Document,
    Path_,
    decode,
    key_name,
    parse,
    read_text,
)

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_KEYS", "MAX_NODES", "REFUSED", "Document", "Path_", "decode", "key_name",
           "parse", "read_text"]  # fmt: skip

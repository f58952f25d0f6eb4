"""What unquoted words of YAML mean, for this room; it stands in `model.files`."""

from model.files.yaml_words import UNSHOWABLE, printable, read_word

__all__ = ["UNSHOWABLE", "printable", "read_word"]

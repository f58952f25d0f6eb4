#!/bin/sh
# Opens the live view: double-click. The first time it sets itself up, which takes some minutes.
cd "$(dirname "$0")" || exit 1
for python in python3.13 python3.12 python3.11 python3; do
  if command -v "$python" >/dev/null 2>&1; then
    exec "$python" run.py view "$@"
  fi
done
echo "Python was not found. Install Python 3.13 from python.org."
read -r _

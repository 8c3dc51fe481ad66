"""Writes sliceIndices.json: which positions Python's slices take of axes of several sizes."""
import json
import pathlib

bounds = [None, -5, -1, 0, 2, 5]
cases = [
    [size, start, stop, step, list(range(size))[start:stop:step]]
    for size in (0, 1, 4)
    for step in (None, 2, 3, -1, -2)
    for start in bounds
    for stop in bounds
]
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
pathlib.Path(__file__).with_suffix(".json").write_text(f"[\n{lines}\n]\n")

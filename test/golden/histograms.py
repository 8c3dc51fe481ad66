"""Writes histograms.json: numpy.histogram of values near the edges of bins, for ranges of all sizes."""
import json
import pathlib

import numpy as np

random = np.random.default_rng(20261126)
cases = []
for bins, low, high in [(4, 0, 1), (16, -1, 1), (10, -0.3, 0.7), (64, -3.5, 1e4), (7, 1e-6, 3e-6), (5, 2, 2.5)]:
    low, high = float(np.float32(low)), float(np.float32(high))
    edges = np.linspace(low, high, bins + 1)
    near = np.concatenate([edges, np.nextafter(edges, -np.inf), np.nextafter(edges, np.inf)])
    spread = random.uniform(low - (high - low) / 8, high + (high - low) / 8, 100)
    values = np.concatenate([near, spread]).astype(np.float32)
    counts, _ = np.histogram(values.astype(np.float64), bins=bins, range=(low, high))
    cases.append({
        "bins": bins,
        "low": low,
        "high": high,
        "values": [float(x) for x in values],
        "counts": counts.tolist(),
    })
pathlib.Path(__file__).with_suffix(".json").write_text(
    "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")

"""Writes compareNumpy.json: how NumPy compares two arrays.

The differences are taken in float64, as Normscope takes them. Values are stored as the hexadecimal bits of
float32. Run with Debian 12's python3-numpy 1.24.2:

    python3 compareNumpy.py
"""

import json
import pathlib

import numpy

HERE = pathlib.Path(__file__).parent


def ordered(x):
    bits = x.view(numpy.int32).astype(numpy.int64)
    return numpy.where(bits < 0, -(bits & 0x7FFFFFFF), bits)


def compare(name, a, b, rtol=1e-5, atol=1e-8):
    a = numpy.asarray(a, numpy.float32)
    b = numpy.asarray(b, numpy.float32)
    x, y = a.astype(numpy.float64), b.astype(numpy.float64)
    both = numpy.isfinite(x) & numpy.isfinite(y)
    difference = numpy.abs(x - y)[both]
    nonzero = both & (y != 0)
    ulps = numpy.abs(ordered(a[both]) - ordered(b[both]))
    return {
        "name": name,
        "a": a.tobytes().hex(),
        "b": b.tobytes().hex(),
        "rtol": rtol,
        "atol": atol,
        "close": bool(numpy.allclose(x, y, rtol, atol)),
        "closeWithNan": bool(numpy.allclose(x, y, rtol, atol, equal_nan=True)),
        "outside": int((~numpy.isclose(x, y, rtol, atol)).sum()),
        "maxAbs": float(difference.max()),
        "meanAbs": float(difference.mean()),
        "rmse": float(numpy.sqrt((difference**2).mean())),
        "maxRel": float((numpy.abs(x - y)[nonzero] / numpy.abs(y[nonzero])).max()),
        "cosine": float(x[both] @ y[both] / (numpy.linalg.norm(x[both]) * numpy.linalg.norm(y[both]))),
        "maxUlp": int(ulps.max()),
        "ulps": numpy.bincount(numpy.frexp(ulps.astype(numpy.float64))[1], minlength=33).tolist(),
    }


def cases():
    random = numpy.random.default_rng(6)
    a = random.normal(size=64)
    yield compare("equal", a, a)
    yield compare("noise", a, a + 1e-6 * random.normal(size=64))
    yield compare("looser", a, a + 1e-3 * random.normal(size=64), rtol=1e-2, atol=1e-2)
    yield compare("neighbours", a, numpy.nextafter(numpy.float32(a), numpy.float32(9)))
    yield compare("opposite", a, -a)
    yield compare("ranges", 10.0 ** random.uniform(-40, 38, 64), 10.0 ** random.uniform(-40, 38, 64))
    yield compare("zeros", [0.0, -0.0, 0.0, 1.0], [-0.0, 0.0, 1e-9, 1.0])
    special = [numpy.nan, numpy.nan, 1, numpy.inf, numpy.inf, -numpy.inf, 2, 3]
    yield compare("special", special, [numpy.nan, 1, numpy.nan, numpy.inf, -numpy.inf, 5, 2, 3])
    yield compare("nan in both", [numpy.nan, 1], [numpy.nan, 1])


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(case) for case in cases())
    (HERE / "compareNumpy.json").write_text(f"[\n{lines}\n]\n")

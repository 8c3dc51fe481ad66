"""Runs batch-norm cases through the real PyTorch: JSON cases on standard input, JSON results out.

A case: shape, dtype, x (a list of calls, each a flat list), gamma, beta (null: affine=False), moving_mean,
moving_variance (null: track_running_stats=False), num_batches_tracked, epsilon, momentum (null: cumulative),
training, requires_grad, frozen (track_running_stats turned off after construction). A result: one entry a
call with output, moving_mean, moving_variance and num_batches_tracked, or error. With dy (a list of calls, as
x) a result has also grad_x, grad_gamma and grad_beta (null where there is no gamma, or it is frozen).
"""

import json
import math
import sys

import torch


def plain(values):
    """A list that JSON can hold: NaN and the infinities as strings."""
    if values is None:
        return None
    flat = values.detach().double().flatten().tolist()
    return [x if math.isfinite(x) else ("NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity") for x in flat]


def make_layer(case, channels, dtype):
    rank = len(case["shape"])
    kind = {2: torch.nn.BatchNorm1d, 3: torch.nn.BatchNorm1d, 4: torch.nn.BatchNorm2d, 5: torch.nn.BatchNorm3d}[rank]
    layer = kind(
        channels,
        eps=case["epsilon"],
        momentum=case["momentum"],
        affine=case["gamma"] is not None,
        track_running_stats=case["moving_mean"] is not None,
    )
    vector = lambda values: torch.tensor([float(x) for x in values], dtype=dtype)
    layer = layer.to(dtype)
    with torch.no_grad():
        if case["gamma"] is not None:
            layer.weight.copy_(vector(case["gamma"]))
            layer.bias.copy_(vector(case["beta"]))
        if case["moving_mean"] is not None:
            layer.running_mean.copy_(vector(case["moving_mean"]))
            layer.running_var.copy_(vector(case["moving_variance"]))
            layer.num_batches_tracked.fill_(case["num_batches_tracked"])
    if case["frozen"]:
        layer.track_running_stats = False
    if layer.affine and not case["requires_grad"]:
        layer.requires_grad_(False)
    return layer.train(case["training"])


def gradients(layer, values, output, dy):
    output.backward(torch.tensor(dy, dtype=output.dtype).reshape(output.shape))
    return {
        "grad_x": plain(values.grad),
        "grad_gamma": plain(layer.weight.grad) if layer.affine else None,
        "grad_beta": plain(layer.bias.grad) if layer.affine else None,
    }


def run(case):
    dtype = getattr(torch, case["dtype"])
    sample = case["shape"][1:]
    layer = make_layer(case, case["shape"][1], dtype)
    results = []
    for i, x in enumerate(case["x"]):
        values = torch.tensor([float(v) for v in x], dtype=dtype).reshape([-1 if x else 0, *sample])
        values.requires_grad_("dy" in case)
        layer.zero_grad()
        try:
            output = layer(values)
        except ValueError as error:
            results.append({"error": str(error)})
            break
        results.append(
            {
                "output": plain(output),
                "moving_mean": plain(layer.running_mean),
                "moving_variance": plain(layer.running_var),
                "num_batches_tracked": None if layer.num_batches_tracked is None else int(layer.num_batches_tracked),
                **(gradients(layer, values, output, case["dy"][i]) if "dy" in case else {}),
            }
        )
    return results


torch.manual_seed(0)
torch.set_num_threads(1)
json.dump({"version": torch.__version__, "results": [run(case) for case in json.load(sys.stdin)]}, sys.stdout)

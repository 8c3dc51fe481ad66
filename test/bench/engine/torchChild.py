"""PyTorch on one thread, for the benchmark: answers lines such as `forward last training` with milliseconds."""

import sys
import time

import torch

torch.set_num_threads(1)
torch.manual_seed(1)
tensors = {}


def prepare(key, shape, axis):
    """Keeps a random tensor; `shape` is in the order of its elements, which PyTorch may not name first."""
    data = torch.randn([int(size) for size in shape.split(",")])
    axis = int(axis)
    x = data if axis == 1 else data.movedim(axis, 1)
    channels = x.shape[1]
    tensors[key] = (x, torch.ones(channels), torch.zeros(channels), torch.zeros(channels), torch.ones(channels))
    return 0


def forward(key, mode):
    x, weight, bias, mean, variance = tensors[key]
    training = mode == "training"
    # The first makes its output's memory warm; with the allocator's limits raised the second gets the same.
    torch.native_batch_norm(x, weight, bias, mean, variance, training, 0.1, 1e-5)
    start = time.perf_counter()
    torch.native_batch_norm(x, weight, bias, mean, variance, training, 0.1, 1e-5)
    return (time.perf_counter() - start) * 1000


commands = {"prepare": prepare, "forward": forward, "version": lambda: f'"{torch.__version__}"'}
with torch.no_grad():
    for line in sys.stdin:
        name, *words = line.split()
        print(commands[name](*words), flush=True)

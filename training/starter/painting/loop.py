"""One training loop for all stages: a rate that decays at the end, averaged weights, and checkpoints to resume from."""
import copy
import os
import time

import numpy as np
import torch

DECAY_SHARE = 0.45
SAVE_EVERY_S = 60


class Run:
    """`steps` may be changed between two starts: the decay is always the last part of it."""

    def __init__(self, work, stage, steps, average=0.999):
        self.file = os.path.join(work, f"{stage}.pt")
        self.stage, self.steps, self.average = stage, steps, average
        self.step, self.loss, self.stopwatch = 0, {}, time.time()
        self.started_at = 0
        os.makedirs(work, exist_ok=True)
        with open(os.path.join(work, "pid"), "w") as pid:
            pid.write(str(os.getpid()))

    def begin(self, net, optimisers):
        self.net, self.optimisers = net, optimisers
        self.mean = copy.deepcopy(net).eval().requires_grad_(False)
        learnt = [name for name, p in net.named_parameters() if p.requires_grad]
        mean, own = dict(self.mean.named_parameters()), dict(net.named_parameters())
        self.pairs = [mean[name] for name in learnt], [own[name] for name in learnt]
        if os.path.exists(self.file):
            self._restore(torch.load(self.file, map_location="cpu", weights_only=False))
        self.started_at = self.step
        return self

    def generator(self):
        """Fresh for each step, so that a restart goes on where it stopped."""
        torch.manual_seed(1_000_003 * len(self.stage) + self.step)
        return np.random.default_rng([len(self.stage), self.step])

    def rate(self):
        left = 1 - self.step / self.steps
        return min(1, (self.step + 1) / 100) * min(1, 0.02 + 0.98 * left / DECAY_SHARE)

    def running(self):
        return self.step < self.steps

    def after(self, **losses):
        self.step += 1
        decay = min(self.average, self.step / (self.step + 60))
        torch._foreach_mul_(self.pairs[0], decay)
        torch._foreach_add_(self.pairs[0], [each.detach() for each in self.pairs[1]], alpha=1 - decay)
        for name, value in losses.items():
            self.loss[name] = 0.98 * self.loss.get(name, value) + 0.02 * value
        if self.step % 25 == 0:
            pace = (self.step - self.started_at) / (time.time() - self.stopwatch)
            told = "  ".join(f"{name} {value:.4f}" for name, value in self.loss.items())
            print(f"{self.stage} {self.step}/{self.steps}  {pace:.2f} steps/s  {told}", flush=True)
        if self.step % 5 == 0 and time.time() - getattr(self, "saved", self.stopwatch) > SAVE_EVERY_S:
            self.save()

    def save(self):
        self.saved = time.time()
        state = {
            "net": self.net.state_dict(), "mean": self.mean.state_dict(), "step": self.step, "loss": self.loss,
            "optimisers": [each.state_dict() for each in self.optimisers],
        }  # fmt: skip
        torch.save(state, f"{self.file}.part")
        os.replace(f"{self.file}.part", self.file)

    def _restore(self, state):
        self.net.load_state_dict(state["net"])
        self.mean.load_state_dict(state["mean"])
        for each, kept in zip(self.optimisers, state["optimisers"]):
            each.load_state_dict(kept)
        self.step, self.loss = state["step"], state["loss"]
        print(f"{self.stage}: goes on at step {self.step}", flush=True)

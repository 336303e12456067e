"""Muon: momentum whose steps are made orthogonal, for the weight matrices of the blocks (Jordan et al., 2024)."""
import torch


class Muon:
    def __init__(self, matrices, decay=0.05, momentum=0.95):
        self.matrices, self.decay, self.momentum, self.rate = matrices, decay, momentum, 0.0
        self.memory = [torch.zeros_like(matrix) for matrix in matrices]

    @torch.no_grad()
    def step(self):
        for matrix, memory in zip(self.matrices, self.memory):
            memory.mul_(self.momentum).add_(matrix.grad)
            update = orthogonal(matrix.grad + self.momentum * memory)
            matrix.mul_(1 - self.rate * self.decay).add_(update, alpha=-self.rate * 0.2 * max(matrix.shape) ** 0.5)

    def state_dict(self):
        return {"memory": self.memory}

    def load_state_dict(self, state):
        for memory, kept in zip(self.memory, state["memory"]):
            memory.copy_(kept)


def orthogonal(matrix):
    """Five Newton-Schulz steps towards the nearest matrix whose singular values are one."""
    x = matrix.bfloat16()
    x = x / (x.float().norm() + 1e-7)
    tall = x.shape[0] > x.shape[1]
    x = x.T.contiguous() if tall else x
    for _ in range(5):
        square = x @ x.T
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return (x.T if tall else x).float()

"""The training step of `qhm bench --workload step`, as users of other libraries write it in PyTorch.

First values are QHM's: element k of all parameters in a row is sin(k + 1) / 2, feature k of all
samples is cos(k + 1), label k is k modulo 4.
"""
import torch

QUBITS, LAYERS, FEATURES, CLASSES, BATCH, LOSSES = 8, 4, 16, 4, 64, 3


class PennyLaneLayer(torch.nn.Module):
    """lightning.qubit with adjoint derivatives: the whole batch in a call, or a row at a time."""

    def __init__(self, is_batched, kind):
        super().__init__()
        import pennylane as qml
        device = qml.device("lightning.qubit", wires=QUBITS, c_dtype=kind)

        @qml.qnode(device, interface="torch", diff_method="adjoint")
        def circuit(inputs, weights):
            for q in range(QUBITS):
                qml.RY(inputs[..., q], wires=q)
            for layer in range(LAYERS):
                for q in range(QUBITS):
                    qml.RY(weights[layer, q, 0], wires=q)
                    qml.RZ(weights[layer, q, 1], wires=q)
                for q in range(QUBITS - 1):
                    qml.CNOT(wires=[q, q + 1])
            return [qml.expval(qml.PauliZ(q)) for q in range(QUBITS)]
        self.layer = qml.qnn.TorchLayer(circuit, {"weights": (LAYERS, QUBITS, 2)})
        self.is_batched = is_batched

    def forward(self, x):
        if self.is_batched:
            return self.layer(x)
        return torch.stack([self.layer(row) for row in x])


class TorchQuantumLayer(torch.nn.Module):
    """TorchQuantum: batched states as PyTorch tensors, derivatives by PyTorch."""

    def __init__(self):
        super().__init__()
        import torchquantum
        self.lib = torchquantum
        self.weights = torch.nn.Parameter(torch.zeros(LAYERS, QUBITS, 2))
        self.measure = torchquantum.MeasureAll(torchquantum.PauliZ)

    def forward(self, x):
        device = self.lib.QuantumDevice(n_wires=QUBITS, bsz=x.shape[0])
        for q in range(QUBITS):
            device.ry(wires=q, params=x[:, q:q + 1])
        for layer in range(LAYERS):
            for q in range(QUBITS):
                device.ry(wires=q, params=self.weights[layer, q, 0])
                device.rz(wires=q, params=self.weights[layer, q, 1])
            for q in range(QUBITS - 1):
                device.cnot(wires=[q, q + 1])
        return self.measure(device)


class Training:
    """One model and its optimizer; step() trains once on the batch."""

    def __init__(self, layer):
        self.model = torch.nn.Sequential(torch.nn.Linear(FEATURES, QUBITS), torch.nn.Tanh(), layer,
                                         torch.nn.Linear(QUBITS, CLASSES))
        k = 1
        with torch.no_grad():
            for parameter in self.model.parameters():
                count = parameter.numel()
                values = torch.arange(k, k + count, dtype=torch.float64).sin() / 2
                parameter.copy_(values.reshape(parameter.shape))
                k += count
        numbers = torch.arange(1, BATCH * FEATURES + 1, dtype=torch.float64)
        self.features = numbers.cos().reshape(BATCH, FEATURES).to(torch.float32)
        self.labels = torch.arange(BATCH) % CLASSES
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=0.001)
        self.loss = torch.nn.CrossEntropyLoss()
        self.losses = []

    def step(self):
        self.optimizer.zero_grad()
        loss = self.loss(self.model(self.features), self.labels)
        loss.backward()
        self.optimizer.step()
        if len(self.losses) < LOSSES:
            self.losses.append(loss.item())


class Trainer:
    taken = None

    def __init__(self, circuit, workload, precision, threads):
        torch.set_num_threads(threads)
        self.trainings = {name: Training(layer) for name, layer in self.layers().items()}
        self.variants = {name: training.step for name, training in self.trainings.items()}

    def values(self):
        training = next(iter(self.trainings.values()))
        while len(training.losses) < LOSSES:
            training.step()
        return training.losses


class PennyLane(Trainer):
    def layers(self):
        import numpy
        return {"whole batch": PennyLaneLayer(True, numpy.complex64),
                "whole batch, complex128": PennyLaneLayer(True, numpy.complex128),
                "row by row": PennyLaneLayer(False, numpy.complex64)}


class TorchQuantum(Trainer):
    def layers(self):
        return {"whole batch": TorchQuantumLayer()}


TRAINERS = {"pennylane": PennyLane, "torchquantum": TorchQuantum}

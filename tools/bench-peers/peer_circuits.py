"""Circuits as `qhm bench --write-circuit` writes them: OpenQASM 2, one gate a line."""
import cmath
import math
import re

GATE = re.compile(r"(\w+)(?:\(([^)]*)\))? (q\[\d+\](?:, q\[\d+\])*);")
ANGLE = re.compile(r"(-?)(?:(\d+)\*)?pi(?:/(\d+))?")
NO_GATE = ("OPENQASM", "include", "gate ", "qreg")  # how the other lines begin
AMPLITUDES, STRIDE = 32, 2654435761  # which amplitudes `qhm bench --values` tells
SHOTS = 32                          # of the workload by trajectories


def number(text):
    """The value of 0.25 or -3*pi/4."""
    match = ANGLE.fullmatch(text)
    if not match:
        return float(text)
    return float(match[1] + "1") * int(match[2] or 1) * math.pi / int(match[3] or 1)


class Circuit:
    """Gates as (name, angles, qubits) on `qubits` qubits."""

    def __init__(self, text):
        self.qubits = int(re.search(r"qreg q\[(\d+)\];", text)[1])
        self.gates = []
        for line in text.splitlines():
            match = GATE.fullmatch(line)
            if line.startswith(NO_GATE):
                continue
            if not match:
                raise ValueError(f"not a gate of a workload: {line}")
            angles = [number(angle) for angle in match[2].split(", ")] if match[2] else []
            self.gates.append((match[1], angles, [int(q) for q in re.findall(r"\d+", match[3])]))

    def moments(self):
        """When each gate can run at the earliest: the time slices that qsim asks for."""
        free, times = [0] * self.qubits, []
        for _, _, qubits in self.gates:
            times.append(max(free[q] for q in qubits))
            for q in qubits:
                free[q] = times[-1] + 1
        return times


def u3(a, b, c):
    """The matrix of u3(a, b, c), rows first."""
    cosine, sine = math.cos(a / 2), math.sin(a / 2)
    return [[cosine, -cmath.exp(1j * c) * sine],
            [cmath.exp(1j * b) * sine, cmath.exp(1j * (b + c)) * cosine]]


def cost_edges(gates):
    """The pairs of qubits that the first layer of QAOA joins."""
    edges = []
    for name, _, qubits in gates:
        if name == "rzz":
            edges.append(qubits)
        elif edges:
            break
    return edges


def sum_layers(circuit, derivatives):
    """Derivatives by the angle of every gate of QAOA, summed to those by the angles of its layers:
    all of RZZ, then all of RX."""
    sizes = {"rzz": len(cost_edges(circuit.gates)), "rx": circuit.qubits}
    sums = {"rzz": [], "rx": []}
    names = [name for name, angles, _ in circuit.gates if angles]
    for kind, size in sizes.items():
        own = [x for name, x in zip(names, derivatives, strict=True) if name == kind]
        sums[kind] = [sum(own[i:i + size]) for i in range(0, len(own), size)]
    return sums["rzz"] + sums["rx"]


def told_amplitudes(qubits):
    return [i * STRIDE % (1 << qubits) for i in range(AMPLITUDES)]


def disagreement(workload, ours, theirs):
    """How far apart two lists of values are; amplitudes may differ by a common phase. Values from
    shots: the root of the mean square of the differences, in standard deviations of one."""
    if workload == "trajectories":
        squares = [(x - y) ** 2 for x, y in zip(ours, theirs, strict=True)]
        return math.sqrt(sum(squares) / len(squares) * SHOTS / 2)
    if workload not in ("random", "qft", "qaoa"):
        scale = max(1e-3, max(abs(x) for x in ours))
        return max(abs(x - y) for x, y in zip(ours, theirs, strict=True)) / scale
    a = [complex(*ours[i:i + 2]) for i in range(0, len(ours), 2)]
    b = [complex(*theirs[i:i + 2]) for i in range(0, len(theirs), 2)]
    overlap = sum(x.conjugate() * y for x, y in zip(a, b, strict=True))
    phase = overlap / abs(overlap) if overlap else 1
    size = math.sqrt(sum(abs(x) ** 2 for x in a))
    return math.sqrt(sum(abs(x * phase - y) ** 2 for x, y in zip(a, b))) / size

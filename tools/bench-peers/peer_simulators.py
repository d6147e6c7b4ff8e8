"""Other simulators, driven through their compiled classes on circuits that are built beforehand.

Each class is made from (circuit, workload, precision, threads) and has
  variants  {name: function without arguments that runs the circuit once and reads it out}
  values()  what `qhm bench --values` tells, after a run
  taken     seconds of the last run by the simulator's own clock, where it has one, else None
Qubit 0 is the least significant bit, as in QHM; Lightning and Aer's labels count the other way.
"""
import math

import numpy as np

from peer_circuits import SHOTS, cost_edges, sum_layers, told_amplitudes, u3

LARGE = ("random", "qft", "qaoa")
GRADIENTS = ("gradient", "qaoa-gradient")


def flat(amplitudes):
    return [float(part) for z in amplitudes for part in (z.real, z.imag)]


class Simulator:
    taken = None

    def __init__(self, circuit, workload, precision, threads):
        self.circuit, self.workload, self.threads = circuit, workload, threads
        self.precision, self.n = precision, circuit.qubits
        self.read = [0] if workload in LARGE else list(range(self.n))  # whose <Z> is read out
        # what gradients are of: sums of Z of these
        self.products = cost_edges(circuit.gates) if workload == "qaoa-gradient" else [
            [q] for q in self.read]
        self.variants = self.build()


class Qsim(Simulator):
    """qsimcirq: float32, AVX2 or AVX-512; fuses up to 2, 3 or 4 qubits in each run."""

    PLAIN = {"h": "kH", "x": "kX", "cx": "kCX", "cz": "kCZ", "swap": "kSWAP"}

    def add(self, gate, time, into):
        name, angles, qubits = gate
        lib = self.lib
        if name == "u3":
            matrix = [z for row in u3(*angles) for z in row]
            lib.add_matrix_gate(time, qubits, flat(matrix), into)
        elif name in ("rx", "ry", "rz"):
            lib.add_gate(getattr(lib, "k" + name), time, qubits, {"phi": angles[0]}, into)
        elif name in ("cu1", "rzz"):
            kind, shift = (lib.kCZPowGate, 0.0) if name == "cu1" else (lib.kZZPowGate, -0.5)
            about = {"exponent": angles[0] / math.pi, "global_shift": shift}
            lib.add_gate(kind, time, qubits, about, into)
        else:
            lib.add_gate(getattr(lib, self.PLAIN[name]), time, qubits, {}, into)

    def build(self):
        from qsimcirq import qsim
        self.lib = qsim
        circuit = qsim.Circuit()
        circuit.num_qubits = self.n
        order = sorted(zip(self.circuit.moments(), self.circuit.gates), key=lambda pair: pair[0])
        for time, gate in order:
            self.add(gate, time, circuit)
        observables = []
        for q in self.read:
            string = qsim.OpString()
            string.weight = 1
            qsim.add_gate_to_opstring(qsim.kZ, [q], string)
            observables.append(([string], 1))
        self.options = {"c": circuit, "s": 1, "t": self.threads, "v": 0, "r": 1, "g": False,
                        "gmode": 0, "gsst": 0, "gdb": 0, "z": True}

        def variant(fused):
            options = self.options | {"f": fused}
            return lambda: setattr(self, "result", qsim.qsim_simulate_expectation_values(
                options, observables, 0))
        return {f"fusion {fused}": variant(fused) for fused in (2, 3, 4)}

    def values(self):
        if self.workload not in LARGE:
            return [float(z.real) for z in self.result]
        bits = "\n".join(format(k, f"0{self.n}b")[::-1] for k in told_amplitudes(self.n))
        return flat(self.lib.qsim_simulate(self.options | {"f": 3, "i": bits}))


class Lightning(Simulator):
    """PennyLane's lightning.qubit: its C++ state vector, gate by gate, and its adjoint."""

    NAMES = {"rx": "RX", "ry": "RY", "rz": "RZ", "h": "Hadamard", "x": "PauliX", "cx": "CNOT",
             "cz": "CZ", "swap": "SWAP", "cu1": "ControlledPhaseShift", "rzz": "IsingZZ"}

    def wires(self, qubits):
        return [self.n - 1 - q for q in qubits]

    def calls(self):
        for name, angles, qubits in self.circuit.gates:
            if name == "u3":
                matrix = np.array(u3(*angles), dtype=self.complex)
                yield self.state.applyMatrix, (matrix, self.wires(qubits), False)
            else:
                yield getattr(self.state, self.NAMES[name]), (self.wires(qubits), False, angles)

    def build(self):
        import pennylane_lightning.lightning_qubit_ops as lib
        kind = "C64" if self.precision == "float32" else "C128"
        self.complex = np.complex64 if kind == "C64" else np.complex128
        self.state = getattr(lib, "StateVector" + kind)(self.n)
        calls = list(self.calls())
        named = getattr(lib.observables, "NamedObs" + kind)
        observables = [named("PauliZ", self.wires([q])) for q in self.read]
        measure = getattr(lib, "Measurements" + kind)(self.state)

        def apply_all():
            self.state.resetStateVector()
            for call, arguments in calls:
                call(*arguments)

        def forward():
            apply_all()
            self.result = [measure.expval(observable) for observable in observables]
        if self.workload not in GRADIENTS:
            return {"gate by gate": forward}
        tensor = getattr(lib.observables, "TensorProdObs" + kind)
        products = [tensor([named("PauliZ", self.wires([q])) for q in qubits])
                    if len(qubits) > 1 else named("PauliZ", self.wires(qubits))
                    for qubits in self.products]
        operations, total, jacobian = self.adjoint(lib, kind, products)
        parameters = list(range(sum(len(angles) for _, angles, _ in self.circuit.gates)))

        def gradient():
            apply_all()
            self.result = np.asarray(jacobian(self.state, [total], operations, parameters))
        return {"adjoint": gradient}

    def adjoint(self, lib, kind, observables):
        gates, none = self.circuit.gates, np.array([], dtype=self.complex)
        operations = getattr(lib.algorithms, "create_ops_list" + kind)(
            [self.NAMES[name] for name, _, _ in gates], [angles for _, angles, _ in gates],
            [self.wires(qubits) for _, _, qubits in gates], [False] * len(gates),
            [none] * len(gates), [[]] * len(gates), [[]] * len(gates))
        ones = np.ones(len(observables), np.float32 if kind == "C64" else np.float64)
        total = getattr(lib.observables, "Hamiltonian" + kind)(ones, observables)
        return operations, total, getattr(lib.algorithms, "AdjointJacobian" + kind)()

    def values(self):
        if self.workload == "qaoa-gradient":
            return sum_layers(self.circuit, [float(x) for x in np.ravel(self.result)])
        if self.workload not in LARGE:
            return [float(x) for x in np.ravel(self.result)]
        state = np.zeros(1 << self.n, dtype=self.complex)
        self.state.getState(state)
        return flat(state[told_amplitudes(self.n)])


class Qulacs(Simulator):
    """qulacs: float64; large states also optimised to blocks of 2 qubits, not counting the time
    that takes. Where angles change from call to call that would have to be done anew each time."""

    PLAIN = {"h": "add_H_gate", "x": "add_X_gate", "cx": "add_CNOT_gate", "cz": "add_CZ_gate",
             "swap": "add_SWAP_gate"}

    def add(self, gate, into):
        name, angles, qubits = gate
        gates = self.lib.gate
        if name == "u3":
            into.add_gate(gates.DenseMatrix(qubits[0], np.array(u3(*angles))))
        elif name in ("rx", "ry", "rz"):  # its rotations turn the other way
            kind = "parametric_R" if self.workload in GRADIENTS else "R"
            getattr(into, f"add_{kind}{name[1].upper()}_gate")(qubits[0], -angles[0])
        elif name == "cu1":
            phase = gates.to_matrix_gate(gates.U1(qubits[1], angles[0]))
            phase.add_control_qubit(qubits[0], 1)
            into.add_gate(phase)
        elif name == "rzz":
            kind = "parametric_" if self.workload in GRADIENTS else ""
            getattr(into, f"add_{kind}multi_Pauli_rotation_gate")(qubits, [3, 3], -angles[0])
        else:
            getattr(into, self.PLAIN[name])(*qubits)

    def observable(self, products):
        observable = self.lib.Observable(self.n)
        for qubits in products:
            observable.add_operator(1.0, " ".join(f"Z {q}" for q in qubits))
        return observable

    def build(self):
        import qulacs
        self.lib = qulacs
        is_gradient = self.workload in GRADIENTS
        circuit = (qulacs.ParametricQuantumCircuit if is_gradient else qulacs.QuantumCircuit)(self.n)
        for gate in self.circuit.gates:
            self.add(gate, circuit)
        if is_gradient:
            total = self.observable(self.products)
            return {"backprop": lambda: setattr(self, "result",
                                                [-x for x in circuit.backprop(total)])}
        self.state = qulacs.QuantumState(self.n)
        observables = [self.observable([[q]]) for q in self.read]

        def variant(which):
            def run():
                self.state.set_zero_state()
                which.update_quantum_state(self.state)
                self.result = [o.get_expectation_value(self.state) for o in observables]
            return run
        variants = {}
        if self.workload not in ("random", "qaoa"):  # where it is behind by a third and more
            variants["as it is"] = variant(circuit)
        if self.workload in LARGE:
            blocks = circuit.copy()
            qulacs.circuit.QuantumCircuitOptimizer().optimize(blocks, 2)
            variants["optimised to 2"] = variant(blocks)
        return variants

    def values(self):
        if self.workload == "qaoa-gradient":
            return sum_layers(self.circuit, self.result)
        if self.workload not in LARGE:
            return list(self.result)
        return flat(self.state.get_amplitude(k) for k in told_amplitudes(self.n))


class Aer(Simulator):
    """Qiskit Aer: its own clock counts, without the time to hand the circuit over."""

    def build(self):
        from qiskit import QuantumCircuit
        from qiskit.quantum_info import SparsePauliOp
        from qiskit_aer import AerSimulator
        circuit = QuantumCircuit(self.n)
        for name, angles, qubits in self.circuit.gates:
            method = {"u3": "u", "cu1": "cp"}.get(name, name)
            getattr(circuit, method)(*angles, *qubits)
        if self.workload in LARGE:
            circuit.save_amplitudes(told_amplitudes(self.n))
        else:
            for q in self.read:
                z = SparsePauliOp.from_sparse_list([("Z", [q], 1)], self.n)
                circuit.save_expectation_value(z, range(self.n), label=f"z{q}")
        kind = "single" if self.precision == "float32" else "double"

        def variant(**options):
            simulator = AerSimulator(method="statevector", precision=kind,
                                     max_parallel_threads=self.threads, **options)

            def run():
                result = simulator.run(circuit, shots=1).result()
                self.taken, self.result = result.results[0].time_taken, result.data()
            return run
        return {"no fusion": variant(fusion_enable=False),
                "fusion 2": variant(fusion_enable=True, fusion_threshold=1, fusion_max_qubit=2)}

    def values(self):
        if self.workload not in LARGE:
            return [float(self.result[f"z{q}"]) for q in self.read]
        return flat(np.asarray(self.result["amplitudes"]))


class AerNoise(Simulator):
    """Qiskit Aer with the noise of the workloads, whose numbers src/bench/bench_noise.c has: by
    density matrices or by trajectories, a random history for each shot."""

    T1, T2, ONE, TWO = 68e3, 49e3, 25, 42  # ns
    LOSSES, FLIPS = (1e-3, 5e-3), (0.01, 0.03)

    def noise(self):
        from qiskit_aer import noise
        model = noise.NoiseModel()
        after_one = noise.thermal_relaxation_error(self.T1, self.T2, self.ONE)
        after_two = noise.thermal_relaxation_error(self.T1, self.T2, self.TWO)
        model.add_all_qubit_quantum_error(
            noise.depolarizing_error(self.LOSSES[0], 1).compose(after_one), ["u"])
        model.add_all_qubit_quantum_error(
            noise.depolarizing_error(self.LOSSES[1], 2).compose(after_two.tensor(after_two)), ["cz"])
        p10, p01 = self.FLIPS
        model.add_all_qubit_readout_error(
            noise.ReadoutError([[1 - p10, p10], [p01, 1 - p01]]))
        return model

    def build(self):
        from qiskit import QuantumCircuit
        from qiskit.quantum_info import SparsePauliOp
        from qiskit_aer import AerSimulator
        circuit = QuantumCircuit(self.n)
        for name, angles, qubits in self.circuit.gates:
            getattr(circuit, {"u3": "u"}.get(name, name))(*angles, *qubits)
        has_shots = self.workload == "trajectories"
        if has_shots:
            circuit.measure_all()
        else:
            for q in self.read:
                z = SparsePauliOp.from_sparse_list([("Z", [q], 1)], self.n)
                circuit.save_expectation_value(z, range(self.n), label=f"z{q}")
        kind = "single" if self.precision == "float32" else "double"

        def variant(**options):
            simulator = AerSimulator(method="statevector" if has_shots else "density_matrix",
                                     precision=kind, noise_model=self.noise(),
                                     max_parallel_threads=self.threads, **options)

            def run():
                result = simulator.run(circuit, shots=SHOTS if has_shots else 1).result()
                self.taken, self.result = result.results[0].time_taken, result
            return run
        variants = {"its own fusion": variant()}
        if has_shots:
            variants["shots side by side"] = variant(max_parallel_shots=self.threads)
        return variants

    def values(self):
        if self.workload == "trajectories":
            counts = self.result.get_counts()
            return [sum((1 - 2 * int(bits[-1 - q])) * count for bits, count in counts.items())
                    / SHOTS for q in self.read]
        # Aer has no wrong readout of expectation values: its affine map is applied to them here.
        p10, p01 = self.FLIPS
        return [(1 - p10 - p01) * float(self.result.data()[f"z{q}"]) + p01 - p10
                for q in self.read]


SIMULATORS = {"qsim": Qsim, "lightning": Lightning, "qulacs": Qulacs, "aer": Aer,
              "aer-noise": AerNoise}

"""What bench-peers does before and after a peer is called: circuits, agreement, ratios, no PyPI."""
import argparse
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
QHM = sys.argv.pop(1)
sys.path.insert(0, str(ROOT / "tools/bench-peers"))
import bench_embedding  # noqa: E402
import bench_peers  # noqa: E402
import peer_circuits  # noqa: E402


def written(workload, qubits):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "circuit.qasm")
        subprocess.run([QHM, "bench", "--workload", workload, "--qubits", str(qubits),
                        "--write-circuit", path], check=True)
        return peer_circuits.Circuit(path.read_text())


class Graphs(unittest.TestCase):
    def test_a_regular_graph_has_no_loops_no_pair_twice_and_its_degree(self):
        edges = bench_embedding.regular(100, 3, 1)
        self.assertEqual(len(set(edges)), 150)
        self.assertTrue(all(a < b for a, b in edges))
        for node in range(100):
            self.assertEqual(sum(node in edge for edge in edges), 3)


class Circuits(unittest.TestCase):
    def test_every_circuit_that_qhm_writes_is_read(self):
        for workload, gates in (("ansatz", 10 * 11), ("gradient", 10 * 11), ("random", 20 * 4 + 15),
                                ("qft", 2 + 4 + 6 + 2), ("qaoa", 4 + 4 * 10),
                                ("qaoa-gradient", 4 + 4 * 10), ("noise", 5 * (8 + 3)), ("trajectories", 5 * (8 + 3))):
            circuit = written(workload, 4)
            self.assertEqual(circuit.qubits, 4)
            self.assertEqual(len(circuit.gates), gates, workload)

    def test_a_gate_has_its_name_angles_and_qubits(self):
        self.assertEqual(written("qft", 2).gates, [
            ("x", [], [0]), ("h", [], [1]), ("cu1", [math.pi / 2], [0, 1]), ("h", [], [0]),
            ("swap", [], [0, 1])])

    def test_derivatives_of_gates_sum_up_to_those_of_layers(self):
        circuit = written("qaoa-gradient", 4)
        self.assertEqual(len(peer_circuits.cost_edges(circuit.gates)), 6)
        of_gates = ([1.0] * 6 + [10.0] * 4) * 3 + [2.0] * 6 + [20.0] * 4
        self.assertEqual(peer_circuits.sum_layers(circuit, of_gates),
                         [6.0, 6.0, 6.0, 12.0, 40.0, 40.0, 40.0, 80.0])

    def test_moments_are_as_early_as_qubits_allow(self):
        self.assertEqual(written("qft", 2).moments(), [0, 0, 1, 2, 3])

    def test_what_is_no_gate_is_refused(self):
        with self.assertRaisesRegex(ValueError, "measure"):
            peer_circuits.Circuit("OPENQASM 2.0;\nqreg q[1];\nmeasure q[0] -> c[0];\n")

    def test_u3_has_the_matrix_of_the_square_root_of_y(self):
        half = math.sqrt(0.5)
        for row, expected in zip(peer_circuits.u3(math.pi / 2, 0, 0), ((half, -half), (half, half))):
            for z, x in zip(row, expected):
                self.assertAlmostEqual(z, x)


class Agreement(unittest.TestCase):
    def test_a_common_phase_is_no_disagreement(self):
        ours, theirs = [1, 0, 0, 2], [0, 1, -2, 0]  # 1, 2i and i, -2
        self.assertAlmostEqual(peer_circuits.disagreement("qft", ours, theirs), 0)

    def test_another_amplitude_or_value_is(self):
        self.assertGreater(peer_circuits.disagreement("qft", [1, 0, 0, 2], [1, 0, 2, 0]), 0.5)
        self.assertAlmostEqual(peer_circuits.disagreement("ansatz", [0.5, -1], [0.5, -0.9]), 0.1)

    def test_values_from_shots_may_differ_by_what_chance_does(self):
        off = 2 * math.sqrt(2 / peer_circuits.SHOTS)
        self.assertAlmostEqual(peer_circuits.disagreement("trajectories", [0.5, 0], [0.5 + off, -off]),
                               2)


class Ratios(unittest.TestCase):
    def entry(self, seconds, peer="lightning"):
        return {(seconds, peer, "float64", 1, "adjoint"): seconds}

    def test_the_smaller_of_measured_and_noted_time_counts(self):
        self.assertEqual(bench_peers.best_peer("gradient", 4, self.entry(1e-4))[-1], "measured")
        best = bench_peers.best_peer("gradient", 4, self.entry(1e-3))
        self.assertEqual((best[0], best[-1]), (0.62e-3, "notes"))
        self.assertEqual(bench_peers.best_peer("gradient", 16, self.entry(1e-3))[-1], "measured")

    def test_rows_carry_targets_and_what_was_tried(self):
        entry = (0.03, "lightning", "float32", 2, "adjoint")
        row = {"workload": "gradient", "n": 16, "precision": "float32", "threads": 2}
        [row] = bench_peers.rows_of(row, ({False: [0.001, 0.003, 0.002]}, {entry: 0.04}, [entry]))
        self.assertEqual((row["qhm_seconds"], row["peer_seconds"]), (0.002, 0.04))
        self.assertAlmostEqual(row["ratio"], 20)
        self.assertEqual((row["must"], row["goal"], row["batch"]), (8, 20, 1))
        self.assertEqual(row["tried"][0]["setting"], "adjoint")
        self.assertIn("goal", bench_peers.table([row]).splitlines()[1])

    def test_every_target_is_measured_in_a_whole_run(self):
        arguments = argparse.Namespace(quick=False, large=True, workload=None)
        rows = {(r["workload"], r["n"], r["precision"]) for r in bench_peers.plan(arguments, 2)}
        for workload, n, _, precision in bench_peers.TARGETS:
            if n < 28:
                self.assertIn((workload, n, precision), rows)

    def test_durations_have_three_digits_and_a_unit(self):
        for seconds, text in ((2.345, "2.35 s "), (0.0123, "12.3 ms"), (4.7e-05, "47 µs"),
                              (2e-7, "200 ns")):
            self.assertEqual(bench_peers.duration(seconds), text)


class Without(unittest.TestCase):
    def test_pypi_it_says_so_in_one_line(self):
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder, "tools/bench-peers")
            place.mkdir(parents=True)
            for path in (ROOT / "tools/bench-peers").iterdir():
                if path.is_file():
                    (place / path.name).write_bytes(path.read_bytes())
            env = os.environ | {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_NO_CACHE_DIR": "1"}
            env.pop("PIP_FIND_LINKS", None)
            run = subprocess.run([sys.executable, place / "bench_peers.py", "--qhm", QHM],
                                 capture_output=True, text=True, env=env)
        self.assertEqual(run.stdout, "bench-peers: skipped, because PyPI is not reachable\n")
        self.assertEqual(run.returncode, 0)

    def test_a_known_workload_it_says_which_there_are(self):
        run = subprocess.run([sys.executable, ROOT / "tools/bench-peers/bench_peers.py", "--workload",
                              "qtf"], capture_output=True, text=True)
        self.assertIn("no workload qtf; there are ansatz, gradient, noise, qaoa, qaoa-gradient, qft, "
                      "random, step, trajectories", run.stderr)
        self.assertEqual(run.returncode, 1)


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Runs QIR programs on libqhm_qir.so: compiled C that calls it, and LLVM where it is installed.

usage: qir_runtime.test.py LIBRARY PROGRAMS COMMAND
"""
import collections
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

LIBRARY, PROGRAMS, QHM = map(pathlib.Path, sys.argv[1:4])
HERE = pathlib.Path(__file__).parent
LLI, CLANG = shutil.which("lli-14"), shutil.which("clang-14")
if b"__asan_init" in LIBRARY.read_bytes():  # programs that are not instrumented cannot load it
    LLI = CLANG = None


def run(command, **settings):
    """Returns (shots as lists of lines, standard error, exit code)."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("QHM_")}
    environment |= {name: str(value) for name, value in settings.items()}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    lines = done.stdout.splitlines()
    shots = []
    for line in lines[2:]:
        if line == "START":
            shots.append([])
        elif line != "END\t0":
            shots[-1].append(line.removeprefix("OUTPUT\t"))
    if lines:
        assert lines[:2] == ["HEADER\tschema_id\tlabeled", "HEADER\tschema_version\t2.1"], lines
        assert lines.count("START") == lines.count("END\t0") == len(shots), lines
    return shots, done.stderr, done.returncode


def program(name, **settings):
    return run([PROGRAMS, name], **settings)


class Compiled(unittest.TestCase):
    def test_exports_nothing_but_the_interface(self):
        names = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], check=True,
                               capture_output=True, text=True).stdout.split("\n")
        names = [n.split()[-1] for n in names if n and n.split()[-2] not in "wWvV"]
        declared = (HERE.parent.parent / "src/qir/qir_api.h").read_text()
        ours = {n for n in names if n.startswith("__quantum__")}
        self.assertEqual({n for n in ours if f"{n}(" not in declared}, set())
        self.assertEqual(declared.count("QIR_API ") - 1, len(ours))
        self.assertEqual([n for n in names if n.startswith(("qhm", "qir"))], [])

    def test_a_bell_pair_agrees_with_itself(self):
        seen = collections.Counter()
        for seed in range(30):
            shots, error, code = program("bell", QHM_SEED=seed)
            self.assertEqual((error, code, len(shots)), ("", 0, 1))
            self.assertEqual(shots[0][0], "TUPLE\t2\tpair")
            a, b = shots[0][1:]
            self.assertEqual(a, f"{b}\ta")
            seen[b] += 1
        self.assertEqual(set(seen), {"RESULT\t0", "RESULT\t1"})
        self.assertEqual(program("bell", QHM_SEED=5), program("bell", QHM_SEED=5))

    def test_many_shots_come_from_one_call(self):
        shots, _, code = program("bell", QHM_SEED=1, QHM_SHOTS=2000)
        self.assertEqual((code, len(shots)), (0, 2000))
        ones = sum(shot[2] == "RESULT\t1" for shot in shots)
        self.assertTrue(850 < ones < 1150, ones)

    def test_shots_of_a_process_differ(self):
        pairs = [program("twice", QHM_SEED=seed)[0] for seed in range(20)]
        self.assertTrue(all(len(pair) == 2 for pair in pairs))
        self.assertTrue(any(pair[0] != pair[1] for pair in pairs))

    def test_gates_are_what_they_are_called(self):
        for seed in range(3):
            shots, error, _ = program("gates", QHM_SEED=seed)
            self.assertEqual([line.split("\t")[1] for line in shots[0]], list("1000"), error)

    def test_controls_and_dynamic_qubits(self):
        shots, error, code = program("controls", QHM_SEED=3)
        self.assertEqual((error, code), ("a message\n", 0))
        self.assertEqual(shots, [["BOOL\ttrue\tis one", "INT\t1\tsame", "DOUBLE\t0.5\thalf",
                                  "RESULT\t0\tfresh", "RESULT\t1\tone",
                                  "RESULT\t0\tnever measured"]])

    def test_what_was_read_stays(self):
        counts = set()
        for seed in range(8):
            method = ("statevector", "stabilizer", "mps")[seed % 3]
            shots, error, _ = program("coins", QHM_SEED=seed, QHM_METHOD=method)
            self.assertEqual(error, "")
            heads = int(shots[0][0].split("\t")[1])
            bits = [int(line.split("\t")[1]) for line in shots[0][1:]]
            self.assertEqual(sum(bits[:20]), heads)
            self.assertEqual(bits[20], heads % 2)
            counts.add(heads)
        self.assertGreater(len(counts), 2)

    def test_mistakes_are_told(self):
        for name, settings, message in (
                ("fail", {}, "qhm: as the program wished"),
                ("far", {}, "qhm: qubit 1099511627776 is not below 1048576"),
                ("same", {}, "qhm: cx uses qubit 1 twice"),
                ("bell", {"QHM_SEED": "x"}, 'qhm: QHM_SEED is "x", not a whole number'),
                ("bell", {"QHM_SHOTS": "0"}, "qhm: QHM_SHOTS is 0, not 1 to 4294967295"),
                ("bell", {"QHM_METHOD": "statevecto"}, 'did you mean "statevector"'),
                ("coins", {"QHM_SHOTS": "2"}, "qhm: QHM_SHOTS is 2, but the program reads results")):
            shots, error, code = program(name, **settings)
            self.assertEqual((shots, code), ([], 1), name)
            self.assertIn(message, error)


@unittest.skipUnless(LLI, "lli-14 is not installed, or the library is instrumented")
class Interpreted(unittest.TestCase):
    def lli(self, name, **settings):
        path = HERE / name
        pointers = "-opaque-pointers" if "(ptr " in path.read_text() else "-opaque-pointers=0"
        return run([LLI, pointers, f"--load={LIBRARY}", path], **settings)

    def test_base_profile_programs_of_both_versions(self):
        for name in ("ghz_1.ll", "ghz_2.ll"):
            shots, error, code = self.lli(name, QHM_SEED=4, QHM_SHOTS=200)
            self.assertEqual((error, code, len(shots)), ("", 0, 200))
            seen = {tuple(shot) for shot in shots}
            self.assertEqual(seen, {("ARRAY\t3\tghz", f"RESULT\t{v}\ta", f"RESULT\t{v}\tb",
                                     f"RESULT\t{v}\tc") for v in "01"})

    def test_teleportation_reads_results(self):
        seen = set()
        for seed in range(16):
            shots, error, _ = self.lli("teleport.ll", QHM_SEED=seed)
            self.assertEqual(error, "")
            self.assertEqual(shots[0][0], "RESULT\t0\tteleport")
            seen.add(tuple(shots[0][1:]))
        self.assertGreater(len(seen), 2)

    def test_what_qhm_converts_runs(self):
        source = ("OPENQASM 3.0; include \"stdgates.inc\"; qubit[3] q; bit[3] c; ry(pi/3) q[0];"
                  "ctrl @ sx q[0], q[1]; sx q[1]; cp(0.7) q[0], q[2]; ccx q[0], q[1], q[2];"
                  "c[0] = measure q[0]; c[1] = measure q[1]; c[2] = measure q[2];")
        for version in "12":
            with tempfile.TemporaryDirectory() as folder:
                program_file = pathlib.Path(folder, "program.ll")
                subprocess.run([QHM, "convert", "-", "--to", "qir", "--qir-version", version, "-o",
                                program_file], input=source, text=True, check=True)
                shots, error, _ = self.lli(program_file, QHM_SEED=6, QHM_SHOTS=20000)
            self.assertEqual(error, "")
            seen = collections.Counter(
                "".join(line.split("\t")[1] for line in shot[:0:-1]) for shot in shots)
            # sin^2(pi/6) of q0; there q1 is turned twice, so that it is 1 and q2 flips
            expected = {"000": 0.375, "010": 0.375, "111": 0.25}
            self.assertEqual(set(seen), set(expected))
            for outcome, probability in expected.items():
                self.assertAlmostEqual(seen[outcome] / 20000, probability, delta=0.015)

    @unittest.skipUnless(CLANG, "clang-14 is not installed")
    def test_a_compiled_program_runs(self):
        with tempfile.TemporaryDirectory() as folder:
            binary = pathlib.Path(folder, "ghz")
            subprocess.run([CLANG, "-mllvm", "-opaque-pointers", "-Wno-override-module",
                            HERE / "ghz_2.ll", LIBRARY, f"-Wl,-rpath,{LIBRARY.parent}", "-o",
                            binary], check=True)
            shots, error, code = run([binary], QHM_SEED=2, QHM_SHOTS=50)
            self.assertEqual((error, code, len(shots)), ("", 0, 50))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

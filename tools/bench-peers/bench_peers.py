#!/usr/bin/env python3
"""Compares QHM with other simulators on this machine: the same circuits, round by round.

usage: tools/bench-peers/bench_peers.py [--quick] [--large] [--workload NAME,...] [--rounds N]
           [--qhm COMMAND] [--out FILE]

Installs pinned packages from PyPI into environments under build/bench-peers (the one with PyTorch
takes 8 GB), writes the circuits of `qhm bench`, lets every peer's settings run once, checks that
what they compute agrees with QHM, and times the best of them in turns with QHM. Prints a table and
writes build/bench-peers.json. Where PyPI is not reachable it says so and does nothing.
"""
import argparse
import contextlib
import datetime
import hashlib
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

from peer_circuits import disagreement

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TRAINING = ("pennylane", "torchquantum")
BATCH = 64
FEW_THREADS_QUBITS = 14  # below, one thread may be faster, so both are tried
NEAR = 1.3               # settings within this factor of the best take part in the rounds
MOST_FINALISTS = 4
ROW_SECONDS = 15         # rounds end once a row took so long
TOLERANCE = {"float32": 2e-3, "float64": 1e-8}
# Aer's value of one qubit at 12 qubits is 2.6e-9 from its own for the 10 qubits that matter to it.
# Values from shots differ by about one standard deviation.
NOISE_TOLERANCE = {"noise": 1e-6, "trajectories": 2}
NOISY = tuple(NOISE_TOLERANCE)

# Times of the peers' own C++ drivers, without Python, on 2 threads of a faster machine (AMD EPYC
# with AVX-512, November 2026). Where such a time is smaller than the one measured here it counts,
# so that the cost of calling from Python flatters nobody.
NOTES = {
    ("ansatz", 4): ("qsim", 47e-6), ("ansatz", 8): ("qsim", 99e-6), ("ansatz", 12): ("qsim", 226e-6),
    ("gradient", 4): ("lightning", 0.62e-3), ("gradient", 8): ("lightning", 1.42e-3),
    ("gradient", 12): ("lightning", 2.95e-3),
}

# (workload, qubits, is batched, precision): (must, goal), best peer's time / QHM's.
TARGETS = {("step", 8, True, "pennylane"): (300, 1000), ("step", 8, True, "torchquantum"): (10, 30)}
for n, batched, single in ((4, (400, 800), (8, 25)), (8, (40, 80), (8, 25)), (12, (5, 10), (3, 5))):
    TARGETS["ansatz", n, True, "float32"] = batched
    TARGETS["ansatz", n, False, "float32"] = single
for precision in ("float32", "float64"):
    for n, target in ((4, (500, 2000)), (8, (60, 200)), (12, (10, 30))):
        TARGETS["gradient", n, True, precision] = target
    for n in (16, 20):
        TARGETS["gradient", n, False, precision] = (8, 20)
    TARGETS["qaoa-gradient", 20, False, precision] = (1, 8)  # must: to be ahead
TARGETS["noise", 12, False, "float64"] = (1, 1)  # to be ahead
TARGETS["trajectories", 20, False, "float64"] = (1, 1)
for n in (24, 26, 28):
    TARGETS["random", n, False, "float32"] = (1.4, 2.5)
    TARGETS["random", n, False, "float64"] = (3, 4)
    TARGETS["qft", n, False, "float32"] = (6, 15)
    TARGETS["qft", n, False, "float64"] = (10, 25)
    TARGETS["qaoa", n, False, "float32"] = (3, 5)
    TARGETS["qaoa", n, False, "float64"] = (5, 8)


class Peers:
    """Workers, one process for each peer and number of threads, which stay until the end."""

    def __init__(self, environments):
        self.environments, self.workers = environments, {}
        self.held = {}  # (peer, threads): (path, precision) of what is open there

    def worker(self, peer, threads):
        if (peer, threads) not in self.workers:
            python = self.environments["training" if peer in TRAINING else "simulators"]
            env = os.environ | {
                "OMP_NUM_THREADS": str(threads),
                # Huge pages, and no page faults for a state that was there before: the best that
                # the peers can have.
                "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:"
                                  "glibc.malloc.trim_threshold=100000000000"}
            self.workers[peer, threads] = subprocess.Popen(
                [python, HERE / "peer_worker.py", peer, str(threads)], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env)
        return self.workers[peer, threads]

    def ask(self, peer, threads, **request):
        worker = self.worker(peer, threads)
        if request["do"] == "open":
            self.held[peer, threads] = request["path"], request["precision"]
        elif request["do"] == "close":
            del self.held[peer, threads]
        try:
            worker.stdin.write(json.dumps(request) + "\n")
            worker.stdin.flush()
            line = worker.stdout.readline()
        except BrokenPipeError:
            line = ""
        return json.loads(line) if line else {"error": f"{peer} ended unexpectedly"}

    def close_circuits(self):
        for peer, threads in list(self.held):
            self.ask(peer, threads, do="close")

    def close(self):
        for worker in self.workers.values():
            worker.stdin.close()
        for worker in self.workers.values():
            worker.wait()


def contenders(workload, precision, qubits):
    """(peer, precision) that may be the best; a row in float32 may be beaten in float64 too."""
    if workload == "step":
        return [(precision, "float32")]  # the row's name for its precision is the peer
    names = []
    if workload in NOISY:
        return [("aer-noise", precision)]
    if workload in ("gradient", "qaoa-gradient"):
        names = [("lightning", "float64"), ("qulacs", "float64")]
        return names + [("lightning", "float32")] * (precision == "float32")
    if precision == "float32":
        names = [("qsim", "float32"), ("lightning", "float32")]
    if precision == "float64" or qubits <= 20:
        names += [("lightning", "float64"), ("qulacs", "float64")]
    if qubits <= 20:  # beyond, Aer is the slowest of them by far
        names.append(("aer", precision))
    return names


class Qhm:
    def __init__(self, command, threads):
        self.command, self.threads = command, threads

    def bench(self, *options):
        run = subprocess.run([self.command, "bench", "--json", "--threads", str(self.threads),
                              *map(str, options)], capture_output=True, text=True)
        if run.returncode:
            raise SystemExit(run.stderr.strip() or "qhm bench failed")
        return json.loads(run.stdout) if run.stdout else None

    def rows(self, workload, qubits, precision, *options):
        """{is batched: row}."""
        report = self.bench("--workload", workload, "--qubits", qubits, "--precision", precision,
                            *options)
        return {row["batch"] > 1: row for row in report["rows"]}


def log(text):
    print(text, file=sys.stderr, flush=True)


def try_settings(peers, qhm_rows, row, path):
    """Runs every setting of every contender once: [(seconds, peer, precision, threads, name)]."""
    tried, workload = [], row["workload"]
    expected = next(iter(qhm_rows.values()))["values"]
    has_choice = row["n"] < FEW_THREADS_QUBITS and workload not in NOISY  # which take a minute
    threads_to_try = {row["threads"], 1} if has_choice else {row["threads"]}
    for peer, precision in contenders(workload, row["precision"], row["n"]):
        for threads in sorted(threads_to_try):
            opened = peers.ask(peer, threads, do="open", path=path, workload=workload,
                               precision=precision)
            for variant in opened.get("variants", []):
                answer = peers.ask(peer, threads, do="values", variant=variant)
                if "error" in answer:
                    log(f"  {peer}, {variant}: {answer['error']}")
                    continue
                off = disagreement(workload, expected, answer["values"])
                loose = "float32" in (precision, row["precision"]) or workload == "step"
                allowed = TOLERANCE["float32" if loose else "float64"]
                if off > max(allowed, NOISE_TOLERANCE.get(workload, 0)):
                    raise SystemExit(f"bench-peers: {peer} ({variant}, {precision}) and QHM disagree "
                                     f"on {workload} at {row['n']} qubits by {off:.2g}")
                tried.append((answer["seconds"], peer, precision, threads, variant))
            if "error" in opened:
                log(f"  {peer}: {opened['error']}")
            # A state that is not among the best makes room at once.
            best = min(tried, default=(float("inf"),))[0]
            mine = [t[0] for t in tried if t[1:4] == (peer, precision, threads)]
            if not mine or min(mine) > NEAR * best:
                peers.ask(peer, threads, do="close")
    return sorted(tried)


def keep_open(tried, finalists):
    """A worker holds one circuit at a time, in one precision: the best of each worker stays."""
    kept, held = [], {}
    for entry in finalists:
        _, peer, precision, threads, _ = entry
        if held.setdefault((peer, threads), precision) == precision:
            kept.append(entry)
    return kept, held


def measure(peers, qhm, row, path, rounds):
    """Times of QHM {is batched: [seconds]} and of the finalists, taken in turns."""
    workload, n, precision = row["workload"], row["n"], row["precision"]
    own = "float32" if workload == "step" else precision
    options = ["--repeat", 3 if n <= 12 else 1] + ["--batch", 1] * (n > 12)
    checked = qhm.rows(workload, n, own, *options, "--values")
    tried = try_settings(peers, checked, row, path)
    if not tried:
        peers.close_circuits()
        return None
    finalists, held = keep_open(tried, [t for t in tried if t[0] <= NEAR * tried[0][0]]
                                [:MOST_FINALISTS])
    for (peer, threads), kind in held.items():
        if peers.held.get((peer, threads)) == (path, kind):
            continue  # else another precision is there now
        peers.ask(peer, threads, do="open", path=path, workload=workload, precision=kind)
        for entry in finalists:
            if entry[1:4] == (peer, kind, threads):
                peers.ask(peer, threads, do="values", variant=entry[4])
    ours, theirs = {}, {entry: [] for entry in finalists}
    start = time.monotonic()
    for _ in range(rounds):
        for is_batched, measured in qhm.rows(workload, n, own, *options).items():
            ours.setdefault(is_batched, []).append(measured["seconds"])
        for entry in finalists:
            answer = peers.ask(entry[1], entry[3], do="run", variant=entry[4])
            if "seconds" in answer:
                theirs[entry].append(answer["seconds"])
        if time.monotonic() - start > ROW_SECONDS:
            break
    peers.close_circuits()
    return ours, {entry: statistics.median(times) for entry, times in theirs.items() if times}, tried


def best_peer(workload, qubits, measured):
    """(seconds, peer, setting, threads, source): the smaller of what was measured and noted."""
    (_, peer, _, threads, variant), seconds = min(measured.items(), key=lambda item: item[1])
    noted = NOTES.get((workload, qubits))
    if noted and noted[1] < seconds:
        return noted[1], noted[0], "C++", 2, "notes"
    return seconds, peer, variant, threads, "measured"


def rows_of(row, result):
    ours, measured, tried = result
    seconds, peer, setting, threads, source = best_peer(row["workload"], row["n"], measured)
    others = [{"peer": t[1], "precision": t[2], "threads": t[3], "setting": t[4],
               "seconds": measured.get(t, t[0]), "is_median": t in measured} for t in tried]
    for is_batched, times in sorted(ours.items(), reverse=True):
        target = TARGETS.get((row["workload"], row["n"], is_batched, row["precision"]))
        qhm_seconds = statistics.median(times)
        yield {"workload": row["workload"], "n": row["n"],
               "precision": "float32" if row["workload"] == "step" else row["precision"],
               "threads": row["threads"], "batch": BATCH if is_batched else 1,
               "peer": peer, "peer_setting": setting, "peer_threads": threads,
               "peer_seconds": seconds, "peer_source": source, "qhm_seconds": qhm_seconds,
               "ratio": seconds / qhm_seconds, "must": target and target[0],
               "goal": target and target[1], "tried": others}


def plan(arguments, threads):
    """The rows to measure, smallest first."""
    small = (4, 8) if arguments.quick else (4, 8, 12)
    one_gradient = (16,) if arguments.quick else (16, 20)
    large = (20,) if arguments.quick else (24, 26) if arguments.large else (24,)
    rows = [("ansatz", n, "float32") for n in small]
    rows += [("gradient", n, p) for n in small + one_gradient for p in ("float32", "float64")]
    rows += [(workload, n, p) for n in large for workload in ("random", "qft", "qaoa")
             for p in ("float32", "float64")]
    rows += [("qaoa-gradient", 16 if arguments.quick else 20, p) for p in ("float32", "float64")]
    rows += [("noise", 9 if arguments.quick else 12, "float64"), ("trajectories", 14 if arguments.quick else 20, "float64")]
    rows += [("step", 8, peer) for peer in TRAINING if not arguments.quick or arguments.workload]
    asked = arguments.workload.split(",") if arguments.workload else None
    known = {row[0] for row in rows}
    for name in asked or []:
        if name not in known:
            raise SystemExit(f"bench-peers: no workload {name}; there are {', '.join(sorted(known))}")
    return [{"workload": workload, "n": n, "precision": precision, "threads": threads}
            for workload, n, precision in rows if not asked or workload in asked]


def pip(python, *arguments):
    return subprocess.run([python, "-m", "pip", "--disable-pip-version-check", *arguments],
                          capture_output=True, text=True)


def environment(folder, name):
    """The Python of an environment with exactly the packages of requirements-<name>.txt."""
    wanted = HERE / f"requirements-{name}.txt"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    place, python = folder / name, folder / name / "bin/python"
    stamp = place / "installed"
    if stamp.exists() and stamp.read_text() == digest:
        return python
    log(f"bench-peers: installing {wanted.name} into {place}")
    subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
    with tempfile.TemporaryDirectory() as scratch:
        first = next(line for line in wanted.read_text().splitlines() if line[:1].isalpha())
        probe = pip(python, "download", "--no-deps", "--retries", "0", "--timeout", "15", "--dest",
                    scratch, first)
    if probe.returncode:
        print("bench-peers: skipped, because PyPI is not reachable")
        raise SystemExit(0)
    # Not resolved again: one package of the training environment names versions that are too old.
    run = pip(python, "install", "--quiet", "--no-deps", "-r", wanted)
    if run.returncode:
        raise SystemExit(f"bench-peers: pip failed\n{run.stderr.strip()}")
    stamp.write_text(digest)
    return python


def versions(qhm_report):
    found = {"qhm": qhm_report["version"], "python": platform.python_version()}
    for name in ("simulators", "training"):
        for line in (HERE / f"requirements-{name}.txt").read_text().splitlines():
            package, _, version = line.partition("==")
            if package in ("qsimcirq", "pennylane", "pennylane_lightning", "qulacs", "torch",
                           "torchquantum") or (package == "qiskit-aer" and name == "simulators"):
                found[package] = version
    return found


def duration(seconds):
    for unit in ("s ", "ms", "µs"):
        if seconds >= 0.9995:
            break
        seconds *= 1000
    else:
        unit = "ns"
    return f"{seconds:.3g} {unit}" if seconds < 999.5 else f"{seconds:.0f} {unit}"


def number(x):
    return "-" if x is None else f"{x:.0f}" if x >= 100 else f"{x:.3g}"


def table(rows):
    lines = [("workload", "n", "precision", "calls", "best peer", "its time", "QHM", "ratio", "must",
              "goal", "")]
    for row in rows:
        calls = f"{row['batch']} at once" if row["batch"] > 1 else "one"
        mark = ""
        if row["must"]:
            mark = ("goal" if row["ratio"] >= row["goal"] else
                    "must" if row["ratio"] >= row["must"] else "below")
        source = " (notes)" if row["peer_source"] == "notes" else ""
        lines.append((row["workload"], str(row["n"]), row["precision"], calls, row["peer"] + source,
                      duration(row["peer_seconds"]), duration(row["qhm_seconds"]),
                      number(row["ratio"]), number(row["must"]), number(row["goal"]), mark))
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    right = (1, 5, 6, 7, 8, 9)
    text = "\n".join("  ".join(cell.rjust(width) if i in right else cell.ljust(width)
                               for i, (cell, width) in enumerate(zip(line, widths))).rstrip()
                     for line in lines)
    if any(row["peer_source"] == "notes" for row in rows):
        text += ("\n\nnotes: the peer's C++ time on a faster machine (AMD EPYC with AVX-512, 2 threads), "
                 "where it is\nsmaller than that of its package called from Python here")
    return text


def read_arguments():
    parser = argparse.ArgumentParser(prog="bench-peers", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few rows, large states of 20 qubits")
    parser.add_argument("--large", action="store_true", help="states of 26 qubits too")
    parser.add_argument("--workload", metavar="NAME,...",
                        help="ansatz, gradient, random, qft, qaoa, qaoa-gradient, noise, trajectories, "
                             "step; default all")
    parser.add_argument("--rounds", type=int, default=5, help="at most; default 5")
    parser.add_argument("--qhm", default=str(ROOT / "build/release/qhm"), help="the command")
    parser.add_argument("--out", default=str(ROOT / "build/bench-peers.json"), help="the file")
    return parser.parse_args()


def compare(arguments, rows, qhm, environments):
    done = []
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(Peers(environments)) as peers:
        for row in rows:
            path, start = None, time.monotonic()
            if row["workload"] != "step":
                path = f"{folder}/{row['workload']}-{row['n']}.qasm"
                qhm.bench("--workload", row["workload"], "--qubits", row["n"], "--write-circuit", path)
            result = measure(peers, qhm, row, path, arguments.rounds)
            if not result:
                log(f"bench-peers: no peer ran {row['workload']} at {row['n']} qubits")
                continue
            for measured in rows_of(row, result):
                done.append(measured)
                log(f"{measured['workload']} {measured['n']} {measured['precision']} batch "
                    f"{measured['batch']}: {measured['peer']} {duration(measured['peer_seconds'])}, "
                    f"QHM {duration(measured['qhm_seconds'])}, ratio {number(measured['ratio'])} "
                    f"({time.monotonic() - start:.0f} s)")
    return done


def main():
    arguments = read_arguments()
    threads = len(os.sched_getaffinity(0))
    rows = plan(arguments, threads)
    folder = ROOT / "build/bench-peers"
    needed = {"training" if row["workload"] == "step" else "simulators" for row in rows}
    environments = {name: environment(folder, name) for name in sorted(needed)}
    qhm = Qhm(arguments.qhm, threads)
    about = qhm.bench("--workload", "qft", "--qubits", 2, "--repeat", 1)
    done = compare(arguments, rows, qhm, environments)
    report = {
        "date": datetime.date.today().isoformat(),
        "machine": {"processor": about["processor"], "threads": threads,
                    "instruction_set": about["instruction_set"], "system": platform.platform()},
        "versions": versions(about),
        "rows": done,
    }
    pathlib.Path(arguments.out).write_text(json.dumps(report, indent=1) + "\n")
    print(f"{about['processor']}, {threads} threads, {about['instruction_set']}, {report['date']}; "
          + ", ".join(f"{name} {version}" for name, version in report["versions"].items()))
    print("\n" + table(done))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Compares QHM's minor embeddings with minorminer's on this machine: the same graphs, seed by seed.

usage: tools/bench-peers/bench_embedding.py [--graph zephyr|pegasus] [--seeds N] [--qhm BENCH]

Installs minorminer from PyPI under build/bench-peers, embeds each graph with one and the other in
turns, both by search, and prints medians over the seeds. Where PyPI is not reachable it says so and does nothing.
"""
import argparse
import random
import statistics
import subprocess

from bench_peers import HERE, ROOT, duration, environment


def regular(nodes, degree, seed):
    """A random regular graph: pairs of stubs, until no edge is a loop or there twice."""
    draw = random.Random(seed)
    while True:
        stubs = [node for node in range(nodes) for _ in range(degree)]
        draw.shuffle(stubs)
        edges = {tuple(sorted(stubs[i:i + 2])) for i in range(0, len(stubs), 2)}
        if len(edges) == nodes * degree // 2 and all(a < b for a, b in edges):
            return sorted(edges)


def complete(nodes):
    return [(a, b) for b in range(nodes) for a in range(b)]


def sparse(nodes, chance, seed):
    draw = random.Random(seed)
    return [edge for edge in complete(nodes) if draw.random() < chance]


DEVICES = {"zephyr": "advantage2", "pegasus": "advantage"}
PROBLEMS = [("3-regular, 100 spins", 100, regular(100, 3, 1)), ("1 pair in 5, 40 spins", 40, sparse(40, 0.2, 1)), ("1 pair in 2, 30 spins", 30, sparse(30, 0.5, 1)),
            ("complete, 16 spins", 16, complete(16)), ("complete, 24 spins", 24, complete(24))]


class Embedder:
    """A process that answers "spins edges seed a b a b ..." with qubits, longest chain, seconds."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait()

    def embed(self, spins, edges, seed):
        words = [spins, len(edges), seed] + [node for edge in edges for node in edge]
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("bench-embedding: a process ended unexpectedly")
        return [float(word) for word in line.split()]


def read_arguments():
    parser = argparse.ArgumentParser(prog="bench-embedding", description=__doc__.splitlines()[0])
    parser.add_argument("--graph", choices=("zephyr", "pegasus"), default="zephyr")
    parser.add_argument("--seeds", type=int, default=9)
    parser.add_argument("--qhm", default=str(ROOT / "build/release/minor_embedding.bench"), help="our bench")
    return parser.parse_args()


def main():
    arguments = read_arguments()
    python = environment(ROOT / "build/bench-peers", "embedding")
    with Embedder(arguments.qhm, DEVICES[arguments.graph]) as ours, \
            Embedder(python, HERE / "peer_embedding.py", arguments.graph) as peer:
        print(f"{'QHM / minorminer':26}{'qubits':>16}{'longest chain':>18}{'time':>22}")
        for name, spins, edges in PROBLEMS:
            pairs = [(ours.embed(spins, edges, seed), peer.embed(spins, edges, seed))
                     for seed in range(arguments.seeds)]
            medians = [[statistics.median(pair[who][field] for pair in pairs) for who in (0, 1)]
                       for field in range(3)]
            cells = [" / ".join(f"{x:.0f}" for x in medians[field]) for field in (0, 1)]
            cells.append(" / ".join(duration(x) for x in medians[2]))
            print(f"{name:26}{cells[0]:>16}{cells[1]:>18}{cells[2]:>22}")
    print(f"\nmedians of {arguments.seeds} seeds on {arguments.graph}; 0 qubits: not found")


if __name__ == "__main__":
    main()

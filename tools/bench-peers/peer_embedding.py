"""Embeds with minorminer, in the environment of requirements-embedding.txt: a request a line, "spins
edges seed a b a b ...", an answer a line, "qubits longest-chain seconds", no qubits if it gave up."""
import sys
import time

import minorminer
from dwave.graphs import pegasus_graph, zephyr_graph

GRAPHS = {"zephyr": (zephyr_graph, 12), "pegasus": (pegasus_graph, 16)}

make, size = GRAPHS[sys.argv[1]]
target = list(make(size).edges)  # those of `qhm devices show advantage2` and `advantage`
for line in sys.stdin:
    _, count, seed, *ends = map(int, line.split())
    edges = list(zip(ends[::2], ends[1::2]))[:count]
    start = time.perf_counter()
    chains = minorminer.find_embedding(edges, target, random_seed=seed)
    seconds = time.perf_counter() - start
    lengths = [len(chain) for chain in chains.values()]
    print(sum(lengths), max(lengths, default=0), seconds, flush=True)

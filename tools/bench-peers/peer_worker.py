"""One peer in a process of its own, which stays: reads requests and answers, a JSON line each.

usage: peer_worker.py PEER THREADS, started by bench_peers.py in the peer's own environment.
  {"do": "open", "path": ..., "workload": ..., "precision": ...} -> {"variants": [...]}
  {"do": "values", "variant": ...} -> {"values": [...], "seconds": ...}   the first run
  {"do": "run", "variant": ...} -> {"seconds": ...}     one call; short ones are repeated
  {"do": "close"} -> {}
What goes wrong is answered as {"error": ...}.
"""
import ctypes
import gc
import json
import os
import pathlib
import sys
import time
import warnings

SHORTEST_SECONDS = 0.004  # as qhm bench: calls are repeated until the clock does not matter


class Worker:
    def __init__(self, peer, threads):
        self.peer, self.threads, self.subject = peer, threads, None

    def make(self, circuit, request):
        if self.peer in ("pennylane", "torchquantum"):
            from peer_training import TRAINERS as kinds
        else:
            from peer_simulators import SIMULATORS as kinds
        return kinds[self.peer](circuit, request["workload"], request["precision"], self.threads)

    def open(self, request):
        from peer_circuits import Circuit
        path = request["path"]
        circuit = Circuit(pathlib.Path(path).read_text()) if path else None
        self.subject = self.make(circuit, request)
        self.repeats = {}
        return {"variants": list(self.subject.variants)}

    def seconds(self, run, repeats=1):
        taken, start = 0, time.perf_counter()
        for _ in range(repeats):
            run()
            taken += self.subject.taken or 0
        return (taken or time.perf_counter() - start) / repeats

    def values(self, request):
        name = request["variant"]
        run = self.subject.variants[name]
        first = self.seconds(run)
        values = self.subject.values()
        once = self.seconds(run) if first < 0.1 else first
        self.repeats[name] = max(1, round(SHORTEST_SECONDS / once))
        return {"values": values, "seconds": once}

    def run(self, request):
        name = request["variant"]
        return {"seconds": self.seconds(self.subject.variants[name], self.repeats[name])}

    def close(self, _):
        self.subject = None
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        return {}


def main():
    worker = Worker(sys.argv[1], int(sys.argv[2]))
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print does not get among the answers
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = getattr(worker, request["do"])(request)
        except Exception as error:  # whatever a peer raises belongs in the table, not in a crash
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()

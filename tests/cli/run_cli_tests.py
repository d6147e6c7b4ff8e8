"""Runs a file of command-line tests; README.md beside this says how they are written.

usage: run_cli_tests.py QHM FILE.test [CASE-PART]
"""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
KEYS = ("case", "file", "env", "run", "stdin", "exit", "stdout", "stderr", "no stdout", "no stderr",
        "stdout lines", "stderr lines", "stdout json", "exists", "missing")
SECONDS = 120


class Mistake(Exception):
    """The test file itself is wrong."""


def read_cases(path):
    """Returns [(case name, [(line number, key, value)])]; a file's value is (path, content)."""
    cases = []
    lines = path.read_text().splitlines()
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if not line.strip() or line.startswith("#"):
            continue
        key, colon, value = line.partition(":")
        if not colon or key not in KEYS:
            raise Mistake(f"{path}:{number}: {line!r} does not begin with one of {', '.join(KEYS)}")
        value = value.strip().replace("{source}", str(SOURCE))
        if key == "case":
            cases.append((value, []))
            continue
        if not cases:
            raise Mistake(f"{path}:{number}: {key} before the first case")
        if key == "file":
            content = []
            while number < len(lines) and (lines[number].startswith("    ") or not lines[number]):
                content.append(lines[number][4:])
                number += 1
            while content and not content[-1]:
                content.pop()
            value = (value, "".join(text + "\n" for text in content).replace("{source}", str(SOURCE)))
        cases[-1][1].append((number, key, value))
    if not cases:
        raise Mistake(f"{path}: no case in it")
    return cases


class Command:
    """One run of the command, and what has been found in its output so far."""

    def __init__(self, qhm, words, folder, environment, stdin):
        if words[0] == "qhm":
            words[0] = qhm
        try:
            run = subprocess.run(words, cwd=folder, env=environment, input=stdin.encode(),
                                 capture_output=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {SECONDS} s")
        self.exit = run.returncode
        self.output = {"stdout": run.stdout.decode(errors="replace"),
                       "stderr": run.stderr.decode(errors="replace")}
        self.place = {"stdout": 0, "stderr": 0}

    def check(self, key, value, folder):
        stream = next((s for s in self.output if s in key.split()), None)
        text = self.output.get(stream)
        if key == "exit":
            assert self.exit == int(value), f"exit status is {self.exit}"
        elif key in ("exists", "missing"):
            there = (folder / value).exists()
            assert there == (key == "exists"), f"{value} is {'there' if there else 'not there'}"
        elif key.endswith(" lines"):
            assert len(text.splitlines()) == int(value), f"{stream} has {len(text.splitlines())} lines"
        elif key == "stdout json":
            self.check_json(*(part.strip() for part in value.split("=", 1)))
        elif key.startswith("no "):
            assert not re.search(value, text, re.MULTILINE), f"{stream} matches it"
        elif value == "empty":
            assert text == "", f"{stream} is not empty"
        else:
            match = re.compile(value, re.MULTILINE).search(text, self.place[stream])
            assert match, f"{stream} has no such line after what was found before"
            self.place[stream] = match.end()

    def check_json(self, path, expected):
        try:
            value = json.loads(self.output["stdout"])
        except ValueError as error:
            raise AssertionError(f"stdout is not JSON: {error}")
        for step in path.split("."):
            try:
                value = value[int(step)] if isinstance(value, list) else value[step]
            except (KeyError, IndexError, TypeError, ValueError):
                raise AssertionError(f"stdout has no {step} of {path}")
        assert value == json.loads(expected), f"{path} is {json.dumps(value)}"


def run_case(qhm, steps, folder):
    """Raises AssertionError with the line that was not met."""
    path = f"{pathlib.Path(qhm).parent}:{os.environ['PATH']}"  # for `sh -c "qhm ... | ..."`
    environment = {"PATH": path, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    for name in os.environ:  # sanitizers and coverage are set from outside
        if name.startswith(("ASAN_", "UBSAN_", "LSAN_", "GCOV_", "OMP_", "QHM_", "OPENBLAS_")):
            environment[name] = os.environ[name]
    command = None
    for index, (line, key, value) in enumerate(steps):
        try:
            if key == "file":
                target = folder / value[0]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(value[1])
            elif key == "env":
                name, _, text = value.partition("=")
                environment[name] = text
            elif key == "run":
                own = []
                for _, later, text in steps[index + 1:]:
                    if later == "run":
                        break
                    own.append((later, text))
                stdin = "".join(text + "\n" for later, text in own if later == "stdin")
                command = None
                command = Command(qhm, shlex.split(value), folder, environment, stdin)
                if "exit" not in [later for later, _ in own]:
                    command.check("exit", "0", folder)
            elif command is None:
                raise Mistake(f"line {line}: {key} before any run")
            elif key != "stdin":
                command.check(key, value, folder)
        except AssertionError as error:
            said = "" if command is None else "".join(
                f"\n--- {stream}\n{text}" for stream, text in command.output.items())
            raise AssertionError(f"line {line}: {key}: {value}: {error}{said}")
    if command is None:
        raise Mistake("a case that runs nothing")


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    qhm, path = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    part = sys.argv[3] if len(sys.argv) == 4 else ""
    passed = failed = 0
    try:
        for name, steps in read_cases(path):
            if part not in name:
                continue
            with tempfile.TemporaryDirectory() as folder:
                try:
                    run_case(qhm, steps, pathlib.Path(folder))
                    passed += 1
                except AssertionError as error:
                    failed += 1
                    print(f"{path.name}: {name}\n  {error}")
    except Mistake as mistake:
        sys.exit(f"{path.name}: {mistake}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())

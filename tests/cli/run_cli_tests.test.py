"""The runner of command-line tests passes what holds and fails what does not."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

RUNNER = pathlib.Path(__file__).resolve().parent / "run_cli_tests.py"


def run(text):
    """Runs a test file against /bin/sh in the place of qhm."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "some.test")
        path.write_text(text)
        result = subprocess.run([sys.executable, RUNNER, "/bin/sh", path], capture_output=True,
                                text=True)
    return result.returncode, result.stdout + result.stderr


GOOD = """
# A comment.
case: everything that can be said
file: script
    cat data/words
    echo "$GREETING" >&2

    touch made; exit 3
file: data/words
    one
    two
env: GREETING=hello there
run: qhm script
exit: 3
stdout: ^one$
stdout: ^two$
no stdout: three
stdout lines: 2
stderr: hello .*re
exists: made
missing: other
run: qhm -c 'cat; test -e made'
stdin: {"a": [1, {"b": "x"}]}
stdout json: a.1.b = "x"
stderr: empty
"""


class Runner(unittest.TestCase):
    def test_all_that_holds_passes(self):
        self.assertEqual(run(GOOD), (0, "1 passed, 0 failed\n"))

    def fails(self, lines, complaint):
        status, output = run("case: one\nrun: qhm -c 'echo a; echo b; echo e >&2'\n" + lines)
        self.assertEqual(status, 1, output)
        self.assertIn(complaint, output)

    def test_each_expectation_can_fail(self):
        self.fails("exit: 1\n", "exit status is 0")
        self.fails("stdout: c\n", "stdout has no such line")
        self.fails("stdout: b\nstdout: a\n", "after what was found before")
        self.fails("no stderr: e\n", "stderr matches it")
        self.fails("stdout: empty\n", "stdout is not empty")
        self.fails("stderr lines: 2\n", "stderr has 1 lines")
        self.fails("stdout json: a = 1\n", "stdout is not JSON")
        self.fails("exists: made\n", "made is not there")
        self.fails("run: qhm -c 'exit 4'\n", "exit status is 4")
        self.fails("run: qhm -c 'echo {}'\nstdout json: a = 1\n", "stdout has no a")

    def test_mistakes_in_the_file_are_told(self):
        self.assertIn("does not begin with", run("case: one\nrnu: qhm\n")[1])
        self.assertIn("before any run", run("case: one\nexit: 0\n")[1])
        self.assertIn("no case in it", run("# nothing\n")[1])
        self.assertIn("runs nothing", run("case: one\n")[1])
        self.assertEqual(run("case: one\n")[0], 1)


if __name__ == "__main__":
    unittest.main()

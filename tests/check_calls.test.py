"""tools/check-calls lets the right file call and names each other."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parent.parent / "tools/check-calls"


def check(name, text):
    with tempfile.TemporaryDirectory() as root:
        path = pathlib.Path(root, "src", name)
        path.parent.mkdir(parents=True)
        path.write_text(text)
        run = subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


class CheckCalls(unittest.TestCase):
    def test_the_right_places_may_call(self):
        for name, text in (("base/memory.c", "p = malloc(1);\n"), ("cli/main.c", "exit(1);\n"),
                           ("base/parallel.c", "#pragma omp parallel\n"),
                           ("a/a.test.c", "setenv(a, b, 1); printf(c);\n"),
                           ("a/a.c", '// malloc(1)\n/* exit(1)\n */ f("abort()"); my_exit(2); snprintf(a);\n')):
            self.assertEqual(check(name, text), (0, ""), name)

    def test_every_other_place_is_named(self):
        for text in ("p = malloc (1);", "s = strdup(t);", "#  pragma omp for", "x = rand();",
                     "exit(1);", "fprintf(stderr, a);", "getenv(a);", "strcpy(a, b);"):
            status, output = check("learn/a.c", "\n" + text + "\n")
            self.assertEqual(status, 1, text)
            self.assertIn("src/learn/a.c:2: ", output)


if __name__ == "__main__":
    unittest.main()

"""tools/check-headers accepts good headers and names each kind of bad one."""
import pathlib
import subprocess
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parent.parent / "tools/check-headers"
GOOD = "#pragma once\n#include <stddef.h>\ntypedef struct qhm_a { size_t count; } qhm_a;\n"


def check(header=GOOD):
    with tempfile.TemporaryDirectory() as folder:
        public = pathlib.Path(folder, "include/qhm")
        public.mkdir(parents=True)
        (public / "a.h").write_text(header)
        (public.parent / "qhm.h").write_text("#pragma once\n#include <qhm/a.h>\n")
        run = subprocess.run([CHECK, "cc", "c++", folder], capture_output=True, text=True)
    return run.returncode, run.stdout


class CheckHeaders(unittest.TestCase):
    def test_good_headers(self):
        self.assertEqual(check(), (0, ""))

    def rejects(self, complaint, **changed):
        status, output = check(**changed)
        self.assertEqual(status, 1)
        self.assertIn(complaint, output)

    def test_one_that_needs_another_first(self):
        self.rejects("a.h: not valid C17 alone", header="#pragma once\nextern uint8_t qhm_b;\n")

    def test_one_that_is_no_cpp(self):
        self.rejects("a.h: not valid C++17 alone", header="#pragma once\nextern int class;\n")

    def test_one_without_a_guard(self):
        self.rejects("a.h: not valid C17 alone", header="typedef struct qhm_a { int i; } qhm_a;\n")

    def test_one_with_a_strange_include(self):
        self.rejects("includes unistd.h", header=GOOD + "#include <unistd.h>\n")


if __name__ == "__main__":
    unittest.main()

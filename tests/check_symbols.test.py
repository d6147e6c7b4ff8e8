"""tools/check-symbols accepts a library that keeps its headers' word and names each breach."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parent.parent / "tools/check-symbols"

HEADER = """
#define QHM_API __attribute__((visibility("default")))
#ifdef __cplusplus
extern "C" {
#endif
/** Not a declaration: qhm_in_a_comment(1); */
typedef struct qhm_pair { int (*call)(int first); int second; } qhm_pair;
typedef int qhm_visit(int index, void *context);
QHM_API int qhm_pair_sum(const qhm_pair *pair,
                         int start) __attribute__((nonnull(1)));
QHM_API const char *qhm_pair_name(void);
extern QHM_API const int qhm_pair_limits[2];
#ifdef __cplusplus
}
#endif
"""
SOURCE = """
#include "pair.h"
int qhm_pair_sum(const qhm_pair *pair, int start) { return pair->second + start; }
const char *qhm_pair_name(void) { return "pair"; }
const int qhm_pair_limits[2] = {0, 1};
__attribute__((visibility("hidden"))) int qhm_internal(void) { return 0; }
"""


def check(header=HEADER, source=SOURCE):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "include").mkdir()
        (root / "include/pair.h").write_text(header)
        (root / "pair.c").write_text(source)
        library = root / "libpair.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-I", root / "include", root / "pair.c",
                        "-o", library], check=True)
        run = subprocess.run([sys.executable, CHECK, library, root], capture_output=True, text=True)
    return run.returncode, run.stdout


class CheckSymbols(unittest.TestCase):
    def test_a_library_as_declared(self):
        self.assertEqual(check(), (0, "check-symbols: 3 public symbols, 0 problem(s)\n"))

    def rejects(self, complaint, **changed):
        status, output = check(**changed)
        self.assertEqual(status, 1, output)
        self.assertIn(complaint, output)
        self.assertIn(", 1 problem(s)", output)

    def test_an_export_that_no_header_declares(self):
        self.rejects("qhm_extra is exported", source=SOURCE + "int qhm_extra(void) { return 1; }\n")

    def test_a_declaration_that_the_library_lacks(self):
        self.rejects("qhm_missing is declared and not in the library",
                     header=HEADER + "QHM_API int qhm_missing(void);\n")

    def test_a_declaration_without_the_mark(self):
        self.rejects("qhm_quiet is declared without QHM_API", header=HEADER + "int qhm_quiet(void);\n")


if __name__ == "__main__":
    unittest.main()

"""tools/check-layers accepts a good tree and names each way of breaking it."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parent.parent / "tools/check-layers"

GOOD = {
    "src/LAYERS": "cli\nlearn\ncircuit tensor\nbase\n",
    "src/base/status.c": "#include <qhm/status.h>\n",
    "src/base/memory.h": "#include <stddef.h>\n",
    "src/circuit/circuit.c": '#include <qhm/circuit.h>\n#include "base/memory.h"\n',
    "src/circuit/circuit_internal.h": "",
    "src/circuit/circuit_draw.c": '#include "circuit/circuit_internal.h"\n',
    "src/circuit/circuit.test.c": '#include "support/checks.h"\n#include "learn/layer_internal.h"\n',
    "src/tensor/tensor.c": "#include <qhm/tensor.h>\n",
    "src/learn/layer_internal.h": "",
    "src/learn/layer.c": "#include <qhm/circuit.h>\n#include <qhm/tensor.h>\n",
    "src/cli/main.c": '#include <qhm/layer.h>\n#include "cli/commands.h"\n',
    "src/cli/commands.h": "",
    "src/cli/README.md": "",
    "src/base/README.md": "",
    "include/qhm.h": "#include <qhm/layer.h>\n",
    "include/qhm/status.h": "",
    "include/qhm/values.h": "#include <stddef.h>\n",
    "include/qhm/circuit.h": "#include <qhm/status.h>\n#include <qhm/values.h>\n",
    "include/qhm/tensor.h": "#include <qhm/status.h>\n",
    "include/qhm/layer.h": "#include <qhm/circuit.h>\n",
    "examples/bell.c": "#include <qhm.h>\n",
    "tests/fuzz/corpus/a/empty": "",
    "tests/fuzz/corpus/b/empty": "",
}


def check(changes):
    """Runs the check on the good tree with some files changed."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in (GOOD | changes).items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        run = subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


class CheckLayers(unittest.TestCase):
    def test_a_good_tree_passes(self):
        self.assertEqual(check({}), (0, ""))

    def rejects(self, changes, complaint):
        status, output = check(changes)
        self.assertEqual(status, 1, output)
        self.assertIn(complaint, output)
        self.assertIn("1 problem(s)", output)

    def test_an_include_of_a_higher_folder(self):
        self.rejects({"src/base/a.c": '#include "circuit/circuit_internal.h"\n'},
                     "src/base/a.c:1: base includes")

    def test_an_include_of_a_neighbour(self):
        self.rejects({"src/tensor/a.c": '// why\n#  include "circuit/circuit_internal.h"\n'},
                     "src/tensor/a.c:2: tensor includes")

    def test_a_public_header_of_a_higher_folder(self):
        self.rejects({"src/base/a.c": "#include <qhm/circuit.h>\n"}, "which is above it")

    def test_a_public_header_of_a_neighbour(self):
        self.rejects({"src/tensor/a.c": "#include <qhm/circuit.h>\n"}, "which is beside it")

    def test_a_public_header_that_looks_up(self):
        self.rejects({"include/qhm/status.h": "#include <qhm/tensor.h>\n"}, "base includes")

    def test_a_header_without_a_source_belongs_where_its_includes_are(self):
        self.rejects({"include/qhm/shape.h": "#include <qhm/tensor.h>\n",
                      "src/circuit/a.c": "#include <qhm/shape.h>\n"}, "of tensor, which is beside")

    def test_a_public_header_that_includes_what_is_not_installed(self):
        self.rejects({"include/qhm/values.h": '#include "base/memory.h"\n'}, "only <...>")

    def test_a_public_header_that_does_not_exist(self):
        self.rejects({"src/base/a.c": "#include <qhm/nowhere.h>\n"}, "is not in include/")

    def test_the_umbrella_inside_the_library(self):
        self.rejects({"src/learn/a.c": "#include <qhm.h>\n"}, "include the topics")

    def test_a_command_that_looks_inside(self):
        self.rejects({"src/cli/a.c": '#include "base/memory.h"\n'}, "the public API only")

    def test_an_example_that_looks_inside(self):
        self.rejects({"examples/a.c": '#include "base/memory.h"\n'}, "the public API only")

    def test_an_include_without_its_folder(self):
        self.rejects({"src/base/a.c": '#include "memory.h"\n'}, "does not say its folder")

    def test_a_folder_that_has_no_layer(self):
        self.rejects({"src/magic/a.c": ""}, "magic is not in src/LAYERS")

    def test_a_file_name_used_twice(self):
        self.rejects({"src/learn/circuit.h": ""}, "circuit.h is also include/qhm/circuit.h")

    def test_a_dumping_ground(self):
        self.rejects({"src/base/util.c": ""}, "util.c names no topic")


if __name__ == "__main__":
    unittest.main()

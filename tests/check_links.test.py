"""tools/check-links accepts pages that tell the truth and names each that does not."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parent.parent / "tools/check-links"

GOOD = {
    "docs/papers.bib": "@article{bell1964,\n}\n",
    "README.md": "See [it](src/a/a.c), `src/a/a.c`, `src/a/x.test.c`, `make test`, `elsewhere/b.c`.\n",
    "src/a/a.c": "",
    "src/a/README.md": "`a.c` is by [bell1964]; `x.c` is any.\n",
    "include/qhm/a.h": "/** After [bell1964]. */\n",
}


def check(changes):
    with tempfile.TemporaryDirectory() as root:
        for name, text in (GOOD | changes).items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        run = subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


class CheckLinks(unittest.TestCase):
    def test_true_pages_pass(self):
        self.assertEqual(check({}), (0, ""))

    def test_each_untruth_is_named_with_its_line(self):
        for page, text, complaint in (
                ("README.md", "\n[it](src/b.c)\n", "README.md:2: there is no src/b.c"),
                ("README.md", "`src/a/b.c`\n", "README.md:1: there is no src/a/b.c"),
                ("src/a/README.md", "`b.c`\n", "there is no b.c"),
                ("src/a/README.md", "[bell1965]\n", "[bell1965] is not in docs/papers.bib"),
                ("include/qhm/a.h", "/** [bell1965] */\n", "include/qhm/a.h:1: [bell1965]")):
            status, output = check({page: text})
            self.assertEqual(status, 1, output)
            self.assertIn(complaint, output)


if __name__ == "__main__":
    unittest.main()

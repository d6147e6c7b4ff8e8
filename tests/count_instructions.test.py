"""tools/count-instructions: what passes, what fails, what is recorded. Callgrind is played."""
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import unittest

COUNT = pathlib.Path(__file__).resolve().parent.parent / "tools/count-instructions"
VALGRIND = '#!/bin/sh\necho "==7== Collected : $PLAYED" >&2\n'
READELF = '#!/bin/sh\necho "  [     0]  GCC: (Debian 12.2.0-14) $GCC.2.0"\n'
RECORD = """# about
# built by GCC 12, x86_64
# workload  instructions  why it last changed
ansatz        1,000,000  first record
"""


@unittest.skipUnless(platform.machine() == "x86_64", "counts are of x86-64")
class CountInstructions(unittest.TestCase):
    def count(self, played, *options, gcc="12"):
        """(exit status, what was printed, the record after it)."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("valgrind", VALGRIND), ("readelf", READELF)):
                path = pathlib.Path(folder, name)
                path.write_text(text.replace("Debian 12.2.0-14", f"Debian {gcc}.2.0-14"))
                path.chmod(0o755)
            record = pathlib.Path(folder, "record.txt")
            record.write_text(RECORD)
            env = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "PLAYED": str(played),
                                "GCC": gcc}
            run = subprocess.run([sys.executable, COUNT, "/bin/true", "--record", record, *options],
                                 capture_output=True, text=True, env=env)
            return run.returncode, run.stdout + run.stderr, record.read_text()

    def test_equal_and_slightly_more_pass_and_leave_the_record(self):
        for played in (1000000, 1049000):
            status, text, record = self.count(played)
            self.assertEqual((status, record), (0, RECORD), text)

    def test_a_rise_of_more_than_5_percent_fails(self):
        status, text, record = self.count(1051000)
        self.assertEqual((status, record), (1, RECORD))
        self.assertIn("+5.1 %", text)
        self.assertIn("ansatz rose by more than 5%", text)

    def test_a_rise_is_recorded_with_a_reason_only(self):
        status, _, record = self.count(2000000, "--update")
        self.assertEqual((status, record), (1, RECORD))
        status, _, record = self.count(2000000, "--update", "--reason", "checks every angle")
        self.assertEqual(status, 0)
        self.assertEqual(record.splitlines()[3:], ["ansatz        2,000,000  checks every angle"])
        self.assertEqual(record.splitlines()[:3], RECORD.splitlines()[:3])

    def test_fewer_pass_and_are_recorded_when_asked(self):
        status, text, record = self.count(500000)
        self.assertEqual((status, record), (0, RECORD))
        self.assertIn("fewer than recorded", text)
        status, _, record = self.count(500000, "--update")
        self.assertIn("500,000  fewer than before", record)

    def test_an_update_leaves_what_hardly_changed(self):
        self.assertEqual(self.count(1000100, "--update", "--reason", "another")[2], RECORD)

    def test_another_compiler_is_not_compared_but_may_be_recorded(self):
        status, text, record = self.count(9000000, gcc="14")
        self.assertEqual((status, record), (0, RECORD))
        self.assertIn("skipped; counts are of GCC 12, x86_64, this is GCC 14, x86_64", text)
        status, _, record = self.count(1000100, "--update", "--reason", "gcc 14", gcc="14")
        self.assertEqual(status, 0)
        self.assertIn("# built by GCC 14, x86_64", record)
        self.assertIn("1,000,100  gcc 14", record)

    def test_what_was_not_counted_fails(self):
        status, text, _ = self.count(0)
        self.assertEqual(status, 1)
        self.assertIn("ansatz was not counted", text)


if __name__ == "__main__":
    unittest.main()

"""Ctrl-C, kills, second processes and broken disks: nothing lost, nothing half-written.

usage: interruption.test.py QHM
"""
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

QHM = str(pathlib.Path(sys.argv.pop(1)).resolve())
HERE = pathlib.Path(__file__).resolve().parent
RUN_FILE = HERE / "small_run.yaml"
SEED = int(os.environ.get("QHM_TEST_SEED", "1"))


def start(*words, **options):
    return subprocess.Popen([QHM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            stdin=subprocess.DEVNULL, text=True, **options)


def run(*words, **options):
    """Runs to the end; returns (exit status, stdout, stderr)."""
    process = start(*words, **options)
    out, err = process.communicate(timeout=200)
    return process.returncode, out, err


def jobs(folder):
    """All that the run measured, to the last bit; neither times nor places."""
    database = sqlite3.connect(f"file:{folder}/run.sqlite?mode=ro", uri=True)
    try:
        columns = "task, model, resample, trial, failed, parameters, metrics"
        order = "ORDER BY task, model, resample, trial"
        points = ("SELECT task, model, resample, trial, epoch, training_loss, validation_metric "
                  f"FROM job JOIN point USING (job) {order}, epoch")
        return (database.execute(f"SELECT {columns} FROM job {order}").fetchall(),
                database.execute(points).fetchall())
    finally:
        database.close()


def job_count(folder):
    try:
        return len(jobs(folder)[0])
    except sqlite3.Error:  # not there yet
        return 0


class Interruption(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        memory = "/dev/shm"  # where every job's fsync costs nothing
        cls.root = pathlib.Path(tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else None))
        cls.whole = cls.root / "whole"
        begin = time.monotonic()
        status, out, err = run("run", RUN_FILE, "--out", cls.whole, "--json", "--quiet")
        assert (status, err) == (0, ""), (status, err)
        cls.seconds = time.monotonic() - begin
        cls.results = json.loads(out)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    def folder(self):
        return self.root / self.id().rsplit(".", 1)[1]

    def check_one_line(self, err):
        self.assertRegex(err, r"\Aqhm: [^\n]+\n\Z")

    def wait_for_jobs(self, process, folder, count):
        while process.poll() is None and job_count(folder) < count:
            time.sleep(0.005)

    def check_resumes(self, folder):
        """Resumes until it ends, and finds what the uninterrupted run found."""
        status, out, err = run("resume", folder, "--json", "--quiet")
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(jobs(folder), jobs(self.whole))
        self.assertEqual(json.loads(out)["verdict"], self.results["verdict"])
        self.assertTrue((folder / "report.html").exists())

    def test_ctrl_c_and_resume_give_the_bits_of_an_uninterrupted_run(self):
        folder = self.folder()
        process = start("run", RUN_FILE, "--out", folder)
        self.wait_for_jobs(process, folder, 3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, out), (130, ""))
        self.assertTrue(err.startswith(f"qhm: the run goes to {folder}\n"), err)
        self.assertRegex(err, "qhm: stopping at the next step; Ctrl-C again stops at once\n")
        self.assertTrue(err.endswith(f"qhm: interrupted; go on with: qhm resume {folder}\n"), err)
        self.assertLess(job_count(folder), len(jobs(self.whole)[0]))
        status, out, _ = run("runs", "list", "--runs", self.root)
        self.assertRegex(out, rf"(?m)^{folder.name}\t.*\tinterrupted\t")
        status, out, _ = run("runs", "show", folder)
        self.assertEqual(status, 0)
        self.assertIn(f"go on with: qhm resume {folder}", out)
        self.check_resumes(folder)

    def test_ctrl_c_twice_ends_at_once(self):
        folder = self.folder()
        process = start("run", RUN_FILE, "--out", folder)
        self.wait_for_jobs(process, folder, 1)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        begin = time.monotonic()
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertLess(time.monotonic() - begin, 5)

    def test_a_run_killed_at_random_moments_loses_nothing_that_was_done(self):
        chance = random.Random(SEED)
        folder = self.folder()
        process = start("run", RUN_FILE, "--out", folder)
        for _ in range(3):
            time.sleep(chance.uniform(0, self.seconds / 2))
            process.kill()
            process.communicate()
            before = job_count(folder)
            process = start("resume", folder) if before else start("run", RUN_FILE, "--out", folder)
        process.kill()
        process.communicate()
        self.assertGreaterEqual(job_count(folder), before)
        self.check_resumes(folder)

    def test_a_run_killed_as_it_begins_can_be_resumed_or_begun_again(self):
        for milliseconds in range(5, 125, 15):
            folder = self.root / f"early-{milliseconds}"
            process = start("run", RUN_FILE, "--out", folder, "--quick", "--quiet")
            time.sleep(milliseconds / 1000)
            process.kill()
            process.communicate()
            status, _, err = run("resume", folder, "--quiet")
            if status != 0:
                self.check_one_line(err)
                status, _, err = run("run", RUN_FILE, "--out", folder, "--quick", "--quiet")
            self.assertEqual((status, err), (0, ""), folder)

    def test_threads_do_not_change_the_bits(self):
        folder = self.folder()
        status, _, err = run("run", RUN_FILE, "--out", folder, "--threads", "1", "--quiet")
        self.assertEqual((status, err), (0, ""))
        self.assertEqual(jobs(folder), jobs(self.whole))

    def test_a_seed_changes_the_bits_and_is_kept(self):
        folder = self.folder()
        status, out, _ = run("run", RUN_FILE, "--out", folder, "--seed", "77", "--json", "--quiet")
        self.assertEqual(status, 0)
        self.assertEqual(json.loads(out)["run"]["seed"], 77)
        self.assertNotEqual(jobs(folder), jobs(self.whole))

    def test_replay_finds_the_same_bits(self):
        repetition = self.folder()
        status, out, err = run("replay", self.whole, "--out", repetition, "--json", "--quiet")
        self.assertEqual((status, err), (0, ""))
        self.assertIs(json.loads(out)["same"], True)
        self.assertEqual(jobs(repetition), jobs(self.whole))

    def test_resuming_a_finished_run_only_reports_it(self):
        before = jobs(self.whole)
        begin = time.monotonic()
        status, out, _ = run("resume", self.whole, "--json", "--quiet")
        self.assertEqual(status, 0)
        self.assertEqual(json.loads(out)["verdict"], self.results["verdict"])
        self.assertLess(time.monotonic() - begin, max(2, self.seconds))
        self.assertEqual(jobs(self.whole), before)

    def test_a_second_run_in_the_folder_is_refused(self):
        folder = self.folder()
        process = start("run", RUN_FILE, "--out", folder)
        self.wait_for_jobs(process, folder, 1)
        status, out, err = run("run", RUN_FILE, "--out", folder, "--quiet")
        self.assertIn(status, (1, 3))
        self.assertEqual(out, "")
        self.check_one_line(err)
        self.assertIn(str(folder), err)
        status, _, err = run("resume", folder, "--quiet")
        self.assertEqual(status, 1)
        self.check_one_line(err)
        process.communicate(timeout=200)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(jobs(folder), jobs(self.whole))

    def test_a_folder_that_cannot_be_written_is_told_before_work_begins(self):
        folder = self.folder()
        folder.mkdir(mode=0o555)
        # For root, permissions are no obstacle; /proc is one for everybody.
        place = pathlib.Path("/proc/qhm-run") if os.access(folder, os.W_OK) else folder / "run"
        begin = time.monotonic()
        status, out, err = run("run", RUN_FILE, "--out", place, "--quiet")
        self.assertIn(status, (1, 3))
        self.assertEqual(out, "")
        self.check_one_line(err)
        self.assertIn(str(place), err)
        self.assertLess(time.monotonic() - begin, max(2, self.seconds / 2))

    def test_a_full_disk_is_told_and_what_was_done_is_kept(self):
        disk = self.folder()
        disk.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=192k", "none", str(disk)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
            self.skipTest("needs root and the right to mount")
        try:
            folder = disk / "run"
            status, out, err = run("run", RUN_FILE, "--out", folder, "--quiet")
            self.assertEqual((status, out), (1, ""))
            self.check_one_line(err)
            self.assertRegex(err, "full|No space")
            copy = self.root / "rescued"
            shutil.copytree(folder, copy)
        finally:
            subprocess.run(["umount", str(disk)], check=True)
        self.check_resumes(copy)

    def test_a_terminal_shows_a_bar_and_is_left_clean(self):
        folder = self.folder()
        shown = subprocess.run([HERE / "terminal", "80", QHM, "run", RUN_FILE, "--out", folder],
                               capture_output=True, timeout=200)
        self.assertEqual(shown.returncode, 0)
        parts = shown.stdout.decode().split("\r\033[K")
        self.assertGreater(len(parts), 2)
        for part in parts[1:-1]:
            self.assertLess(len(part), 80)
        self.assertRegex(parts[-2], r"^\[#+-*\] \d+ of \d+ jobs, \d+ s")
        self.assertNotIn("jobs", parts[-1].splitlines()[0])


class Claims(unittest.TestCase):
    def test_ctrl_c_ends_a_claim_without_half_a_result(self):
        for words in (["claim", "theorem-a1"], ["claim"], ["table1"]):
            process = start(*words)
            status = pathlib.Path(f"/proc/{process.pid}/status")
            while not int(re.search(r"SigCgt:\s*(\w+)", status.read_text())[1], 16) & 2:
                time.sleep(0.01)  # until it listens to SIGINT, which is signal 2
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
            self.assertEqual((process.returncode, out), (130, ""))
            self.assertTrue(err.endswith("qhm: stopped before the end\n"), err)


if __name__ == "__main__":
    unittest.main()

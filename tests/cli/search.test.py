"""A trained run answers texts with pictures and pictures with texts.

usage: search.test.py QHM
"""
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

QHM = str(pathlib.Path(sys.argv.pop(1)).resolve())
HERE = pathlib.Path(__file__).resolve().parent
COLOURS = {"red": (220, 30, 30), "green": (30, 180, 40), "blue": (40, 60, 220),
           "yellow": (240, 220, 40)}
SIDE, COPIES = 16, 12


def png(pixel):
    """A SIDE x SIDE picture in RGB; pixel(x, y) gives its colours."""
    rows = b"".join(b"\0" + bytes(value for x in range(SIDE) for value in pixel(x, y))
                    for y in range(SIDE))

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


def picture(colour, shape, copy):
    red, green, blue = COLOURS[colour]

    def pixel(x, y):
        dark = shape == "striped" and (x + copy) // 3 % 2
        shade = 0.45 if dark else 1 - 0.02 * (copy % 5)
        return [int(value * shade) for value in (red, green, blue)]
    return png(pixel)


class Search(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp())
        data = cls.root / "data"
        data.mkdir()
        with open(data / "pairs.jsonl", "w") as pairs:
            for colour in COLOURS:
                for shape in ("plain", "striped"):
                    for copy in range(COPIES):
                        name = f"{colour}-{shape}-{copy}.png"
                        (data / name).write_bytes(picture(colour, shape, copy))
                        json.dump({"image": name, "text": f"{colour} {shape} cloth"},
                                  pairs)
                        pairs.write("\n")
        cls.file = cls.root / "cloth.yaml"
        cls.file.write_text(
            "name: cloth\nseed: 3\ndata: {source: pairs, path: data}\n"
            "resamples: {repeats: 5, folds: 2}\n"
            "training: {epochs: 40, batch: 16, trials: 1, learning_rate_low: 0.03,"
            " learning_rate_high: 0.1}\n"
            "tasks:\n  - kind: retrieval\n    inputs: {image_width: 16, text_width: 16}\n"
            "    quantum: {qubits: 4, readout: zxy, input_scale: 0.5, weight_range: 0.3}\n")
        run = cls.qhm("run", cls.file, "--out", "run", "--quiet")
        assert (run.returncode, run.stderr) == (0, ""), run.stderr

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    @classmethod
    def qhm(cls, *words):
        return subprocess.run([QHM, *words], cwd=cls.root, capture_output=True, text=True,
                              timeout=200)

    def test_a_text_finds_pictures_the_best_first(self):
        found = self.qhm("search", "run", "red striped cloth", "--count", "5", "--json")
        self.assertEqual((found.returncode, found.stderr), (0, ""))
        answer = json.loads(found.stdout)
        self.assertEqual((answer["schema_version"], answer["kind"]), (1, "text"))
        scores = [hit["score"] for hit in answer["hits"]]
        self.assertEqual(len(scores), 5)
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertTrue(all(-1.001 <= score <= 1.001 for score in scores))
        self.assertTrue(all(hit["name"].startswith("red-striped") for hit in answer["hits"]), answer)

    def test_a_pipe_gets_a_line_an_answer(self):
        found = self.qhm("search", "run", "blue plain cloth", "--count", "3")
        self.assertEqual(found.returncode, 0)
        lines = [line.split("\t") for line in found.stdout.splitlines()]
        self.assertEqual([len(line) for line in lines], [3, 3, 3])
        self.assertIn("cloth", lines[0][2])

    def test_a_picture_finds_texts(self):
        found = self.qhm("search", "run", "--image", "data/green-plain-0.png", "--json")
        self.assertEqual((found.returncode, found.stderr), (0, ""))
        answer = json.loads(found.stdout)
        self.assertEqual((answer["kind"], len(answer["hits"])), ("image", 10))
        self.assertEqual(answer["hits"][0]["text"], "green plain cloth")

    def test_mistakes_are_told_in_one_line(self):
        (self.root / "cut.png").write_bytes((self.root / "data/red-plain-0.png").read_bytes()[:40])
        for words, expected in ((["--image", "nowhere.png"], "nowhere.png"),
                                (["--image", "cut.png"], "cut.png"),
                                (["qqqqq zzzzz"], "")):
            found = self.qhm("search", "run", *words)
            self.assertEqual((found.returncode, found.stdout), (3, ""), words)
            self.assertRegex(found.stderr, r"\Aqhm: [^\n]+\n\Z")
            self.assertIn(expected, found.stderr)

    def test_data_that_has_changed_since_is_told(self):
        copy = self.root / "data/red-plain-1.png"
        before = copy.read_bytes()
        copy.write_bytes(picture("blue", "plain", 1))
        try:
            found = self.qhm("search", "run", "red")
            self.assertEqual(found.returncode, 3)
            self.assertRegex(found.stderr, r"\Aqhm: [^\n]*changed[^\n]*\n\Z")
        finally:
            copy.write_bytes(before)


if __name__ == "__main__":
    unittest.main()

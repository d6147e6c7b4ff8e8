"""The C in README.md compiles against the public headers, links, runs and says nothing.

usage: readme_code.test.py CC LIBRARY
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
cc, library = sys.argv[1], pathlib.Path(sys.argv[2])
flags = sys.argv[3].split() if len(sys.argv) > 3 else []

blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", (ROOT / "README.md").read_text(), re.MULTILINE)
blocks = [re.sub(r"^    ", "", block, flags=re.MULTILINE) for block in blocks
          if "#include <qhm.h>" in block]
assert blocks, "README.md has no block of C"
for block in blocks:
    head, body = block.split("#include <qhm.h>", 1)
    program = f"#include <stdio.h>\n{head}#include <qhm.h>\nint main(void)\n{{\n{body}return 0;\n}}\n"
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "readme.c")
        source.write_text(program)
        subprocess.run([cc, *flags, "-std=c17", "-Wall", "-Wextra", "-Werror", "-I", ROOT / "include",
                        source, library, "-o", source.with_suffix("")], check=True)
        run = subprocess.run([source.with_suffix("")], env={"LD_LIBRARY_PATH": str(library.parent)},
                             capture_output=True, text=True)
        assert (run.returncode, run.stderr) == (0, ""), run
print(f"{len(blocks)} block(s) of C in README.md run")

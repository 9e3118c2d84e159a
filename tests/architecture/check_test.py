"""Proves that check.py can fail: a small clean house passes, and each planted offence is reported.

Entry: run as a program (CTest: architecture.checker_can_fail). Every offence is planted alone into
the same clean house, so a rule that never fires, or fires for another reason, shows.
"""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import check  # noqa: E402

HERE = Path(__file__).resolve().parent

CLEAN = {
    "CMakeLists.txt": "sanku_room(runtime/types)\nsanku_room(runtime/exec DEPS sanku_runtime_types)\n"
                      "sanku_room(runtime/kernels)\nsanku_room(compiler/ast)\n"
                      "sanku_room(compiler/builtins DEPS sanku_compiler_ast)\n"
                      "sanku_room(compiler/codegen DEPS LLVM)\nsanku_room(compiler/jit DEPS LLVM)\n",
    "runtime/types/money.h": "// Money.\n#pragma once\n",
    "runtime/exec/run.cpp": '// Runs.\n#include "runtime/types/money.h"\n#include <thread>\n',
    "runtime/kernels/kernels.cpp": '// Kernels.\nrow("decimal_add"); MACRO("less", "_date")\n'
                                   "using namespace sanku;  // NOLINT(a-check): a reason\n",
    "compiler/ast/from_parse_tree.cpp": '// Reads.\n#include "SankuParser.h"\n#include "antlr4-runtime.h"\n',
    "compiler/builtins/decimal.cpp": '// Rows.\n#include "runtime/kernels/kernels.cpp"\nrow("larger");\n',
    "compiler/codegen/emit.cpp": "// Emits.\n#include <llvm/IR/Module.h>\n",
    "compiler/jit/jit.cpp": "// Runs it.\n#include <llvm/ExecutionEngine/Orc/LLJIT.h>\n",
}

# rule that must speak, file, text put there
OFFENCES = [
    ("direction", "runtime/types/up.h", '// Up.\n#pragma once\n#include "runtime/exec/run.cpp"\n'),
    ("direction", "runtime/exec/up.h", '// Up.\n#pragma once\n#include "compiler/ast/ast.h"\n'),
    ("direction", "compiler/plan/rows.cpp", '// Rows.\n#include "runtime/io/run.cpp"\n'),
    ("direction", "compiler/hir/rows.h", '// Rows.\n#pragma once\n#  include  "runtime/batch/batch.h"\n'),
    ("direction", "runtime/kernels/tool.h", '// Tool.\n#pragma once\n#include "tests/support/x.h"\n'),
    ("direction", "CMakeLists.txt", "sanku_room(runtime/types DEPS sanku_compiler_ast)\n"),
    ("unknown room", "runtime/attic/old.h", "// Old.\n#pragma once\n"),
    ("include path", "runtime/exec/near.cpp", '// Near.\n#include "money.h"\n'),
    ("include path", "runtime/exec/gone.cpp", '// Gone.\n#include "runtime/types/gone.h"\n'),
    ("not built", "runtime/codes/codes.cpp", "// Codes.\n"),
    ("ANTLR fence", "compiler/ast/print.cpp", "// Prints.\n#include <antlr4-runtime.h>\n"),
    ("ANTLR fence", "runtime/exec/parse.cpp", '// Parses.\n#include "SankuParser.h"\n'),
    ("LLVM fence", "runtime/exec/jit.cpp", "// Jits.\n#include <llvm/IR/Module.h>\n"),
    ("LLVM fence", "compiler/codegen/emit.h", "// Emits.\n#pragma once\n#include <llvm/IR/Module.h>\n"),
    ("LLVM fence", "compiler/codegen/orc.cpp", "// Orc.\n#include <llvm/ExecutionEngine/Orc/Core.h>\n"),
    ("threads", "compiler/ast/lock.cpp", "// Locks.\n#include <mutex>\n"),
    ("streams", "runtime/exec/say.cpp", "// Says.\n#include <iostream>\n"),
    ("codegen names nothing", "compiler/codegen/name.cpp", '// Names.\nauto f = get("decimal_add");\n'),
    ("codegen names nothing", "compiler/codegen/name.cpp", '// Names.\nif (row == "larger") {}\n'),
    ("codegen names nothing", "compiler/codegen/name.cpp", '// Names.\nbuilder.call("less_date");\n'),
    ("length", "runtime/exec/long.cpp", "// Long.\n" + "int x;\n" * 600),
    ("file head", "runtime/exec/silent.cpp", "int x;\nint y;\n// Late.\n"),
    ("file head", "runtime/exec/twice.h", "// Twice.\n"),
    ("unfinished", "runtime/exec/later.cpp", "// Later.\n// TO" "DO: all of it.\n"),
    ("style", "runtime/exec/wide.cpp", "// Wide.\nusing namespace std;\n"),
    ("style", "runtime/exec/bare.cpp", "// Bare.\nusing namespace std;  // NOLINT\n"),
]


def plant(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def house(root):
    plant(root, CLEAN)
    plant(root, {"tests/architecture/rooms.txt": (HERE / "rooms.txt").read_text("utf-8")})
    plant(root, {name: "# A page.\n" for name in check.TOP_FILES})
    plant(root, {f"{folder}/README.md": "# A page.\n" for folder in check.TOP_FOLDERS})


class CheckerTest(unittest.TestCase):
    def findings(self, change):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            house(root)
            change(root)
            return check.check(root)[0]

    def test_a_clean_house_has_no_findings(self):
        self.assertEqual(self.findings(lambda root: None), [])

    def test_each_planted_offence_is_found(self):
        for rule, name, text in OFFENCES:
            with self.subTest(rule=rule, file=name):
                found = self.findings(lambda root: plant(root, {name: text}))
                at_the_place = [f for f in found if f.rule == rule and f.place.startswith(name.rsplit("/", 1)[0])]
                self.assertTrue(at_the_place, f"not reported; found instead: {found}")

    def test_one_llvm_file_too_many_is_found(self):
        many = {f"compiler/codegen/part{n}.cpp": "// Part.\n#include <llvm/IR/Module.h>\n"
                for n in range(check.LLVM_FILES_AT_MOST - 2)}
        self.assertEqual(self.findings(lambda root: plant(root, many)), [])
        many["compiler/codegen/last.cpp"] = "// Last.\n#include <llvm/IR/Value.h>\n"
        self.assertEqual([f.rule for f in self.findings(lambda root: plant(root, many))], ["LLVM fence"])

    def test_a_missing_page_is_found(self):
        found = self.findings(lambda root: (root / "bench/README.md").unlink())
        self.assertEqual([f.rule for f in found], ["pages"])

    def test_an_empty_house_is_not_a_clean_one(self):
        def empty(root):
            for name in CLEAN:
                if name != "CMakeLists.txt":
                    (root / name).unlink()
        self.assertEqual([f.rule for f in self.findings(empty)], ["sight"])

    def test_the_written_order_is_the_designed_one(self):
        rooms = check.read_rooms((HERE / "rooms.txt").read_text("utf-8"))
        self.assertEqual(rooms["runtime/abi"], {"runtime/abi", "runtime/types"})
        self.assertIn("runtime/types", rooms["runtime/io"])
        self.assertIn("runtime/batch", rooms["compiler/evaluate"])
        self.assertNotIn("runtime/batch", rooms["compiler/codegen"])
        for room, allowed in rooms.items():
            if room.startswith("runtime/"):
                self.assertFalse([r for r in allowed if r.startswith("compiler")], room)


if __name__ == "__main__":
    unittest.main()

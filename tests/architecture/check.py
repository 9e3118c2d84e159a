"""The house rules that a machine can check, over the sources as they are.

Entry: `check(root)` returns findings; run as a program it prints them and exits 1 if there are any.
It reads text and never builds, so that it stays fast and sees code no compiler was asked about.
The directions of includes stand in rooms.txt and nowhere else. Tested by check_test.py, which
plants one offence per rule: a checker that cannot fail would prove nothing.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

CODE_FOLDERS = ("runtime", "compiler", "tools", "tests", "bench")
TOP_FOLDERS = ("grammar", "compiler", "runtime", "stdlib-rules", "tools", "tests", "bench")
TOP_FILES = ("README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "LICENSE", "NOTICE")
LLVM_FILES_AT_MOST = 10  # each takes 8 to 30 s to compile
LINES_AT_MOST = 600
LINES_WANTED = 400
# Tables of data are as long as what they list: a row of this one is a diagnostic.
DATA_TABLES = ("compiler/diag/code.h",)
PARALLEL_VERIFYING = "tools/pack/in_parallel.h"  # the one header beside the two rooms that has threads
ANTLR_FILE = "compiler/ast/from_parse_tree.cpp"
CONCURRENCY = {"atomic", "barrier", "condition_variable", "future", "latch", "mutex", "pthread.h",
               "semaphore", "shared_mutex", "stop_token", "thread"}
STREAMS = {"fstream", "iomanip", "iostream", "istream", "ostream", "sstream"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.M)
ANTLR = re.compile(r'^(antlr4-runtime|Sanku(Lexer|Parser)\.h|antlr4)')
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")
FORBIDDEN_CODE = re.compile(r"\busing namespace\b|\bdynamic_cast\b|\bstd::any\b|\bconst_cast\b")


@dataclass(frozen=True)
class Finding:
    rule: str
    place: str
    text: str

    def __str__(self):
        return f"{self.place}: [{self.rule}] {self.text}"


@dataclass(frozen=True)
class Source:
    path: str  # from the root, with /
    text: str

    @property
    def room(self):
        parts = self.path.split("/")
        return "/".join(parts[:2]) if len(parts) > 2 else parts[0]

    def includes(self):
        """(line, is_quoted, header) of every #include."""
        for match in INCLUDE.finditer(self.text):
            line = self.text.count("\n", 0, match.start(1)) + 1
            yield line, match.group(1) == '"', match.group(2)

    def at(self, position):
        return f"{self.path}:{self.text.count(chr(10), 0, position) + 1}"


def read_sources(root):
    found = []
    for folder in CODE_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cpp") and path.is_file():
                found.append(Source(path.relative_to(root).as_posix(), path.read_text("utf-8")))
    return found


# ---- rooms --------------------------------------------------------------------------------------

def read_rooms(text):
    """room -> set of rooms it may include, itself among them. Patterns keep their '*'."""
    below, beside = {}, {}
    for line in text.splitlines():
        line = line.split("#", 1)[0]
        words = line.split()
        if not words:
            continue
        table = beside if "+" in words else below
        table.setdefault(words[0], set()).update(words[2:])

    def closure(room, seen):
        if room not in seen:
            seen.add(room)
            for other in below.get(room, ()):
                closure(other, seen)
        return seen

    allowed = {}
    for room in below:
        allowed[room] = closure(room, set())
        folder = room.split("/")[0]
        for name in (room, folder + "/*"):
            allowed[room] |= beside.get(name, set())
    return allowed


def allowed_for(room, rooms):
    return rooms.get(room) or rooms.get(room.split("/")[0] + "/*")


def check_directions(sources, rooms, root):
    for source in sources:
        allowed = allowed_for(source.room, rooms)
        if allowed is None:
            yield Finding("unknown room", source.path, f"{source.room} is not in rooms.txt")
            continue
        for line, quoted, header in source.includes():
            place = f"{source.path}:{line}"
            top = header.split("/")[0]
            if top not in CODE_FOLDERS:
                if quoted and not ANTLR.match(header):
                    yield Finding("include path", place, f'"{header}" is not a path from the root')
                continue
            if not (root / header).is_file():
                yield Finding("include path", place, f'"{header}" does not exist')
            target = Source(header, "").room
            if target != source.room and target not in allowed:
                yield Finding("direction", place, f"{source.room} may not include {target}")


def check_built(sources, rooms, cmake):
    """Every room with code has its target, and CMake links nothing that includes could not use."""
    declared = {}
    for match in re.finditer(r"sanku_(?:room|program)\(([^)]*)\)", cmake):
        words = match.group(1).split()
        folder = words[words.index("FROM") + 1] if "FROM" in words else words[0]
        declared[folder] = words
    for room in sorted({s.room for s in sources if s.path.endswith(".cpp")}):
        if room.split("/")[0] in ("runtime", "compiler", "tools") and room not in declared:
            yield Finding("not built", room, "has .cpp but no sanku_room in CMakeLists.txt")
    targets = {"sanku_compile" if room == "compiler" else "sanku_" + room.replace("/", "_"): room
               for room in rooms}
    for folder, words in declared.items():
        for word in words:
            room = targets.get(word)
            if room and room != folder and room not in (allowed_for(folder, rooms) or ()):
                yield Finding("direction", "CMakeLists.txt", f"{folder} may not link {room}")


# ---- fences -------------------------------------------------------------------------------------

def check_fences(sources):
    llvm_files = []
    for source in sources:
        top = source.path.split("/")[0]
        for line, _, header in source.includes():
            place = f"{source.path}:{line}"
            if ANTLR.match(header) and source.path != ANTLR_FILE:
                yield Finding("ANTLR fence", place, f"only {ANTLR_FILE} may see ANTLR")
            if header.startswith(("llvm/", "llvm-c/")):
                llvm_files.append(source.path)
                if top in ("runtime", "tools"):
                    yield Finding("LLVM fence", place, f"{top} knows no LLVM")
                if source.path.endswith(".h") and not is_private(source, sources):
                    yield Finding("LLVM fence", place, "a header that others include forward-declares LLVM's types")
                if "/ExecutionEngine/" in header and source.room != "compiler/jit":
                    yield Finding("LLVM fence", place, "only compiler/jit may see ORC")
            if header in CONCURRENCY and top not in ("tests", "bench") \
                    and source.room not in ("runtime/exec", "tools/engine") \
                    and source.path != PARALLEL_VERIFYING:
                yield Finding("threads", place, f"<{header}>: threads are in exec and engine only")
            if header in STREAMS and top not in ("tests", "bench"):
                yield Finding("streams", place, f"<{header}>: output goes through a passed sink")
    count = len(set(llvm_files))
    if count > LLVM_FILES_AT_MOST:
        yield Finding("LLVM fence", "compiler", f"{count} files include LLVM, more than {LLVM_FILES_AT_MOST}")


def is_private(header, sources):
    """Included, and only by files of its own room."""
    rooms = {s.room for s in sources if any(h == header.path for _, _, h in s.includes())}
    return rooms == {header.room}


def literals(sources, room):
    """String literals in a room's code that could be part of a name."""
    found = set()
    for source in sources:
        if source.room == room:
            found.update(s for s in STRING.findall(COMMENT.sub("", source.text)) if IDENTIFIER.match(s))
    return found


def kernel_names(sources):
    """Names of the kernel table, also those that a row macro puts together ("equal" "_integer")."""
    words = literals(sources, "runtime/kernels")
    return words | {a + b for a in words for b in words if b.startswith("_")}


def built_in_names(sources):
    """Names in the rows of compiler/builtins."""
    return literals(sources, "compiler/builtins")


def check_codegen_names_nothing(sources):
    """No literal in codegen is the name of a kernel or built-in (so label no value "add" either)."""
    names = kernel_names(sources) | built_in_names(sources)
    for source in sources:
        if source.room != "compiler/codegen":
            continue
        for line, text in enumerate(source.text.splitlines(), 1):
            if text.startswith('extern "C"'):
                continue
            for word in sorted(set(STRING.findall(text)) & names):
                yield Finding("codegen names nothing", f"{source.path}:{line}", f'names the built-in "{word}"')


# ---- the look of the house ----------------------------------------------------------------------

def check_files(sources):
    for source in sources:
        lines = source.text.count("\n")
        if lines > LINES_AT_MOST and source.path not in DATA_TABLES:
            yield Finding("length", source.path, f"{lines} lines, more than {LINES_AT_MOST}")
        first = [line for line in source.text.splitlines() if line.strip()][:2]
        if not any(line.startswith(("//", "/*")) for line in first):
            yield Finding("file head", source.path, "does not open by saying what it does")
        if source.path.endswith(".h") and "#pragma once" not in source.text:
            yield Finding("file head", source.path, "has no #pragma once")
        for match in UNFINISHED.finditer(source.text):
            yield Finding("unfinished", source.at(match.start()), f"{match.group(0)} left behind")
        # An exception says NOLINT and why, on its line.
        code = re.sub(r".*NOLINT\([a-z*,-]+\): .*", "", source.text)
        code = STRING.sub('""', COMMENT.sub(lambda m: "\n" * m.group(0).count("\n"), code))
        for match in FORBIDDEN_CODE.finditer(code):
            line = code.count("\n", 0, match.start()) + 1
            yield Finding("style", f"{source.path}:{line}", f"{match.group(0)} is not used in this project")


def check_pages(root):
    for name in TOP_FILES + tuple(f"{folder}/README.md" for folder in TOP_FOLDERS):
        if not (root / name).is_file():
            yield Finding("pages", name, "is missing")


def check(root):
    root = Path(root)
    sources = read_sources(root)
    rooms = read_rooms((root / "tests/architecture/rooms.txt").read_text("utf-8"))
    findings = [*check_directions(sources, rooms, root),
                *check_built(sources, rooms, (root / "CMakeLists.txt").read_text("utf-8")),
                *check_fences(sources),
                *check_codegen_names_nothing(sources),
                *check_files(sources),
                *check_pages(root)]
    if not any(True for source in sources for _ in source.includes()):
        findings.append(Finding("sight", str(root), "no #include seen: the checker looks at nothing"))
    return findings, sources


def main():
    findings, sources = check(Path(__file__).resolve().parents[2])
    for finding in findings:
        print(finding)
    long = sorted(((s.text.count("\n"), s.path) for s in sources), reverse=True)
    for lines, path in long:
        if lines > LINES_WANTED and path not in DATA_TABLES:
            print(f"note: {path} has {lines} lines; {LINES_WANTED} are wanted, {LINES_AT_MOST} are the limit")
    includes = sum(1 for source in sources for _ in source.includes())
    llvm = {s.path for s in sources for _, _, h in s.includes() if h.startswith("llvm/")}
    print(f"{len(sources)} files, {includes} includes, {len(llvm)} files with LLVM, "
          f"{len(kernel_names(sources))} kernels, {len(built_in_names(sources))} names in built-in rows, "
          f"{len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())

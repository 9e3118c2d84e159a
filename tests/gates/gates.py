"""Speed without a clock: what a fixed run looks at, and how many instructions it takes.

Entry: `gates.py work|instructions PROGRAM`, run by CTest; --update writes the numbers down. The
claims are generated, the same on every machine. `work` compares what `run --stats` counts with
recorded.json, exactly: an index that lets more through, or a rule that is examined more often, is
seen at once. `instructions` counts by callgrind what reading, judging and describing take, code
generated for one fixed processor and out of the cache, so that compiling is not counted; more than
3 % above the recorded number fails, on the toolchain that recorded it; elsewhere it only says so.
Less is told, so that the number is brought down. Tested by gates_test.py.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

RECORDED = Path(__file__).with_name("recorded.json")
TOLERANCE = 0.03
PROCESSOR = "x86-64-v3"
PACK = "bench/packs/first_eighteen"
SKIPPED = 77
# Counted: the whole of a chunk, and of that what judges blocks.
CHUNK, JUDGE = "sanku::engine::ChunkWorker::work", "sanku::exec::run_block("


def generate(program, folder, settlements):
    claims = folder / "claims.ndjson"
    subprocess.run([program, "generate", "--settlements", str(settlements), "--seed", "11", "--violations", "0.05",
                    "--pack", PACK, "--out", claims], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return claims


def run_command(program, folder, claims, *more):
    return [program, "run", "--pack", PACK, "--in", claims, "--out", folder / "findings.ndjson", "--rejects",
            folder / "rejects.ndjson", "--threads", "1", *more]


def count_work(program, folder):
    claims = generate(program, folder, 5000)
    with open(claims, "rb") as text:
        done = subprocess.run([program, "run", "--pack", PACK, "--in", "-", "--rejects", folder / "rejects.ndjson",
                               "--level", "none", "--no-cache", "--stats"],
                              stdin=text, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr.decode())
    stats = json.loads(done.stderr.decode().strip().splitlines()[-1])
    return {"evaluated": stats["evaluated"], **stats["work"],
            "rules": {rule["rule"]: {key: rule[key] for key in ("candidates", "checks", "fired", "indeterminate")}
                      for rule in stats["rules"]}}


def version(*command):
    try:
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "none"
    return text.splitlines()[0].strip() if text else "none"


def toolchain():
    """What else than our sources decides how many instructions there are."""
    flags = re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text("utf-8"), re.M)
    has = flags.group(1).split() if flags else []
    return {"compiler": version("c++", "--version"), "bitcode": version("clang++-19", "--version"),
            "valgrind": version("valgrind", "--version"), "library": version("ldd", "--version"),
            "vectors": "avx2" if "avx2" in has else "older"}


def count_instructions(program, folder):
    claims = generate(program, folder, 1500)
    os.environ["SANKU_CACHE"] = str(folder / "cache")
    command = run_command(program, folder, claims, "--level", "optimised", "--cpu", PROCESSOR)
    # The first time the code is made and kept.
    subprocess.run(command, check=False, capture_output=True)
    out = folder / "callgrind.out"
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}",
                           f"--toggle-collect={CHUNK}*", *command], capture_output=True, check=False)
    if done.returncode not in (0, 1) or not out.exists():
        sys.exit(f"callgrind did not count:\n{done.stderr.decode()[-2000:]}")
    table = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", out], capture_output=True,
                           text=True, check=True).stdout
    return {"chunk": inclusive(table, CHUNK), "judge": inclusive(table, JUDGE)}


def inclusive(table, function):
    """The count of the line that names the function."""
    for line in table.splitlines():
        if function in line:
            return int(line.split()[0].replace(",", ""))
    sys.exit(f"callgrind did not see {function}")


def judge_work(measured, recorded):
    """The differences, one a line."""
    if isinstance(measured, dict) and isinstance(recorded, dict):
        return [f"{key}: {line}" if ":" in line else f"{key} {line}"
                for key in sorted(measured.keys() | recorded.keys())
                for line in judge_work(measured.get(key), recorded.get(key))]
    return [] if measured == recorded else [f"was {recorded}, is {measured}"]


def judge_instructions(measured, recorded, tools, recorded_tools):
    """(fails, lines)."""
    lines, fails = [], False
    for name, count in measured.items():
        before = recorded.get(name)
        if before is None:
            lines.append(f"{name}: {count}, nothing recorded")
            fails = True
            continue
        ratio = count / before
        lines.append(f"{name}: {count} instructions, recorded {before}: {100 * (ratio - 1):+.2f} %")
        fails |= ratio > 1 + TOLERANCE
        if ratio < 1 - TOLERANCE:
            lines.append(f"{name}: fewer than recorded; write the new number down with --update")
    if fails and tools != recorded_tools:
        lines.append("another toolchain than the one that recorded it: only told")
        fails = False
    return fails, lines


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("work", "instructions"))
    parser.add_argument("program")
    parser.add_argument("--update", action="store_true")
    given = parser.parse_args()
    if given.what == "instructions" and version("valgrind", "--version") == "none":
        print("skipped: valgrind is not installed (./dev setup installs it)")
        return SKIPPED
    recorded = json.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else {}
    with tempfile.TemporaryDirectory(prefix="sanku-gates-") as place:
        folder = Path(place)
        if given.what == "work":
            measured = count_work(given.program, folder)
            lines = judge_work(measured, recorded.get("work", {}))
            fails = bool(lines)
            new = {"work": measured}
        else:
            measured, tools = count_instructions(given.program, folder), toolchain()
            fails, lines = judge_instructions(measured, recorded.get("instructions", {}), tools,
                                              recorded.get("toolchain"))
            new = {"instructions": measured, "toolchain": tools}
    print("\n".join(lines) if lines else "as recorded")
    if given.update:
        RECORDED.write_text(json.dumps({**recorded, **new}, indent=1, sort_keys=True) + "\n", "utf-8")
        return 0
    return 1 if fails else 0


if __name__ == "__main__":
    sys.exit(main())

"""The report page of a benchmark: the JSON of `./dev bench --out FILE` as one HTML page with plots in SVG, for people.

Entry: `python3 bench/report.py FILE.json [FILE.html]`; `./dev bench --out` calls it. Nothing is computed here but pictures: every number
is in the JSON. The page needs no network and no script. Tested by report_test.py.
"""

import html
import json
import sys
from pathlib import Path

STATES = {"held": ("达到", "#1a7f37"), "missed": ("未达到", "#b42318"), "inconclusive": ("不作数", "#8a6d00"),
          "skipped": ("未测", "#667085")}
STYLE = """body{font:15px/1.5 system-ui,sans-serif;max-width:1080px;margin:2em auto;padding:0 1em;color:#1d2939}
h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}table{border-collapse:collapse;width:100%}
td,th{padding:.35em .6em;border-bottom:1px solid #e4e7ec;text-align:left;vertical-align:top}td.n{text-align:right;white-space:nowrap}
.what{color:#475467;font-size:.9em}.plots{display:grid;grid-template-columns:1fr 1fr;gap:1.5em}figure{margin:0}
figcaption{font-size:.9em;color:#475467}svg{width:100%;height:auto;background:#fcfcfd;border:1px solid #e4e7ec}"""


def short(value):
    """1234567 as 1.23M."""
    if value is None:
        return "–"
    for size, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{name}"
    return f"{value:.3g}"


def text(value):
    return html.escape(str(value))


def nice_top(value):
    """The next 1, 2 or 5 times a power of ten."""
    if value <= 0:
        return 1.0
    size = 10.0 ** len(str(int(value))) / 100 if value >= 1 else 1e-6
    while True:
        for step in (1, 2, 5):
            if step * size >= value:
                return step * size
        size *= 10


def line_plot(curve):
    width, height, left, bottom, top = 480, 280, 60, 40, 12
    points = sorted(map(tuple, curve["points"]))
    x_top = max(x for x, _ in points)
    y_top = nice_top(max(y for _, y in points))
    place = [(left + (width - left - 20) * x / x_top, height - bottom - (height - bottom - top) * y / y_top) for x, y in points]
    out = [f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{text(curve["name"])}">']
    for i in range(5):
        y = height - bottom - (height - bottom - top) * i / 4
        out.append(f'<line x1="{left}" y1="{y:.1f}" x2="{width - 20}" y2="{y:.1f}" stroke="#eaecf0"/>'
                   f'<text x="{left - 6}" y="{y + 4:.1f}" font-size="11" text-anchor="end">{short(y_top * i / 4)}</text>')
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in place)
    out.append(f'<polyline points="{path}" fill="none" stroke="#175cd3" stroke-width="2"/>')
    for (x, y), (value, rate) in zip(place, points):
        out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#175cd3"><title>{short(value)}: {short(rate)}</title></circle>'
                   f'<text x="{x:.1f}" y="{height - bottom + 15}" font-size="11" text-anchor="middle">{short(value)}</text>')
    out.append(f'<text x="{width / 2}" y="{height - 6}" font-size="12" text-anchor="middle">{text(curve["x"])}</text>'
               f'<text x="14" y="{height / 2}" font-size="12" text-anchor="middle" transform="rotate(-90 14 {height / 2})">{text(curve["y"])}</text></svg>')
    return "".join(out)


def bar_plot(title, bars, unit):
    """bars: (name, value)."""
    width, row, left = 480, 26, 190
    height = row * len(bars) + 30
    most = max(value for _, value in bars)
    out = [f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{text(title)}">']
    for i, (name, value) in enumerate(bars):
        y, size = 8 + row * i, (width - left - 70) * value / most
        out.append(f'<text x="{left - 8}" y="{y + 14}" font-size="11" text-anchor="end">{text(name)}</text>'
                   f'<rect x="{left}" y="{y + 2}" width="{size:.1f}" height="{row - 9}" fill="#53b1fd"/>'
                   f'<text x="{left + size + 5:.1f}" y="{y + 14}" font-size="11">{short(value)}</text>')
    out.append(f'<text x="{left}" y="{height - 8}" font-size="12">{text(unit)}</text></svg>')
    return "".join(out)


def stage_seconds(report):
    """Microseconds a settlement of each stage that was measured on one thread."""
    names = {"read_ndjson": "read NDJSON 读入", "assemble": "assemble 组装", "judge_1t": "judge 审核"}
    bars = []
    for run in report.get("numbers", []):
        rate = run.get("value") or run.get("of_all_runs")
        if run["name"] in names and rate:
            bars.append((names[run["name"]], 1e6 / rate))
    return bars


def figure(caption, plot):
    return f"<figure>{plot}<figcaption>{text(caption)}</figcaption></figure>"


def rule_plots(report):
    """Of targets that name the dearest of many rules, what each costs."""
    plots = []
    for target in report["targets"]:
        bars = [(run["name"], run["ratio"]) for run in target["runs"] if "ratio" in run]
        if bars:
            plots.append(figure(f'{target["name"]}: {target["what_zh"]}',
                                bar_plot(target["name"], sorted(bars, key=lambda bar: -bar[1]), "times the time by hand 手写用时的倍数")))
    return plots


def target_row(target):
    word, colour = STATES[target["state"]]
    sign = "≥" if target["is"] == "at least" else "≤"
    why = f'<div class="what">{text(target["why"])}</div>' if target.get("why") else ""
    return (f'<tr><td><code>{text(target["name"])}</code><div class="what">{text(target["what"])}<br>{text(target["what_zh"])}</div>{why}</td>'
            f'<td class="n">{short(target["measured"])}</td><td class="n">{sign} {short(target["target"])}</td>'
            f'<td style="color:{colour}">{text(target["state"])} {word}</td></tr>')


def page(report):
    machine = report["machine"]
    plots = [figure(curve["name"], line_plot(curve)) for curve in report.get("curves", []) if curve["points"]]
    stages = stage_seconds(report)
    if stages:
        plots.append(figure("time by stage, national rules 各阶段用时", bar_plot("time by stage", stages, "µs a settlement 每张结算单微秒")))
    best = {}
    for target in report["targets"]:
        for run in target["runs"]:
            if run["unit"] == "settlements/s" and run["name"].startswith("ten_rules"):
                best[run["name"]] = run["value"] or run["of_all_runs"]
    if best:
        plots.append(figure("the ten rules beside their rivals 十条规则与对手", bar_plot("ten rules", sorted(best.items()), "settlements/s 每秒结算单")))
    plots += rule_plots(report)
    facts = "".join(f"<tr><td>{text(name)}</td><td>{text(value if isinstance(value, str) else short(value))}</td></tr>"
                    for name, value in machine.items())
    rows = "".join(target_row(target) for target in report["targets"])
    return ("<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
            f"<title>Sanku 三库: benchmarks 测速</title><style>{STYLE}</style><h1>Sanku 三库: benchmarks 测速</h1>"
            "<p>Ratios within one run hold; absolute figures are for orientation. A target without three runs under a clean probe of the "
            "processors is inconclusive. 同一次运行中的比值可信，绝对数值仅供参考；处理器探测不足三次合格者不作数。</p>"
            f"<h2>Targets 目标</h2><table><tr><th>target 目标<th>measured 实测<th>wanted 要求<th>state 结果</tr>{rows}</table>"
            f"<h2>Plots 图</h2><div class=plots>{''.join(plots)}</div>"
            f"<h2>Machine 机器</h2><table>{facts}</table></html>\n")


def main(arguments):
    if len(arguments) not in (1, 2):
        print("use: bench/report.py FILE.json [FILE.html]", file=sys.stderr)
        return 2
    source = Path(arguments[0])
    target = Path(arguments[1]) if len(arguments) == 2 else source.with_suffix(".html")
    target.write_text(page(json.loads(source.read_text("utf-8"))), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

// See page.h.
#include "tools/html/page.h"

#include "runtime/types/check.h"

#include <fmt/format.h>

namespace sanku::html {
namespace {

constexpr std::string_view style = R"(
:root{--ink:#1d2733;--soft:#5b6876;--line:#e3e7ec;--paper:#fff;--wash:#f6f8fa;--accent:#1c5d99;--up:#c2571a;--down:#2a6fb0;
--good:#1a7a43;--bad:#b3261e}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,"Noto Sans","Noto Sans CJK SC","PingFang SC",
"Microsoft YaHei","Source Han Sans SC",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1120px;margin:0 auto;padding:36px 28px 64px}
h1{font-size:26px;line-height:1.25;margin:0;font-weight:650}
h2{font-size:18px;margin:40px 0 10px;padding-top:14px;border-top:1px solid var(--line);font-weight:650}
h3{font-size:15px;margin:24px 0 8px;font-weight:650}
p{margin:8px 0;max-width:76ch}
.subtitle,.quiet,.note,figcaption{color:var(--soft)}
.subtitle{margin:6px 0 0}
.note{font-size:13px}
.good{color:var(--good)}.bad{color:var(--bad)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(230px,1fr));gap:12px;margin:24px 0 8px;padding:0}
.facts>div{border:1px solid var(--line);border-radius:6px;padding:12px 14px;background:var(--wash)}
.facts dt{font-size:13px;color:var(--soft)}
.facts dd{margin:2px 0 0;font-size:22px;line-height:1.3;font-weight:600}
.facts dd small{display:block;font-size:12.5px;line-height:1.4;font-weight:400;color:var(--soft)}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{padding:6px 10px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:600;color:var(--soft);font-size:13px;white-space:nowrap;border-bottom-color:#c8d0d8}
td.n,th.n{text-align:right;white-space:nowrap}
tbody tr:hover td{background:var(--wash)}
tfoot td{font-weight:600;border-top:1px solid #c8d0d8}
.wide{overflow-x:auto}
code,pre{font-family:ui-monospace,"SFMono-Regular","Noto Sans Mono","Noto Sans Mono CJK SC",Menlo,Consolas,monospace;font-size:13px}
pre{background:var(--wash);border:1px solid var(--line);border-radius:6px;padding:12px 14px;overflow-x:auto}
.tag{display:inline-block;padding:0 7px;border:1px solid currentColor;border-radius:9px;font-size:12px;line-height:18px;white-space:nowrap}
figure{margin:16px 0}
figcaption{font-size:13px;margin-bottom:8px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 36px}
svg{display:block;width:100%;height:auto}
svg text{font-family:inherit;fill:var(--soft)}
.key{display:flex;gap:16px;font-size:13px;color:var(--soft);margin:0 0 8px}
.key i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:5px}
.bars{display:grid;grid-template-columns:minmax(120px,30%) 1fr 1fr;gap:3px 0;font-size:13px;align-items:center}
.bars .name{padding-right:12px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.bars .side{display:flex;align-items:center;height:20px;gap:6px;color:var(--soft);white-space:nowrap}
.bars .left{justify-content:flex-end;border-right:1px solid #9aa5b1}
.bars .side i{display:block;height:13px;flex:none}
.bars .left i{background:var(--down);border-radius:2px 0 0 2px}
.bars .right i{background:var(--up);border-radius:0 2px 2px 0}
.bars em{font-style:normal;color:#8a94a0;padding-left:2px}
details summary{cursor:pointer;color:var(--accent)}
footer{margin-top:48px;padding-top:12px;border-top:1px solid var(--line);font-size:12.5px;color:var(--soft)}
@media (max-width:760px){.pair{grid-template-columns:1fr}main{padding:20px 14px}}
@media print{main{max-width:none;padding:0}h2{break-after:avoid}tr,figure,.facts>div{break-inside:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
)";

bool is_in_html(unsigned char c) { return c >= 0x20 || c == '\n' || c == '\t' || c == '\r'; }

std::string facts_of(const std::vector<Fact>& facts) {
  if (facts.empty())
    return {};
  std::string out = "<dl class=\"facts\">\n";
  for (const Fact& each : facts)
    out += fmt::format("<div><dt>{}</dt><dd{}>{}{}</dd></div>\n", escaped(each.name),
                       each.tone.empty() ? std::string() : fmt::format(" class=\"{}\"", each.tone),
                       escaped(each.value),
                       each.hint.empty() ? std::string()
                                         : fmt::format("<small>{}</small>", escaped(each.hint)));
  return out + "</dl>\n";
}

// What the browser may load: nothing but, of a page with a script, scripts beside it. A page on
// disk has no origin, so its folder is named by the scheme.
std::string policy_of(const Page& page) {
  return page.script.empty() ? "default-src 'none'; style-src 'unsafe-inline'"
                             : "default-src 'none'; style-src 'unsafe-inline'; script-src "
                               "'unsafe-inline' 'self' file:";
}

} // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      if (is_in_html(static_cast<unsigned char>(c)) && c != '\x7f')
        out += c;
      else
        out += "\xEF\xBF\xBD";
    }
  }
  return out;
}

std::string page(const Page& page) {
  const bool zh = page.language == Language::zh;
  return fmt::format(
      "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n<title>{}</title>\n"
      "<style>{}{}</style>\n</head>\n<body>\n<main>\n{}"
      "<header><h1>{}</h1>{}</header>\n{}{}\n<footer>Sanku 三库</footer>\n</main>\n{}</body>\n"
      "</html>\n",
      zh ? "zh-CN" : "en", policy_of(page), escaped(page.title), style, page.style, page.nav,
      escaped(page.title),
      page.subtitle.empty() ? std::string()
                            : fmt::format("\n<p class=\"subtitle\">{}</p>", escaped(page.subtitle)),
      facts_of(page.facts), page.body,
      page.script.empty() ? std::string() : fmt::format("<script>{}</script>\n", page.script));
}

std::string table(const std::vector<Column>& columns,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string out = "<div class=\"wide\"><table><thead><tr>";
  for (const Column& each : columns)
    out += fmt::format("<th{}>{}</th>", each.number ? " class=\"n\"" : "", escaped(each.name));
  out += "</tr></thead><tbody>\n";
  for (const std::vector<std::string>& row : rows) {
    check(row.size() == columns.size(), "a row of a table has a cell for each column");
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i)
      out += fmt::format("<td{}>{}</td>", columns[i].number ? " class=\"n\"" : "", escaped(row[i]));
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

} // namespace sanku::html

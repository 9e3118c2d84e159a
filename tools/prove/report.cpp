// See report.h.
#include "tools/prove/report.h"

#include "runtime/io/json_text.h"
#include "tools/prove/asking.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace sanku::prove {
namespace {

struct KindRow {
  Kind kind;
  std::string_view name, zh, en;
  bool conflict;
};
constexpr std::array kinds{
    KindRow{Kind::never_fires, "never_fires", "永远不会触发", "can never fire", true},
    KindRow{Kind::never_speaks, "never_speaks", "有分支永远不会成立",
            "has a branch that never speaks", true},
    KindRow{Kind::shadowed, "shadowed", "有分支总被之前的分支遮住",
            "has a branch that an earlier one always speaks before", true},
    KindRow{Kind::always_true, "always_true", "有条件从不为假",
            "has a condition that is never false", true},
    KindRow{Kind::always_false, "always_false", "有条件从不成立",
            "has a condition that never holds", true},
    KindRow{Kind::together, "together", "两条规则总是一起触发", "two rules always fire together",
            true},
    KindRow{Kind::overlap, "overlap", "两条规则合计超过同一明细的金额",
            "two rules together take more of a line than there is", false},
    KindRow{Kind::loosened, "loosened", "强制规则被地方化放宽",
            "an overlay loosens a mandatory rule", true},
    KindRow{Kind::differs, "differs", "两个版本不同", "the versions differ", false},
    KindRow{Kind::not_compared, "not_compared", "写法不同，未比较",
            "written otherwise and not compared", false},
    KindRow{Kind::equal, "equal", "两个版本相同", "the versions are the same", false},
};
const KindRow& row_of(Kind kind) { return *std::ranges::find(kinds, kind, &KindRow::kind); }

// What was not found up to a size, and is not proved for larger claims.
struct BoundedRow {
  Kind kind;
  const char *zh, *en;
};
constexpr std::array bounded{
    BoundedRow{Kind::never_fires, "至多 {} 行的结算单中未见触发",
               "no claim with up to {} {} in a list fires it"},
    BoundedRow{Kind::never_speaks, "有分支在至多 {} 行的结算单中未见成立",
               "has a branch that speaks on no claim with up to {} {} in a list"},
    BoundedRow{
        Kind::shadowed, "有分支在至多 {} 行的结算单中总被之前的分支遮住",
        "has a branch that an earlier one speaks before on claims with up to {} {} in a list"},
    BoundedRow{Kind::always_true, "有条件在至多 {} 行的结算单中未见为假",
               "has a condition that is false on no claim with up to {} {} in a list"},
    BoundedRow{Kind::always_false, "有条件在至多 {} 行的结算单中未见成立",
               "has a condition that holds on no claim with up to {} {} in a list"},
    BoundedRow{Kind::equal, "在至多 {} 行的结算单中未见不同",
               "no difference found with up to {} {} in a list"},
    BoundedRow{Kind::together, "两条规则在至多 {} 行的结算单中总是一起触发",
               "two rules fire together on claims with up to {} {} in a list"},
};
bool is_bounded(const Finding& finding) {
  return !finding.proved &&
         std::ranges::find(bounded, finding.kind, &BoundedRow::kind) != bounded.end();
}

struct Words {
  std::string_view name, zh;
};
constexpr std::array limits{
    Words{"lines", "列表的行数"},
    Words{"visits", "就诊次数"},
    Words{"texts", "文本只取规则和知识表中出现的"},
    Words{"codes", "编码只取规则和知识表中出现的一部分"},
    Words{"prefixes of given rows", "给定行的前缀键"},
    Words{"given rows", "规则包留空的知识表只试了少数几行"},
    Words{"codes of two parts", "两段编码（星剑号）未列入"},
    Words{"days and numbers", "日期只取 1910 至 2089 年，整数只取万亿以内"},
};
constexpr std::array forms{
    Words{"peers", "同类比较"},
    Words{"a trained model", "训练所得的模型"},
    Words{"elements in another order", "按其他次序取舍的明细"},
    Words{"the order of elements of two visits", "两次就诊的明细的先后"},
    Words{"a quotient", "除法"},
    Words{"texts of two kinds", "两类文本"},
    Words{"membership in a set of numbers out of a table", "知识表中的数值集合"},
    Words{"the region of a place", "地点所属地区"},
};

// Parts of two versions: the name, as `left_out` has it, and the words.
struct PartWords {
  std::string_view name, zh, en;
};
constexpr std::array part_words{
    PartWords{"severity", "程度", "severity"},
    PartWords{"trial", "试行期", "trial"},
    PartWords{"category", "类别", "category"},
    PartWords{"behaviour", "行为类或项目类", "behaviour or item"},
    PartWords{"stage", "环节", "stage"},
    PartWords{"mandatory", "强制", "mandatory"},
    PartWords{"even_self_paid", "含自费", "even self-paid"},
    PartWords{"subject", "对象", "the subject"},
    PartWords{"lines", "违规项", "the lines named"},
    PartWords{"amount", "金额", "the amount"},
    PartWords{"involving", "涉及项", "the lines involved"},
    PartWords{"value", "指标值", "the indicator's value"},
    PartWords{"self_paid", "自费的明细", "which lines are self-paid"},
    PartWords{"rows", "报告所用的知识表或模型", "tables or models that the report reads"},
    PartWords{"when_unknown", "不明时", "when unknown"},
    PartWords{"branches", "分支数", "how many branches"},
    PartWords{"texts", "文字", "texts"},
};

std::string_view why_name(Why why) {
  switch (why) {
  case Why::form:
    return "form";
  case Why::effort:
    return "effort";
  case Why::replay:
    return "replay";
  case Why::parts:
    break;
  }
  return "parts";
}

struct Printer {
  const Report& report;
  const engine::Rules& rules;
  bool zh;
  std::string out = {};

  std::string_view pick(std::string_view chinese, std::string_view english) const {
    return zh ? chinese : english;
  }
  const hir::Rule& rule(std::uint32_t id) const { return engine::program(rules).rules[id]; }

  std::string file(source::Span span) const {
    const std::filesystem::path path = rules.map.files[span.file].path;
    const std::string below = path.lexically_relative(rules.pack.folder).generic_string();
    return below.empty() || below.starts_with("..") ? path.filename().string() : below;
  }
  std::string name(std::uint32_t id) const {
    return fmt::format(fmt::runtime(zh ? "{}「{}」" : "{} \"{}\""), rule(id).id,
                       title_of(rule(id), zh));
  }
  template <std::size_t size>
  std::string word(const std::array<Words, size>& words, const std::string& name) const {
    const auto found = std::ranges::find(words, name, &Words::name);
    if (zh && found != words.end())
      return std::string(found->zh);
    if (zh && name.starts_with("rows of "))
      return fmt::format("知识表 {} 只试了一部分行", name.substr(8));
    if (zh && name.starts_with("call of "))
      return fmt::format("函数 {}", name.substr(8));
    if (name == "days and numbers")
      return "days only from 1910 to 2089, whole numbers only below 10^12";
    return name.starts_with("rows of ") ? "only some of the " + name : name;
  }

  std::string heading(const Finding& finding) const {
    if (!is_bounded(finding))
      return std::string(pick(row_of(finding.kind).zh, row_of(finding.kind).en));
    const BoundedRow& row = *std::ranges::find(bounded, finding.kind, &BoundedRow::kind);
    const auto lines = finding.bound.lines;
    return zh ? fmt::format(fmt::runtime(row.zh), lines)
              : fmt::format(fmt::runtime(row.en), lines, lines == 1 ? "line" : "lines");
  }

  // For which claims it was shown that there is none.
  std::string range(const Finding& finding) const {
    if (finding.proved)
      return std::string(pick(
          "已证明，对任何大小的结算单；前提：每个编码确定、格式合乎其编码体系，就诊至少有一个日期",
          "proved, for claims of any size; assumed: every code is one code, of its system's "
          "form, and a visit has some date"));
    std::string text = zh ? fmt::format("每个列表至多 {} 行", finding.bound.lines)
                          : fmt::format("no claim with up to {} {} in a list", finding.bound.lines,
                                        finding.bound.lines == 1 ? "line" : "lines");
    if (finding.bound.visits > 1)
      text += zh ? fmt::format("、至多 {} 次就诊", finding.bound.visits)
                 : fmt::format(" and up to {} visits", finding.bound.visits);
    if (zh)
      text += "的结算单中没有反例（不是证明）";
    else
      text += " shows otherwise (no proof)";
    std::string left_out;
    for (const std::string& each : finding.limited)
      if (each != "lines" && each != "visits")
        left_out += std::string(left_out.empty() ? "" : pick("、", ", ")) + word(limits, each);
    if (!left_out.empty())
      text += zh ? fmt::format("；{}", left_out) : fmt::format("; {}", left_out);
    return text;
  }

  void test(const std::string& block) {
    std::size_t begin = 0;
    while (begin < block.size()) {
      const std::size_t end = std::min(block.find('\n', begin), block.size());
      out += "    " + block.substr(begin, end - begin) + "\n";
      begin = end + 1;
    }
    out += '\n';
  }

  std::string part(const std::string& name) const {
    const auto found = std::ranges::find(part_words, name, &PartWords::name);
    return found == part_words.end() ? name : std::string(pick(found->zh, found->en));
  }
  // What has no terms and is not written the same in the two versions.
  void parts(const Finding& each) {
    for (const PartDiffers& one : each.parts) {
      out += fmt::format("    {}", part(one.part));
      if (!one.before.empty() || !one.now.empty())
        out += fmt::format(fmt::runtime(zh ? "：{} → {}\n" : ": {} → {}\n"), one.before, one.now);
      else if (one.sure == Sure::text)
        out += pick("不同\n", " differ\n");
      else if (one.sure == Sure::no)
        out += pick("：写法不同，求解器不比较\n",
                    ": written otherwise, which the solver does not compare\n");
      else
        out += pick("：不同\n", ": differs\n");
    }
  }

  void finding(const Finding& each) {
    const source::Span span = each.span.value_or(rule(each.rule).span);
    const source::Place place = source::place_of(rules.map, span.file, span.begin);
    out += fmt::format("{}:{}:{}  {}", file(span), place.line, place.column, name(each.rule));
    if (each.other)
      out += fmt::format("{}{}", pick("、", ", "), name(*each.other));
    out += fmt::format("{}{}", pick("：", ": "), heading(each));
    if (each.branch)
      out += zh ? fmt::format("（第 {} 个）", *each.branch + 1)
                : fmt::format(" (the {}. one)", *each.branch + 1);
    if (!each.written.empty())
      out += fmt::format(fmt::runtime(each.span ? (zh ? "“{}”" : " `{}`") : (zh ? "，{}" : ", {}")),
                         each.written);
    out += '\n';
    const bool shown =
        each.kind == Kind::overlap || each.kind == Kind::differs || each.kind == Kind::loosened;
    if (each.kind == Kind::not_compared)
      out += fmt::format("    {}\n", pick("条件未见不同", "no condition was found to differ"));
    else if (!shown)
      out += fmt::format("    {}\n", range(each));
    parts(each);
    if (!each.test.empty())
      test(each.test);
  }

  void open(const Open& each) {
    std::string why;
    for (const std::string& form : each.forms)
      why += std::string(why.empty() ? "" : pick("、", ", ")) +
             (each.why == Why::parts ? part(form) : word(forms, form));
    if (each.why == Why::effort)
      why = std::string(pick("求解限度用尽（--seconds）", "the limit ran out (--seconds)")) +
            (why.empty() ? "" : fmt::format("{}{}", pick("；未编码：", "; not encoded: "), why));
    else if (each.why == Why::parts)
      why = fmt::format("{}{}", pick("未比较：", "not compared: "), why);
    else if (each.why == Why::form)
      why = fmt::format("{}{}", pick("重放不符；未编码：", "the replay disagrees; not encoded: "),
                        why);
    else
      why = pick("重放不符", "the replay disagrees");
    out += fmt::format("  {}", name(each.rule));
    if (each.other)
      out += fmt::format("{}{}", pick("、", ", "), name(*each.other));
    out += fmt::format("{}{}?{}{}\n", pick("：", ": "),
                       pick(row_of(each.kind).zh, row_of(each.kind).en), pick("　", "  "), why);
  }

  void all() {
    std::size_t overlaps = 0, equal = 0, alike = 0, not_compared = 0, no_proof = 0;
    for (const Finding& each : report.findings) {
      overlaps += each.kind == Kind::overlap;
      equal += each.kind == Kind::equal && each.proved;
      alike += each.kind == Kind::equal && !each.proved;
      no_proof += is_bounded(each);
      not_compared += each.kind == Kind::not_compared;
      // Of equal ones those whose texts differ, and those that are so only as far as was looked.
      if (each.kind != Kind::equal || !each.parts.empty() || !each.proved)
        finding(each);
    }
    if (!report.open.empty()) {
      out += fmt::format("{}\n", pick("不明：", "unknown:"));
      for (const Open& each : report.open)
        open(each);
      out += '\n';
    }
    for (const auto& [was, is] : report.renamed)
      out += fmt::format("{} {} → {}\n", pick("改名", "renamed"), was, is);
    for (const std::string& id : report.only_now)
      out += fmt::format("{} {}\n", pick("新增", "added"), id);
    for (const std::string& id : report.only_before)
      out += fmt::format("{} {}\n", pick("删除", "removed"), id);
    if (report.compared)
      out += fmt::format(
          fmt::runtime(zh ? "比较规则 {} 条：{} 条相同，{} 条在所查范围内未见不同，{} 条不同，{} "
                            "条未比较完，{} 条不明\n"
                          : "{} rules compared: {} the same, {} without a difference up to the "
                            "size looked at, {} differ, {} not compared in every part, {} "
                            "unknown\n"),
          report.rules, equal, alike, report.findings.size() - equal - alike - not_compared,
          not_compared, report.open.size());
    else
      out +=
          zh ? fmt::format("规则 {} 条，{} 条各有一张触发它的结算单（已重放）；冲突 {} "
                           "处，只在所查范围内的 {} 处，重复计入 {} 处，"
                           "不明 {} 处\n",
                           report.rules, report.with_witness, conflicts(report), no_proof, overlaps,
                           report.open.size())
             : fmt::format("{} rules, of which {} have a claim that makes them fire (replayed); {} "
                           "conflicts, {} up to the size looked at, {} overlaps, {} unknown\n",
                           report.rules, report.with_witness, conflicts(report), no_proof, overlaps,
                           report.open.size());
  }
};

// ---- JSON

struct Json {
  std::string out;

  void key(std::string_view name) {
    if (!out.empty() && out.back() != '{' && out.back() != '[')
      out += ',';
    io::append_json_string(out, name);
    out += ':';
  }
  void text(std::string_view name, std::string_view value) {
    key(name);
    io::append_json_string(out, value);
  }
  void number(std::string_view name, std::uint64_t value) {
    key(name);
    out += std::to_string(value);
  }
  void truth(std::string_view name, bool value) {
    key(name);
    out += value ? "true" : "false";
  }
  void texts(std::string_view name, const auto& values) {
    key(name);
    out += '[';
    for (const std::string& value : values) {
      if (out.back() != '[')
        out += ',';
      io::append_json_string(out, value);
    }
    out += ']';
  }
  void begin() {
    if (out.back() != '[')
      out += ',';
    out += '{';
  }
};

} // namespace

std::string_view name_of(Kind kind) { return row_of(kind).name; }
bool is_conflict(const Finding& finding) {
  return row_of(finding.kind).conflict && !is_bounded(finding);
}
std::uint64_t conflicts(const Report& report) {
  return static_cast<std::uint64_t>(std::ranges::count_if(report.findings, is_conflict));
}

std::string text(const Report& report, const engine::Rules& rules, Language language) {
  Printer printer{.report = report, .rules = rules, .zh = language == Language::zh};
  printer.all();
  return std::move(printer.out);
}

std::string json(const Report& report, const engine::Rules& rules) {
  const Printer printer{.report = report, .rules = rules, .zh = false};
  const hir::Program& program = engine::program(rules);
  Json json{.out = "{"};
  json.number("rules", report.rules);
  json.number("with_witness", report.with_witness);
  json.number("conflicts", conflicts(report));
  json.number("unknown", report.open.size());
  json.number("most_lines", report.limits.most.lines);
  json.number("most_visits", report.limits.most.visits);
  json.number("most_steps", report.limits.effort);
  const auto finding = [&](const Finding& each) {
    json.begin();
    json.text("kind", name_of(each.kind));
    json.text("rule", program.rules[each.rule].id);
    if (each.other)
      json.text("other", program.rules[*each.other].id);
    if (each.branch)
      json.number("branch", *each.branch + 1);
    const source::Span span = each.span.value_or(program.rules[each.rule].span);
    const source::Place place = source::place_of(rules.map, span.file, span.begin);
    json.text("file", printer.file(span));
    json.number("line", place.line);
    json.number("column", place.column);
    if (!each.written.empty())
      json.text(each.span ? "condition" : "outcome", each.written);
    json.truth("conflict", is_conflict(each));
    json.truth("proved", each.proved);
    json.number("lines", each.bound.lines);
    json.number("visits", each.bound.visits);
    std::set<std::string> left_out = each.limited, differ;
    for (const PartDiffers& part : each.parts)
      (part.sure == Sure::no ? left_out : differ).insert(part.part);
    json.texts("left_out", left_out);
    if (!differ.empty())
      json.texts("parts_that_differ", differ);
    if (!each.test.empty())
      json.text("test", each.test);
    json.out += '}';
  };
  json.key("findings");
  json.out += '[';
  for (const Finding& each : report.findings)
    finding(each);
  json.out += ']';
  json.key("open");
  json.out += '[';
  for (const Open& each : report.open) {
    json.begin();
    json.text("asked", name_of(each.kind));
    json.text("rule", program.rules[each.rule].id);
    if (each.other)
      json.text("other", program.rules[*each.other].id);
    json.text("why", why_name(each.why));
    json.texts("not_encoded", each.forms);
    json.out += '}';
  }
  json.out += ']';
  json.key("fires");
  json.out += '[';
  for (const Finding& each : report.witnesses) {
    json.begin();
    json.text("rule", program.rules[each.rule].id);
    json.text("test", each.test);
    json.out += '}';
  }
  json.out += ']';
  if (report.compared) {
    if (!report.renamed.empty()) {
      json.key("renamed");
      json.out += '{';
      for (const auto& [was, is] : report.renamed)
        json.text(was, is);
      json.out += '}';
    }
    json.texts("added", report.only_now);
    json.texts("removed", report.only_before);
  }
  return json.out + "}\n";
}

} // namespace sanku::prove

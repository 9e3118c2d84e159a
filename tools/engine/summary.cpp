// See summary.h.
#include "tools/engine/summary.h"

#include "compiler/source/source.h"
#include "runtime/io/json_text.h"
#include "tools/engine/describe.h"
#include "tools/engine/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace sanku::engine {
namespace {

using Cells = std::array<std::string, 7>;

struct Column {
  std::string_view zh, en;
  Align align;
};
constexpr std::array<Column, 7> columns = {{
    {"规则", "rule", Align::left},
    {"名称", "name", Align::left},
    {"程度", "severity", Align::left},
    {"疑点", "findings", Align::right},
    {"涉及金额(元)", "amount (yuan)", Align::right},
    {"可追回(元)", "recoverable", Align::right},
    {"无法判定", "undecided", Align::right},
}};

// Of a rule's severities the gravest that was reported; of one that found nothing, its first
// branch's.
ast::Severity severity_of(const hir::Rule& rule, const RuleTotals& totals) {
  for (std::size_t i = 0; i < totals.by_severity.size(); ++i)
    if (totals.by_severity[i] != 0)
      return static_cast<ast::Severity>(i);
  return rule.branches.front().report.severity;
}

std::string amount_text(const RuleTotals& totals, Language language) {
  // Findings without any computed amount.
  if (totals.findings != 0 && totals.findings == totals.not_computed)
    return std::string(words(language, "待核", "open"));
  return money_text(totals.cents);
}

std::vector<Cells> rows_of(const RunSummary& summary, const SummaryContext& context) {
  std::vector<Cells> rows;
  for (std::size_t i = 0; i < summary.rules.size(); ++i) {
    const RuleTotals& totals = summary.rules[i];
    const hir::Rule& rule = context.program.rules[i];
    rows.push_back({rule.id, title_of(rule, context.language),
                    std::string(severity_text(severity_of(rule, totals), context.language)),
                    count_text(totals.findings), amount_text(totals, context.language),
                    money_text(totals.recoverable), count_text(totals.outcomes.indeterminate)});
  }
  const RuleTotals sum = total(summary);
  rows.push_back({std::string(words(context.language, "合计", "total")), "", "",
                  count_text(sum.findings), money_text(sum.cents), money_text(sum.recoverable),
                  count_text(sum.outcomes.indeterminate)});
  return rows;
}

void append_row(std::string& out, const Cells& cells, const std::array<std::size_t, 7>& widths) {
  out += "  ";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i != 0)
      out += "   ";
    out += padded(cells[i], widths[i], columns[i].align);
  }
  out += '\n';
}

// 3.1 M, 412 k, 87.
std::string rate_text(double number) {
  if (number >= 1e9)
    return fmt::format("{:.1f} G", number / 1e9);
  if (number >= 1e6)
    return fmt::format("{:.1f} M", number / 1e6);
  if (number >= 1e4)
    return fmt::format("{:.0f} k", number / 1e3);
  return fmt::format("{:.0f} ", number);
}

double per_second(double amount, double seconds) { return seconds > 0 ? amount / seconds : 0; }

// Where every record went, as it adds up.
std::string account_text(const RunSummary& summary, Language language) {
  const Account& account = summary.account;
  return fmt::format(
      fmt::runtime(words(language, "读入 {} 条记录, 评估 {}, 合并 {}, 重复 {}, 退费 {}, 拒收 {}",
                         "read {} records, evaluated {}, merged {}, repeated {}, refunded {}, "
                         "rejected {}")),
      count_text(account.read), count_text(account.evaluated), count_text(account.merged),
      count_text(account.repeated), count_text(account.refunded), count_text(account.rejected));
}

} // namespace

std::string summary_text(const RunSummary& summary, const SummaryContext& context) {
  const Language language = context.language;
  std::string out;
  const std::string pack =
      language == Language::zh
          ? fmt::format("规则包 {} ({} 条规则)", context.pack, context.program.rules.size())
          : fmt::format("pack {} ({} rules)", context.pack, context.program.rules.size());
  std::string head = account_text(summary, language);
  head += language == Language::zh ? fmt::format("; {} 条明细", count_text(summary.lines))
                                   : fmt::format("; {} lines", count_text(summary.lines));
  if (summary.read.context != 0)
    head += language == Language::zh
                ? fmt::format(", 仅作背景 {}", count_text(summary.read.context))
                : fmt::format(", {} context only", count_text(summary.read.context));
  out += fmt::format("  {}   {}\n\n", padded(head, 66), pack);

  const std::vector<Cells> rows = rows_of(summary, context);
  Cells titles;
  std::array<std::size_t, 7> widths{};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    titles[i] = words(language, columns[i].zh, columns[i].en);
    widths[i] = source::display_width(titles[i]);
    for (const Cells& row : rows)
      widths[i] = std::max(widths[i], source::display_width(row[i]));
  }
  append_row(out, titles, widths);
  for (const Cells& row : rows)
    append_row(out, row, widths);
  return out;
}

namespace {

// Of each rule what the index proposed to it and what came of it.
std::string work_text(const RunSummary& summary, const SummaryContext& context) {
  std::string out;
  for (std::size_t i = 0; i < summary.rules.size(); ++i) {
    const RuleTotals& rule = summary.rules[i];
    out +=
        fmt::format(fmt::runtime(words(
                        context.language, "    {:<16}  索引行 {:>12}   候选 {:>12}   疑点 {:>9}\n",
                        "    {:<16}  index rows {:>12}   candidates {:>12}   findings {:>9}\n")),
                    context.program.rules[i].id, count_text(rule.work.checks),
                    count_text(rule.work.candidates), count_text(rule.findings));
  }
  return out;
}

} // namespace

std::string speed_text(const RunSummary& summary, const SummaryContext& context) {
  const RunSeconds& s = summary.seconds;
  const double threads = std::max(1u, context.threads);
  // A stage's rate is what all threads do of it together, as if it were all they did.
  const double bytes = per_second(static_cast<double>(summary.bytes), s.read / threads);
  const double judged = per_second(static_cast<double>(summary.settlements), s.judge / threads);
  const double items = std::max<double>(1, static_cast<double>(summary.work.items));
  const double candidates = static_cast<double>(summary.work.candidates) / items;
  const double checks = static_cast<double>(summary.work.checks) / items;
  if (context.language == Language::zh) {
    return fmt::format("  速度  编译 {:.2f} s   绑定 {:.2f} s   读入 {}B/s   评估 {} 张/s ({} "
                       "线程)   全程 {:.2f} s\n"
                       "  工作  每条明细: 索引行 {:.3f}, 候选 {:.3f}\n",
                       context.compile_seconds, context.bind_seconds, rate_text(bytes),
                       rate_text(judged), context.threads, s.whole, checks, candidates) +
           work_text(summary, context);
  }
  return fmt::format("  speed  compile {:.2f} s   bind {:.2f} s   read {}B/s   judge {} "
                     "settlements/s ({} threads)   whole {:.2f} s\n"
                     "  work   for each line: {:.3f} index rows, {:.3f} candidates\n",
                     context.compile_seconds, context.bind_seconds, rate_text(bytes),
                     rate_text(judged), context.threads, s.whole, checks, candidates) +
         work_text(summary, context);
}

// What the history store learnt; empty without one.
std::string history_text(const RunSummary& summary, Language language) {
  if (!summary.history)
    return {};
  const history::Written& w = *summary.history;
  return language == Language::zh
             ? fmt::format("; 既往库新增 {} 条, 已有 {}, 撤回 {}, 过期 {}", count_text(w.added),
                           count_text(w.repeated), count_text(w.taken_back), count_text(w.expired))
             : fmt::format("; history: {} added, {} there already, {} taken back, {} expired",
                           count_text(w.added), count_text(w.repeated), count_text(w.taken_back),
                           count_text(w.expired));
}

std::string closing_line(const RunSummary& summary, Language language) {
  const RuleTotals sum = total(summary);
  const std::string time = fmt::format("{:.1f} s", summary.seconds.whole);
  std::string trial;
  if (sum.trial != 0)
    trial = language == Language::zh ? fmt::format(" (其中试运行 {})", count_text(sum.trial))
                                     : fmt::format(" ({} on trial)", count_text(sum.trial));
  if (language == Language::zh) {
    return fmt::format("{}; 疑点 {}{}, 涉及金额 {} 元, 已去重可追回金额 {} 元{}; {}\n",
                       account_text(summary, language), count_text(sum.findings), trial,
                       money_text(sum.cents), money_text(sum.recoverable),
                       history_text(summary, language), time);
  }
  return fmt::format("{}; {} findings{}, {} yuan, recoverable without repeats {} yuan{}; {}\n",
                     account_text(summary, language), count_text(sum.findings), trial,
                     money_text(sum.cents), money_text(sum.recoverable),
                     history_text(summary, language), time);
}

std::string stats_json(const RunSummary& summary, const SummaryContext& context) {
  std::string out = "{\"pack\":";
  io::append_json_string(out, context.pack);
  const auto to = std::back_inserter(out);
  fmt::format_to(
      to,
      R"(,"threads":{},"bytes":{},"read":{},"evaluated":{},"merged":{},"repeated":{},"refunded":{},"rejected":{},"context":{},"lines":{})",
      context.threads, summary.bytes, summary.account.read, summary.account.evaluated,
      summary.account.merged, summary.account.repeated, summary.account.refunded,
      summary.account.rejected, summary.read.context, summary.lines);
  fmt::format_to(to, R"(,"waiting":{{"records":{},"bytes":{},"most_loaded":{}}})",
                 summary.waiting.records, summary.waiting.bytes, summary.waiting.most_loaded);
  if (summary.history)
    fmt::format_to(to, R"(,"history":{{"added":{},"repeated":{},"taken_back":{},"expired":{}}})",
                   summary.history->added, summary.history->repeated, summary.history->taken_back,
                   summary.history->expired);
  if (summary.answers)
    fmt::format_to(
        to,
        R"(,"answers":{{"read":{},"taken":{},"no_visit":{},"contradicted":{},"not_asked":{},"repeated":{}}})",
        summary.answers->read, summary.answers->taken, summary.answers->no_visit,
        summary.answers->contradicted, summary.answers->not_asked, summary.answers->repeated);
  out += R"(,"rules":[)";
  for (std::size_t i = 0; i < summary.rules.size(); ++i) {
    const RuleTotals& totals = summary.rules[i];
    out += i == 0 ? R"({"rule":)" : R"(,{"rule":)";
    io::append_json_string(out, context.program.rules[i].id);
    fmt::format_to(
        to,
        R"(,"fired":{},"indeterminate":{},"amount":"{}","recoverable":"{}","not_computed":{},"trial":{},"candidates":{},"checks":{}}})",
        totals.findings, totals.outcomes.indeterminate, decimal_text(totals.cents, 2, 2),
        decimal_text(totals.recoverable, 2, 2), totals.not_computed, totals.trial,
        totals.work.candidates, totals.work.checks);
  }
  const exec::WorkCounts& work = summary.work;
  fmt::format_to(to, R"(],"work":{{"items":{},"candidates":{},"checks":{},"findings":{}}})",
                 work.items, work.candidates, work.checks, work.findings);
  const RunSeconds& s = summary.seconds;
  fmt::format_to(
      to,
      R"(,"seconds":{{"compile":{:.4f},"bind":{:.4f},"read":{:.4f},"assemble":{:.4f},"judge":{:.4f},"describe":{:.4f},"whole":{:.4f}}}}})",
      context.compile_seconds, context.bind_seconds, s.read, s.assemble, s.judge, s.describe,
      s.whole);
  return out + '\n';
}

} // namespace sanku::engine

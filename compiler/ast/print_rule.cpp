// Rules, their clauses in one column; a long report is broken at its parts. See printer.h.
#include "compiler/ast/choices.h"
#include "compiler/ast/printer.h"
#include "compiler/source/source.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::ast {

namespace {

// A clause before it is laid out: its word, and what follows, in pieces that may go on lines of
// their own.
struct ClauseText {
  std::uint32_t place = 0;
  Word word = "on"_w;
  std::vector<std::string> pieces;
  // The last piece is `lead`, this, `tail`, and may be broken over lines; null: it may not.
  const Expr* value = nullptr;
  std::string lead = {}, tail = {};
  // Of a report: the expression in piece i, behind a word, or null.
  std::vector<const Expr*> values = {};
};

struct RulePrinter {
  Printer& printer;

  [[nodiscard]] bool zh() const { return printer.spelling == Spelling::zh; }
  // A clause's word as it is written in front of what follows.
  [[nodiscard]] std::string head(Word word) const {
    const bool alone = word == "mandatory"_w || word == "even_self_paid"_w;
    return printer.word(word) + (zh() && !alone ? "：" : "");
  }

  [[nodiscard]] std::vector<ClauseText> header(const Rule& rule) const;
  void standing(const Standing& of, std::vector<ClauseText>& out) const;
  [[nodiscard]] std::string with(const With& with) const;
  [[nodiscard]] ClauseText subject(const Subject& subject) const;
  [[nodiscard]] ClauseText guard(const Clause& clause) const;
  [[nodiscard]] std::vector<ClauseText> branch(const Branch& branch) const;
  [[nodiscard]] ClauseText report(const Report& report) const;
  [[nodiscard]] std::string laid_out(const ClauseText& clause, std::size_t column) const;
};

std::vector<ClauseText> RulePrinter::header(const Rule& rule) const {
  std::vector<ClauseText> out;
  if (rule.category)
    out.push_back({rule.category_span.begin,
                   "category"_w,
                   {std::string(word_for(categories, *rule.category, zh()))}});
  for (const Basis& each : rule.bases) {
    out.push_back(
        {each.span.begin,
         "basis"_w,
         {each.source.text + (each.place.empty() ? "" : " " + printer.quoted(each.place))}});
  }
  if (rule.behaviour) {
    out.push_back({rule.behaviour_span.begin,
                   "behaviour"_w,
                   {std::string(word_for(behaviours, *rule.behaviour, zh()))}});
  }
  if (!rule.stages.empty()) {
    std::string listed;
    for (const Stage each : rule.stages)
      listed += (listed.empty() ? "" : printer.comma()) + std::string(word_for(stages, each, zh()));
    out.push_back({rule.stages_span.begin, "stage"_w, {listed}});
  }
  standing(rule.standing, out);
  std::ranges::stable_sort(out, {}, &ClauseText::place);
  return out;
}

void RulePrinter::standing(const Standing& of, std::vector<ClauseText>& out) const {
  const auto date = [&](Word word, const std::string& iso) {
    return iso.empty() ? std::vector<std::string>{}
                       : std::vector{fmt::format("{} {}", printer.word(word), iso)};
  };
  if (of.effective) {
    ClauseText text{of.effective->span.begin, "effective"_w, date("from"_w, of.effective->from)};
    for (std::string& each : date("until"_w, of.effective->until))
      text.pieces.push_back(std::move(each));
    out.push_back(std::move(text));
  }
  if (of.trial)
    out.push_back({of.trial->span.begin, "trial"_w, date("until"_w, of.trial->until)});
  if (of.mandatory)
    out.push_back({of.mandatory->span.begin, "mandatory"_w, {}});
  if (of.region)
    out.push_back({of.region->span.begin,
                   "region"_w,
                   {std::string(word_for(regions, of.region->region, zh()))}});
  if (of.was) {
    std::string ids;
    for (const Name& each : of.was->ids)
      ids += (ids.empty() ? "" : printer.comma()) + each.text;
    out.push_back({of.was->span.begin, "was"_w, {ids}});
  }
  if (of.breaks_split)
    out.push_back(
        {of.breaks_split->span.begin, "breaks_split"_w, {printer.quoted(of.breaks_split->reason)}});
  if (of.even_self_paid)
    out.push_back({of.even_self_paid->span.begin, "even_self_paid"_w, {}});
}

std::string RulePrinter::with(const With& with) const {
  std::string text =
      fmt::format("{} {} {}", with.name.text, printer.word("binds"_w), printer.expr(*with.source));
  if (with.where)
    text += fmt::format(" {} {}", printer.word("where"_w), printer.expr(*with.where));
  return text;
}

ClauseText RulePrinter::subject(const Subject& subject) const {
  std::string text = (subject.all ? printer.word("all"_w) + " " : "") + subject.what.text;
  if (subject.entering)
    text += fmt::format(" {} {}", printer.word("with"_w), with(*subject.entering));
  for (std::size_t i = 0; i < subject.by.size(); ++i) {
    const GroupKey& key = subject.by[i];
    text += i == 0 ? fmt::format(" {} ", printer.word("by"_w)) : ", ";
    if (key.name)
      text += key.name->text + " = ";
    text += printer.expr(*key.value);
  }
  return {subject.span.begin, "on"_w, {text}};
}

ClauseText RulePrinter::guard(const Clause& clause) const {
  return std::visit(
      match{
          [&](const Let& each) -> ClauseText {
            return {each.span.begin,
                    "let"_w,
                    {fmt::format("{} = {}", each.name.text, printer.expr(*each.value))},
                    each.value.get(),
                    each.name.text + " = "};
          },
          [&](const With& each) -> ClauseText { return {each.span.begin, "with"_w, {with(each)}}; },
          [&](const Provided& each) -> ClauseText {
            return {each.span.begin,
                    "provided"_w,
                    {printer.expr(*each.condition)},
                    each.condition.get()};
          },
          [&](const Unless& each) -> ClauseText {
            const std::string tail =
                each.exemption.empty() ? "" : " " + printer.quoted(each.exemption);
            return {each.span.begin,      "unless"_w, {printer.expr(*each.condition) + tail},
                    each.condition.get(), "",         tail};
          }},
      clause);
}

ClauseText RulePrinter::report(const Report& report) const {
  ClauseText out{
      report.span.begin, "report"_w, {std::string(word_for(severities, report.severity, zh()))}};
  const auto add = [&](const std::string& lead, const Expr* value) {
    out.pieces.push_back(lead + printer.expr(*value));
    out.values.resize(out.pieces.size());
    out.values.back() = value;
  };
  if (report.value)
    add("", report.value.get());
  if (report.on) {
    const std::string binder =
        report.on->binder ? fmt::format("{} {} ", report.on->binder->text, printer.word("binds"_w))
                          : "";
    add(fmt::format("{} {}", zh() ? "违规项" : "on", binder), report.on->lines.get());
  }
  if (report.involving)
    add(printer.word("involving"_w) + " ", report.involving.get());
  if (report.amount_unknown)
    out.pieces.push_back(fmt::format("{} {}", printer.word("amount"_w), zh() ? "待核" : "unknown"));
  if (report.amount)
    add(printer.word("amount"_w) + " ", report.amount.get());
  out.pieces.push_back(printer.message(report.message));
  return out;
}

// `when … ` and `report …` are two lines; the place of the second is its own.
std::vector<ClauseText> RulePrinter::branch(const Branch& branch) const {
  std::vector<ClauseText> out;
  if (branch.when)
    out.push_back({branch.span.begin, "when"_w, {printer.expr(*branch.when)}, branch.when.get()});
  ClauseText report = this->report(branch.report);
  if (branch.when_unknown) {
    // `when unknown report …` is one line: the word `unknown` alone is no condition.
    report.pieces.front() = fmt::format("{} {}{}{}", printer.word("unknown"_w), head("report"_w),
                                        zh() ? "" : " ", report.pieces.front());
    report.word = "when"_w;
    report.place = branch.span.begin;
  }
  out.push_back(std::move(report));
  return out;
}

std::string RulePrinter::laid_out(const ClauseText& clause, std::size_t column) const {
  const std::string head = padded(this->head(clause.word), column);
  std::string joined;
  for (const std::string& each : clause.pieces)
    joined += (joined.empty() ? "" : " ") + each;
  if (clause.pieces.empty())
    return this->head(clause.word);
  if (clause.value != nullptr && source::display_width(joined) + column + 2 > line_cells) {
    const std::size_t indent = column + 2;
    return head + clause.lead +
           printer.wide(*clause.value, {.indent = indent,
                                        .used = indent + source::display_width(clause.lead),
                                        .tail = source::display_width(clause.tail),
                                        .hang = clause.lead.empty() ? 0u : 2u}) +
           clause.tail;
  }
  if (clause.pieces.size() < 2 || source::display_width(joined) + column + 2 <= line_cells)
    return head + joined;
  // The severity and the first part share a line; every further part has its own, the message too.
  const std::size_t indent = column + 2;
  std::string out = head + clause.pieces[0];
  std::size_t used = indent + source::display_width(clause.pieces[0]) + 1;
  for (std::size_t i = 1; i < clause.pieces.size(); ++i) {
    const bool beside = i == 1 && clause.pieces.size() > 2;
    out += beside ? " " : "\n" + std::string(indent, ' ');
    used = beside ? used : indent;
    const Expr* value = i < clause.values.size() ? clause.values[i] : nullptr;
    if (value == nullptr) {
      out += clause.pieces[i];
      continue;
    }
    // The word in front of the expression is what the piece has before the expression's own text.
    const std::string lead =
        clause.pieces[i].substr(0, clause.pieces[i].size() - printer.expr(*value).size());
    out +=
        lead + printer.wide(*value, {.indent = indent, .used = used + source::display_width(lead)});
  }
  return out;
}

} // namespace

void Printer::rule(const Rule& rule) {
  const RulePrinter rules{.printer = *this};
  std::vector<ClauseText> clauses = rules.header(rule);
  if (rule.subject)
    clauses.push_back(rules.subject(*rule.subject));
  for (const Clause& each : rule.clauses)
    clauses.push_back(rules.guard(each));
  for (const Branch& each : rule.branches) {
    for (ClauseText& text : rules.branch(each))
      clauses.push_back(std::move(text));
  }
  std::size_t column = 0;
  for (const ClauseText& each : clauses)
    column = std::max(column, source::display_width(rules.head(each.word)));
  if (spelling == Spelling::en)
    ++column;
  std::vector<Item> items;
  for (const ClauseText& each : clauses)
    items.push_back({each.place, rules.laid_out(each, column)});
  const std::string second = rule.title_en ? " / " + quoted(*rule.title_en) : "";
  block(fmt::format("{} {} {}{}", word("rule"_w), rule.id.text, quoted(rule.title), second), items,
        rule.span);
}

} // namespace sanku::ast

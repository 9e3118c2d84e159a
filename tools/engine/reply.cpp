// See reply.h.
#include "tools/engine/reply.h"

#include "runtime/io/json_text.h"
#include "runtime/types/check.h"
#include "runtime/types/utf8.h"

#include <fmt/format.h>

namespace sanku::engine {
namespace {

using io::append_json_string;

// At most so many characters, as the interface counts them.
std::string limited(std::string_view text, std::size_t characters) {
  std::size_t bytes = 0, kept = 0;
  for (std::size_t count = 0; bytes < text.size(); ++count) {
    if (count == characters)
      return std::string(text.substr(0, kept)) + "…";
    if (count + 1 == characters)
      kept = bytes;
    bytes += std::max<std::size_t>(1, utf8_length(text.substr(bytes)));
  }
  return std::string(text);
}

void append_member(std::string& out, std::string_view key, std::string_view text,
                   std::size_t characters) {
  if (out.back() != '{')
    out += ',';
  append_json_string(out, key);
  out += ':';
  append_json_string(out, limited(text, characters));
}

void append_amount(std::string& out, const std::optional<std::int64_t>& cents) {
  out += R"(,"vola_amt":)";
  out += cents ? decimal_text(*cents, 2, 2) : "null";
}

std::string_view degree(ast::Severity severity) {
  switch (severity) {
  case ast::Severity::violation:
    return "1";
  case ast::Severity::suspected:
    return "2";
  case ast::Severity::reminder:
  case ast::Severity::lead:
  case ast::Severity::indicator:
    return "3";
  }
  unreachable("a report has a severity");
}

std::string evidence_text(const hir::Rule& rule) {
  std::string text;
  for (const hir::Basis& basis : rule.bases) {
    text += (text.empty() ? "" : "；") + basis.source_title;
    if (!basis.place.empty())
      text += " " + basis.place;
  }
  return text;
}

void append_details(std::string& out, const ReplyHead& head, const Described& finding) {
  out += R"(,"judge_result_detail_dtos":[)";
  std::size_t number = 0;
  for (const DescribedLine& line : finding.lines) {
    const bool offending = line.role == exec::LineRole::offending;
    out += number++ == 0 ? "{" : ",{";
    append_member(out, "jrd_id", fmt::format("{}-{}", finding.id, number), 50);
    append_member(out, "patn_id", head.person, 50);
    append_member(out, "mdtrt_id", head.visit, 50);
    append_member(out, "rx_id", line.id, 50);
    append_member(out, "vola_item_type", offending ? "1" : "2", 3);
    const bool open = offending && finding.trial;
    append_amount(out, open        ? std::nullopt
                       : offending ? line.cents
                                   : std::optional<std::int64_t>(0));
    out += '}';
  }
  out += ']';
}

void append_result(std::string& out, const ReplyHead& head, const Described& finding) {
  const hir::Rule& rule = *finding.rule;
  out += '{';
  append_member(out, "jr_id", finding.id, 50);
  append_member(out, "rule_id", rule.id, 50);
  append_member(out, "rule_name", rule.title_zh, 200);
  append_member(out, "vola_cont", finding.trial ? "【试运行】" + finding.message : finding.message,
                500);
  append_member(out, "patn_id", head.person, 50);
  append_member(out, "mdtrt_id", head.visit, 50);
  append_details(out, head, finding);
  // A trial is told as a reminder without an amount: the interface has no word for it, and nobody
  // may act on it.
  const bool computed = finding.cents && !finding.trial;
  append_amount(out, computed ? finding.cents : std::nullopt);
  append_member(out, "vola_amt_stas", computed ? "1" : "0", 3);
  append_member(out, "sev_deg",
                degree(finding.trial ? ast::Severity::reminder : finding.report->severity), 3);
  append_member(out, "vola_evid", evidence_text(rule), 500);
  append_member(out, "vola_bhvr_type",
                rule.behaviour == ast::Behaviour::behaviour ? "行为类" : "项目类", 3);
  out += '}';
}

} // namespace

ReplyHead reply_head(const Block& block, std::uint32_t settlement, bool identities) {
  ReplyHead head{.visit = cell_text(block, 0, schema::Role::visit_id, settlement),
                 .settlement = cell_text(block, 0, schema::Role::settlement_id, settlement),
                 .person = "***"};
  if (identities) {
    const Value person = cell(block, 0, "patient.id", settlement);
    head.person = is_known(person) ? to_text(person, {}, Language::en, {}) : std::string();
  }
  return head;
}

void append_reply(std::string& out, const ReplyHead& head, const std::vector<Described>& findings) {
  out += R"({"infcode":0,"inf_refmsgid":"","refmsg_time":"","respond_time":"","err_msg":"",)"
         R"("output":{)";
  append_member(out, "mdtrt_id", head.visit, 50);
  append_member(out, "setl_id", head.settlement, 50);
  out += R"(,"result":[)";
  for (const Described& finding : findings) {
    if (&finding != findings.data())
      out += ',';
    append_result(out, head, finding);
  }
  out += "]}}\n";
}

} // namespace sanku::engine

// describe: a finding's payload becomes what a person or a program reads: message, amounts, numbers
// of lines, evidence. Everything in it is looked up in the block and the tables; nothing is
// evaluated again. Entry: describe. Tested by tests/unit/tools/describe_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/exec/finding.h"
#include "runtime/knowledge/table.h"
#include "tools/engine/place.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::engine {

struct DescribedLine {
  std::string id;    // empty: the sender gave no number
  std::string key;   // element_key (identity.h): the number where that is enough
  std::string visit; // where it stands, if not in the finding's own
  exec::LineRole role = exec::LineRole::offending;
  std::optional<std::int64_t> cents;       // none: not computed, or involved only
  std::optional<std::int64_t> recoverable; // of an offending line, what can be had back
  bool taken_as_paid = false; // of a payment limit: the record does not say who paid for the line
};

struct Described {
  std::string id, revision;      // identity.h
  std::string visit, settlement; // the sender's numbers; empty when missing
  // Of a group across visits, which is of no one visit: its keys.
  struct Key {
    std::string_view name;
    std::string text; // empty: not known
  };
  std::vector<Key> group;
  std::optional<std::string> value; // of an indicator; empty: not known
  const hir::Rule* rule = nullptr;
  const hir::Report* report = nullptr;
  std::optional<std::int64_t> cents;       // the finding's amount; none: not computed
  std::optional<std::int64_t> recoverable; // none: not computed, or it takes no part
  bool taken_as_paid = false;              // some line is
  bool trial = false;                      // nobody acts on it yet
  std::vector<DescribedLine> lines;
  std::string message;
  std::vector<exec::EvidenceRow> evidence;
  std::optional<Place> place = std::nullopt; // if asked for
};

struct DescribeOptions {
  // Of values; the message's words are the author's, and where those are Chinese its values too.
  Language language = Language::zh;
  bool identities = false; // print fields marked `identity`
  bool places = false;
};

[[nodiscard]] Described describe(const Block& block, const exec::Finding& finding,
                                 const DescribeOptions& options);

// The report that a finding speaks for.
[[nodiscard]] const hir::Report& report_of(const hir::Rule& rule, std::uint32_t branch);

// A value for a person, enum values by name.
[[nodiscard]] std::string value_text(const Value& value, const Type& type,
                                     const schema::Schema& schema, Language language);

// What machines read, stable and the same in both languages: `violation`, `GZ10000301004`.
[[nodiscard]] std::string_view severity_word(ast::Severity severity);
// 明确违规, 可疑 …
[[nodiscard]] std::string_view severity_text(ast::Severity severity, Language language);
[[nodiscard]] const std::string& title_of(const hir::Rule& rule, Language language);

} // namespace sanku::engine

// What the pages of a handbook share: the rules with what they read, in one language; how fields,
// types and values are called; where each page lies. Entry: book_of. Tested by
// tests/unit/tools/handbook_test.cpp.
#pragma once

#include "tools/engine/layout.h"
#include "tools/handbook/facts.h"
#include "tools/html/page.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::handbook {

// A folder of rules, or a file in it: how rules are grouped in the index.
struct Family {
  std::string name; // for people
  std::string file; // of the group within; empty for the family itself
  std::vector<std::size_t> rules;
};

struct Book {
  const engine::Rules& rules;
  const hir::Program& program;
  const std::vector<RuleFacts>& facts;
  Language language = Language::zh;
  std::string other;                   // folder of the other language's pages, from here; or empty
  std::vector<std::string> page_names; // by rule: `GZ10000301004.html`
  // What names of fields, tables and functions are called in the other language, for conditions on
  // Chinese pages; empty on English ones.
  std::map<std::string, std::string, std::less<>> chinese = {};

  [[nodiscard]] bool zh() const { return language == Language::zh; }
  [[nodiscard]] std::string_view pick(std::string_view zh, std::string_view en) const {
    return engine::words(language, zh, en);
  }
  [[nodiscard]] const std::string& of(const schema::Names& names) const {
    return language == Language::zh ? names.zh : names.en;
  }
  [[nodiscard]] std::string value(const Value& value, const Type& type) const;
};

// A file name that is plain everywhere, for each rule another, also where case does not count.
[[nodiscard]] std::vector<std::string> page_names(const hir::Program& program);

// ---- how things are called

// `patient.sex`, `item.code`; of a table the column alone.
[[nodiscard]] std::string path_of(const Book& book, ColumnRef column, Language language);
[[nodiscard]] std::string type_of(const Book& book, const Type& type);
[[nodiscard]] std::string type_of(const Book& book, const knowledge::TableShape& shape,
                                  std::uint32_t column);
// 每条明细, each fee line.
[[nodiscard]] std::string subject_of(const Book& book, const hir::Rule& rule, Language language);
[[nodiscard]] std::string layer_of(const Book& book, hir::LayerId layer);
[[nodiscard]] std::string severities_of(const Book& book, const hir::Rule& rule);
[[nodiscard]] std::string stages_of(const Book& book, const hir::Rule& rule);
[[nodiscard]] std::string category_of(const Book& book, const hir::Rule& rule);

// What a report says, with the names of what is filled in between ‹ ›.
[[nodiscard]] std::string message_of(const Book& book, const hir::Rule& rule,
                                     const hir::Report& report, Language language);

// An expression as a person reads it: in the spelling of the page, names by what they are called in
// its language where there is only one such name.
[[nodiscard]] std::string in_words(const Book& book, const ast::Expr& expr);
[[nodiscard]] std::map<std::string, std::string, std::less<>>
chinese_names(const engine::Rules& rules);

// ---- what a rule is for, in one sentence of each language

// Out of a comment before the rule that is in both languages: its first Chinese and its first
// English sentence, and what follows them. Without one the sentences are made of title, subject and
// message, and a comment in English only is a note.
struct Summary {
  std::string zh, en;
  std::string more_zh, more_en;
};
[[nodiscard]] Summary summary_of(const Book& book, std::size_t rule);

// ---- families

// In the order of layers, folders and files; each rule once.
[[nodiscard]] std::vector<std::pair<Family, std::vector<Family>>> families_of(const Book& book);

// ---- pieces of HTML

[[nodiscard]] std::string link(const std::string& to, std::string_view text);
[[nodiscard]] std::string tag(std::string_view text, std::string_view tone = {});
[[nodiscard]] std::string_view tone_of(ast::Severity severity);
// The frame: where one is, and the way to the other language. `up`: from this page to the root of
// the language's pages.
struct Frame {
  std::string up, here;                                    // `../`, `rules/R1.html`
  std::vector<std::pair<std::string, std::string>> crumbs; // text and link
};
[[nodiscard]] std::string nav(const Book& book, const Frame& frame);
extern const std::string_view style;

} // namespace sanku::handbook

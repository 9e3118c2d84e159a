// Chooses the most probable slip among a few, and words the message. See syntax_error.h.
#include "compiler/ast/syntax_error.h"

#include "compiler/diag/nearest.h"
#include "compiler/source/utf8.h"

#include <algorithm>
#include <optional>
#include <string>

namespace sanku::ast {

namespace {

using source::Span;

bool contains(const std::vector<Word>& words, Word word) {
  return std::ranges::find(words, word) != words.end();
}

struct Both {
  std::string zh, en;
  void add(std::string_view zh_text, std::string_view en_text, bool quoted) {
    const char* quote = quoted ? "`" : "";
    if (!zh.empty())
      zh += "、", en += ", ";
    zh += fmt::format("{0}{1}{0}", quote, zh_text);
    en += fmt::format("{0}{1}{0}", quote, en_text);
  }
};

// What could stand here, in words: kinds of things first, then words of the language, clauses
// before joints.
Both expected_of(const std::vector<Word>& expected, bool chinese) {
  constexpr std::size_t most = 14;
  Both out;
  const bool expression = contains(expected, "number"_w) && contains(expected, "open_paren"_w);
  const bool name = contains(expected, "name"_w);
  if (expression)
    out.add("表达式", "an expression", false);
  else if (name)
    out.add("名称", "a name", false);
  if (!expression && contains(expected, "string"_w))
    out.add("引号中的文字", "a text in quotes", false);
  if (!expression && contains(expected, "date"_w))
    out.add("日期", "a date such as 2027-01-31", false);
  if (!expression && contains(expected, "number"_w))
    out.add("数", "a number", false);
  std::size_t told = 0;
  for (const Word word : expected) {
    const WordRow& row = row_of(word);
    // Any word can be a name, so where a name can stand no word is worth telling.
    if (row.en.empty() || ((name || expression) && row.group != WordGroup::sign))
      continue;
    if (expression && (word == "open_paren"_w || word == "minus"_w || word == "open_brace"_w))
      continue;
    if (word == "effective"_w || word == "trial"_w || word == "mandatory"_w)
      continue; // not yet
    if (word == "end"_w || word == "lines"_w || word == "pending"_w || word == "colon"_w)
      continue;
    if (++told <= most)
      out.add(row.zh, chinese ? row.zh : row.en, true);
  }
  if (contains(expected, "eof"_w))
    out.add("声明结束", "the end of the declaration", false);
  if (out.en.empty())
    out.add("其他写法", "something else", false);
  return out;
}

std::vector<std::string_view> spellings(const std::vector<Word>& words) {
  std::vector<std::string_view> out;
  for (const Word word : words) {
    const WordRow& row = row_of(word);
    if (row.en.empty() || row.group == WordGroup::sign)
      continue;
    out.push_back(row.en);
    out.push_back(row.zh);
  }
  return out;
}

// A word of the language at the beginning or end of a Chinese name, `且患者`: the longest that
// fits.
std::optional<std::string_view> glued_word(std::string_view name) {
  std::string_view best;
  for (const WordRow& row : word_rows) {
    const bool joint = row.group == WordGroup::clause || row.group == WordGroup::expression ||
                       row.group == WordGroup::unit;
    if (!joint || row.zh.empty() || row.zh.size() >= name.size() || row.zh.size() <= best.size())
      continue;
    if (name.starts_with(row.zh) || name.ends_with(row.zh))
      best = row.zh;
  }
  if (best.empty())
    return std::nullopt;
  return best;
}

void report_glued(const SyntaxError& error, Span span, std::string_view found,
                  std::string_view word, diag::Diagnostics& diags) {
  const bool first = found.starts_with(word);
  const std::uint32_t cut = first ? span.begin + static_cast<std::uint32_t>(word.size())
                                  : span.end - static_cast<std::uint32_t>(word.size());
  static_cast<void>(error);
  diag::report<"glued_word">(diags, span, found, word).fix({span.file, cut, cut}, " ");
}

} // namespace

void report_syntax_error(const SyntaxError& error, std::uint32_t file, std::string_view text,
                         diag::Diagnostics& diags) {
  const bool at_end = error.found.word == "eof"_w;
  const Span span{file, error.found.begin, error.found.end};
  const std::string_view found = text.substr(span.begin, span.end - span.begin);
  const std::string_view before =
      text.substr(error.before.begin, error.before.end - error.before.begin);

  if (error.found.word == "name"_w) {
    if (const auto word = glued_word(found))
      return report_glued(error, span, found, *word, diags);
  } else if (error.before.word == "name"_w) {
    // `如果患者 的性别`: the name itself was taken, and what follows it does not fit.
    if (const auto word = glued_word(before)) {
      return report_glued(error, {file, error.before.begin, error.before.end}, before, *word,
                          diags);
    }
  }

  const Both expected = expected_of(error.expected, error.chinese);
  const std::string shown =
      at_end ? "" : fmt::format("`{}`", found.substr(0, found.size() > 60 ? 0 : found.size()));
  const std::string_view zh = at_end          ? "声明结尾"
                              : shown == "``" ? "一段长文字"
                                              : std::string_view(shown);
  const std::string_view en = at_end          ? "the end of the declaration"
                              : shown == "``" ? "a long text"
                                              : std::string_view(shown);
  diag::Diagnostic& out = diag::report<"unexpected">(diags, span, diag::Words{zh, en},
                                                     diag::Words{expected.zh, expected.en});
  if (at_end)
    return;
  if (const auto near = diag::nearest(found, spellings(error.expected))) {
    out.help(fmt::format("您是否想写 `{}`？", *near), fmt::format("did you mean `{}`?", *near))
        .fix(span, *near);
  } else if (error.before.word == "number"_w && error.before.end == error.found.begin &&
             error.found.word == "name"_w) {
    out.help("数的单位可以是 天、周、个月、年、岁、小时、分钟、元、%；编码须放在引号中",
             "units of numbers are days, weeks, months, years, years old, hours, minutes, yuan, %; "
             "codes are quoted");
  } else if (error.before.word == "name"_w) {
    // `wehn patient.sex …`: the misspelt word was taken for a name.
    std::vector<std::string_view> clauses;
    for (const WordRow& row : word_rows) {
      if (row.group == WordGroup::clause)
        clauses.push_back(row.en), clauses.push_back(row.zh);
    }
    if (const auto word = diag::nearest(before, clauses)) {
      out.help(fmt::format("前面的 `{}` 是否应为 `{}`？", before, *word),
               fmt::format("is the `{}` before it meant to be `{}`?", before, *word))
          .fix({file, error.before.begin, error.before.end}, *word);
    }
  }
}

} // namespace sanku::ast

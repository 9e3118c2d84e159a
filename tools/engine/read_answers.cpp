// An appeal file as answers (answers.h), and the questions that the rules of a pack ask: those
// written in them, and those of the columns of tables that they ask from.
#include "compiler/diag/nearest.h"
#include "compiler/hir/walk.h"
#include "runtime/io/named_cells.h"
#include "tools/engine/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <tuple>

namespace sanku::engine {
namespace {

constexpr std::array<io::NamedColumn, 4> columns = {
    {{.name = "mdtrt_id", .zh = "就诊号", .needed = true},
     {.name = "setl_id", .zh = "结算号"},
     {.name = "question", .zh = "问题", .needed = true},
     {.name = "answer", .zh = "答复", .needed = true}}};

struct Questions {
  std::set<std::string, std::less<>> texts;
  bool open = false; // some rule asks what only its claims tell

  [[nodiscard]] bool holds(const std::string& question) const {
    return open || texts.contains(question);
  }
  [[nodiscard]] std::string nearest(const std::string& question) const {
    const std::vector<std::string_view> all(texts.begin(), texts.end());
    return diag::nearest(question, all).value_or("");
  }
};

void add_question(const Rules& rules, const hir::Rule& rule, const hir::Expr& question,
                  Questions& made) {
  const std::size_t lists = program(rules).schema.relations.size();
  if (const auto* let = std::get_if<hir::LetOf>(&question.form))
    return add_question(rules, rule, rule.lets[let->let].value, made);
  if (const auto* constant = std::get_if<hir::Constant>(&question.form)) {
    if (const auto* words = std::get_if<std::string>(&constant->value))
      made.texts.insert(*words);
    return;
  }
  const auto* field = std::get_if<hir::FieldOf>(&question.form);
  if (field == nullptr || field->relation < lists) {
    made.open = true;
    return;
  }
  for (const std::vector<Value>& row : rules.checked->tables[field->relation - lists].rows)
    if (const auto* words = std::get_if<std::string>(&row[field->column]))
      made.texts.insert(*words);
}

Questions questions_of(const Rules& rules) {
  Questions made;
  for (const hir::Rule& rule : program(rules).rules)
    hir::for_each_child(rule, [&](const auto& root) {
      hir::for_each_part(root, [&](const hir::Expr& part) {
        if (const auto* ask = std::get_if<hir::Ask>(&part.form))
          add_question(rules, rule, *ask->question, made);
      });
    });
  return made;
}

std::optional<bool> truth_in(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c; });
  for (const std::string_view yes : {"true", "yes", "是", "真", "1"})
    if (text == yes)
      return true;
  for (const std::string_view no : {"false", "no", "否", "假", "0"})
    if (text == no)
      return false;
  return std::nullopt;
}

tl::unexpected<Error> wrong(std::string en, std::string zh) {
  return tl::unexpected(Error{.en = std::move(en), .zh = std::move(zh)});
}

Result<Answer> answer_of(const io::NamedRow& row) {
  if (!row.cells)
    return tl::unexpected(row.cells.error());
  const std::vector<std::string>& cells = *row.cells;
  if (cells[0].empty())
    return wrong("`mdtrt_id` is empty: name the visit that the answer is about",
                 "mdtrt_id 为空：请写明答复所属的就诊");
  if (cells[2].empty())
    return wrong("`question` is empty: write the question as `sanku explain` shows it",
                 "question 为空：请照 sanku explain 所示写明问题");
  const auto yes = truth_in(cells[3]);
  if (!yes)
    return wrong(
        fmt::format("`answer` is `{}`, expected true or false (or yes, no, 是, 否)", cells[3]),
        fmt::format("answer 为“{}”，应为 是 或 否（也可写 true、false、yes、no）", cells[3]));
  return Answer{.visit = cells[0],
                .settlement = cells[1],
                .question = cells[2],
                .yes = *yes,
                .line = row.line,
                .offset = row.offset,
                .text = row.text,
                .near = {}};
}

AnswerNote contradiction(const Answer& answer, const Answer& before) {
  return {.line = answer.line,
          .offset = answer.offset,
          .reason = {.en = fmt::format("line {} answers `{}` of visit `{}` the other way: leave "
                                       "only the line that holds",
                                       before.line, answer.question, answer.visit),
                     .zh = fmt::format("第 {} 行对就诊“{}”的“{}”作了相反的答复：请只保留属实的一行",
                                       before.line, answer.visit, answer.question)},
          .text = answer.text};
}

bool has_answers(const schema::Schema& schema) {
  return std::ranges::any_of(schema.relations, [](const schema::Relation& list) {
    return schema::column_with(list, schema::Role::question) &&
           schema::column_with(list, schema::Role::answer);
  });
}

} // namespace

Result<AnswersRead> read_answers(const std::string& path, const Rules& rules) {
  if (!has_answers(program(rules).schema))
    return wrong("the pack's schema has no list of answers, so --answers has nowhere to put them",
                 "规则包的数据结构中没有存放答复的列表，不能使用 --answers");
  const Questions questions = questions_of(rules);
  AnswersRead made;
  std::vector<Answer> answers;
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> before;
  const auto take = [&](const io::NamedRow& row) -> Result<void> {
    auto answer = answer_of(row);
    if (!answer) {
      made.wrong.push_back({row.line, row.offset, answer.error(), row.text});
      return {};
    }
    std::vector<std::size_t>& same = before[{answer->visit, answer->question}];
    for (const std::size_t other : same) {
      if (answers[other].yes != answer->yes) {
        made.wrong.push_back(contradiction(*answer, answers[other]));
        return {};
      }
      if (answers[other].settlement == answer->settlement) {
        ++answers[other].repeated;
        return {};
      }
    }
    answer->asked = questions.holds(answer->question);
    if (!answer->asked)
      answer->near = questions.nearest(answer->question);
    same.push_back(answers.size());
    answers.push_back(std::move(*answer));
    return {};
  };
  if (auto read = io::read_named_cells(path, columns, take); !read)
    return tl::unexpected(read.error());
  if (made.wrong.empty())
    made.answers = std::make_unique<Answers>(std::move(answers));
  return made;
}

} // namespace sanku::engine

// Answers on their way into batches (answers.h). What became of each is a mark, so that a chunk
// that is read twice, or a visit that is judged with several groups, counts once.
#include "tools/engine/answers.h"

#include "runtime/batch/gather.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sanku::engine {
namespace {

using schema::Role;

constexpr std::uint8_t noted = 1, taken = 2, contradicted = 4;

struct Places {
  std::uint32_t list, question, yes;
};
std::optional<Places> places_in(const schema::Schema& schema) {
  for (std::uint32_t list = 1; list < schema.relations.size(); ++list) {
    const auto question = schema::column_with(schema.relations[list], Role::question);
    const auto yes = schema::column_with(schema.relations[list], Role::answer);
    if (question && yes)
      return Places{list, *question, *yes};
  }
  return std::nullopt;
}

// What the claim itself answers: whether the same, whether the opposite.
struct Said {
  bool same = false, opposite = false;
};
Said said_of(const Block& block, const Places& places, std::uint32_t settlement,
             const Answer& answer) {
  Said said;
  const batch::RelationData& own = block.batch.relations[places.list];
  for (std::uint32_t row = own.offsets[settlement]; row < own.offsets[settlement + 1]; ++row) {
    const Value question = cell(block, places.list, places.question, row);
    const Value yes = cell(block, places.list, places.yes, row);
    const auto* words = std::get_if<std::string>(&question);
    const auto* holds = std::get_if<Bool>(&yes);
    if (words == nullptr || holds == nullptr || *words != answer.question)
      continue;
    (holds->value == answer.yes ? said.same : said.opposite) = true;
  }
  return said;
}

AnswerNote note_of(const Answer& answer, std::string en, std::string zh) {
  return {.line = answer.line,
          .offset = answer.offset,
          .reason = {.en = std::move(en), .zh = std::move(zh)},
          .text = answer.text};
}

AnswerNote not_asked(const Answer& answer) {
  if (!answer.near.empty())
    return note_of(
        answer,
        fmt::format("no rule asks `{}`; the nearest that one asks is `{}`: write it "
                    "letter by letter",
                    answer.question, answer.near),
        fmt::format("没有规则问“{}”；最接近的是“{}”，请逐字照写", answer.question, answer.near));
  return note_of(answer,
                 fmt::format("no rule asks `{}`: write the question letter by letter as `sanku "
                             "explain` shows it",
                             answer.question),
                 fmt::format("没有规则问“{}”：请照 sanku explain 所示逐字书写", answer.question));
}

AnswerNote absent(const Answer& answer) {
  const std::string in_en =
      answer.settlement.empty()
          ? fmt::format("visit `{}`", answer.visit)
          : fmt::format("settlement `{}` of visit `{}`", answer.settlement, answer.visit);
  const std::string in_zh =
      answer.settlement.empty()
          ? fmt::format("就诊“{}”", answer.visit)
          : fmt::format("就诊“{}”的结算“{}”", answer.visit, answer.settlement);
  return note_of(
      answer,
      fmt::format("{} was not judged: it is not in the input, or was refused or taken "
                  "back there; give its claim with --in",
                  in_en),
      fmt::format("{}未被审核：不在输入中，或已拒收、退费；请将其结算单放入 --in 的输入", in_zh));
}

AnswerNote against(const Answer& answer) {
  return note_of(
      answer,
      fmt::format("the claim of visit `{}` answers `{}` the other way, and that stands: correct "
                  "the claim, or leave this line out",
                  answer.visit, answer.question),
      fmt::format("就诊“{}”的请求中对“{}”的答复与此相反，以请求为准：请更正请求，或删去此行",
                  answer.visit, answer.question));
}

} // namespace

Answers::Answers(std::vector<Answer> answers)
    : answers_(std::move(answers)), marks_(answers_.size()) {
  for (std::uint32_t i = 0; i < answers_.size(); ++i)
    if (answers_[i].asked)
      by_visit_[answers_[i].visit].push_back(i);
}

const std::vector<std::uint32_t>* Answers::of(const std::string& visit) const {
  const auto found = by_visit_.find(visit);
  return found == by_visit_.end() ? nullptr : &found->second;
}

void Answers::mark(std::uint32_t answer, std::uint8_t what) { marks_[answer].fetch_or(what); }

void Answers::note(const Block& block) {
  if (by_visit_.empty())
    return;
  for (std::uint32_t s = 0; s < block.batch.settlements; ++s) {
    if (batch::is_context(block.batch, s))
      continue;
    const auto* own = of(cell_text(block, 0, Role::visit_id, s));
    if (own == nullptr)
      continue;
    const std::string settlement = cell_text(block, 0, Role::settlement_id, s);
    for (const std::uint32_t i : *own)
      if (answers_[i].settlement.empty() || answers_[i].settlement == settlement)
        mark(i, noted);
  }
}

void Answers::put(batch::Batch& batch, const hir::Program& program,
                  const batch::Dictionaries& dictionaries) {
  const auto places = places_in(program.schema);
  if (by_visit_.empty() || !places)
    return;
  const Block block{program, batch, dictionaries};
  std::vector<batch::NewRow> rows;
  for (std::uint32_t s = 0; s < batch.settlements; ++s) {
    const auto* own = of(cell_text(block, 0, Role::visit_id, s));
    for (std::size_t n = 0; own != nullptr && n < own->size(); ++n) {
      const std::uint32_t i = (*own)[n];
      if ((marks_[i].load() & noted) == 0)
        continue;
      const Said said = said_of(block, *places, s, answers_[i]);
      const bool judged = !batch::is_context(batch, s);
      if (judged)
        mark(i, said.opposite ? contradicted : taken);
      if (!said.same && !said.opposite)
        rows.push_back({.settlement = s,
                        .cells = {{places->question, answers_[i].question},
                                  {places->yes, Bool{answers_[i].yes}}}});
    }
  }
  if (!rows.empty())
    batch::add_rows(batch.relations[places->list], program.schema.relations[places->list], rows);
}

AnswerCounts Answers::counts(const std::string& visit) const {
  AnswerCounts made;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    const Answer& answer = answers_[i];
    if (!visit.empty() && answer.visit != visit)
      continue;
    const std::uint8_t what = marks_[i].load();
    made.read += 1 + answer.repeated;
    made.repeated += answer.repeated;
    ++(!answer.asked                ? made.not_asked
       : (what & contradicted) != 0 ? made.contradicted
       : (what & taken) != 0        ? made.taken
                                    : made.no_visit);
  }
  return made;
}

std::vector<AnswerNote> Answers::notes(const std::string& visit) const {
  std::vector<AnswerNote> made;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    const std::uint8_t what = marks_[i].load();
    if (!visit.empty() && answers_[i].visit != visit)
      continue;
    if (!answers_[i].asked)
      made.push_back(not_asked(answers_[i]));
    else if ((what & contradicted) != 0)
      made.push_back(against(answers_[i]));
    else if ((what & taken) == 0)
      made.push_back(absent(answers_[i]));
  }
  return made;
}

} // namespace sanku::engine

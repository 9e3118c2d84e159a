// Answers to what rules ask, out of an appeal file: put to the visits they are about just before
// these are judged, as if their claims had carried them. Claims themselves, waiting or kept in a
// history store, stay as they were sent, so the same claims may come again with answers. A visit is
// judged as a whole; so an answer that names one of its settlements is the visit's.
//
// Wrong in the file, and nothing is judged: a row that is no answer, two answers that contradict
// each other. Told, and the rest counts: a question that no rule asks, a visit that is not there,
// the opposite of what the claim itself says, which stands. Entries: read_answers, Answers. Tested
// by tests/unit/tools/answers_test.cpp.
#pragma once

#include "runtime/types/result.h"
#include "tools/engine/identity.h"
#include "tools/engine/rules.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::engine {

struct Answer {
  std::string visit, settlement; // the sender's numbers; the second may be empty
  std::string question;
  bool yes = false;
  std::uint64_t line = 0, offset = 0; // in the file
  std::string text;                   // as it stands there
  bool asked = true;                  // by some rule
  std::string near;                   // not asked: the question that may be meant
  std::uint64_t repeated = 0;         // how often it stands there again
};

struct AnswerCounts {
  std::uint64_t read = 0; // rows; = taken + no_visit + contradicted + not_asked + repeated
  std::uint64_t taken = 0, no_visit = 0, contradicted = 0, not_asked = 0, repeated = 0;
};

// A row of the file, and what is wrong with it or was not done with it.
struct AnswerNote {
  std::uint64_t line = 0, offset = 0;
  Error reason;
  std::string text;
};

class Answers {
public:
  explicit Answers(std::vector<Answer> answers);

  // These records are in the input. From any thread, as is `put`.
  void note(const Block& block);
  // Into what is about to be assembled and judged, where a record of the visit was noted.
  void put(batch::Batch& batch, const hir::Program& program,
           const batch::Dictionaries& dictionaries);

  // After everything was judged; `visit`: of this one alone, if any is named. `notes`: what was not
  // taken, in the order of the file.
  [[nodiscard]] AnswerCounts counts(const std::string& visit = {}) const;
  [[nodiscard]] std::vector<AnswerNote> notes(const std::string& visit = {}) const;

private:
  [[nodiscard]] const std::vector<std::uint32_t>* of(const std::string& visit) const;
  void mark(std::uint32_t answer, std::uint8_t what);

  std::vector<Answer> answers_;
  std::map<std::string, std::vector<std::uint32_t>> by_visit_; // those that are asked
  std::vector<std::atomic<std::uint8_t>> marks_;               // by answer
};

struct AnswersRead {
  std::unique_ptr<Answers> answers; // none: something is wrong
  std::vector<AnswerNote> wrong;
};
// CSV with the columns mdtrt_id, question, answer and, if wanted, setl_id, or NDJSON with these
// members. An error: the file cannot be read as such, or the schema has no place for answers.
[[nodiscard]] Result<AnswersRead> read_answers(const std::string& path, const Rules& rules);

} // namespace sanku::engine

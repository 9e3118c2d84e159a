// See answers.h.
#include "tools/sanku/answers.h"

#include "tools/engine/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace sanku::command {
namespace {

constexpr std::size_t most_told = 20;

void tell_notes(const std::vector<engine::AnswerNote>& notes, const std::string& file,
                const Terminal& terminal) {
  for (std::size_t i = 0; i < std::min(notes.size(), most_told); ++i)
    complain(terminal.language == Language::zh
                 ? fmt::format("{}:{}：{}", file, notes[i].line, notes[i].reason.zh)
                 : fmt::format("{}:{}: {}", file, notes[i].line, notes[i].reason.en));
}

} // namespace

std::unique_ptr<engine::Answers> open_answers(const Arguments& arguments,
                                              const engine::Rules& rules, const Terminal& terminal,
                                              int& code) {
  if (arguments.answers.empty())
    return nullptr;
  auto read = engine::read_answers(arguments.answers, rules);
  if (!read) {
    std::error_code failed;
    code = fail(read.error(), terminal,
                std::filesystem::exists(arguments.answers, failed) ? exit_code::refused
                                                                   : exit_code::usage);
    return nullptr;
  }
  if (read->answers != nullptr)
    return std::move(read->answers);
  tell_notes(read->wrong, arguments.answers, terminal);
  const std::string count = engine::count_text(read->wrong.size());
  complain(terminal.language == Language::zh
               ? fmt::format("“{}”有 {} 行有误，未审核；请改正后重试", arguments.answers, count)
               : fmt::format("`{}` has {} wrong line{}, so nothing was judged; mend the file and "
                             "try again",
                             arguments.answers, count, read->wrong.size() == 1 ? "" : "s"));
  code = exit_code::refused;
  return nullptr;
}

std::vector<io::Reject> tell_answers(const engine::Answers& answers, const std::string& file,
                                     const std::string& visit, const Terminal& terminal) {
  const engine::AnswerCounts counts = answers.counts(visit);
  const std::vector<engine::AnswerNote> notes = answers.notes(visit);
  tell_notes(notes, file, terminal);
  std::string text =
      terminal.language == Language::zh
          ? fmt::format("“{}”{}的 {} 条答复：采用 {}", file, visit.empty() ? "" : "中该次就诊",
                        engine::count_text(counts.read), engine::count_text(counts.taken))
          : fmt::format("`{}`{}: {} answer{}, {} taken", file,
                        visit.empty() ? "" : " for this visit", engine::count_text(counts.read),
                        counts.read == 1 ? "" : "s", engine::count_text(counts.taken));
  const auto add = [&](std::uint64_t count, std::string_view zh, std::string_view en) {
    if (count == 0)
      return;
    const std::string number = engine::count_text(count);
    text += terminal.language == Language::zh ? fmt::format("，{} {}", zh, number)
                                              : fmt::format(", {} {}", number, en);
  };
  add(counts.no_visit, "就诊未审核", "of visits that were not judged");
  add(counts.contradicted, "与请求相反", "against what the claim says");
  add(counts.not_asked, "无规则提问", "that no rule asks for");
  add(counts.repeated, "重复", "repeated");
  complain(text);
  std::vector<io::Reject> rejects;
  for (const engine::AnswerNote& note : notes)
    rejects.push_back({.file = file,
                       .line = note.line,
                       .offset = note.offset,
                       .reason_en = note.reason.en,
                       .reason_zh = note.reason.zh,
                       .text = note.text});
  return rejects;
}

} // namespace sanku::command

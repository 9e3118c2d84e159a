// See proofs.h. A claim is `state rule kind` and what else there is to say of that kind, each part
// behind its word.
#include "tools/pack/proofs.h"

#include "runtime/types/check.h"
#include "tools/pack/limits.h"
#include "tools/pack/lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace sanku::pack {
namespace {

using State = ProofLine::State;

constexpr std::array<std::string_view, 4> states = {"proved", "shown", "bounded", "unknown"};
constexpr std::array<std::string_view, 4> reasons = {"effort", "form", "replay", "parts"};

struct KindRow {
  std::string_view name;
  bool has_other, has_branch, has_condition;
  bool by_claim; // shown by a claim, and never proved
  std::string_view zh, en;
};
constexpr std::array kinds{
    KindRow{"never_fires", false, false, false, false, "永远不会触发", "can never fire"},
    KindRow{"never_speaks", false, true, false, false, "永远不会成立", "never speaks"},
    KindRow{"shadowed", false, true, false, false, "总被之前的分支遮住",
            "stands behind an earlier one that always speaks first"},
    KindRow{"always_true", false, false, true, false, "从不为假", "is never false"},
    KindRow{"always_false", false, false, true, false, "从不成立", "never holds"},
    KindRow{"together", true, false, false, false, "总是一起触发", "always fire together"},
    KindRow{"overlap", true, false, false, true, "合计超过同一明细的金额",
            "together take more of a line than there is"},
    KindRow{"loosened", false, false, false, true, "是强制规则，被地方化放宽",
            "is mandatory, and loosened by the overlay"},
};
const KindRow* row_of(std::string_view kind) {
  const auto* found = std::ranges::find(kinds, kind, &KindRow::name);
  return found == kinds.end() ? nullptr : &*found;
}

std::string_view word_of(State state) { return states[static_cast<std::size_t>(state)]; }

// The words of a line, taken one after another.
struct Words {
  std::string_view rest;

  std::string_view next() {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), end + 1));
    return word;
  }
  // What stands behind `key`, where it is next.
  std::string_view behind(std::string_view key) {
    Words ahead = *this;
    if (ahead.next() != key)
      return {};
    const std::string_view found = ahead.next();
    rest = ahead.rest;
    return found;
  }
  std::uint64_t number(std::string_view key) { return whole_number(behind(key)).value_or(0); }
};

// Whether it says what its kind and state have to say, and nothing else.
bool is_whole(const ProofLine& line) {
  const KindRow* row = row_of(line.kind);
  if (row == nullptr || line.rule.empty() || row->has_other == line.other.empty() ||
      row->has_branch != (line.branch > 0) || row->has_condition != (line.condition > 0))
    return false;
  const bool is_bounded = line.state == State::bounded, is_unknown = line.state == State::unknown;
  if (is_bounded != (line.lines > 0) || is_bounded != (line.visits > 0) ||
      (!is_bounded && !line.without.empty()))
    return false;
  if (is_unknown != (std::ranges::find(reasons, line.because) != reasons.end()))
    return false;
  return is_unknown || row->by_claim == (line.state == State::shown);
}

std::optional<ProofLine> read_line(std::string_view text) {
  Words words{text};
  const auto* const state = std::ranges::find(states, words.next());
  if (state == states.end())
    return std::nullopt;
  ProofLine line{.state = static_cast<State>(state - states.begin()),
                 .rule = std::string(words.next()),
                 .kind = std::string(words.next())};
  line.other = words.behind("with");
  line.branch = words.number("branch");
  line.condition = words.number("condition");
  line.lines = words.number("lines");
  line.visits = words.number("visits");
  line.without = words.behind("without");
  line.because = words.behind("because");
  if (!is_whole(line) || line_text(line) != text)
    return std::nullopt;
  return line;
}

std::string head_of(const Proofs& proofs) {
  return fmt::format("solver {}\nclaims lines {} visits {}\nsteps {}\n", proofs.solver,
                     proofs.lines, proofs.visits, proofs.steps);
}

} // namespace

bool is_conflict(const ProofLine& line) {
  return line.state == State::proved || (line.state == State::shown && line.kind == "loosened");
}
// Two rules that take the same line may both be right.
bool is_open(const ProofLine& line) {
  return line.state == State::unknown && line.kind != "overlap";
}

std::uint64_t Proofs::conflicts() const {
  return static_cast<std::uint64_t>(std::ranges::count_if(claims, is_conflict));
}
std::uint64_t Proofs::unknown() const {
  return static_cast<std::uint64_t>(std::ranges::count_if(claims, is_open));
}

std::string line_text(const ProofLine& line) {
  std::string text = fmt::format("{} {} {}", word_of(line.state), line.rule, line.kind);
  const auto add = [&](std::string_view key, const auto& value) {
    text += fmt::format(" {} {}", key, value);
  };
  if (!line.other.empty())
    add("with", line.other);
  if (line.branch > 0)
    add("branch", line.branch);
  if (line.condition > 0)
    add("condition", line.condition);
  if (line.lines > 0)
    add("lines", line.lines);
  if (line.visits > 0)
    add("visits", line.visits);
  if (!line.without.empty())
    add("without", line.without);
  if (!line.because.empty())
    add("because", line.because);
  return text;
}

std::string proofs_text(const Proofs& proofs) {
  std::set<std::string> lines;
  for (const ProofLine& line : proofs.claims) {
    check(is_whole(line), "a claim says all that its kind says");
    lines.insert(line_text(line));
  }
  std::string text = head_of(proofs);
  for (const std::string& line : lines)
    text += line + '\n';
  return text;
}

std::optional<Proofs> read_proofs(std::string_view text) {
  const auto lines = lines_of(text);
  constexpr std::size_t head_lines = 3;
  if (lines.size() < head_lines || lines.size() > head_lines + most_proof_claims)
    return std::nullopt;
  Proofs proofs;
  Words solver{lines[0]}, claims{lines[1]}, steps{lines[2]};
  if (solver.next() != "solver" || claims.next() != "claims")
    return std::nullopt;
  proofs.solver = solver.rest;
  proofs.lines = claims.number("lines");
  proofs.visits = claims.number("visits");
  proofs.steps = steps.number("steps");
  for (std::size_t i = head_lines; i < lines.size(); ++i) {
    auto line = read_line(lines[i]);
    if (!line)
      return std::nullopt;
    proofs.claims.push_back(std::move(*line));
  }
  if (proofs_text(proofs) != text)
    return std::nullopt;
  return proofs;
}

std::string told(const ProofLine& line, Language language) {
  const KindRow* row = row_of(line.kind);
  check(row != nullptr, "a claim is of a known kind");
  const bool zh = language == Language::zh;
  std::string text = line.rule;
  if (!line.other.empty())
    text += fmt::format(fmt::runtime(zh ? "、{}" : ", {}"), line.other);
  if (line.branch > 0)
    text += fmt::format(fmt::runtime(zh ? " 第 {} 个分支" : " branch {}"), line.branch);
  if (line.condition > 0)
    text += fmt::format(fmt::runtime(zh ? " 第 {} 个条件" : " condition {}"), line.condition);
  text += fmt::format("{}{}", zh ? "：" : " ", zh ? row->zh : row->en);
  switch (line.state) {
  case State::proved:
    return text + (zh ? "（已证明）" : " (proved)");
  case State::shown:
    return text;
  case State::bounded:
    return text +
           fmt::format(fmt::runtime(zh ? "（列表至多 {} 行、就诊至多 {} 次时未见反例，不是证明）"
                                       : " (no claim with lists up to {} and visits up to {} shows "
                                         "otherwise, which is no proof)"),
                       line.lines, line.visits);
  case State::unknown:
    break;
  }
  return text + (zh ? "？不明" : "? unknown");
}

std::string told(const Proofs& proofs, Language language) {
  const auto count = [&](const auto& is) { return std::ranges::count_if(proofs.claims, is); };
  const auto bounded = count([](const ProofLine& each) { return each.state == State::bounded; });
  const auto overlaps = count(
      [](const ProofLine& each) { return each.kind == "overlap" && each.state == State::shown; });
  return fmt::format(
      fmt::runtime(language == Language::zh
                       ? "{}：冲突 {} 处，只在所查范围内的 {} 处，重复计入 {} 处，不明 {} 处"
                       : "{}: {} conflicts, {} up to the size looked at, {} overlaps, {} unknown"),
      proofs.solver, proofs.conflicts(), bounded, overlaps, proofs.unknown());
}

} // namespace sanku::pack

// See verdict.h.
#include "tools/outcomes/verdict.h"

#include "runtime/io/json_text.h"
#include "runtime/io/named_cells.h"
#include "runtime/types/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

namespace sanku::outcomes {
namespace {

constexpr std::array<std::string_view, 3> rulings = {"confirmed", "partly", "rejected"};
constexpr std::array<std::string_view, 2> stages = {"review", "appeal"};
constexpr std::array<io::NamedColumn, 8> members = {{{.name = "finding", .needed = true},
                                                     {.name = "verdict", .needed = true},
                                                     {.name = "amount"},
                                                     {.name = "date", .needed = true},
                                                     {.name = "stage"},
                                                     {.name = "region"},
                                                     {.name = "by"},
                                                     {.name = "note"}}};

using Cells = std::vector<std::string>; // empty: not given

std::optional<std::size_t> place_in(std::span<const std::string_view> names,
                                    std::string_view name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? std::nullopt
                              : std::optional(static_cast<std::size_t>(found - names.begin()));
}

tl::unexpected<Error> wrong(std::string en, std::string zh) {
  return tl::unexpected(Error{.en = std::move(en), .zh = std::move(zh)});
}

Result<std::optional<std::int64_t>> amount_of(const Cells& cells, Ruling ruling) {
  const std::string& text = cells[2];
  if (text.empty()) {
    if (ruling == Ruling::partly)
      return wrong(
          "`amount` is missing: of a finding upheld in part, say how many yuan were upheld",
          "缺少 amount：部分成立须写明成立的金额（元）");
    return std::optional<std::int64_t>();
  }
  Int128 units = 0;
  if (!parse_decimal(text, 2, units) || units < 0 || units > INT64_MAX)
    return wrong(fmt::format("`amount` is `{}`, expected yuan such as 120.50, not negative", text),
                 fmt::format("amount 为“{}”，应为非负的元数，如 120.50", text));
  if (ruling == Ruling::rejected && units != 0)
    return wrong("a rejected finding upholds no amount: leave `amount` out, or say `partly`",
                 "驳回的疑点没有成立的金额：请删去 amount，或写 partly");
  return std::optional(static_cast<std::int64_t>(units));
}

Result<Verdict> verdict_of(const Cells& cells) {
  Verdict made{
      .finding = cells[0], .cents = {}, .region = cells[5], .by = cells[6], .note = cells[7]};
  const bool is_id = made.finding.size() == 32 && std::ranges::all_of(made.finding, [](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                     });
  if (!is_id)
    return wrong(fmt::format("`finding` is `{}`, expected a finding's `id`, 32 digits from 0 to f",
                             made.finding),
                 fmt::format("finding 为“{}”，应为疑点的 id，32 位十六进制数字", made.finding));
  const auto ruling = place_in(rulings, cells[1]);
  if (!ruling)
    return wrong(fmt::format("`verdict` is `{}`, expected confirmed, partly or rejected", cells[1]),
                 fmt::format("verdict 为“{}”，应为 confirmed、partly 或 rejected", cells[1]));
  made.ruling = static_cast<Ruling>(*ruling);
  auto cents = amount_of(cells, made.ruling);
  if (!cents)
    return tl::unexpected(cents.error());
  made.cents = *cents;
  if (!parse_date(cells[3], made.date))
    return wrong(fmt::format("`date` is `{}`, expected the day of the verdict, such as 2026-03-05",
                             cells[3]),
                 fmt::format("date 为“{}”，应为作出结论的日期，如 2026-03-05", cells[3]));
  const auto stage = cells[4].empty() ? std::optional<std::size_t>(0) : place_in(stages, cells[4]);
  if (!stage)
    return wrong(fmt::format("`stage` is `{}`, expected review or appeal", cells[4]),
                 fmt::format("stage 为“{}”，应为 review 或 appeal", cells[4]));
  made.stage = static_cast<Stage>(*stage);
  const bool digits = std::ranges::all_of(made.region, [](char c) { return c >= '0' && c <= '9'; });
  if (!made.region.empty() && (made.region.size() != 6 || !digits))
    return wrong(fmt::format("`region` is `{}`, expected six digits such as 330106", made.region),
                 fmt::format("region 为“{}”，应为六位行政区划代码，如 330106", made.region));
  return made;
}

} // namespace

std::string_view ruling_word(Ruling ruling) { return rulings[static_cast<std::size_t>(ruling)]; }
std::string_view stage_word(Stage stage) { return stages[static_cast<std::size_t>(stage)]; }

std::string to_json(const Verdict& verdict) {
  std::string out = fmt::format(R"({{"finding":"{}","verdict":"{}","amount":)", verdict.finding,
                                ruling_word(verdict.ruling));
  out += verdict.cents ? '"' + decimal_text(*verdict.cents, 2, 2) + '"' : "null";
  out += fmt::format(R"(,"date":"{}","stage":"{}")", date_text(verdict.date),
                     stage_word(verdict.stage));
  for (const auto& [name, text] : {std::pair("region", &verdict.region),
                                   std::pair("by", &verdict.by), std::pair("note", &verdict.note)})
    if (!text->empty()) {
      out += fmt::format(",\"{}\":", name);
      io::append_json_string(out, *text);
    }
  return out + '}';
}

Result<void> read_verdicts(const std::string& path, const VerdictPorts& ports) {
  return io::read_named_cells(path, members, [&](const io::NamedRow& row) -> Result<void> {
    auto verdict = row.cells ? verdict_of(*row.cells) : tl::unexpected(row.cells.error());
    if (verdict) {
      ports.take(std::move(*verdict), row.line);
      return {};
    }
    return ports.reject({.line = row.line,
                         .offset = row.offset,
                         .reason_en = verdict.error().en,
                         .reason_zh = verdict.error().zh,
                         .text = row.text});
  });
}

} // namespace sanku::outcomes

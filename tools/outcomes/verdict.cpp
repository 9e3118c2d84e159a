// See verdict.h.
#include "tools/outcomes/verdict.h"

#include "runtime/io/csv_rows.h"
#include "runtime/io/files.h"
#include "runtime/io/json_tape.h"
#include "runtime/io/json_text.h"
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
constexpr std::array<std::string_view, 8> members = {"finding", "verdict", "amount", "date",
                                                     "stage",   "region",  "by",     "note"};
constexpr std::size_t kept_text = 64u << 10;

using Cells = std::array<std::string, members.size()>; // empty: not given

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

Error unknown_member(std::string_view name) {
  return {.en = fmt::format("`{}` is no member of a verdict; there are {}", name,
                            fmt::join(members, ", ")),
          .zh = fmt::format("结论中没有“{}”一项；可用的有 {}", name, fmt::join(members, "、"))};
}

Result<Cells> cells_of(io::JsonTape& tape, std::string_view line) {
  if (tape.parse(line, line.size()) != io::JsonFault::none)
    return wrong("the line is no JSON object; write one verdict a line",
                 "该行不是 JSON 对象；每行写一条结论");
  Cells cells;
  const std::vector<io::Node>& nodes = tape.nodes();
  for (std::uint32_t i = 1; i < nodes[0].next; i = nodes[i].next) {
    const auto at = place_in(members, nodes[i].key);
    if (!at)
      return tl::unexpected(unknown_member(nodes[i].key));
    const bool scalar =
        nodes[i].kind == io::NodeKind::text || nodes[i].kind == io::NodeKind::number;
    if (!scalar && nodes[i].kind != io::NodeKind::null)
      return wrong(fmt::format("`{}` is neither a text nor a number", nodes[i].key),
                   fmt::format("{} 既不是文本也不是数字", nodes[i].key));
    if (scalar)
      cells[*at] = nodes[i].text;
  }
  return cells;
}

struct Reading {
  const VerdictPorts& ports;

  Result<void> one(const Result<Cells>& cells, std::uint64_t line, std::uint64_t offset,
                   std::string_view text) const {
    auto verdict = cells ? verdict_of(*cells) : tl::unexpected(cells.error());
    if (verdict) {
      ports.take(std::move(*verdict), line);
      return {};
    }
    return ports.reject({.line = line,
                         .offset = offset,
                         .reason_en = verdict.error().en,
                         .reason_zh = verdict.error().zh,
                         .text = std::string(text.substr(0, kept_text))});
  }
};

Result<void> read_json(const std::string& path, const Reading& reading) {
  auto file = io::InputFile::open(path);
  if (!file)
    return tl::unexpected(file.error());
  io::LineChunks lines([&](char* buffer, std::size_t size) { return file->read(buffer, size); });
  io::JsonTape tape;
  io::Chunk chunk;
  auto more = lines.next(chunk);
  for (; more && *more; more = lines.next(chunk)) {
    std::uint64_t line = chunk.first_line;
    std::string_view rest = chunk.text;
    for (std::uint64_t offset = chunk.offset; !rest.empty(); ++line) {
      const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
      std::string_view text = rest.substr(0, end + 1);
      const std::size_t bytes = text.size();
      while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' '))
        text.remove_suffix(1);
      if (!text.empty())
        if (auto done = reading.one(cells_of(tape, text), line, offset, text); !done)
          return done;
      rest.remove_prefix(bytes);
      offset += bytes;
    }
  }
  return more ? Result<void>() : tl::unexpected(more.error());
}

Result<void> read_csv(const std::string& path, const Reading& reading) {
  auto rows = io::CsvRows::open(path, std::nullopt);
  if (!rows)
    return tl::unexpected(rows.error());
  std::vector<std::size_t> columns;
  io::CsvRow row;
  auto more = rows->next(row);
  if (more && *more)
    for (const std::string_view header : row.fields) {
      const auto at = place_in(members, header);
      if (!at)
        return tl::unexpected(unknown_member(header));
      columns.push_back(*at);
    }
  for (const std::size_t needed : {0u, 1u, 3u})
    if (more && std::ranges::find(columns, needed) == columns.end())
      return wrong(fmt::format("`{}` has no column `{}`; the first line names the columns: {}",
                               path, members[needed], fmt::join(members, ",")),
                   fmt::format("“{}”没有 {} 一列；首行应为列名：{}", path, members[needed],
                               fmt::join(members, ",")));
  for (more = rows->next(row); more && *more; more = rows->next(row)) {
    Result<Cells> cells{Cells()};
    std::string text;
    for (const std::string_view field : row.fields)
      text += (text.empty() ? "" : ",") + std::string(field);
    if (row.fault != io::RowFault::none || row.fields.size() != columns.size())
      cells = wrong(fmt::format("the row is no CSV of {} cells, as many as the first line has",
                                columns.size()),
                    fmt::format("该行不是与首行一致的 {} 列 CSV", columns.size()));
    else
      for (std::size_t i = 0; i < columns.size(); ++i)
        (*cells)[columns[i]] = row.fields[i];
    if (auto done = reading.one(cells, row.line, row.offset, text); !done)
      return done;
  }
  return more ? Result<void>() : tl::unexpected(more.error());
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
  const Reading reading{ports};
  return path.ends_with(".csv") || path.ends_with(".CSV") ? read_csv(path, reading)
                                                          : read_json(path, reading);
}

} // namespace sanku::outcomes

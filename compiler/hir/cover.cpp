// Gaps and overlaps of decision tables, exactly. The ends of all intervals of the conditions' boxes
// (boxes.h) cut every line into pieces on which no condition changes, and each combination of
// pieces is asked which rows hold. Tables that read anything but truth, enums, numbers, money,
// dates and ages, or have too many combinations, are not judged. Entry: check_cover. Tested by
// tests/unit/compiler/decision_test.cpp.
#include "compiler/ast/print.h"
#include "compiler/ast/walk.h"
#include "compiler/hir/boxes.h"
#include "compiler/hir/decisions.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

constexpr std::size_t most_combinations = 20'000, most_told = 5;

// One piece of each line.
using Point = std::vector<Interval>;

// ---- showing a point

Value value_at(const Axis& line, const Interval& piece) {
  const Int128 at = piece.low > -far ? piece.low : piece.high < far ? piece.high : 0;
  switch (line.type.kind) {
  case Kind::boolean:
    return Bool{at != 0};
  case Kind::enumeration:
    return EnumValue{.id = static_cast<std::uint32_t>(at), .unlisted = {}};
  case Kind::integer:
    return Integer{static_cast<std::int64_t>(at)};
  case Kind::date:
    return Date{static_cast<std::int32_t>(at)};
  case Kind::age:
    return make_span(static_cast<std::int64_t>(at),
                     line.in_days ? SpanUnit::days : SpanUnit::months);
  default:
    break;
  }
  // A number: itself, or one unit beside it.
  const Int128 unit = power_of_ten(common_scale - line.type.scale);
  const bool between = at % 2 != 0;
  const Int128 whole = (between ? (piece.low > -far ? at - 1 : at + 1) : at) / 2 / unit;
  return Decimal{whole + (!between ? 0 : piece.low > -far ? 1 : -1)};
}

TypeName shown(const Scope& scope, const std::vector<Axis>& lines, const Point& point) {
  TypeName words;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Axis& line = lines[i];
    const Value value = value_at(line, point[i]);
    const Type type = line.type.kind == Kind::age ? Type{.kind = Kind::span} : line.type;
    std::string zh = to_text(value, type, Language::zh, "?"),
                en = to_text(value, type, Language::en, "?");
    if (const auto* member = std::get_if<EnumValue>(&value)) {
      const schema::Names& names =
          scope.pack.schema.enums[line.type.domain].members[member->id - 1].names;
      zh = names.zh, en = names.en;
    }
    if (const auto* truth = std::get_if<Bool>(&value))
      zh = truth->value ? "真" : "假", en = truth->value ? "true" : "false";
    words.zh += (i ? "、" : "") + line.name + " = " + zh;
    words.en += (i ? ", " : "") + line.name + " = " + en;
  }
  return words;
}

// What the author wrote there: a derived field is many calls, and one name. Null: it stands
// elsewhere, in a definition or a file.
const ast::Expr* written_at(const ast::Expr& at, const Span& span) {
  const auto* member = std::get_if<ast::Member>(&at.form);
  // Of `s.stay.days` the checker notes the last name.
  if (at.span == span || (member != nullptr && member->field.span == span))
    return &at;
  const ast::Expr* found = nullptr;
  ast::for_each_child(at, [&](const ast::Expr& child) {
    if (found == nullptr)
      found = written_at(child, span);
  });
  return found;
}

std::optional<std::string> written_name(const ast::Decide& decide, const Span& span) {
  for (const ast::Arm& arm : decide.rows.arms)
    if (const ast::Expr* found = arm.when ? written_at(*arm.when, span) : nullptr) {
      const std::string plain = ast::print(*found, ast::Spelling::en);
      const bool ascii = std::ranges::all_of(plain, [](char c) { return c > 0; });
      return ascii ? plain : ast::print(*found, ast::Spelling::zh);
    }
  return std::nullopt;
}

// ---- all points

struct Cover {
  Scope& scope;
  const Decision& decision;
  Conditions lines;
  std::vector<Boxes> rows = {};
  std::vector<std::vector<Interval>> pieces = {}; // by line

  // False: something is not judged.
  bool read() {
    for (const DecisionRow& row : decision.rows) {
      auto boxes = lines.boxes_of(row.when, true);
      if (!boxes)
        return false;
      rows.push_back(std::move(*boxes));
    }
    for (std::size_t i = 0; i < lines.lines.size(); ++i) {
      Axis& line = lines.lines[i];
      line.name = written_name(*decision.written, line.span).value_or(line.name);
      pieces.push_back(cut(i));
    }
    std::size_t combinations = 1;
    for (const auto& each : pieces) {
      combinations *= each.size();
      if (combinations > most_combinations)
        return false;
    }
    return !lines.lines.empty();
  }

  std::vector<Interval> cut(std::size_t number) const {
    const Interval domain = lines.lines[number].domain;
    std::set<Int128> begins{domain.low};
    for (const Boxes& boxes : rows)
      for (const Box& box : boxes)
        if (const auto part = box.find(number); part != box.end()) {
          begins.insert(part->second.low);
          if (part->second.high < domain.high)
            begins.insert(part->second.high + 1);
        }
    std::vector<Interval> made;
    for (auto at = begins.begin(); at != begins.end(); ++at) {
      const auto next = std::next(at);
      made.push_back({*at, next == begins.end() ? domain.high : *next - 1});
    }
    return made;
  }

  bool holds(std::size_t row, const Point& point) const {
    return std::ranges::any_of(rows[row], [&](const Box& box) {
      return std::ranges::all_of(box, [&](const auto& limit) {
        return limit.second.low <= point[limit.first].low &&
               point[limit.first].high <= limit.second.high;
      });
    });
  }

  template <class Fn> void each_point(const Fn& fn) const {
    std::vector<std::size_t> at(pieces.size(), 0);
    while (true) {
      Point point;
      for (std::size_t i = 0; i < at.size(); ++i)
        point.push_back(pieces[i][at[i]]);
      fn(point);
      std::size_t i = at.size();
      while (i > 0 && ++at[i - 1] == pieces[i - 1].size())
        at[--i] = 0;
      if (i == 0)
        return;
    }
  }

  void place(diag::Diagnostic& told, std::size_t row) const {
    const DecisionRow& of = decision.rows[row];
    if (of.line != 0)
      told.label(of.at, fmt::format("{} 第 {} 行", decision.written->file, of.line),
                 fmt::format("{} line {}", decision.written->file, of.line));
    else
      told.label(of.at, "这一行", "this row");
  }

  void judge() {
    const std::string& name = decision.written->names.first.text;
    const ast::Hit hit = decision.written->hit;
    std::optional<Point> gap;
    std::map<std::pair<std::size_t, std::size_t>, Point> both;
    std::set<std::size_t> reached;
    each_point([&](const Point& point) {
      std::vector<std::size_t> here;
      for (std::size_t row = 0; row < rows.size(); ++row)
        if (holds(row, point))
          here.push_back(row);
      if (here.empty() && !gap)
        gap = point;
      if (!here.empty())
        reached.insert(here.front());
      for (std::size_t i = 1; i < here.size(); ++i)
        both.try_emplace({here[0], here[i]}, point);
    });
    if (gap && !decision.otherwise) {
      const TypeName example = shown(scope, lines.lines, *gap);
      report<"decide_gap">(scope.diagnostics, decision.written->names.first.span, name,
                           Words{example.zh, example.en});
    }
    std::size_t told = 0;
    if (hit == ast::Hit::unique)
      for (const auto& [pair, point] : both)
        if (told++ < most_told) {
          const TypeName example = shown(scope, lines.lines, point);
          auto& found = report<"decide_overlap">(scope.diagnostics, decision.rows[pair.second].at,
                                                 name, Words{example.zh, example.en});
          place(found, pair.first);
          place(found, pair.second);
        }
    if (hit == ast::Hit::first)
      for (std::size_t row = 0; row < rows.size(); ++row)
        if (!reached.contains(row) && told++ < most_told)
          place(report<"decide_unreachable">(scope.diagnostics, decision.rows[row].at, name), row);
  }
};

} // namespace

void check_cover(Scope& scope, const Decision& decision) {
  if (decision.written->hit == ast::Hit::collect)
    return; // no result is as good as several
  Cover cover{scope, decision, Conditions{scope}};
  if (cover.read())
    cover.judge();
}

} // namespace sanku::hir

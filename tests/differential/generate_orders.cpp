// Orders of lists, what stands at their ends, whole tables, and groups that elements enter by rows:
// see generator.h.
#include "tests/differential/generator.h"

#include <fmt/format.h>

namespace sanku::differential {

// `(list ranked by FIELD)`.
std::optional<MadeList> Generator::ranked(std::optional<std::uint32_t> relation, int depth) {
  MadeList source = random_.chance(60) ? child_list(relation) : those(relation, depth - 1);
  if (const auto named = random_.chance(30) ? named_list(relation) : std::nullopt)
    source = *named;
  if (!source.plain || source.table || source.ranked)
    return std::nullopt;
  std::vector<const Field*> found;
  for (const Field& each : world_.fields[source.relation]) {
    const Kind kind = each.type.kind;
    const bool ordered =
        is_number(kind) || kind == Kind::integer || kind == Kind::date || kind == Kind::datetime ||
        (kind == Kind::enumeration && world_.schema().enums[each.type.domain].ordered);
    if (!each.bare.empty() && ordered)
      found.push_back(&each);
  }
  if (found.empty())
    return std::nullopt;
  constexpr const char* directions[] = {"", "", " descending", " 降序", " 升序"};
  MadeList list{.piece = join("(", source.piece, random_.chance(70) ? " ranked by " : " 排序按 ",
                              random_.of(found)->bare, random_.of(directions), ")"),
                .relation = source.relation,
                .table = {},
                .plain = true,
                .ranked = true};
  list.piece.kind = fmt::format("list {}", source.relation);
  return list;
}

// `list.first.FIELD`, `first(list).FIELD`.
std::optional<Made> Generator::picked(const Type& wanted, int depth) {
  if (!may_fold() || shape_.cheap || wanted.kind == Kind::age || wanted.kind == Kind::count)
    return std::nullopt;
  MadeList over = random_.chance(50) ? child_list(std::nullopt) : those(std::nullopt, depth - 1);
  if (const auto other = random_.chance(40)   ? ranked(std::nullopt, depth)
                         : random_.chance(30) ? beyond(std::nullopt, depth)
                                              : named_list(std::nullopt))
    over = *other;
  if (over.table)
    return std::nullopt;
  std::vector<Made> found;
  for (const Field& each : world_.fields[over.relation])
    if (fits(wanted, each.type))
      found.push_back({.piece = random_.chance(65) ? each.paths.front() : random_.of(each.paths),
                       .type = each.type});
  if (found.empty())
    return std::nullopt;
  const Made& field = random_.of(found);
  const bool last = random_.chance(50);
  Piece piece;
  if (random_.chance(40)) {
    const char* const word = last                 ? random_.chance(70) ? "last(" : "末个("
                             : random_.chance(70) ? "first("
                                                  : "首个(";
    piece = join(word, over.piece, ")", field.piece);
  } else {
    const char* const word = last                 ? random_.chance(70) ? ".last" : "的末个"
                             : random_.chance(70) ? ".first"
                                                  : "的首个";
    piece = join(over.piece, word, field.piece);
  }
  piece.kind = fmt::format("{} {}", info(field.type.kind).en, field.type.domain);
  return Made{.piece = std::move(piece), .type = field.type, .level = Level::postfix};
}

// Every row of a table.
MadeList Generator::whole_table() {
  const std::size_t index = random_.below(tables_.size());
  const Table& table = tables_[index];
  return {.piece = random_.chance(65) ? table.name : table.name_zh,
          .relation = 0,
          .table = index,
          .plain = false};
}

// ` with r in t[code]` before `by`: the row is in the scope of the keys behind it, not of the rule.
Piece Generator::entering(std::uint32_t relation) {
  std::vector<std::size_t> fitting;
  std::optional<Type> code;
  for (const Field& each : world_.fields[relation])
    if (each.bare == "code")
      code = each.type;
  for (std::size_t i = 0; i < tables_.size(); ++i)
    if (code && fits(tables_[i].key, *code))
      fitting.push_back(i);
  const bool own = !fitting.empty() && random_.chance(70);
  const std::size_t index = own ? random_.of(fitting) : random_.below(tables_.size());
  const auto key =
      own ? std::optional(join(tables_[index].name, "[code]")) : lookup(tables_[index], 1);
  if (!key)
    return {};
  const std::string name = fresh_name();
  scope_.elements.push_back({.name = name, .relation = 0, .table = index, .match = false});
  return join(random_.chance(70) ? " with " : " 另有 ", name, random_.chance(75) ? " in " : " 于 ",
              *key);
}

} // namespace sanku::differential

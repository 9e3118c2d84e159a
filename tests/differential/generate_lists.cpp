// Lists, look-ups and folds: see generator.h.
#include "runtime/types/check.h"
#include "tests/differential/generator.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::differential {
namespace {

template <class T> struct Restored {
  T& place;
  T before;
  explicit Restored(T& at) : place(at), before(at) {}
  Restored(const Restored&) = delete;
  Restored& operator=(const Restored&) = delete;
  ~Restored() { place = before; }
};

} // namespace

std::string Generator::fresh_name() {
  const unsigned n = names_++;
  return random_.chance(75) ? fmt::format("x{}", n) : fmt::format("某{}", n);
}

void Generator::bind(const std::string& name, const MadeList& list, bool match) {
  scope_.elements.push_back(
      {.name = name, .relation = list.relation, .table = list.table, .match = match});
}

MadeList Generator::child_list(std::optional<std::uint32_t> relation) {
  const auto& relations = world_.schema().relations;
  if (scope_.group && (!relation || *relation == *scope_.group) &&
      (shape_.cheap || random_.chance(60))) {
    const schema::Names& names = relations[*scope_.group].names;
    const std::string member = random_.chance(60)   ? ".items"
                               : random_.chance(50) ? "." + names.en
                                                    : "的" + names.zh;
    return {.piece = (random_.chance(70) ? "group" : "组") + member,
            .relation = *scope_.group,
            .table = {},
            .plain = true};
  }
  // The fee lines mostly: they have quantities, amounts and times.
  const auto any = random_.chance(60) ? world_.lines
                                      : static_cast<std::uint32_t>(random_.between(
                                            1, static_cast<std::int64_t>(relations.size()) - 1));
  const std::uint32_t chosen = relation.value_or(any);
  if (shape_.past && random_.chance(35))
    return list_of_each(chosen);
  const schema::Names& names = relations[chosen].names;
  const std::string written = random_.chance(70)   ? names.en
                              : random_.chance(50) ? names.zh
                                                   : relations[0].names.en + "." + names.en;
  return {.piece = written, .relation = chosen, .table = {}, .plain = true};
}

std::optional<MadeList> Generator::named_list(std::optional<std::uint32_t> relation) {
  std::vector<const NamedList*> found;
  for (const NamedList& each : scope_.lists)
    if (!(scope_.guard && each.match) &&
        (!relation || (!each.list.table && each.list.relation == *relation)))
      found.push_back(&each);
  if (found.empty())
    return std::nullopt;
  MadeList list = random_.of(found)->list;
  list.piece = random_.of(found)->name;
  for (const NamedList* each : found)
    if (render(list.piece) == each->name)
      list = {.piece = each->name,
              .relation = each->list.relation,
              .table = each->list.table,
              .plain = each->list.plain,
              .ranked = each->list.ranked};
  return list;
}

MadeList Generator::those(std::optional<std::uint32_t> relation, int depth) {
  const Restored names(scope_.elements);
  const Restored folds(scope_.folds);
  if (scope_.folds > 0)
    --scope_.folds;
  MadeList source = !shape_.cheap && random_.chance(15)
                        ? beyond(relation, depth - 1).value_or(child_list(relation))
                        : child_list(relation);
  const std::string name = fresh_name();
  bind(name, source, false);
  Piece piece = join("those(", name, random_.chance(75) ? " in " : " 于 ", source.piece);
  bool plain = source.plain;
  if (!shape_.cheap && random_.chance(15)) {
    if (const auto second = random_.chance(50)
                                ? rows(depth - 1)
                                : std::optional<MadeList>(child_list(std::nullopt))) {
      const std::string other = fresh_name();
      piece.parts.push_back(optional(join(", ", other, " in ", second->piece)));
      bind(other, *second, false);
      plain = false;
    }
  }
  if (random_.chance(85))
    piece.parts.push_back(optional(join(" where ", condition(std::min(depth, 1)).piece)));
  piece.parts.emplace_back(")");
  piece.kind = fmt::format("list {}", source.relation);
  return {.piece = std::move(piece), .relation = source.relation, .table = {}, .plain = plain};
}

std::optional<MadeList> Generator::beyond(std::optional<std::uint32_t> relation, int depth) {
  MadeList source = random_.chance(50) ? child_list(relation) : those(relation, depth - 1);
  if (const auto named = random_.chance(40) ? named_list(relation) : std::nullopt)
    source = *named;
  if (const auto other = random_.chance(20) ? ranked(relation, depth) : std::nullopt)
    source = *other;
  if (!source.plain || source.table)
    return std::nullopt;
  std::vector<const Field*> found;
  for (const Field& each : world_.fields[source.relation]) {
    const bool distinct = each.type.kind == Kind::date || each.type.kind == Kind::code ||
                          each.type.kind == Kind::enumeration;
    if (!each.bare.empty() && (distinct || each.is_quantity))
      found.push_back(&each);
    if (each.is_quantity)
      for (int weight = 0; weight < 9; ++weight)
        found.push_back(&each);
  }
  if (found.empty())
    return std::nullopt;
  const Field& of = *random_.of(found);
  const bool by_number = of.is_quantity && random_.chance(70);
  Made limit =
      by_number ? at_most_scale(decimal(std::min(depth, 1)), 4) : integer(std::min(depth, 1));
  if (may_fold() && !shape_.cheap && random_.chance(10))
    limit = count(0);
  std::vector<std::string> names = of.column ? of.paths : std::vector<std::string>{"." + of.bare};
  const std::string path = random_.chance(70) ? names.front() : random_.of(names);
  // Behind `of` stands the bare name: what follows the dot or the 的 of the path.
  const std::string name =
      path.starts_with(".") ? path.substr(1) : path.substr(std::string("的").size());
  MadeList list{
      .piece = join("(", source.piece, " beyond first ", at(limit, Level::sum), " of ", name, ")"),
      .relation = source.relation,
      .table = {},
      .plain = false};
  list.piece.kind = fmt::format("list {}", source.relation);
  return list;
}

std::optional<Made> Generator::key_for(const Table& table, int depth) {
  const Made key =
      random_.chance(70) ? field_or(table.key, literal(table.key)) : value(table.key, depth);
  if (!fits(table.key, key.type))
    return std::nullopt;
  return key;
}

std::optional<Piece> Generator::lookup(const Table& table, int depth) {
  const auto key = key_for(table, depth);
  if (!key)
    return std::nullopt;
  return join(random_.chance(65) ? table.name : table.name_zh, "[", key->piece, "]");
}

std::optional<MadeList> Generator::rows(int depth) {
  if (random_.chance(12))
    return whole_table();
  const std::size_t table = random_.below(tables_.size());
  auto piece = lookup(tables_[table], depth);
  if (!piece)
    return std::nullopt;
  return MadeList{.piece = std::move(*piece), .relation = 0, .table = table, .plain = false};
}

MadeList Generator::list(int depth) {
  if (shape_.past && random_.chance(35))
    return visits();
  const std::uint64_t choice = random_.below(10);
  if (choice < 2 && !shape_.cheap)
    if (auto found = beyond(std::nullopt, depth))
      return std::move(*found);
  if (choice == 2 && !shape_.cheap)
    return random_.chance(70) ? those(std::nullopt, depth)
                              : ranked(std::nullopt, depth).value_or(child_list(std::nullopt));
  if (choice == 3 || choice == 4)
    if (auto found = named_list(std::nullopt))
      return std::move(*found);
  if (choice == 5 || choice == 6)
    if (auto found = rows(depth - 1))
      return std::move(*found);
  return child_list(std::nullopt);
}

MadeList Generator::lines(int depth) {
  const std::uint64_t choice = random_.below(4);
  if (choice == 0)
    if (auto found = named_list(world_.lines))
      return std::move(*found);
  if (choice == 1)
    if (auto found = beyond(world_.lines, depth))
      return std::move(*found);
  if (choice == 2)
    return those(world_.lines, depth);
  return child_list(world_.lines);
}

// `word` ( binders [where p] [value_word value] ). `taken`: the kind of value to take, or null.
Made Generator::fold(const char* word, const char* value_word, const Type* taken,
                     const Type& result, int depth) {
  const Restored names(scope_.elements);
  const Restored folds(scope_.folds);
  if (scope_.folds > 0)
    --scope_.folds;
  MadeList over = list(depth - 1);
  // The value is read from the first element, so it has to have something of that kind to read.
  const bool named = taken != nullptr || random_.chance(88);
  Piece piece = join(word, "(");
  if (named) {
    const std::string name = fresh_name();
    const bool pairs = over.plain && !over.table && !shape_.cheap && random_.chance(12);
    const std::string next = pairs ? fresh_name() : "";
    piece.parts.emplace_back(name +
                             (pairs ? (random_.chance(70) ? " then " : " 随后 ") + next : "") +
                             (random_.chance(75) ? " in " : " 于 "));
    bind(name, over, false);
    if (pairs)
      bind(next, over, false);
  }
  piece.parts.push_back(over.piece);
  if (named && !shape_.cheap && random_.chance(20)) {
    if (const auto second =
            random_.chance(65) ? rows(depth - 1) : std::optional<MadeList>(list(depth - 2))) {
      const std::string other = fresh_name();
      piece.parts.push_back(optional(join(", ", other, " in ", second->piece)));
      bind(other, *second, false);
    }
  }
  if (random_.chance(75))
    piece.parts.push_back(optional(join(" where ", condition(std::min(depth - 1, 1)).piece)));
  Type type = result;
  if (taken != nullptr) {
    Made inner = taken->kind == Kind::boolean ? condition(std::min(depth - 1, 1))
                                              : value(*taken, std::min(depth - 1, 1));
    if (taken->kind == Kind::integer && scope_.folds > 0 && random_.chance(10))
      inner = count(0);
    piece.parts.emplace_back(value_word);
    const bool period = std::string_view(word) == "covered" || std::string_view(word) == "覆盖";
    piece.parts.push_back(period ? at(std::move(inner), Level::sum) : inner.piece);
    if (period)
      piece.parts.push_back(join(" .. ", at(value(*taken, 0), Level::sum)));
    if (is_number(type.kind))
      type.scale = inner.type.scale;
  }
  piece.parts.emplace_back(")");
  piece.kind = fmt::format("{} {}", info(type.kind).en, type.domain);
  return {.piece = std::move(piece), .type = type, .level = Level::postfix, .flexible = false};
}

} // namespace sanku::differential

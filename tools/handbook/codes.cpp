// The index by code and by name (codes.h).
#include "tools/handbook/codes.h"

#include "runtime/io/json_text.h"
#include "runtime/kernels/sets.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace sanku::handbook {
namespace {

constexpr std::size_t most_in_shard = 500; // entries, unless they are all of one code
constexpr std::size_t shown_cells = 60;    // of what a row says
constexpr std::size_t shown_codes = 8;     // of a name

struct Builder {
  const Book& book;
  Codes made = {};
  std::map<std::tuple<std::string, std::string, std::uint32_t, bool>, CodeEntry> codes = {};
  struct Named {
    std::set<std::size_t> places;
    std::set<std::string> codes;
  };
  std::map<std::string, Named> names = {};

  [[nodiscard]] const schema::Schema& schema() const { return book.program.schema; }

  // What stands for codes: one, or all from it to another; of what system, and whether for all that
  // begin with them.
  struct Written {
    std::string code, high;
    std::uint32_t system = no_system;
    bool below = false;
  };
  void mention(const Written& written, const std::string& name, const Mention& mention) {
    const auto& [code, high, system, below] = written;
    CodeEntry& entry = codes[{code, high, system, below}];
    entry.code = code, entry.high = high, entry.system = system, entry.below = below;
    if (entry.name.empty())
      entry.name = name;
    entry.mentions.push_back(mention);
    if (name.empty())
      return;
    names[name].places.insert(mention.place);
    if (high.empty())
      names[name].codes.insert(code);
  }
  void set(std::string_view text, std::uint32_t system, bool below, const Mention& where) {
    const Text all{text.data(), text.size()};
    const auto of = [](Text part) { return std::string(part.data, part.size); };
    for (std::uint64_t at = 0; at < all.size;) {
      const kernels::SetPart part = kernels::next_part(all, at);
      mention({.code = of(part.low),
               .high = part.range ? of(part.high) : std::string(),
               .system = system,
               .below = below || part.range},
              {}, where);
    }
  }

  // ---- tables

  // The text beside a code that says what it is called.
  [[nodiscard]] static std::optional<std::uint32_t> name_beside(const schema::Relation& relation,
                                                                std::uint32_t column) {
    const std::uint32_t next = column + 1;
    if (next >= relation.columns.size() || relation.columns[next].type.kind != Kind::text)
      return std::nullopt;
    const schema::Names& names = relation.columns[next].names;
    const bool is_name =
        names.en.find("name") != std::string::npos || names.zh.find("名") != std::string::npos;
    return is_name ? std::optional(next) : std::nullopt;
  }

  struct TableCodes {
    hir::TableId id;
    std::size_t place;
    std::set<std::uint32_t> read; // columns that some rule reads
  };
  [[nodiscard]] std::string says(const TableCodes& of, std::size_t row, std::uint32_t but) const {
    const hir::Table& table = book.program.tables[of.id];
    const knowledge::Table& loaded = book.rules.checked->tables[of.id];
    std::string text;
    for (const std::uint32_t each : of.read) {
      const schema::Column& column = table.shape.relation.columns[each];
      if (each == but || each == table.shape.key || each == table.shape.zone_from ||
          each == table.shape.zone_to || !is_known(loaded.rows[row][each]))
        continue;
      const std::string cell = book.value(loaded.rows[row][each], column.type);
      if (!cell.empty())
        text += fmt::format("{}{} {}", text.empty() ? "" : book.pick("，", ", "),
                            book.of(column.names), engine::fitted(cell, shown_cells));
    }
    return text;
  }
  void table(const TableCodes& of) {
    const hir::Table& table = book.program.tables[of.id];
    const knowledge::Table& loaded = book.rules.checked->tables[of.id];
    const knowledge::TableShape& shape = table.shape;
    for (std::uint32_t c = 0; c < shape.relation.columns.size(); ++c) {
      const Type& type = shape.relation.columns[c].type;
      const bool set_of_codes = shape.sets[c] && shape.sets[c]->kind == Kind::code;
      const bool by_name = c == shape.key && type.kind == Kind::text && !shape.sets[c];
      if (type.kind != Kind::code && !set_of_codes && !by_name)
        continue;
      const std::uint32_t system = set_of_codes ? shape.sets[c]->domain : type.domain;
      const bool below = shape.prefix[c] || (!by_name && schema().systems[system].hierarchical) ||
                         (c == shape.key && shape.key_prefix);
      const auto beside = by_name ? std::nullopt : name_beside(shape.relation, c);
      for (std::size_t row = 0; row < loaded.rows.size(); ++row) {
        const Mention where{.place = of.place, .line = loaded.lines[row], .says = says(of, row, c)};
        const Value& cell = loaded.rows[row][c];
        if (const auto* text = std::get_if<std::string>(&cell)) {
          if (by_name)
            names[*text].places.insert(of.place);
          else
            set(*text, system, below, where);
        } else if (const auto* code = std::get_if<CodeText>(&cell)) {
          const auto* name =
              beside ? std::get_if<std::string>(&loaded.rows[row][*beside]) : nullptr;
          mention({.code = code->text, .high = {}, .system = system, .below = below},
                  name ? *name : std::string(), where);
        }
      }
    }
  }
  void tables() {
    std::map<hir::TableId, TableCodes> wanted;
    for (std::size_t rule = 0; rule < book.facts.size(); ++rule)
      for (const auto& [id, columns] : book.facts[rule].tables) {
        const auto [at, added] =
            wanted.try_emplace(id, TableCodes{.id = id, .place = made.places.size(), .read = {}});
        if (added)
          made.places.push_back(
              {.name = book.of(book.program.tables[id].shape.relation.names), .rules = {}});
        made.places[at->second.place].rules.push_back(rule);
        at->second.read.insert(columns.begin(), columns.end());
      }
    for (const auto& [id, of] : wanted)
      table(of);
  }

  // ---- sets

  [[nodiscard]] std::uint32_t system_named(const std::string& name) const {
    for (std::uint32_t i = 0; i < schema().systems.size(); ++i)
      if (schema().systems[i].names.en == name || schema().systems[i].names.zh == name)
        return i;
    return no_system;
  }

  // Codes of a literal set: texts, and ranges of them.
  void literal(const ast::SetLiteral& set, std::uint32_t system, std::size_t place) {
    const auto text = [](const ast::ExprPtr& expr) -> const std::string* {
      const auto* found = expr ? std::get_if<ast::TextLiteral>(&expr->form) : nullptr;
      return found ? &found->text : nullptr;
    };
    for (const ast::SetElement& each : set.elements)
      if (const std::string* low = text(each.low)) {
        const std::string* high = text(each.high);
        // Sets are asked for a code itself or for one under it: both are shown.
        mention(
            {.code = *low, .high = high ? *high : std::string(), .system = system, .below = true},
            {}, {.place = place, .line = 0, .says = {}});
      }
  }
  void sets() {
    std::map<const ast::SetDecl*, std::size_t> places;
    for (std::size_t rule = 0; rule < book.facts.size(); ++rule) {
      for (const ast::SetDecl* set : book.facts[rule].sets) {
        const auto [at, added] = places.try_emplace(set, made.places.size());
        if (added) {
          const bool second = book.zh() && set->names.second;
          made.places.push_back(
              {.name = second ? set->names.second->text : set->names.first.text, .rules = {}});
          if (const auto* written = std::get_if<ast::SetLiteral>(&set->literal->form))
            literal(*written, system_named(set->type.name.text), at->second);
        }
        made.places[at->second].rules.push_back(rule);
      }
      for (const ast::SetLiteral* set : book.facts[rule].literals) {
        made.places.push_back({.name = book.program.rules[rule].id, .rules = {rule}});
        literal(*set, no_system, made.places.size() - 1);
      }
    }
  }

  [[nodiscard]] Codes done() {
    for (auto& [key, entry] : codes)
      made.codes.push_back(std::move(entry));
    for (const auto& [name, of] : names)
      made.names.push_back({.name = name,
                            .places = {of.places.begin(), of.places.end()},
                            .codes = {of.codes.begin(), of.codes.end()}});
    return std::move(made);
  }
};

// ---- files

std::string in_quotes(std::string_view text) {
  std::string out;
  io::append_json_string(out, text);
  return out;
}

void append(std::string& out, const CodeEntry& entry) {
  out += fmt::format("[{},{},{},{},{},[", in_quotes(entry.code), in_quotes(entry.high),
                     entry.below ? 1 : 0, in_quotes(entry.name),
                     entry.system == no_system ? -1 : static_cast<std::int64_t>(entry.system));
  for (std::size_t i = 0; i < entry.mentions.size(); ++i) {
    const Mention& each = entry.mentions[i];
    out +=
        fmt::format("{}[{},{},{}]", i == 0 ? "" : ",", each.place, each.line, in_quotes(each.says));
  }
  out += "]],\n";
}

struct Sharder {
  std::vector<Shard> shards = {};

  void add(const std::string& prefix, bool ranges, const std::vector<const CodeEntry*>& entries) {
    if (entries.empty())
      return;
    Shard shard{.prefix = prefix,
                .ranges = ranges,
                .file = fmt::format("data/c{}.js", shards.size()),
                .text = {}};
    shard.text = fmt::format("codes({},[\n", shards.size());
    for (const CodeEntry* each : entries)
      append(shard.text, *each);
    shard.text += "]);\n";
    shards.push_back(std::move(shard));
  }
  // Splits by the next character, until few are left.
  void split(const std::string& prefix, const std::vector<const CodeEntry*>& entries) {
    if (entries.size() <= most_in_shard)
      return add(prefix, false, entries);
    std::map<std::string, std::vector<const CodeEntry*>> by_next;
    for (const CodeEntry* each : entries)
      by_next[each->code.substr(0, std::min(prefix.size() + 1, each->code.size()))].push_back(each);
    for (const auto& [next, rest] : by_next)
      if (next == prefix)
        add(prefix, false, rest);
      else
        split(next, rest);
  }
};

} // namespace

Codes codes_of(const Book& book) {
  Builder builder{.book = book};
  builder.tables();
  builder.sets();
  return builder.done();
}

std::vector<Shard> shards_of(const Codes& codes) {
  Sharder sharder;
  std::vector<const CodeEntry*> single, ranges;
  for (const CodeEntry& each : codes.codes)
    (each.high.empty() ? single : ranges).push_back(&each);
  sharder.add("", true, ranges);
  sharder.split("", single);
  return std::move(sharder.shards);
}

std::string names_file(const Codes& codes) {
  std::string out = "names([\n";
  for (const NameEntry& each : codes.names) {
    out += fmt::format("[{},[{}],{},[", in_quotes(each.name), fmt::join(each.places, ","),
                       each.codes.size());
    for (std::size_t i = 0; i < each.codes.size() && i < shown_codes; ++i)
      out += fmt::format("{}{}", i == 0 ? "" : ",", in_quotes(each.codes[i]));
    out += "]],\n";
  }
  return out + "]);\n";
}

} // namespace sanku::handbook

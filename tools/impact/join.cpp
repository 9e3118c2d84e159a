// See join.h.
#include "tools/impact/join.h"

#include "compiler/hir/renumber.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace sanku::impact {
namespace {

using hir::Program;

std::uint32_t index_of(const std::map<std::string, std::uint32_t>& by_name,
                       const std::string& name) {
  const auto found = by_name.find(name);
  return found == by_name.end() ? ~0u : found->second;
}

std::map<std::string, std::uint32_t> by_name(const std::vector<hir::Table>& tables) {
  std::map<std::string, std::uint32_t> made;
  for (std::uint32_t i = 0; i < tables.size(); ++i)
    made.emplace(tables[i].shape.relation.names.en, i);
  return made;
}
std::map<std::string, std::uint32_t> by_name(const std::vector<hir::Model>& models) {
  std::map<std::string, std::uint32_t> made;
  for (std::uint32_t i = 0; i < models.size(); ++i)
    made.emplace(models[i].names.en, i);
  return made;
}

// Rows that only one of them has, each as often as it has it more.
void count_rows(const knowledge::Table& before, const knowledge::Table& after, DataChange& change) {
  const auto text = [](const std::vector<Value>& row) {
    std::string all;
    for (const Value& cell : row) {
      const std::string one = to_text(cell, {}, Language::en, {});
      all += std::to_string(cell.index()) + ':' + std::to_string(one.size()) + ':' + one;
    }
    return all;
  };
  std::map<std::string, std::int64_t> rows;
  for (const std::vector<Value>& row : after.rows)
    ++rows[text(row)];
  for (const std::vector<Value>& row : before.rows)
    --rows[text(row)];
  for (const auto& [row, count] : rows)
    (count > 0 ? change.rows_added : change.rows_removed) +=
        static_cast<std::uint64_t>(count > 0 ? count : -count);
}

// What both packs hold by name, and what of it is the same.
struct Comparing {
  const engine::Rules &before_rules, &after_rules;
  const Program& before = engine::program(before_rules);
  const Program& after = engine::program(after_rules);
  std::map<std::string, std::uint32_t> tables = by_name(before.tables),
                                       models = by_name(before.models);
  // By number in the second pack the same in the first.
  std::vector<std::optional<std::uint32_t>> same_tables = {}, same_models = {};

  // Whether layers of one place change it.
  static bool same_place(const hir::Table& a, const hir::Table& b) {
    return !a.shape.zone_from || a.region == b.region;
  }

  void compare_data(Joined& joined) {
    for (std::uint32_t t = 0; t < after.tables.size(); ++t) {
      const std::string& name = after.tables[t].shape.relation.names.en;
      const std::uint32_t other = index_of(tables, name);
      DataChange change{.name = name, .state = State::added};
      same_tables.emplace_back();
      if (other != ~0u) {
        const auto &a = before_rules.checked->tables[other], &b = after_rules.checked->tables[t];
        if (hir::content_of(before.tables[other].shape) == hir::content_of(after.tables[t].shape) &&
            same_place(before.tables[other], after.tables[t]) && hir::same_rows(a, b)) {
          same_tables.back() = other;
          continue;
        }
        change.state = State::changed;
        count_rows(a, b, change);
      } else {
        change.rows_added = after_rules.checked->tables[t].rows.size();
      }
      joined.tables.push_back(std::move(change));
    }
    const auto now = by_name(after.tables);
    for (const auto& [name, t] : tables)
      if (!now.contains(name))
        joined.tables.push_back({.name = name,
                                 .state = State::removed,
                                 .rows_removed = before_rules.checked->tables[t].rows.size()});
    std::ranges::sort(joined.tables, {}, &DataChange::name);
    compare_models(joined);
  }

  void compare_models(Joined& joined) {
    for (const hir::Model& model : after.models) {
      const std::uint32_t other = index_of(models, model.names.en);
      same_models.emplace_back();
      if (other != ~0u && hir::content_of(before.models[other]) == hir::content_of(model))
        same_models.back() = other;
      else
        joined.models.push_back(
            {.name = model.names.en, .state = other == ~0u ? State::added : State::changed});
    }
    const auto now = by_name(after.models);
    for (const auto& [name, m] : models)
      if (!now.contains(name))
        joined.models.push_back({.name = name, .state = State::removed});
    std::ranges::sort(joined.models, {}, &DataChange::name);
  }

  // What overlays say of a rule stands all over it once it is checked: named as what it is.
  static std::vector<hir::Part> parts_that_differ(const hir::RuleContent& a,
                                                  const hir::RuleContent& b) {
    const bool by_overlays =
        a.parts != b.parts && (a.severities != b.severities || a.disabled != b.disabled);
    std::vector<hir::Part> parts;
    for (std::size_t i = 0; i < hir::part_count; ++i) {
      const auto part = static_cast<hir::Part>(i);
      if (!by_overlays ? a.parts[i] != b.parts[i]
                       : a.written[i] != b.written[i] ||
                             (part == hir::Part::severity && a.severities != b.severities) ||
                             (part == hir::Part::conditions && a.disabled != b.disabled))
        parts.push_back(part);
    }
    return parts;
  }

  // Of a rule that both have. Its text names tables and models; what they hold is compared apart.
  RuleChange compare_rule(const hir::Rule& old_rule, const hir::Rule& new_rule) const {
    RuleChange change{.id = new_rule.id,
                      .title_zh = new_rule.title_zh,
                      .title_en = new_rule.title_en,
                      .parts = {},
                      .tables = {},
                      .models = {}};
    const hir::RuleContent a = hir::content_of(before, old_rule),
                           b = hir::content_of(after, new_rule);
    change.parts = parts_that_differ(a, b);
    for (const hir::TableId t : b.tables)
      if (!same_tables[t])
        change.tables.push_back(after.tables[t].shape.relation.names.en);
    for (const hir::ModelId m : b.models)
      if (!same_models[m])
        change.models.push_back(after.models[m].names.en);
    std::ranges::sort(change.tables);
    std::ranges::sort(change.models);
    const bool only_words = change.parts == std::vector{hir::Part::words};
    if (!change.tables.empty() || !change.models.empty() || (!change.parts.empty() && !only_words))
      change.state = State::changed;
    else if (only_words)
      change.state = State::reworded;
    return change;
  }

  void compare_rules(Joined& joined) const {
    std::map<std::string, const hir::Rule*> old_rules;
    for (const hir::Rule& rule : before.rules)
      old_rules.emplace(rule.id, &rule);
    const auto alone = [](const hir::Rule& rule, State state) {
      return RuleChange{.id = rule.id,
                        .title_zh = rule.title_zh,
                        .title_en = rule.title_en,
                        .state = state,
                        .parts = {},
                        .tables = {},
                        .models = {}};
    };
    for (const hir::Rule& rule : after.rules) {
      const auto found = old_rules.find(rule.id);
      if (found == old_rules.end()) {
        joined.changes.push_back(alone(rule, State::added));
        continue;
      }
      joined.changes.push_back(compare_rule(*found->second, rule));
      old_rules.erase(found);
    }
    for (const auto& [id, rule] : old_rules)
      joined.changes.push_back(alone(*rule, State::removed));
    std::ranges::sort(joined.changes, {}, &RuleChange::id);
  }
};

std::string values_of(const Program& program, const hir::Param& param) {
  std::string text;
  for (const hir::ParamValue& each : param.values) {
    std::string_view name;
    if (const auto* listed = std::get_if<EnumValue>(&each.value); listed && listed->id != 0)
      name = schema::enum_name(program.schema.enums[param.type.domain], listed->id, false);
    text += text.empty() ? "" : "; ";
    text += to_text(each.value, param.type, Language::en, name);
    if (each.layer != 0)
      text += " @ " + program.layers[each.layer].name;
    if (each.from)
      text += " from " + date_text(*each.from);
  }
  return text;
}

void compare_params(const Program& before, const Program& after, Joined& joined) {
  std::map<std::string, ParamChange> by_param;
  for (const hir::Param& param : before.params)
    by_param[param.names.en].before = values_of(before, param);
  for (const hir::Param& param : after.params)
    by_param[param.names.en].after = values_of(after, param);
  for (auto& [name, change] : by_param) {
    change.name = name;
    if (change.before != change.after)
      joined.params.push_back(std::move(change));
  }
}

Completion completion_of(const engine::Rules& rules) {
  return {.codes = engine::code_book(engine::program(rules), rules.checked->tables),
          .local = engine::local_codes(engine::program(rules))};
}

bool same_completion(const Completion& a, const Completion& b) {
  const auto key = [](const assemble::LocalCode& code) {
    return std::tie(code.first, code.last, code.type, code.code, code.member);
  };
  const bool local =
      a.local.codes.empty() == b.local.codes.empty() &&
      (a.local.codes.empty() || (a.local.where == b.local.where &&
                                 std::ranges::equal(a.local.codes, b.local.codes, {}, key, key)));
  return local && assemble::same_maps(a.codes, b.codes) && a.codes.cut == b.codes.cut;
}

// All that decides the code of joined rules, for the cache: the texts of the second pack too.
std::string sources_of(const engine::Rules& rules) {
  std::string all = "joined with";
  for (const source::File& file : rules.map.files)
    all += std::to_string(file.text.size()) + ':' + file.text;
  return all + rules.checked->beside;
}

// Moves what only the second pack has behind the first one's.
struct Joining {
  Joined& joined;
  engine::Rules& after;
  hir::Renumbering numbers = {};

  Program& program() const { return joined.rules->checked->program; }

  void number(const Comparing& compared, const std::set<hir::TableId>& tables,
              const std::set<hir::ModelId>& models) {
    Program &to = program(), &from = after.checked->program;
    numbers.lists = static_cast<hir::RelationId>(to.schema.relations.size());
    for (hir::TableId t = 0; t < from.tables.size(); ++t) {
      numbers.tables.push_back(compared.same_tables[t].value_or(0));
      if (compared.same_tables[t] || !tables.contains(t))
        continue;
      numbers.tables.back() = static_cast<hir::TableId>(to.tables.size());
      to.tables.push_back(std::move(from.tables[t]));
      joined.rules->checked->tables.push_back(std::move(after.checked->tables[t]));
    }
    for (hir::ModelId m = 0; m < from.models.size(); ++m) {
      numbers.models.push_back(compared.same_models[m].value_or(0));
      if (compared.same_models[m] || !models.contains(m))
        continue;
      numbers.models.back() = static_cast<hir::ModelId>(to.models.size());
      to.models.push_back(std::move(from.models[m]));
    }
  }
};

// In order of id, the first pack's before the second's.
void sort_rules(std::vector<std::pair<hir::Rule, Sides>> rules, Joined& joined) {
  std::ranges::stable_sort(rules, [](const auto& a, const auto& b) {
    return std::pair(std::string_view(a.first.id), b.second.before) <
           std::pair(std::string_view(b.first.id), a.second.before);
  });
  std::vector<hir::Rule>& to = joined.rules->checked->program.rules;
  to.clear();
  for (auto& [rule, sides] : rules) {
    const auto change = std::ranges::lower_bound(joined.changes, rule.id, {}, &RuleChange::id);
    joined.change_of.push_back(static_cast<std::uint32_t>(change - joined.changes.begin()));
    change->judged_once = sides.before && sides.after;
    joined.sides.push_back(sides);
    to.push_back(std::move(rule));
  }
}

} // namespace

bool same_schema(const engine::Rules& before, const engine::Rules& after) {
  return hir::content_of(engine::program(before).schema) ==
         hir::content_of(engine::program(after).schema);
}

Joined compare(const engine::Rules& before, const engine::Rules& after) {
  Joined joined;
  joined.labels = {engine::label(before), engine::label(after)};
  Comparing comparing{.before_rules = before, .after_rules = after};
  comparing.compare_data(joined);
  comparing.compare_rules(joined);
  compare_params(comparing.before, comparing.after, joined);
  return joined;
}

Joined join(std::unique_ptr<engine::Rules> before, std::unique_ptr<engine::Rules> after) {
  check(same_schema(*before, *after), "packs that are joined have one schema");
  Joined joined;
  joined.labels = {engine::label(*before), engine::label(*after)};
  Comparing comparing{.before_rules = *before, .after_rules = *after};
  comparing.compare_data(joined);
  comparing.compare_rules(joined);
  compare_params(comparing.before, comparing.after, joined);
  joined.completions = {completion_of(*before), completion_of(*after)};
  joined.same_completion = same_completion(joined.completions[0], joined.completions[1]);

  const auto state_of = [&](const std::string& id) {
    return std::ranges::lower_bound(joined.changes, id, {}, &RuleChange::id)->state;
  };
  // What a group is compared with comes from all claims, so one that is completed otherwise would
  // change the others' answers.
  const auto shared = [&](const hir::Rule& rule) {
    const State state = state_of(rule.id);
    return (state == State::untouched || state == State::reworded) &&
           (joined.same_completion || rule.peers.empty());
  };
  Program& from = after->checked->program;
  std::set<hir::TableId> tables;
  std::set<hir::ModelId> models;
  for (const hir::Rule& rule : from.rules) {
    if (shared(rule))
      continue;
    const hir::RuleContent content = hir::content_of(from, rule);
    tables.insert(content.tables.begin(), content.tables.end());
    models.insert(content.models.begin(), content.models.end());
  }
  // So that the columns are read which local codes of either need.
  for (hir::TableId t = 0; t < from.tables.size(); ++t)
    if (assemble::maps_codes(from.schema, from.tables[t].shape))
      tables.insert(t);
  std::vector<std::pair<hir::Rule, Sides>> rules;
  for (hir::Rule& rule : before->checked->program.rules) {
    const Sides sides{.before = true, .after = shared(rule)};
    rules.emplace_back(std::move(rule), sides);
  }
  const std::string sources = sources_of(*after);
  joined.rules = std::move(before);
  Joining joining{.joined = joined, .after = *after};
  joining.number(comparing, tables, models);
  for (hir::Rule& rule : from.rules) {
    if (shared(rule))
      continue;
    hir::renumber(rule, joining.numbers);
    rules.emplace_back(std::move(rule), Sides{.before = false, .after = true});
  }
  sort_rules(std::move(rules), joined);
  Program& to = joined.rules->checked->program;
  to.tests.clear();
  for (hir::LocalCode& code : from.local_codes)
    to.local_codes.push_back(std::move(code));
  // What came over names layers by their numbers in the second pack. How codes are completed was
  // settled before, so that it does not matter which layers those are here.
  for (std::size_t layer = to.layers.size(); layer < from.layers.size(); ++layer)
    to.layers.push_back(from.layers[layer]);
  joined.rules->checked->beside += sources;
  return joined;
}

assemble::Assembly assembly_after(const Joined& joined, const engine::Engine& engine) {
  assemble::Assembly made = engine::assembly(engine);
  const Completion& after = joined.completions[1];
  made.codes = &after.codes;
  made.local = after.local.codes.empty() ? nullptr : &after.local;
  return made;
}

} // namespace sanku::impact

// A pack as it is in one region on one day (effective.h).
#include "tools/engine/effective.h"

#include "compiler/ast/choices.h"
#include "compiler/evaluate/trace.h"
#include "runtime/io/json_text.h"
#include "runtime/kernels/place.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace sanku::engine {
namespace {

using hir::LayerId;

std::string in_quotes(std::string_view text) {
  std::string out;
  io::append_json_string(out, text);
  return out;
}

// What is in force, before it is written down.
struct Composed {
  const Rules& rules;
  const hir::Program& program;
  const EffectiveOptions& options;
  std::int32_t zone = 0;

  Composed(const Rules& of, const EffectiveOptions& wanted)
      : rules(of), program(engine::program(of)), options(wanted) {
    if (!wanted.region.empty())
      zone = static_cast<std::int32_t>(
          kernels::zone_of(Text{wanted.region.data(), wanted.region.size()},
                           Text{program.regions.data(), program.regions.size()})
              .value);
  }
  [[nodiscard]] bool here(LayerId layer) const { return here(program.layers[layer].zones); }
  [[nodiscard]] bool here(knowledge::Zones zones) const {
    return zones.first <= zone && zone <= zones.last;
  }
  [[nodiscard]] bool on_day(std::optional<Date> from, std::optional<Date> until) const {
    return (!from || from->days <= options.date.days) &&
           (!until || options.date.days <= until->days);
  }
  [[nodiscard]] const std::string& name(LayerId layer) const { return program.layers[layer].name; }
  [[nodiscard]] std::string_view pick(std::string_view zh, std::string_view en) const {
    return options.language == Language::zh ? zh : en;
  }
  [[nodiscard]] std::string both(const schema::Names& names) const {
    return names.en == names.zh ? names.en : fmt::format("{} / {}", names.en, names.zh);
  }
  [[nodiscard]] std::string shown(const Value& value, const Type& type) const {
    return is_known(value) ? evaluate::printed(value, type, program.schema, options.language) : "";
  }

  // What takes the rule out of force on that day: the first of the layers' changes.
  [[nodiscard]] const hir::RuleChange* disabled(const hir::Rule& rule) const {
    for (const hir::RuleChange& change : rule.changes)
      if (!change.severity && here(change.layer) && on_day(change.from, change.until))
        return &change;
    return nullptr;
  }
  // The change of severity that counts: the narrowest layer's.
  [[nodiscard]] const hir::RuleChange* softened(const hir::Rule& rule) const {
    const hir::RuleChange* found = nullptr;
    for (const hir::RuleChange& change : rule.changes)
      if (change.severity && here(change.layer) && on_day(change.from, change.until))
        found = &change;
    return found;
  }
  [[nodiscard]] const hir::ParamValue* value(const hir::Param& param) const {
    const hir::ParamValue* found = nullptr;
    for (const hir::ParamValue& each : param.values)
      if (here(each.layer) && on_day(each.from, std::nullopt))
        found = &each;
    return found;
  }
};

// The rows of a table that count, by the file that they come from, and those that a layer has taken
// out.
struct RowsOf {
  struct File {
    std::string shown;
    LayerId layer = 0;
    std::uint64_t rows = 0, removed = 0;
  };
  std::vector<File> files;
  std::vector<std::size_t> rows;

  RowsOf(const Composed& composed, std::size_t table) {
    const knowledge::Table& loaded = composed.rules.checked->tables[table];
    const knowledge::TableShape& shape = composed.program.tables[table].shape;
    for (const knowledge::Table::File& file : loaded.files)
      files.push_back({.shown = file.shown, .layer = file.layer});
    std::set<std::pair<std::uint32_t, std::uint64_t>> counting, elsewhere;
    for (std::size_t row = 0; row < loaded.rows.size(); ++row) {
      const std::uint32_t file = loaded.file_of.empty() ? 0 : loaded.file_of[row];
      if (!composed.here(files[file].layer) || !on_day(composed, shape, loaded.rows[row]))
        continue;
      const auto line = std::pair(file, loaded.lines[row]);
      if (!composed.here(knowledge::zones_of(shape, loaded.rows[row]))) {
        elsewhere.insert(line);
        continue;
      }
      counting.insert(line);
      rows.push_back(row);
      ++files[file].rows;
    }
    for (const auto& line : elsewhere)
      files[line.first].removed += counting.contains(line) ? 0 : 1;
  }

  static bool on_day(const Composed& composed, const knowledge::TableShape& shape,
                     const std::vector<Value>& row) {
    const auto day = [&](std::optional<std::uint32_t> column) -> std::optional<Date> {
      const auto* date = column ? std::get_if<Date>(&row[*column]) : nullptr;
      return date != nullptr ? std::optional(*date) : std::nullopt;
    };
    return composed.on_day(day(shape.valid_from), day(shape.valid_to));
  }
};

std::string severities_of(const Composed& composed, const hir::Rule& rule) {
  std::string text;
  const hir::RuleChange* change = composed.softened(rule);
  std::set<ast::Severity> now;
  for (const ast::Severity each : rule.written)
    now.insert(change == nullptr         ? each
               : rule.written.size() > 1 ? std::max(each, *change->severity)
                                         : *change->severity);
  for (const ast::Severity each : now)
    text += fmt::format(
        "{}{}", text.empty() ? "" : composed.pick("、", ", "),
        ast::word_for(ast::severities, each, composed.options.language == Language::zh));
  return text;
}

std::string days_of(const Composed& composed, const hir::RuleChange& change) {
  std::string text;
  if (change.from)
    text += fmt::format(" {} {}", composed.pick("自", "from"), date_text(*change.from));
  if (change.until)
    text += fmt::format(" {} {}", composed.pick("至", "until"), date_text(*change.until));
  return text;
}

// ---- as text

struct EffectiveText {
  const Composed& composed;
  std::string out = {};

  [[nodiscard]] std::string_view pick(std::string_view zh, std::string_view en) const {
    return composed.pick(zh, en);
  }
  void line(const std::string& text) { out += text + "\n"; }

  void layers() {
    line(fmt::format("{}  {}  {}", label(composed.rules),
                     composed.options.region.empty() ? pick("未指定地区", "no region")
                                                     : composed.options.region,
                     date_text(composed.options.date)));
    line(std::string(pick("层", "layers")));
    for (LayerId layer = 0; layer < composed.program.layers.size(); ++layer) {
      if (!composed.here(layer))
        continue;
      const hir::Layer& each = composed.program.layers[layer];
      line(layer == 0 ? fmt::format("  {}", each.name)
                      : fmt::format("  {}  {}  {}", each.name, each.region,
                                    fmt::format(fmt::runtime(pick("基于 {}", "on {}")),
                                                composed.name(each.below))));
    }
  }
  void rules() {
    line(std::string(pick("规则", "rules")));
    for (const hir::Rule& rule : composed.program.rules) {
      if (!composed.here(rule.layer))
        continue;
      const std::string& title =
          composed.options.language == Language::zh ? rule.title_zh : rule.title_en;
      std::string state = severities_of(composed, rule);
      if (const auto* change = composed.softened(rule))
        state += fmt::format("  ({}{}: {})", composed.name(change->layer),
                             days_of(composed, *change), change->reason);
      if (!composed.on_day(rule.effective_from, rule.effective_until))
        state = pick("此日不生效", "not in force on this day");
      if (const auto* change = composed.disabled(rule))
        state =
            fmt::format("{}  ({}{}: {})", pick("停用", "disabled"), composed.name(change->layer),
                        days_of(composed, *change), change->reason);
      line(fmt::format("  {}  {}  {}  {}{}", rule.id, title, composed.name(rule.layer), state,
                       rule.mandatory ? pick("  强制", "  mandatory") : ""));
    }
  }
  void params() {
    line(std::string(pick("参数", "parameters")));
    for (const hir::Param& param : composed.program.params) {
      const hir::ParamValue* value = composed.value(param);
      if (!composed.here(param.layer) || value == nullptr)
        continue;
      std::string text =
          fmt::format("  {}  {}  {}", composed.both(param.names),
                      composed.shown(value->value, param.type), composed.name(value->layer));
      if (value->layer != param.layer)
        text += fmt::format("  ({}: {})", composed.name(param.layer),
                            composed.shown(below(param, *value), param.type));
      if (param.least)
        text += fmt::format("  {}..{}", composed.shown(*param.least, param.type),
                            composed.shown(*param.most, param.type));
      line(text);
    }
  }
  // What the declaring layer says.
  [[nodiscard]] Value below(const hir::Param& param, const hir::ParamValue& but) const {
    Value found = Unknown{};
    for (const hir::ParamValue& each : param.values)
      if (each.layer == param.layer && each.layer != but.layer &&
          composed.on_day(each.from, std::nullopt))
        found = each.value;
    return found;
  }
  void tables() {
    line(std::string(pick("知识", "knowledge")));
    for (std::size_t id = 0; id < composed.program.tables.size(); ++id) {
      const hir::Table& table = composed.program.tables[id];
      if (!composed.here(table.layer))
        continue;
      const RowsOf rows(composed, id);
      std::string text =
          fmt::format("  {}  {}", composed.both(table.shape.relation.names),
                      fmt::format(fmt::runtime(pick("{} 行", "{} rows")), rows.rows.size()));
      for (const RowsOf::File& file : rows.files) {
        if (!composed.here(file.layer))
          continue;
        text += fmt::format("  {} {}", composed.name(file.layer), file.rows);
        if (file.removed != 0)
          text += fmt::format(fmt::runtime(pick("（另有 {} 行已删除）", " ({} removed)")),
                              file.removed);
      }
      line(text);
      if (is_wanted(table, composed.options.rows))
        list_rows(id, rows);
    }
  }
  static bool is_wanted(const hir::Table& table, const std::string& name) {
    const schema::Names& names = table.shape.relation.names;
    return !name.empty() && (names.en == name || names.zh == name);
  }
  void list_rows(std::size_t id, const RowsOf& rows) {
    const knowledge::Table& loaded = composed.rules.checked->tables[id];
    const hir::Table& table = composed.program.tables[id];
    for (const std::size_t row : rows.rows) {
      const RowsOf::File& file = rows.files[loaded.file_of.empty() ? 0 : loaded.file_of[row]];
      std::string text =
          fmt::format("    {}  {}:{}", composed.name(file.layer), file.shown, loaded.lines[row]);
      for (std::size_t c = 0; c < table.shape.relation.columns.size(); ++c)
        if (c != table.shape.zone_from && c != table.shape.zone_to)
          text += "  " + composed.shown(loaded.rows[row][c], table.shape.relation.columns[c].type);
      line(text);
    }
  }
  void codes() {
    bool first = true;
    for (const hir::LocalCode& code : composed.program.local_codes) {
      if (!composed.here(code.layer))
        continue;
      if (std::exchange(first, false))
        line(std::string(pick("地方编码", "local codes")));
      const schema::EnumType& type = composed.program.schema.enums[code.type];
      line(fmt::format(
          "  {}  \"{}\" = {}  {}", composed.both(type.names), code.code,
          schema::enum_name(type, code.member, composed.options.language == Language::zh),
          composed.name(code.layer)));
    }
  }
};

// ---- as JSON

std::string json_days(const hir::RuleChange& change) {
  std::string text;
  if (change.from)
    text += fmt::format(",\"from\":{}", in_quotes(date_text(*change.from)));
  if (change.until)
    text += fmt::format(",\"until\":{}", in_quotes(date_text(*change.until)));
  return text + fmt::format(",\"reason\":{}", in_quotes(change.reason));
}

std::string json_rule(const Composed& composed, const hir::Rule& rule) {
  const auto* disabled = composed.disabled(rule);
  const auto* softened = composed.softened(rule);
  std::string text = fmt::format(
      "{{\"id\":{},\"title\":{},\"layer\":{},\"in_force\":{},\"severity\":{},\"mandatory\":{}",
      in_quotes(rule.id),
      in_quotes(composed.options.language == Language::zh ? rule.title_zh : rule.title_en),
      in_quotes(composed.name(rule.layer)),
      disabled == nullptr && composed.on_day(rule.effective_from, rule.effective_until),
      in_quotes(severities_of(composed, rule)), rule.mandatory);
  if (disabled != nullptr)
    text += fmt::format(",\"disabled\":{{\"layer\":{}{}}}",
                        in_quotes(composed.name(disabled->layer)), json_days(*disabled));
  if (softened != nullptr)
    text += fmt::format(",\"severity_by\":{{\"layer\":{}{}}}",
                        in_quotes(composed.name(softened->layer)), json_days(*softened));
  return text + "}";
}

std::string json_param(const Composed& composed, const hir::Param& param,
                       const hir::ParamValue& value) {
  std::string text = fmt::format("{{\"name\":{},\"name_zh\":{},\"value\":{},\"layer\":{}",
                                 in_quotes(param.names.en), in_quotes(param.names.zh),
                                 in_quotes(composed.shown(value.value, param.type)),
                                 in_quotes(composed.name(value.layer)));
  if (value.from)
    text += fmt::format(",\"from\":{}", in_quotes(date_text(*value.from)));
  if (param.least)
    text += fmt::format(",\"between\":[{},{}]", in_quotes(composed.shown(*param.least, param.type)),
                        in_quotes(composed.shown(*param.most, param.type)));
  return text + "}";
}

std::string json_table(const Composed& composed, std::size_t id) {
  const hir::Table& table = composed.program.tables[id];
  const knowledge::Table& loaded = composed.rules.checked->tables[id];
  const RowsOf rows(composed, id);
  std::string text = fmt::format(
      "{{\"name\":{},\"name_zh\":{},\"layer\":{},\"rows\":{},\"files\":[",
      in_quotes(table.shape.relation.names.en), in_quotes(table.shape.relation.names.zh),
      in_quotes(composed.name(table.layer)), rows.rows.size());
  bool first = true;
  for (const RowsOf::File& file : rows.files)
    if (composed.here(file.layer))
      text += fmt::format("{}{{\"file\":{},\"layer\":{},\"rows\":{},\"removed\":{}}}",
                          std::exchange(first, false) ? "" : ",", in_quotes(file.shown),
                          in_quotes(composed.name(file.layer)), file.rows, file.removed);
  text += "]";
  if (!EffectiveText::is_wanted(table, composed.options.rows))
    return text + "}";
  text += ",\"list\":[";
  first = true;
  for (const std::size_t row : rows.rows) {
    const RowsOf::File& file = rows.files[loaded.file_of.empty() ? 0 : loaded.file_of[row]];
    text += fmt::format(
        "{}{{\"layer\":{},\"file\":{},\"line\":{}", std::exchange(first, false) ? "" : ",",
        in_quotes(composed.name(file.layer)), in_quotes(file.shown), loaded.lines[row]);
    for (std::size_t c = 0; c < table.shape.relation.columns.size(); ++c)
      if (c != table.shape.zone_from && c != table.shape.zone_to)
        text += fmt::format(
            ",{}:{}", in_quotes(table.shape.relation.columns[c].names.en),
            in_quotes(composed.shown(loaded.rows[row][c], table.shape.relation.columns[c].type)));
    text += "}";
  }
  return text + "]}";
}

std::string as_json(const Composed& composed) {
  std::string text =
      fmt::format("{{\"region\":{},\"date\":{},\"layers\":[", in_quotes(composed.options.region),
                  in_quotes(date_text(composed.options.date)));
  bool first = true;
  const auto comma = [&] { return std::exchange(first, false) ? "" : ","; };
  for (LayerId layer = 0; layer < composed.program.layers.size(); ++layer)
    if (composed.here(layer))
      text +=
          fmt::format("{}{{\"name\":{},\"region\":{}}}", comma(), in_quotes(composed.name(layer)),
                      in_quotes(composed.program.layers[layer].region));
  text += "],\"rules\":[";
  first = true;
  for (const hir::Rule& rule : composed.program.rules)
    if (composed.here(rule.layer))
      text += comma() + json_rule(composed, rule);
  text += "],\"params\":[";
  first = true;
  for (const hir::Param& param : composed.program.params)
    if (const auto* value = composed.value(param); value && composed.here(param.layer))
      text += comma() + json_param(composed, param, *value);
  text += "],\"knowledge\":[";
  first = true;
  for (std::size_t id = 0; id < composed.program.tables.size(); ++id)
    if (composed.here(composed.program.tables[id].layer))
      text += comma() + json_table(composed, id);
  text += "],\"codes\":[";
  first = true;
  for (const hir::LocalCode& code : composed.program.local_codes)
    if (composed.here(code.layer)) {
      const schema::EnumType& type = composed.program.schema.enums[code.type];
      text += fmt::format("{}{{\"enum\":{},\"code\":{},\"value\":{},\"layer\":{}}}", comma(),
                          in_quotes(type.names.en), in_quotes(code.code),
                          in_quotes(schema::enum_name(type, code.member, false)),
                          in_quotes(composed.name(code.layer)));
    }
  return text + "]}\n";
}

} // namespace

Result<std::string> effective(const Rules& rules, const EffectiveOptions& options) {
  const Composed composed(rules, options);
  const bool known = options.rows.empty() ||
                     std::ranges::any_of(composed.program.tables, [&](const hir::Table& table) {
                       return EffectiveText::is_wanted(table, options.rows);
                     });
  if (!known)
    return failure(fmt::format("the pack has no table `{}`", options.rows),
                   fmt::format("规则包中没有知识表“{}”", options.rows));
  if (options.json)
    return as_json(composed);
  EffectiveText text{.composed = composed};
  text.layers();
  text.rules();
  text.params();
  text.tables();
  text.codes();
  return std::move(text.out);
}

} // namespace sanku::engine

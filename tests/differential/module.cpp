// See module.h.
#include "tests/differential/module.h"

#include "compiler/ast/from_parse_tree.h"
#include "compiler/ast/print.h"
#include "compiler/diag/render.h"

#include <fmt/format.h>

namespace sanku::differential {
namespace {

std::string to_chinese(const std::string& text) {
  source::SourceMap map;
  diag::Diagnostics diagnostics;
  const std::uint32_t file = source::add(map, "rules.sanku", text);
  const ast::File parsed = ast::parse(map, file, diagnostics);
  // What does not parse is left as it is, so that the checker tells why.
  return diag::has_errors(diagnostics) ? text : ast::print(parsed, ast::Spelling::zh);
}

} // namespace

Module random_module(Random& random, const World& world, const ModuleShape& shape) {
  Module module;
  module.chinese = shape.chinese;
  const bool pack = shape.kind == ModuleKind::pack, giant = shape.kind == ModuleKind::giant;
  module.tables = random_tables(random, world, static_cast<std::size_t>(random.between(2, 4)),
                                pack ? TableSize::large : TableSize::small);
  const auto builtins = builtins::rows();
  Generator generator(random, world, module.tables);
  for (std::size_t i = 0; i < shape.rules; ++i) {
    const auto number = static_cast<std::uint32_t>(shape.first_rule + i);
    const builtins::Builtin* builtin =
        giant ? nullptr : &builtins[(shape.first_builtin + i) % builtins.size()];
    const std::string id = fmt::format("R{:05}", number);
    if (shape.populations && i % 4 == 1) {
      module.rules.push_back(generator.population_rule(id));
      continue;
    }
    const bool past = shape.past && i % 2 == 0;
    module.rules.push_back(generator.rule(id, {.cheap = giant,
                                               .indexed = pack,
                                               .builtin = builtin,
                                               .past = past,
                                               .post = past && i % 4 == 0}));
  }
  for (std::size_t i = 0; i < shape.visits; ++i) {
    const bool large = giant && i == 0;
    module.visits.push_back(
        random_visit(random, world.schema(),
                     {.most_rows = giant ? 3u : 8u, .missing_percent = shape.complete ? 0u : 12u}));
    if (!large)
      continue;
    auto& lines = module.visits.back().rows[world.lines];
    for (std::size_t row = 0; lines.size() < shape.giant_lines; ++row) {
      auto more = random_visit(random, world.schema(), {.most_rows = 8, .missing_percent = 2})
                      .rows[world.lines];
      lines.insert(lines.end(), more.begin(), more.end());
    }
  }
  if (random.chance(40))
    module.defaults = random_defaults(random);
  if (shape.overlays)
    add_overlays(random, world, module);
  if (!giant && random.chance(30))
    module.budget = static_cast<std::uint64_t>(random.between(2, 300));
  return module;
}

testing::Texts texts_of(const Module& module) {
  testing::Texts texts;
  texts.tables = prelude_files();
  std::string rules = "source src / 来源甲 \"随机来源\"\n";
  rules += prelude();
  rules += model_prelude();
  texts.tables.merge(model_files());
  for (const Table& table : module.tables) {
    rules += table.declaration;
    texts.tables[table.file] = table.csv;
  }
  for (const Piece& rule : module.rules)
    render(rule, rules);
  texts.rules = module.chinese ? to_chinese(rules) : std::move(rules);
  texts.overlays = overlays_of(module);
  for (testing::Texts::Overlay& overlay : texts.overlays)
    if (module.chinese)
      overlay.text = to_chinese(overlay.text);
  for (const auto& [name, csv] : module.files)
    texts.tables[name] = csv;
  texts.defaults = module.defaults;
  texts.region = module.region;
  texts.as_of = module.as_of;
  texts.budget = module.budget;
  return texts;
}

CheckedModule check_module(Module& module) {
  CheckedModule result{
      .checked = testing::check_texts(texts_of(module)), .refused = 0, .refusals = {}};
  if (result.checked.pack)
    return result;
  std::vector<Piece> accepted;
  for (const Piece& rule : module.rules) {
    Module alone = module;
    alone.rules = {rule};
    alone.visits.clear();
    const testing::CheckedTexts checked = testing::check_texts(texts_of(alone));
    if (checked.pack) {
      accepted.push_back(rule);
      continue;
    }
    ++result.refused;
    result.refusals += checked.rendered;
  }
  module.rules = std::move(accepted);
  result.checked = testing::check_texts(texts_of(module));
  return result;
}

std::string case_of(const World& world, const Module& module, const std::string& about) {
  const testing::Texts texts = texts_of(module);
  testing::CaseFile file;
  file.sections.push_back({.name = "about", .text = about + "\n"});
  file.sections.push_back({.name = "rules", .text = texts.rules});
  for (const testing::Texts::Overlay& overlay : texts.overlays)
    file.sections.push_back({.name = overlay.below == 0
                                         ? "overlay " + overlay.name
                                         : fmt::format("overlay {} on {}", overlay.name,
                                                       texts.overlays[overlay.below - 1].name),
                             .text = overlay.text});
  if (!texts.defaults.empty())
    file.sections.push_back({.name = "defaults", .text = testing::defaults_text(texts.defaults)});
  for (const testing::Texts::Overlay& overlay : texts.overlays)
    if (!overlay.defaults.empty())
      file.sections.push_back(
          {.name = "defaults " + overlay.name, .text = testing::defaults_text(overlay.defaults)});
  if (!texts.region.empty())
    file.sections.push_back({.name = "region " + texts.region, .text = {}});
  if (!texts.as_of.empty())
    file.sections.push_back({.name = "as of " + texts.as_of, .text = {}});
  if (texts.budget != 0)
    file.sections.push_back({.name = fmt::format("budget {}", texts.budget), .text = {}});
  for (const auto& [name, csv] : texts.tables)
    file.sections.push_back({.name = "table " + name, .text = csv});
  std::string visits;
  const auto number = schema::column_with(world.schema().relations[0], schema::Role::visit_id);
  for (testing::Visit visit : module.visits) {
    // Without a number a record is no visit to the reader.
    Value& cell = visit.rows[0][0][number.value_or(0)];
    if (!is_known(cell))
      cell = std::string("V1");
    visits += testing::to_ndjson(world.schema(), visit) + "\n";
  }
  file.sections.push_back({.name = "visits", .text = visits});
  const testing::CheckedTexts checked = testing::check_texts(texts);
  file.sections.push_back(
      {.name = "expect findings",
       .text = checked.pack ? testing::render_outcomes(*checked.pack, module.visits) : ""});
  return testing::print_case(file);
}

} // namespace sanku::differential

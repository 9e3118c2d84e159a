// Generated code by its properties, never by its text: it verifies, the optimised loop calls
// nothing of the runtime's bitcode any more, and in sanitized builds it is instrumented: a read
// beyond a column is caught.
#include "compiler/compile.h"
#include "compiler/jit/jit.h"
#include "runtime/exec/run.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace sanku {
namespace {

struct Compiled {
  Checked checked;
  plan::Plan plan;
};

Compiled compile_text(const std::string& rules) {
  source::SourceMap map;
  PackSources sources;
  const auto schema = source::read(map, "stdlib-rules/schema/settlement.sanku");
  EXPECT_TRUE(schema.has_value());
  sources.schema_files = {*schema};
  sources.rule_files = {source::add(map, "test.sanku", rules)};
  diag::Diagnostics diags;
  auto checked = check_pack(map, sources, diags);
  EXPECT_FALSE(diag::has_errors(diags)) << (diags.all.empty() ? "" : diags.all.front().en);
  EXPECT_TRUE(checked.has_value());
  plan::Plan planned = plan::plan(checked->program);
  return {std::move(*checked), std::move(planned)};
}

constexpr const char* dear_item = R"(
rule T1 "dear item" { on item when item.amount > 100元 report suspected "{item.name}" }
)";

// The text of one function's definition in a dump of the module.
std::string definition(const std::string& module, const std::string& function) {
  std::size_t name = module.find("@" + function + "(");
  while (name != std::string::npos && module.rfind("define", name) < module.rfind('\n', name))
    name = module.find("@" + function + "(", name + 1);
  if (name == std::string::npos)
    return "call: no definition";
  return module.substr(name, module.find("\n}\n", name) - name);
}

TEST(Jit, OptimisedLoopsCallOnlyWhatIsRare) {
  const Compiled compiled = compile_text(dear_item);
  const auto ir = jit::dump_ir(compiled.checked.program, compiled.plan, jit::Level::optimised);
  ASSERT_TRUE(ir.has_value());
  const std::string run = definition(*ir, "rule_0_run");
  for (std::size_t at = run.find("call "); at != std::string::npos;
       at = run.find("call ", at + 1)) {
    const std::string line = run.substr(at, run.find('\n', at) - at);
    const bool rare = line.find("sanku_sink_indeterminate") != std::string::npos ||
                      line.find("_fire_") != std::string::npos ||
                      line.find("@llvm.") != std::string::npos ||
                      line.find("@__asan") != std::string::npos;
    EXPECT_TRUE(rare) << line;
  }
}

TEST(Jit, BothLevelsNameTheirEntryPoints) {
  const Compiled compiled = compile_text(dear_item);
  for (const jit::Level level : {jit::Level::none, jit::Level::optimised}) {
    const auto image = jit::compile(compiled.checked.program, compiled.plan, level);
    ASSERT_TRUE(image.has_value());
    ASSERT_EQ((*image)->rules.size(), 1u);
    EXPECT_NE((*image)->tier.load()->rules[0].run_subjects, nullptr);
  }
}

TEST(Jit, PartsAreDividedAlikeAndAnyOrderDoes) {
  std::string rules, condition = "item.amount > 1元";
  for (int i = 0; i < 5; ++i, condition += " and item.amount > 1元")
    rules += fmt::format("rule P{} \"x\" {{ on item when {} report lead \"\" }}\n", i, condition);
  const Compiled compiled = compile_text(rules);
  const auto draft = [&] {
    return jit::Draft::make(compiled.checked.program, compiled.plan, {.part = 1});
  };
  auto forward = draft(), backward = draft();
  ASSERT_TRUE(forward && backward);
  EXPECT_EQ(forward->parts(), 5u);
  jit::Native there = forward->tables(), back = backward->tables();
  there.objects.resize(5);
  back.objects.resize(5);
  for (std::size_t part = 0; part < 5; ++part) {
    there.objects[part] = *forward->object(part);
    back.objects[4 - part] = *backward->object(4 - part);
  }
  EXPECT_EQ(there.objects, back.objects);
  const auto image = jit::load(compiled.checked.program, compiled.plan, there);
  ASSERT_TRUE(image.has_value()) << image.error().en;
  for (const exec::RuleCode& rule : (*image)->tier.load()->rules)
    EXPECT_NE(rule.run_subjects, nullptr);
}

TEST(Jit, AssemblyCanBePrinted) {
  const Compiled compiled = compile_text(dear_item);
  const auto assembly =
      jit::dump_assembly(compiled.checked.program, compiled.plan, jit::Level::optimised);
  ASSERT_TRUE(assembly.has_value());
  EXPECT_NE(assembly->find("rule_0_run"), std::string::npos);
}

#ifdef SANKU_SANITIZE
// A column one row shorter than its list says: only instrumented code notices.
void read_beyond_a_column() {
  const Compiled compiled = compile_text(dear_item);
  const schema::Schema& schema = compiled.checked.program.schema;
  auto image = jit::compile(compiled.checked.program, compiled.plan, jit::Level::optimised);
  const auto program = exec::bind(**image, schema, {}, {}, {});
  const std::uint32_t items = *schema::line_relation(schema);
  const std::uint32_t amount = *schema::column_with(schema.relations[items], schema::Role::amount);
  batch::BatchBuilder builder(schema, program->dictionaries);
  builder.begin();
  builder.begin_row(0);
  for (std::uint32_t i = 0; i < 64; ++i) {
    builder.begin_row(items);
    builder.set_value(items, amount, Value{Decimal{100}});
  }
  builder.commit({});
  batch::Batch batch = builder.take();
  std::vector<std::uint8_t>& values = batch.relations[items].columns[amount].values;
  values = std::vector<std::uint8_t>(values.begin(), values.end() - 8);
  values.shrink_to_fit();
  batch.relations[items].order.assign(64, 0);
  const auto worker = exec::make_worker(*program, {});
  (void)exec::run_block(*worker, batch);
}

TEST(JitDeathTest, APlantedOverflowIsCaughtInGeneratedCode) {
  EXPECT_DEATH(read_beyond_a_column(), "heap-buffer-overflow");
}
#endif

} // namespace
} // namespace sanku

// What can be had back, over random rules and random visits: however many findings name a line, its
// money is given once, never more than was paid for it, nor more than a finding names; and not more
// than the fund paid for the visit.
#include "runtime/batch/column.h"
#include "tests/differential/module.h"
#include "tools/engine/engine.h"

#include <gtest/gtest.h>

#include <map>

namespace sanku::differential {
namespace {

struct Seen {
  std::size_t findings = 0, shared = 0, capped = 0, scaled = 0; // so that nothing passes unseen
};

std::optional<std::int64_t> fund_paid(const batch::Batch& batch, const schema::Schema& schema,
                                      std::uint32_t settlement) {
  const auto column = schema::column_with(schema.relations[0], schema::Role::fund_paid);
  EXPECT_TRUE(column.has_value());
  const batch::ColumnData& data = batch.relations[0].columns[*column];
  if (!batch::is_known(data, settlement))
    return std::nullopt;
  return batch::stored<std::int64_t>(data, settlement);
}

// One visit: its findings and the ledger that nobody has taken from.
void look(const std::vector<const exec::Finding*>& findings, const exec::Ledger& ledger,
          const std::optional<std::int64_t>& fund, Seen& seen) {
  std::map<std::uint32_t, std::int64_t> given;
  std::map<std::uint32_t, int> takers;
  Int128 all = 0;
  for (const exec::Finding* finding : findings) {
    ++seen.findings;
    for (const exec::FindingLine& line : finding->lines) {
      if (!line.recoverable_known) {
        EXPECT_EQ(line.recoverable, 0);
        continue;
      }
      EXPECT_EQ(line.role, exec::LineRole::offending);
      EXPECT_FALSE(finding->trial);
      ASSERT_TRUE(line.amount_known);
      EXPECT_GE(line.recoverable, 0);
      EXPECT_LE(line.recoverable, std::max<std::int64_t>(0, line.amount));
      seen.capped += line.recoverable < line.amount;
      given[line.row] += line.recoverable;
      seen.shared += ++takers[line.row] == 2;
      all += line.recoverable;
    }
  }
  Int128 paid = 0;
  for (std::uint32_t place = 0; place < ledger.lines.size(); ++place) {
    const exec::LineMoney& money = ledger.lines[place];
    EXPECT_LE(money.paid, money.whole);
    EXPECT_LE(given[ledger.first + place], money.paid);
    paid += money.paid;
  }
  if (!fund)
    return;
  ++seen.scaled;
  EXPECT_LE(paid, std::max<Int128>(0, *fund));
  EXPECT_LE(all, std::max<Int128>(0, *fund));
}

TEST(Differential, NoLineIsRecoveredTwiceNorMoreThanWasPaid) {
  const World world = make_world();
  Seen seen;
  for (std::uint64_t seed = 900; seed < 912; ++seed) {
    Random random(seed);
    Module module =
        random_module(random, world, {.visits = 12, .rules = 16, .first_builtin = seed});
    const CheckedModule checked = check_module(module);
    ASSERT_TRUE(checked.checked.pack) << checked.checked.rendered;
    const hir::Program& program = checked.checked.pack->program;
    const auto engine = engine::make_engine(program, checked.checked.pack->tables, nullptr,
                                            {.kind = engine::EngineKind::evaluator});
    for (const batch::Batch& batch :
         testing::build_batches(program.schema, engine::dictionaries(*engine), module.visits, 5)) {
      const exec::BlockResult found = engine::Judge(*engine).judge(batch);
      std::map<std::uint32_t, std::vector<const exec::Finding*>> visits;
      for (const exec::Finding& finding : found.findings)
        visits[finding.settlement].push_back(&finding);
      for (const auto& [settlement, findings] : visits) {
        exec::Ledger ledger;
        exec::paid_lines(batch, exec::paid_columns(program.schema), settlement, ledger);
        look(findings, ledger, fund_paid(batch, program.schema, settlement), seen);
      }
    }
  }
  EXPECT_GE(seen.findings, 500u);
  EXPECT_GE(seen.shared, 50u);
  EXPECT_GE(seen.capped, 50u);
  EXPECT_GE(seen.scaled, 20u);
}

} // namespace
} // namespace sanku::differential

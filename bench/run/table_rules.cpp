// Many rules of one shape: item in the rule's table (one code in a hundred), hospital's level below
// the row's. How time grows with rules, beside a hand-written list of checks for each item; and
// whether rows for codes that never occur cost anything.
#include "bench/run/blocks.h"
#include "bench/run/measurements.h"
#include "bench/run/world.h"
#include "runtime/batch/column.h"
#include "tools/engine/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>

namespace sanku::bench {
namespace {

namespace fs = std::filesystem;
using generate::Purpose;
using generate::Random;

constexpr std::uint64_t settlements = 50'000;

struct TableRow {
  std::uint32_t item = 0, level = 1; // FacilityLevel: 1 is none, which nobody is below
};

// The rows of one rule's table. One in fifty asks for a first-level hospital.
std::vector<TableRow> rows_of(const Reference& reference, std::uint32_t rule) {
  Random random(rule, Purpose::catalogue, 1);
  std::vector<TableRow> rows;
  for (std::uint32_t item = 0; item < reference.items.size(); ++item)
    if (random.chance(0.01))
      rows.push_back({item, random.percent(2) ? 2u : 1u});
  return rows;
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush())
    stop("cannot write " + path.string());
}

// `cold`: rows beside each row, for codes that no settlement has.
fs::path write_pack(const fs::path& folder, const Reference& reference, std::uint32_t rules,
                    std::uint32_t cold) {
  constexpr const char* levels[] = {"", "未定级", "一级"};
  fs::create_directories(folder / "knowledge");
  write(folder / "pack.toml",
        fmt::format("name = \"table_rules\"\nversion = \"1\"\nlanguage = \"1\"\nschema = \"{}\"\n",
                    fs::absolute("stdlib-rules/schema/settlement.sanku").string()));
  std::string text;
  for (std::uint32_t rule = 0; rule < rules; ++rule) {
    text += fmt::format(
        "knowledge t{0} from \"t{0}.csv\" {{ code : ItemCode key  level : FacilityLevel }}\n"
        "rule T{0} \"查表 {0}\" {{\n  on item\n  let row = t{0}[item.code]\n"
        "  when provider.level < row.level\n  report violation \"{{item.name}}\"\n}}\n",
        rule);
    std::string table = "code,level\n";
    std::uint32_t unseen = 0;
    for (const TableRow& row : rows_of(reference, rule)) {
      table += fmt::format("{},{}\n", reference.items[row.item].code, levels[row.level]);
      for (std::uint32_t i = 0; i < cold; ++i)
        table += fmt::format("0099{:03}{:08},{}\n", rule, unseen++, levels[1 + i % 2]);
    }
    write(folder / "knowledge" / fmt::format("t{}.csv", rule), table);
  }
  write(folder / "rules.sanku", text);
  return folder;
}

// One pack with the settlements read against its dictionaries.
struct Measured {
  std::unique_ptr<Compiled> compiled;
  std::vector<batch::Batch> batches;

  Measured(const fs::path& folder, const std::string& claims) : compiled(compile_pack(folder)) {
    batches = read_batches(claims, *compiled->engine);
  }
  [[nodiscard]] std::uint64_t judge() const {
    return over_blocks(batches.size(), 1, [&] {
      return [&, judge = std::make_unique<engine::Judge>(*compiled->engine)](std::size_t at) {
        return judge->judge(batches[at]).findings.size();
      };
    });
  }
};

// The same by hand: for each code the checks that concern it.
class ByHand {
public:
  ByHand(const Measured& measured, const Reference& reference, std::uint32_t rules)
      : measured_(measured) {
    const schema::Schema& schema = measured.compiled->program().schema;
    lines_ = *schema::line_relation(schema);
    code_ = *engine::column_at(schema.relations[lines_], "code");
    name_ = *engine::column_at(schema.relations[lines_], "name");
    level_ = *engine::column_at(schema.relations[0], "provider.level");
    const Type type = schema.relations[lines_].columns[code_].type;
    const codes::Dictionary& dictionary =
        engine::dictionaries(*measured.compiled->engine)[schema.systems[type.domain].dictionary];
    std::vector<std::vector<Check>> by_code(codes::frozen_size(dictionary));
    for (std::uint32_t rule = 0; rule < rules; ++rule) {
      std::uint32_t number = 0;
      for (const TableRow& row : rows_of(reference, rule)) {
        const std::uint32_t id = codes::find(dictionary, reference.items[row.item].code);
        by_code[id].push_back({rule, number++, row.level});
      }
    }
    begins_.push_back(0);
    for (const auto& checks : by_code) {
      checks_.insert(checks_.end(), checks.begin(), checks.end());
      begins_.push_back(static_cast<std::uint32_t>(checks_.size()));
    }
  }

  struct Found {
    std::uint32_t settlement = 0, row = 0, rule = 0, table_row = 0;
    std::int64_t cents = 0;
    std::string name;
  };
  // Findings of one block.
  void run(std::size_t block, std::vector<Found>& out) const {
    const batch::Batch& batch = measured_.batches[block];
    const batch::RelationData& lines = batch.relations[lines_];
    const auto* codes = reinterpret_cast<const std::uint32_t*>(lines.columns[code_].values.data());
    const auto known = static_cast<std::uint32_t>(begins_.size() - 1);
    for (std::uint32_t s = 0; s < batch.settlements; ++s) {
      const batch::ColumnData& levels = batch.relations[0].columns[level_];
      const auto level = batch::stored<std::uint32_t>(levels, s);
      for (std::uint32_t row = lines.offsets[s]; row < lines.offsets[s + 1]; ++row) {
        const std::uint32_t code = codes[row];
        if (code >= known)
          continue;
        for (std::uint32_t i = begins_[code]; i < begins_[code + 1]; ++i)
          if (level < checks_[i].level)
            out.push_back({s, row, checks_[i].rule, checks_[i].row, 0,
                           std::string(batch::stored_text(lines.columns[name_], row))});
      }
    }
  }
  [[nodiscard]] std::uint64_t all() const {
    return over_blocks(measured_.batches.size(), 1, [&] {
      return [&, found = std::vector<Found>()](std::size_t at) mutable {
        found.clear();
        run(at, found);
        return found.size();
      };
    });
  }

  void compare() const {
    engine::Judge judge(*measured_.compiled->engine);
    for (std::size_t b = 0; b < measured_.batches.size(); ++b) {
      std::vector<Found> found;
      run(b, found);
      std::map<std::tuple<std::uint32_t, std::uint32_t>, std::pair<std::uint32_t, std::string>>
          other;
      for (const Found& each : found)
        other[{each.row, each.rule}] = {each.table_row, each.name};
      const auto compiled = judge.judge(measured_.batches[b]).findings;
      bool same = compiled.size() == found.size();
      for (const exec::Finding& each : compiled) {
        const std::string& id = measured_.compiled->program().rules[each.rule].id;
        const auto rule = static_cast<std::uint32_t>(std::stoul(id.substr(1)));
        const auto at = other.find({each.subject, rule});
        same = same && at != other.end() && at->second.first == each.evidence[0].row &&
               at->second.second == std::get<std::string>(each.holes[0]);
      }
      if (!same)
        stop(
            fmt::format("the hand-written index finds {} and the compiled rules {} in block {}, or "
                        "others",
                        found.size(), compiled.size(), b));
    }
  }

private:
  struct Check {
    std::uint32_t rule = 0, row = 0, level = 0;
  };
  const Measured& measured_;
  std::uint32_t lines_ = 0, code_ = 0, name_ = 0, level_ = 0;
  std::vector<Check> checks_;
  std::vector<std::uint32_t> begins_;
};

Run run_of(std::string name) {
  return {.name = std::move(name),
          .unit = "settlements/s",
          .work = static_cast<double>(settlements),
          .timed = {}};
}

} // namespace

void measure_table_rules(Bench& bench) {
  const ReferenceWorld world = make_reference_world({.work = bench.folder, .settlements = 1});
  std::string claims;
  append_claims(world.reference, 2, 0, settlements, claims);
  const fs::path folder(bench.folder);
  const auto pack = [&](std::uint32_t rules, std::uint32_t cold) {
    return write_pack(folder / fmt::format("table_rules_{}_{}", rules, cold), world.reference,
                      rules, cold);
  };
  Curve curve{
      .name = "throughput against rules", .x_unit = "table rules", .y_unit = "settlements/s"};
  std::map<std::uint32_t, Run> by_rules;
  for (const std::uint32_t rules : {10u, 80u, 160u}) {
    const Measured measured(pack(rules, 0), claims);
    Run run =
        bench.time(run_of(fmt::format("table_rules_{}", rules)), [&] { (void)measured.judge(); });
    curve.points.emplace_back(rules, run.value_of_all());
    by_rules.emplace(rules, std::move(run));
  }
  bench.ratio("rules_80_to_160", by_rules.at(80), by_rules.at(160));
  {
    const Measured measured(pack(500, 0), claims);
    const ByHand by_hand(measured, world.reference, 500);
    by_hand.compare();
    const auto runs =
        bench.interleave({run_of("table_rules_500"), run_of("table_rules_500_by_hand")},
                         {[&] { (void)measured.judge(); }, [&] { (void)by_hand.all(); }});
    bench.ratio("rules_500_vs_hand_index", runs[0], runs[1]);
    bench.ratio("rules_10_to_500", by_rules.at(10), runs[0]);
    curve.points.emplace_back(500, runs[0].value_of_all());
  }
  bench.report.curves.push_back(curve);
  const Measured small(pack(40, 0), claims), large(pack(40, 9), claims);
  const auto runs = bench.interleave({run_of("tables_as_they_are"), run_of("tables_ten_times")},
                                     {[&] { (void)small.judge(); }, [&] { (void)large.judge(); }});
  bench.ratio("table_rows_x10_cold", runs[0], runs[1]);
  bench.report.curves.push_back(
      {.name = "throughput against table rows",
       .x_unit = "rows a table",
       .y_unit = "settlements/s",
       .points = {{600, runs[0].value_of_all()}, {6000, runs[1].value_of_all()}}});
}

} // namespace sanku::bench

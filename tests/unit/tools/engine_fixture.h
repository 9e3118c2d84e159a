// What tests of the engine share: rule packs written into a temporary folder, claims made of a few
// fields, and runs over text in memory. Entries: PackFolder, claim, run_text, run_folder.
#pragma once

#include "runtime/io/csv_folder.h"
#include "tools/engine/engine.h"
#include "tools/engine/rules.h"
#include "tools/engine/run.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace sanku::engine {

// A pack on the national schema. Removed at the end.
class PackFolder {
public:
  PackFolder() {
    // One folder a test: CTest runs each in a process of its own, several at a time.
    const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              fmt::format("sanku-{}-{}-{}", test->test_suite_name(), test->name(), ::getpid());
    std::filesystem::create_directories(folder_ / "knowledge");
    write("pack.toml",
          fmt::format(
              "name = \"small\"\nversion = \"1\"\nlanguage = \"1\"\ntest_date = 2026-03-05\nschema "
              "= \"{}\"\n",
              (std::filesystem::current_path() / "stdlib-rules/schema/settlement.sanku").string()));
    write("sources.sanku", "source law / 法规 \"医疗保障基金使用监督管理条例\"\n");
  }
  ~PackFolder() { std::filesystem::remove_all(folder_); }
  PackFolder(const PackFolder&) = delete;
  PackFolder& operator=(const PackFolder&) = delete;

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string path(const std::string& name = {}) const {
    return (name.empty() ? folder_ : folder_ / name).string();
  }

private:
  std::filesystem::path folder_;
};

// One settlement as a line of NDJSON; `items` are the objects of its fee lines, without the
// brackets.
inline std::string claim(std::string_view number, std::string_view patient,
                         std::string_view items) {
  return fmt::format(
      R"({{"patient_dtos":[{{"patn_id":"P1","patn_name":"张三",{},"curr_mdtrt_id":"M{}","fsi_encounter_dtos":[)"
      R"({{"mdtrt_id":"M{}","setl_id":"S{}","medins_id":"H1","dscg_date":"2026-03-05 10:00:00",)"
      R"("fsi_diagnose_dtos":[{{"dise_id":"D1","dise_codg":"J00"}}],"fsi_order_dtos":[{}]}}]}}]}})"
      "\n",
      patient, number, number, number, items);
}
inline std::string item(std::string_view id, std::string_view code, std::string_view quantity,
                        std::string_view amount) {
  return fmt::format(
      R"({{"rx_id":"{}","hilist_code":"{}","hilist_name":"项目","cnt":"{}","pric":"10.00","sumamt":"{}",)"
      R"("drord_begn_date":"2026-03-05 09:30:00"}})",
      id, code, quantity, amount);
}

struct Ran {
  std::string written;
  std::vector<io::Reject> rejects;
  RunSummary summary;
};

// Rules without mistakes; a test that wants them fails otherwise.
inline std::unique_ptr<Rules> rules_at(const std::string& place) {
  auto rules = read_rules(place);
  EXPECT_TRUE(rules) << (rules ? "" : rules.error().en);
  if (!rules)
    return nullptr;
  for (const diag::Diagnostic& each : (*rules)->diagnostics.all)
    ADD_FAILURE() << each.en;
  return is_ready(**rules) ? std::move(*rules) : nullptr;
}

// The sink refuses after `capacity` bytes.
inline Result<Ran> run_ports(const Engine& engine, RunPorts ports, RunOptions options,
                             std::size_t capacity = SIZE_MAX) {
  Ran ran;
  options.pack = "test 1";
  ports.write = [&](std::string_view findings) -> Result<void> {
    if (ran.written.size() + findings.size() > capacity)
      return failure("the sink is full", "已满");
    ran.written += findings;
    return {};
  };
  ports.reject = [&](const io::Reject& reject) -> Result<void> {
    ran.rejects.push_back(reject);
    return {};
  };
  auto summary = run(engine, options, ports);
  if (!summary)
    return tl::unexpected(summary.error());
  ran.summary = std::move(*summary);
  return ran;
}

inline Result<Ran> run_text(const Engine& engine, std::string_view text, const RunOptions& options,
                            std::size_t capacity = SIZE_MAX) {
  RunPorts ports;
  ports.read = [&](char* buffer, std::size_t size) {
    const std::size_t taken = std::min(size, text.size());
    std::memcpy(buffer, text.data(), taken);
    text.remove_prefix(taken);
    return static_cast<std::int64_t>(taken);
  };
  return run_ports(engine, std::move(ports), options, capacity);
}

inline Result<Ran> run_folder(const Engine& engine, const std::string& folder,
                              const RunOptions& options, const io::CsvOptions& csv = {}) {
  auto opened = io::CsvFolder::open(folder, engine.program.schema, csv);
  if (!opened)
    return tl::unexpected(opened.error());
  RunPorts ports;
  ports.next = [&](io::Chunk& chunk) { return opened->next(chunk); };
  return run_ports(engine, std::move(ports), options);
}

} // namespace sanku::engine

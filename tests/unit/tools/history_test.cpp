// A history over several runs: the same findings as one run over everything; repeats, refunds and
// corrections of another day; what expires; damage, other windows, and runs killed in the middle.
#include "tests/unit/tools/past_fixture.h"
#include "tools/engine/remembered.h"

#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path;
  Folder() {
    const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
    path =
        fs::path(testing::TempDir()) / fmt::format("sanku-history-{}-{}", test->name(), ::getpid());
    fs::remove_all(path);
  }
  ~Folder() { fs::remove_all(path); }
};

std::unique_ptr<history::Store> opened(const Past& past, const fs::path& folder) {
  auto store = history::Store::open(folder, *history_shape(past.engine->program));
  EXPECT_TRUE(store) << (store ? "" : store.error().en);
  return store ? std::move(*store) : nullptr;
}
Ran run_with(const Past& past, const fs::path& folder, const std::string& text,
             RunOptions options = {}) {
  const auto store = opened(past, folder);
  options.history = store.get();
  return past.run(text, options);
}
std::string written(const Ran& ran) {
  const history::Written& w = *ran.summary.history;
  return fmt::format("{} {} {} {}", w.added, w.repeated, w.taken_back, w.expired);
}
Error refusal(const Past& past, const fs::path& folder) {
  const auto store = history::Store::open(folder, *history_shape(past.engine->program));
  EXPECT_FALSE(store);
  return store ? Error{} : store.error();
}

TEST(History, SeveralRunsFindWhatOneFinds) {
  const Past past;
  const Folder folder;
  std::vector<std::string> days(56); // of February and March
  std::string all;
  for (int day = 0; day < 56; ++day) {
    for (int person = day % 5; person < 30; person += 1 + (day * 7 + person) % 6)
      days[static_cast<std::size_t>(day)] +=
          stay(fmt::format("V{}-{}", person, day), fmt::format("P{}", person),
               fmt::format("2026-{:02}-{:02}", 2 + day / 28, 1 + day % 28), 1);
    all += days[static_cast<std::size_t>(day)];
  }
  std::string found;
  for (const std::string& day : days)
    found += run_with(past, folder.path, day).written;
  const Ran whole = past.run(all);
  EXPECT_GT(whole.summary.work.findings, 100u);
  EXPECT_EQ(Past::without_places(found), Past::without_places(whole.written));
}

TEST(History, ARepeatedBatchChangesNothing) {
  const Past past;
  const Folder folder;
  const std::string first = stay("V1", "P1", "2026-02-01", 1),
                    second = stay("V2", "P1", "2026-02-02", 1);
  EXPECT_EQ(written(run_with(past, folder.path, first)), "1 0 0 0");
  const Ran ran = run_with(past, folder.path, second);
  EXPECT_EQ(fields(ran.written, "mdtrt_id"), (Texts{"V2"}));
  const Ran again = run_with(past, folder.path, second);
  EXPECT_EQ(written(again), "0 1 0 0");
  EXPECT_EQ(again.written, ran.written);
  EXPECT_EQ(account_of(again), "1 = 1 + 0 + 0 + 0 + 0");
}

TEST(History, ASettlementNumberWithOtherContentIsRefused) {
  const Past past;
  const Folder folder;
  (void)run_with(past, folder.path, stay("V1", "P1", "2026-02-01", 1));
  const Ran ran = run_with(past, folder.path, stay("V1", "P1", "2026-02-01", 2));
  ASSERT_EQ(ran.rejects.size(), 1u);
  EXPECT_NE(ran.rejects[0].reason_en.find("earlier run"), std::string::npos);
  EXPECT_EQ(written(ran), "0 0 0 0");
  // What was judged stands, whether it is sent once more or not and in whatever order.
  const std::string first = stay("V1", "P1", "2026-02-01", 1),
                    other = stay("V1", "P1", "2026-02-01", 3);
  for (const std::string& text : {first + other, other + first}) {
    const Ran again = run_with(past, folder.path, text);
    EXPECT_EQ(account_of(again), "2 = 1 + 0 + 0 + 0 + 1");
    ASSERT_EQ(again.rejects.size(), 1u);
    EXPECT_NE(again.rejects[0].reason_en.find("earlier run"), std::string::npos);
  }
}

TEST(History, ARefundOfAnotherDayTakesTheVisitOutOfThePast) {
  const Past past;
  const Folder folder;
  const std::string first = stay("V1", "P1", "2026-02-01", 1),
                    refund = stay("V1", "P1", "2026-02-02", -1,
                                  R"(,"refd_setl_flag":"1","init_setl_id":"SV1")");
  (void)run_with(past, folder.path, first);
  const auto refunded = [&](std::string text) {
    const std::size_t at = text.find("\"setl_id\":\"SV1\"");
    return text.replace(at, 15, "\"setl_id\":\"SV1R\"");
  };
  const Ran back = run_with(past, folder.path, refunded(refund));
  EXPECT_EQ(account_of(back), "1 = 0 + 0 + 0 + 1 + 0");
  EXPECT_EQ(written(back), "0 0 1 0");
  EXPECT_EQ(run_with(past, folder.path, stay("V2", "P1", "2026-02-03", 1)).written, "");
  // It stays taken back when its record comes once more.
  const Ran again = run_with(past, folder.path, first);
  EXPECT_EQ(account_of(again), "1 = 0 + 0 + 0 + 1 + 0");
}

TEST(History, PartsOfAVisitThatCameOnAnotherDayAreOneVisit) {
  const Past past;
  const Folder folder;
  const auto part = [](const char* number) {
    std::string text = stay("V1", "P1", "2026-02-01", 1);
    const std::size_t at = text.find("\"setl_id\":\"SV1\"");
    return text.replace(at, 15, fmt::format("\"setl_id\":\"{}\"", number));
  };
  (void)run_with(past, folder.path, part("A"));
  (void)run_with(past, folder.path, part("B"));
  const Ran ran = run_with(past, folder.path, stay("V2", "P1", "2026-02-02", 1));
  EXPECT_EQ(fields(ran.written, "message"), (Texts{"至少1"}));
}

TEST(History, WhatNobodyCanLookAtAnyMoreLeaves) {
  const Past past;
  const Folder folder;
  (void)run_with(past, folder.path, stay("V1", "P1", "2026-01-01", 1));
  EXPECT_EQ(written(run_with(past, folder.path, stay("V2", "P2", "2026-01-31", 1),
                             {.known_since = Date{20455}})), // 2026-01-02
            "1 0 0 0");
  EXPECT_EQ(written(run_with(past, folder.path, stay("V3", "P3", "2026-02-01", 1))), "1 0 0 1");
}

TEST(History, AStoreThatIsBehindSeesAndDoesNotPromise) {
  const Past past;
  const Folder folder;
  (void)run_with(past, folder.path, stay("V1", "P1", "2026-02-01", 1));
  // The days between are nobody's: what is found counts, what is not found is unknown.
  const Ran ran = run_with(past, folder.path,
                           stay("V2", "P1", "2026-02-20", 1) + stay("V3", "P2", "2026-02-20", 1));
  EXPECT_EQ(fields(ran.written, "mdtrt_id"), (Texts{"V2"}));
  EXPECT_EQ(ran.summary.rules[0].outcomes.indeterminate, 1u);
}

TEST(History, EveryChangedByteIsNoticed) {
  const Past past;
  const Folder folder;
  (void)run_with(past, folder.path, stay("V1", "P1", "2026-02-01", 1));
  for (const char* name : {"data.mdb", "digest"}) {
    const fs::path file = folder.path / name;
    const auto size = fs::file_size(file);
    for (std::uintmax_t at = 0; at < size; at += std::max<std::uintmax_t>(1, size / 97)) {
      std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
      const auto flip = [&] {
        bytes.seekg(static_cast<std::streamoff>(at));
        const char was = static_cast<char>(bytes.get());
        bytes.seekp(static_cast<std::streamoff>(at));
        bytes.put(static_cast<char>(was ^ 4)).flush();
      };
      flip();
      EXPECT_NE(refusal(past, folder.path).en.find("damaged"), std::string::npos) << name << at;
      flip();
    }
  }
  const fs::path file = folder.path / "data.mdb";
  const auto size = fs::file_size(file);
  fs::resize_file(file, size - 1);
  EXPECT_NE(refusal(past, folder.path).zh.find("已损坏"), std::string::npos);
}

TEST(History, IsRefusedWhereItKeepsLessThanARuleLooksAt) {
  const Past month, year("365 days");
  const Folder folder;
  (void)run_with(month, folder.path, stay("V1", "P1", "2026-02-01", 1));
  const Error why = refusal(year, folder.path);
  EXPECT_NE(why.en.find("30 days, and rule T1 looks back over 365 days"), std::string::npos)
      << why.en;
  EXPECT_NE(why.zh.find("T1"), std::string::npos);
  // The other way round it serves.
  const Folder other;
  (void)run_with(year, other.path, stay("V1", "P1", "2026-02-01", 1));
  EXPECT_EQ(fields(run_with(month, other.path, stay("V2", "P1", "2026-02-02", 1)).written, "rule"),
            (Texts{"T1"}));
}

TEST(History, IsNotMadeAmongOtherFilesNorUsedTwice) {
  const Past past;
  const Folder folder;
  fs::create_directories(folder.path);
  std::ofstream(folder.path / "claims.ndjson") << "{}";
  EXPECT_NE(refusal(past, folder.path).en.find("is no history"), std::string::npos);
  fs::remove(folder.path / "claims.ndjson");
  const auto store = opened(past, folder.path);
  EXPECT_NE(refusal(past, folder.path).en.find("another run"), std::string::npos);
}

// A process that writes day after day and says so after each; killed at any moment, all that it
// said is there, and nothing that it did not write.
TEST(History, AKilledRunLosesNothingItAcknowledged) {
  const Past past;
  for (int round = 0; round < 12; ++round) {
    const Folder folder;
    int told[2];
    ASSERT_EQ(::pipe(told), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (int day = 1; day < 29; ++day) {
        (void)run_with(past, folder.path,
                       stay(fmt::format("V{}", day), "P1", fmt::format("2026-02-{:02}", day), 1));
        const char said = static_cast<char>(day);
        if (::write(told[1], &said, 1) != 1)
          break;
      }
      ::_exit(0);
    }
    ::close(told[1]);
    char said = 0, last = 0;
    for (int i = 0; i <= round && ::read(told[0], &said, 1) == 1; ++i)
      last = said;
    ::usleep(static_cast<unsigned>(round) * 700);
    ::kill(child, SIGKILL);
    while (::read(told[0], &said, 1) == 1)
      last = said;
    ::close(told[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    const auto store = opened(past, folder.path);
    ASSERT_TRUE(store);
    const auto kept = store->of_person("=P1");
    ASSERT_TRUE(kept) << kept.error().en;
    EXPECT_GE(kept->size(), static_cast<std::size_t>(last));
    EXPECT_LE(kept->size(), static_cast<std::size_t>(last) + 1);
    for (int day = 1; day <= last; ++day)
      EXPECT_TRUE(store->of_settlement(fmt::format("H1\nSV{}", day)).has_value());
  }
}

} // namespace
} // namespace sanku::engine

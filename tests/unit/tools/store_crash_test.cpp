// A store of packs whose writer is stopped before any step: what serves is the old or the new,
// whole, and the next writer goes on. Once on a disk in memory that loses and reorders, once by
// kill -9.
#include "tests/unit/tools/pack_fixture.h"
#include "tests/unit/tools/store_disk.h"
#include "tools/pack/store.h"

#include <csignal>
#include <sys/wait.h>

namespace sanku::deploy {
namespace {

using pack::FragileDisk;
using pack::Store;

constexpr std::uint32_t seeds = 60;

struct World {
  Keys keys;
  pack::PrivateKey key = pack::make_key(pack::Algorithm::ed25519);
  std::vector<pack::PackFile> packs;

  World() {
    for (const char* version : {"1", "2"}) {
      const PackFolder folder;
      write_small(folder, version);
      packs.push_back(std::move(*opened(signed_by_both(built(folder), keys)).file));
    }
  }
  void make(const pack::Disk& disk) const {
    ASSERT_TRUE(pack::make_store(disk, key, keys.trust(), noon));
    auto store = open(disk);
    ASSERT_TRUE(store);
    ASSERT_TRUE(pack::put_pack(*store, key, packs[0], noon));
  }
  [[nodiscard]] static std::optional<Store> open(const pack::Disk& disk) {
    diag::Diagnostics diagnostics;
    auto store = pack::open_store(disk, {}, diagnostics);
    return store ? std::move(*store) : std::nullopt;
  }
  // The version that serves, if everything that is in force is there and whole; else `broken`.
  [[nodiscard]] static std::string serving(const pack::Disk& disk) {
    const auto store = open(disk);
    if (!store)
      return "broken";
    for (const pack::LogEntry& entry : store->log.entries) {
      if (entry.kind == pack::LogEntry::Kind::trust)
        continue;
      const auto bytes = pack::pack_bytes(disk, entry);
      if (!bytes || !*bytes || pack::hex(pack::sha256_of(**bytes)) != entry.file)
        return "broken";
    }
    const auto* now = pack::in_force(*store, "small", "national");
    return now == nullptr ? "none" : now->version;
  }
};

// Does `act` with the power going before each step in turn, and asks what then serves.
template <class Act>
std::set<std::string> outcomes(const World& world, bool keeps, const Act& act,
                               const std::string& finished) {
  std::set<std::string> found;
  for (std::uint64_t steps = 0;; ++steps) {
    FragileDisk before;
    world.make(before.disk());
    before.done = 0;
    before.steps = steps;
    before.keeps = keeps;
    const bool is_done = act(before.disk());
    for (std::uint32_t seed = 0; seed < seeds; ++seed) {
      FragileDisk after = before.after_crash(seed);
      const std::string serves = World::serving(after.disk());
      found.insert(is_done && serves != finished ? "lost" : serves);
      if (!keeps || serves == "broken")
        continue;
      // The next writer finds a store that it can change.
      EXPECT_TRUE(act(after.disk())) << steps << " " << seed;
      EXPECT_EQ(World::serving(after.disk()), finished) << steps << " " << seed;
      const auto names = after.disk().list("packs");
      EXPECT_TRUE(names);
      for (const std::string& name : *names)
        EXPECT_FALSE(name.ends_with(".part")) << name;
    }
    if (is_done)
      return found;
  }
}

TEST(StoreCrash, an_installation_leaves_the_old_or_the_new) {
  const World world;
  const auto install = [&](const pack::Disk& disk) {
    auto store = World::open(disk);
    return store && pack::put_pack(*store, world.key, world.packs[1], noon);
  };
  EXPECT_EQ(outcomes(world, true, install, "2"), (std::set<std::string>{"1", "2"}));
}

TEST(StoreCrash, a_rollback_leaves_the_old_or_the_new) {
  const World world;
  const auto install_and_back = [&](const pack::Disk& disk) {
    auto store = World::open(disk);
    if (!store)
      return false;
    const auto* now = pack::in_force(*store, "small", "national");
    if (now->version == "1" && !pack::put_pack(*store, world.key, world.packs[1], noon))
      return false;
    now = pack::in_force(*store, "small", "national");
    const auto* to = pack::earlier(*store, *now, "");
    const pack::LogEntry entry = *to;
    return pack::put_rollback(*store, world.key, entry, noon).has_value();
  };
  EXPECT_EQ(outcomes(world, true, install_and_back, "1"), (std::set<std::string>{"1", "2"}));
}

TEST(StoreCrash, a_new_trust_root_comes_whole_or_not) {
  const World world;
  const auto change = [&](const pack::Disk& disk) {
    auto store = World::open(disk);
    if (!store)
      return false;
    if (store->root.version == 2)
      return true;
    diag::Diagnostics diagnostics;
    const auto put = pack::put_trust(*store, world.key, world.keys.trust(2), noon, {}, diagnostics);
    return put && *put;
  };
  EXPECT_EQ(outcomes(world, true, change, "1"), (std::set<std::string>{"1"}));
}

// The test can fail: where nothing is made lasting, it finds what is broken or lost.
TEST(StoreCrash, a_disk_that_forgets_is_noticed) {
  const World world;
  const auto install = [&](const pack::Disk& disk) {
    auto store = World::open(disk);
    return store && pack::put_pack(*store, world.key, world.packs[1], noon);
  };
  const auto found = outcomes(world, false, install, "2");
  EXPECT_TRUE(found.contains("lost"));
  EXPECT_TRUE(found.contains("broken"));
}

// Every step of a real disk, with the process killed before it.
pack::Disk killing(pack::Disk disk, std::uint64_t& left) {
  const auto count = [&left] {
    if (left-- == 0)
      (void)::raise(SIGKILL);
  };
  pack::Disk made = disk;
  made.write = [=](const std::string& name, std::string_view bytes) {
    // Half of it, then the rest: files are cut as well.
    if (left == 0)
      (void)disk.write(name, bytes.substr(0, bytes.size() / 2));
    count();
    return disk.write(name, bytes);
  };
  made.append = [=](const std::string& name, std::uint64_t at, std::string_view bytes) {
    if (left == 0)
      (void)disk.append(name, at, bytes.substr(0, bytes.size() / 2));
    count();
    return disk.append(name, at, bytes);
  };
  made.sync = [=](const std::string& name) { return count(), disk.sync(name); };
  made.rename = [=](const std::string& from, const std::string& to) {
    return count(), disk.rename(from, to);
  };
  made.sync_folder = [=](const std::string& name) { return count(), disk.sync_folder(name); };
  made.remove = [=](const std::string& name) { return count(), disk.remove(name); };
  return made;
}

TEST(StoreCrash, kill_9_at_every_step_leaves_the_old_or_the_new) {
  const World world;
  std::set<std::string> found;
  bool is_done = false;
  for (std::uint64_t steps = 0; !is_done; ++steps) {
    ASSERT_LT(steps, 100u);
    const PackFolder folder;
    const pack::Disk disk = pack::real_disk(folder.path("store"));
    world.make(disk);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      std::uint64_t left = steps;
      auto store = World::open(killing(disk, left));
      ::_exit(store && pack::put_pack(*store, world.key, world.packs[1], noon) ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    is_done = WIFEXITED(status);
    if (is_done) {
      EXPECT_EQ(WEXITSTATUS(status), 0);
    } else {
      EXPECT_EQ(WTERMSIG(status), SIGKILL);
    }
    const std::string serves = World::serving(disk);
    found.insert(is_done && serves != "2" ? "lost" : serves);
    auto store = World::open(disk);
    ASSERT_TRUE(store) << steps;
    ASSERT_TRUE(pack::put_pack(*store, world.key, world.packs[1], noon)) << steps;
    EXPECT_EQ(World::serving(disk), "2");
  }
  EXPECT_EQ(found, (std::set<std::string>{"1", "2"}));
}

} // namespace
} // namespace sanku::deploy

// One claim after the other on a worker that has seen the like: judging it allocates nothing, takes
// no lock and compiles nothing. Counted, not timed: this program replaces operator new and the lock
// of mutexes, so it is a program of its own, and left out where a sanitizer has replaced them.
#include "runtime/assemble/assemble.h"
#include "runtime/io/ndjson.h"
#include "tools/engine/engine.h"
#include "tools/engine/rules.h"
#include "tools/generate/generate.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <dlfcn.h>
#include <new>
#include <pthread.h>
#include <string>
#include <vector>

#if !defined(SANKU_SANITIZE) && !defined(SANKU_THREAD)

namespace {

struct Counted {
  bool on = false;
  unsigned long allocations = 0, locks = 0;
};
thread_local Counted counted;

void* allocate(std::size_t size) {
  counted.allocations += counted.on ? 1 : 0;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr)
    std::abort();
  return memory;
}

} // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

extern "C" int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  using Lock = int (*)(pthread_mutex_t*);
  static const Lock real = reinterpret_cast<Lock>(::dlsym(RTLD_NEXT, "pthread_mutex_lock"));
  counted.locks += counted.on ? 1 : 0;
  return real(mutex);
}

namespace sanku::engine {
namespace {

constexpr const char* national = "bench/packs/first_eighteen";

class Request : public testing::Test {
protected:
  void SetUp() override {
    auto rules = read_rules(national);
    ASSERT_TRUE(rules && is_ready(**rules));
    rules_ = std::move(*rules);
    auto code = compile(program(*rules_), jit::Level::optimised);
    ASSERT_TRUE(code);
    code_ = std::move(*code);
    engine_ = make_engine(program(*rules_), rules_->checked->tables, code_.image.get(), {});
    generate::Options options;
    options.settlements = 300;
    options.violation_rate = 0.3;
    options.pack = national;
    options.codes = "stdlib-rules/schema/codes";
    io::Chunk chunk;
    ASSERT_TRUE(generate::generate(
        options,
        [&](std::string_view text) {
          chunk.text += text;
          return true;
        },
        [](std::string_view) { return true; }));
    chunk.first_line = 1;
    io::NdjsonReader reader(engine_->program.schema, dictionaries(*engine_));
    std::vector<io::Reject> rejects;
    io::ReadCounts counts;
    const auto take = [&](batch::Batch batch) {
      assemble::assemble(batch, engine_->program.schema, dictionaries(*engine_),
                         assembly(*engine_));
      claims_.push_back(std::move(batch));
    };
    reader.read(chunk, 0, 1, take, rejects, counts); // a claim a batch
    ASSERT_EQ(claims_.size(), 300u);
  }

  std::unique_ptr<Rules> rules_;
  Compiled code_;
  std::unique_ptr<Engine> engine_;
  std::vector<batch::Batch> claims_;
};

TEST_F(Request, JudgingAClaimAllocatesOnlyWhatIsFoundAndTakesNoLock) {
  Judge judge(*engine_);
  for (const batch::Batch& claim : claims_)
    (void)judge.judge(claim);
  std::size_t silent = 0, speaking = 0;
  for (std::size_t i = 0; i < claims_.size(); ++i) {
    counted = {.on = true};
    const exec::BlockResult result = judge.judge(claims_[i]);
    counted.on = false;
    EXPECT_EQ(counted.locks, 0u) << i;
    if (result.findings.empty()) {
      EXPECT_EQ(counted.allocations, 0u) << i;
    }
    (result.findings.empty() ? silent : speaking) += 1;
  }
  EXPECT_GT(silent, 100u);
  EXPECT_GT(speaking, 30u);
  EXPECT_EQ(code_.image->tiers.size(), 1u);
}

TEST_F(Request, TheCountersSeeAllocationsAndLocks) {
  counted = {.on = true};
  const auto text = std::make_unique<std::string>(100, 'x');
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  counted.on = false;
  pthread_mutex_unlock(&mutex);
  EXPECT_EQ(counted.allocations, 2u);
  EXPECT_EQ(counted.locks, 1u);
}

} // namespace
} // namespace sanku::engine

#endif

// What runs remember of persons: the records of their visits, each once, in a folder of its own, so
// that a later run sees the past of whom it judges. On disk in LMDB, by person, visit and
// settlement; keys are digests, so that a number of any length fits and no listing of keys names a
// person. One change is one transaction: after a crash it took place or it did not. What LMDB does
// not notice, a byte that changed at rest, a digest over the whole file does: it is compared when
// the store is opened and made again after every change; a mark tells the time in between.
//
// Entry: Store::open. Tested by tests/unit/tools/history_test.cpp.
#pragma once

#include "runtime/types/result.h"
#include "runtime/types/scalar.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::history {

// Keys are those of assemble::keys_of; of a record without a settlement number its content stands
// for it.
struct Record {
  std::string person, visit, settlement;
  std::optional<Date> last_day; // none: it never expires
  std::string content;
};

// Since when, and until when, all visits of everybody are known.
struct Days {
  std::optional<Date> since, until;
};

// What the rules that read the store need.
struct Shape {
  std::string schema;                    // of the contents, as a text that any change changes
  std::optional<std::int64_t> days_back; // how far they look; none: over all times
  std::string farthest;                  // the rule that looks farthest, for messages
};

struct Written {
  std::uint64_t added = 0, repeated = 0, taken_back = 0, expired = 0;
};

class Writer; // of the change that is being made

class Store {
public:
  // Made if the folder is not there or empty. An error: it is used by another process, is no store,
  // is damaged, or was kept for other contents or shorter windows.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder,
                                                           const Shape& shape);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // From any thread, while nothing is written.
  [[nodiscard]] Result<std::vector<Record>> of_person(std::string_view person) const;
  [[nodiscard]] Result<std::vector<Record>> of_visit(std::string_view visit) const;
  // The record that has that settlement number.
  [[nodiscard]] Result<std::optional<Record>> of_settlement(std::string_view settlement) const;
  [[nodiscard]] Result<bool> was_taken_back(std::string_view settlement) const;
  // Whether the store knows anything of either.
  [[nodiscard]] Result<bool> mentions(std::string_view visit, std::string_view settlement) const;
  [[nodiscard]] const Days& known() const;
  // Windows of this length are served; none: of any.
  [[nodiscard]] std::optional<std::int64_t> days_back() const;

  // One change, all of it or nothing. What ended before `expire_before` leaves.
  struct Change {
    std::function<Result<void>(Writer&)> records;
    Days known;
    std::optional<Date> expire_before;
  };
  [[nodiscard]] Result<Written> write(const Change& change);

  struct State; // of the files of this folder

private:
  explicit Store(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class Writer {
public:
  // A record that is there already with the same content changes nothing.
  [[nodiscard]] Result<void> put(const Record& record);
  // Remembered until `day` expires, so that a record that comes again stays taken back.
  [[nodiscard]] Result<void> take_back(std::string_view settlement, std::optional<Date> day);

  struct Open; // of the files of this folder
  explicit Writer(Open& open) : open_(open) {}

private:
  Open& open_;
};

} // namespace sanku::history

// LMDB as values: an environment with its named tables, transactions that end with their scope.
// Header only, for the files of this folder.
#pragma once

#include "runtime/types/result.h"

#include <fmt/format.h>

#include <filesystem>
#include <lmdb.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sanku::history {

// What LMDB says, as an error about the store in `folder`.
[[nodiscard]] inline tl::unexpected<Error> refused(const std::filesystem::path& folder, int code) {
  return failure(fmt::format("the history in `{}`: {}", folder.string(), mdb_strerror(code)),
                 fmt::format("既往库“{}”：{}", folder.string(), mdb_strerror(code)));
}

// LMDB takes what it will not change as if it might.
inline MDB_val value_of(std::string& bytes) { return {bytes.size(), bytes.data()}; }
inline std::string_view view_of(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

// Ends with its scope; what was written is kept only by `commit`.
class Transaction {
public:
  Transaction(MDB_env* env, bool writes)
      : code_(mdb_txn_begin(env, nullptr, writes ? 0 : MDB_RDONLY, &open_)) {}
  ~Transaction() {
    if (open_ != nullptr)
      mdb_txn_abort(open_);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  [[nodiscard]] int begun() const { return code_; } // 0, or why not
  [[nodiscard]] MDB_txn* get() const { return open_; }
  [[nodiscard]] int commit() { return mdb_txn_commit(std::exchange(open_, nullptr)); }

private:
  MDB_txn* open_ = nullptr;
  int code_;
};

class Cursor {
public:
  Cursor(MDB_txn* txn, MDB_dbi table) : code_(mdb_cursor_open(txn, table, &open_)) {}
  ~Cursor() {
    if (open_ != nullptr)
      mdb_cursor_close(open_);
  }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  [[nodiscard]] int opened() const { return code_; }
  [[nodiscard]] int get(MDB_val& key, MDB_val& value, MDB_cursor_op how) {
    return mdb_cursor_get(open_, &key, &value, how);
  }

private:
  MDB_cursor* open_ = nullptr;
  int code_;
};

// 0 and the value, MDB_NOTFOUND, or what went wrong. The value lives as long as the transaction.
inline int find(MDB_txn* txn, MDB_dbi table, std::string key, std::string_view& found) {
  MDB_val wanted = value_of(key), value{};
  const int code = mdb_get(txn, table, &wanted, &value);
  if (code == 0)
    found = view_of(value);
  return code;
}
inline int put(MDB_txn* txn, MDB_dbi table, std::string key, std::string bytes) {
  MDB_val at = value_of(key), value = value_of(bytes);
  return mdb_put(txn, table, &at, &value, 0);
}
// Also where nothing is there.
inline int remove(MDB_txn* txn, MDB_dbi table, std::string key) {
  MDB_val at = value_of(key);
  const int code = mdb_del(txn, table, &at, nullptr);
  return code == MDB_NOTFOUND ? 0 : code;
}

} // namespace sanku::history

// See duckdb.h. The few functions of the C interface that are used are declared here, since no
// header of the library is there when the program is built.
#include "runtime/duckdb/duckdb.h"

#include "runtime/duckdb/pinned.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <filesystem>
#include <openssl/evp.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sanku::duckdb {
namespace {

namespace fs = std::filesystem;

// As the C interface lays them out.
struct Answer {
  std::uint64_t columns, rows, changed;
  void* own;
  char* error;
  void* data;
};
struct Days {
  std::int32_t days;
};

struct Functions {
  int (*open)(const char*, void**);
  void (*close)(void**);
  int (*connect)(void*, void**);
  void (*disconnect)(void**);
  int (*query)(void*, const char*, Answer*);
  void (*destroy_result)(Answer*);
  const char* (*result_error)(Answer*);
  std::uint64_t (*column_count)(Answer*);
  std::uint64_t (*row_count)(Answer*);
  bool (*value_is_null)(Answer*, std::uint64_t, std::uint64_t);
  char* (*value_varchar)(Answer*, std::uint64_t, std::uint64_t);
  void (*free)(void*);
  int (*appender_create)(void*, const char*, const char*, void**);
  int (*appender_end_row)(void*);
  int (*appender_destroy)(void**);
  int (*append_int64)(void*, std::int64_t);
  int (*append_date)(void*, Days);
  int (*append_null)(void*);
};

// The library stays open as long as the program runs: its threads may outlive a database.
struct Loaded {
  Functions functions{};
  std::string missing; // a function that it lacks
};

template <class Fn> void look_up(void* library, const char* name, Fn& fn, std::string& missing) {
  void* found = ::dlsym(library, name);
  if (found == nullptr)
    missing = name;
  fn = reinterpret_cast<Fn>(found);
}

Loaded functions_of(void* library) {
  Loaded loaded;
  const auto take = [&](const char* name, auto& fn) { look_up(library, name, fn, loaded.missing); };
  Functions& f = loaded.functions;
  take("duckdb_open", f.open);
  take("duckdb_close", f.close);
  take("duckdb_connect", f.connect);
  take("duckdb_disconnect", f.disconnect);
  take("duckdb_query", f.query);
  take("duckdb_destroy_result", f.destroy_result);
  take("duckdb_result_error", f.result_error);
  take("duckdb_column_count", f.column_count);
  take("duckdb_row_count", f.row_count);
  take("duckdb_value_is_null", f.value_is_null);
  take("duckdb_value_varchar", f.value_varchar);
  take("duckdb_free", f.free);
  take("duckdb_appender_create", f.appender_create);
  take("duckdb_appender_end_row", f.appender_end_row);
  take("duckdb_appender_destroy", f.appender_destroy);
  take("duckdb_append_int64", f.append_int64);
  take("duckdb_append_date", f.append_date);
  take("duckdb_append_null", f.append_null);
  return loaded;
}

// Of an open file, in hexadecimal digits; empty when it cannot be read.
std::string sha256(int file) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
  std::vector<char> buffer(std::size_t{1} << 20);
  ssize_t count = 0;
  while ((count = ::read(file, buffer.data(), buffer.size())) > 0)
    EVP_DigestUpdate(context, buffer.data(), static_cast<std::size_t>(count));
  std::array<unsigned char, 32> digest{};
  EVP_DigestFinal_ex(context, digest.data(), nullptr);
  EVP_MD_CTX_free(context);
  std::string text;
  for (const unsigned char byte : digest)
    text += fmt::format("{:02x}", byte);
  return count < 0 ? std::string() : text;
}

// What was hashed is what is opened: by its descriptor, whatever stands under the name meanwhile.
Result<Functions> load(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return failure(fmt::format("DuckDB's library is not there (`{}`); `./dev duckdb` fetches it. "
                               "Only Parquet and SQL need it",
                               path),
                   fmt::format("没有 DuckDB 的动态库（“{}”）；可用 ./dev duckdb 获取。只有 Parquet "
                               "和 SQL 需要它",
                               path));
  const std::string found = sha256(file);
  if (found != pinned_sha256) {
    ::close(file);
    return failure(fmt::format("`{}` is not the DuckDB library that this program was made for "
                               "(SHA-256 {}, expected {}); fetch it again with `./dev duckdb`",
                               path, found, pinned_sha256),
                   fmt::format("“{}”不是本程序所用的 DuckDB 动态库（SHA-256 为 {}，应为 {}）；请用 "
                               "./dev duckdb 重新获取",
                               path, found, pinned_sha256));
  }
  void* library = ::dlopen(fmt::format("/proc/self/fd/{}", file).c_str(), RTLD_NOW | RTLD_LOCAL);
  ::close(file);
  if (library == nullptr)
    return failure(fmt::format("cannot load `{}`: {}", path, ::dlerror()),
                   fmt::format("无法载入“{}”：{}", path, ::dlerror()));
  const Loaded loaded = functions_of(library);
  if (!loaded.missing.empty())
    return failure(fmt::format("`{}` lacks {}", path, loaded.missing),
                   fmt::format("“{}”缺少 {}", path, loaded.missing));
  return loaded.functions;
}

} // namespace

std::string library_path() {
  if (const char* named = std::getenv("SANKU_DUCKDB"))
    return named;
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return (program.parent_path().parent_path() / "duckdb" / pinned_file).string();
}

struct Database::State {
  Functions c{};
  void* database = nullptr;
  void* connection = nullptr;

  ~State() {
    if (connection != nullptr)
      c.disconnect(&connection);
    if (database != nullptr)
      c.close(&database);
  }
};

Database::Database(std::unique_ptr<State> state) : state_(std::move(state)) {}
Database::~Database() = default;
Database::Database(Database&&) noexcept = default;

Result<Database> Database::open(const std::string& library) {
  const auto functions = load(library);
  if (!functions)
    return tl::unexpected(functions.error());
  auto state = std::make_unique<State>();
  state->c = *functions;
  if (state->c.open(nullptr, &state->database) != 0 ||
      state->c.connect(state->database, &state->connection) != 0)
    return failure("DuckDB does not open a database in memory", "DuckDB 无法在内存中建立数据库");
  return Database(std::move(state));
}

Result<void> Database::run(const std::string& sql) {
  Answer answer{};
  Result<void> done;
  if (state_->c.query(state_->connection, sql.c_str(), &answer) != 0) {
    const char* why = state_->c.result_error(&answer);
    const std::string text = why == nullptr ? "" : why;
    done = failure("DuckDB: " + text, "DuckDB：" + text);
  }
  state_->c.destroy_result(&answer);
  return done;
}

Result<std::vector<Row>> Database::rows(const std::string& sql) {
  Answer answer{};
  std::vector<Row> rows;
  if (state_->c.query(state_->connection, sql.c_str(), &answer) != 0) {
    const char* why = state_->c.result_error(&answer);
    const std::string text = why == nullptr ? "" : why;
    state_->c.destroy_result(&answer);
    return failure("DuckDB: " + text, "DuckDB：" + text);
  }
  const std::uint64_t columns = state_->c.column_count(&answer);
  rows.resize(state_->c.row_count(&answer));
  for (std::uint64_t r = 0; r < rows.size(); ++r)
    for (std::uint64_t c = 0; c < columns; ++c) {
      auto& cell = rows[r].emplace_back();
      if (state_->c.value_is_null(&answer, c, r))
        continue;
      char* text = state_->c.value_varchar(&answer, c, r);
      cell = text == nullptr ? "" : text;
      state_->c.free(text);
    }
  state_->c.destroy_result(&answer);
  return rows;
}

struct Database::Appender::State {
  const Functions& c;
  void* appender = nullptr;
  bool good = true;
};

Database::Appender::Appender(Database& database, const std::string& table)
    : state_(std::make_unique<State>(State{.c = database.state_->c})) {
  state_->good = state_->c.appender_create(database.state_->connection, nullptr, table.c_str(),
                                           &state_->appender) == 0;
}
Database::Appender::~Appender() {
  if (state_->appender != nullptr)
    state_->c.appender_destroy(&state_->appender);
}
void Database::Appender::number(std::optional<std::int64_t> value) {
  const int refused = value ? state_->c.append_int64(state_->appender, *value)
                            : state_->c.append_null(state_->appender);
  state_->good = state_->good && refused == 0;
}
void Database::Appender::date(std::optional<std::int32_t> days) {
  const int refused = days ? state_->c.append_date(state_->appender, Days{*days})
                           : state_->c.append_null(state_->appender);
  state_->good = state_->good && refused == 0;
}
void Database::Appender::end_row() {
  state_->good = state_->good && state_->c.appender_end_row(state_->appender) == 0;
}
bool Database::Appender::finish() {
  const int refused = state_->c.appender_destroy(&state_->appender);
  return state_->good && refused == 0;
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += '\'';
    out += c;
  }
  return out + "'";
}

} // namespace sanku::duckdb

// See parquet.h.
#include "tools/engine/parquet.h"

#include "runtime/duckdb/duckdb.h"
#include "runtime/io/write_records.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;
using duckdb::quoted;

// settlement.csv → settlement
std::string table_name(const std::string& file) { return fs::path(file).stem().string(); }

Result<duckdb::Database> database_for(const std::string& folder) {
  auto database = duckdb::Database::open();
  if (!database)
    return database;
  // Nothing is fetched from anywhere; what does not fit in memory stays where only we can read.
  const auto set = database->run(fmt::format(
      "SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; "
      "SET temp_directory = {}",
      quoted(folder)));
  if (!set)
    return tl::unexpected(set.error());
  return database;
}

std::string sql_type(const Type& type) {
  switch (type.kind) {
  case Kind::decimal:
  case Kind::money:
    return fmt::format("DECIMAL({}, {})", type.digits == 0 || type.digits > 18 ? 18 : type.digits,
                       type.scale);
  case Kind::integer:
    return "BIGINT";
  case Kind::date:
    return "DATE";
  case Kind::datetime:
    return "TIMESTAMP";
  case Kind::boolean:
    return "BOOLEAN";
  default:
    return "VARCHAR";
  }
}

std::string identifier(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"')
      out += '"';
    out += c;
  }
  return out + "\"";
}

const std::string& wire_name(const schema::Column& column) {
  return column.wire.empty() ? column.path.en : column.wire.front();
}

std::string typed_columns(const schema::Schema& schema, std::uint32_t relation) {
  std::string columns;
  const auto add = [&](const schema::Column& column) {
    columns += fmt::format("{}CAST({} AS {}) AS {}", columns.empty() ? "" : ", ",
                           identifier(wire_name(column)), sql_type(column.type),
                           identifier(wire_name(column)));
  };
  if (relation != 0)
    for (const schema::Role role : {schema::Role::visit_id, schema::Role::settlement_id})
      add(schema.relations[0].columns[*schema::column_with(schema.relations[0], role)]);
  for (const schema::Column& column : schema.relations[relation].columns)
    add(column);
  return columns;
}

std::string sorted_by(const schema::Schema& schema) {
  const auto name = [&](schema::Role role) {
    return identifier(
        wire_name(schema.relations[0].columns[*schema::column_with(schema.relations[0], role)]));
  };
  return name(schema::Role::visit_id) + ", " + name(schema::Role::settlement_id);
}

Result<void> system_refused(const std::string& path, const std::error_code& why) {
  return failure(fmt::format("cannot write `{}`: {}", path, why.message()),
                 fmt::format("无法写入“{}”：{}", path, why.message()));
}

} // namespace

Result<PrivateFolder> PrivateFolder::create(const std::string& place) {
  std::error_code failed;
  const fs::path base = place.empty() ? fs::temp_directory_path(failed) / "sanku"
                                      : fs::path(place).lexically_normal();
  std::string name = base.string();
  while (name.size() > 1 && name.back() == '/')
    name.pop_back();
  name += ".part-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr)
    return failure(
        fmt::format("cannot make a folder beside `{}`: {}", base.string(), std::strerror(errno)),
        fmt::format("无法在“{}”旁建立临时文件夹：{}", base.string(), std::strerror(errno)));
  return PrivateFolder(name);
}

PrivateFolder::~PrivateFolder() {
  std::error_code failed;
  if (!path_.empty())
    fs::remove_all(path_, failed);
}

PrivateFolder::PrivateFolder(PrivateFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

bool is_parquet_folder(const std::string& path) {
  std::error_code failed;
  return fs::is_regular_file(fs::path(path) / "settlement.parquet", failed);
}

Result<void> csv_from_parquet(const std::string& from, const std::string& to,
                              const schema::Schema& schema) {
  auto database = database_for(to);
  if (!database)
    return tl::unexpected(database.error());
  for (const std::string& file : io::csv_files(schema)) {
    const fs::path table = fs::path(from) / (table_name(file) + ".parquet");
    std::error_code failed;
    if (file.empty() || !fs::is_regular_file(table, failed))
      continue;
    const auto copied = database->run(
        fmt::format("COPY (SELECT * FROM read_parquet({})) TO {} (FORMAT csv, HEADER, NULLSTR '')",
                    quoted(table.string()), quoted((fs::path(to) / file).string())));
    if (!copied)
      return copied;
  }
  return {};
}

Result<void> parquet_from_csv(const std::string& from, const std::string& to,
                              const schema::Schema& schema) {
  auto database = database_for(from);
  if (!database)
    return tl::unexpected(database.error());
  std::error_code failed;
  if (fs::create_directory(to, failed))
    fs::permissions(to, fs::perms::owner_all, failed);
  if (failed)
    return system_refused(to, failed);
  const std::vector<std::string> files = io::csv_files(schema);
  for (std::uint32_t r = 0; r < files.size(); ++r) {
    if (files[r].empty())
      continue;
    const std::string made = (fs::path(from) / (table_name(files[r]) + ".parquet")).string();
    // Rows of one settlement stay in the order in which they came.
    const auto copied = database->run(fmt::format(
        "COPY (SELECT {} FROM (SELECT *, row_number() OVER () AS \"#\" FROM read_csv({}, header = "
        "true, all_varchar = true, nullstr = '', quote = '\"', escape = '\"', delim = ',', "
        "max_line_size = 8388608)) ORDER BY {}, \"#\") TO {} (FORMAT parquet, COMPRESSION zstd)",
        typed_columns(schema, r), quoted((fs::path(from) / files[r]).string()), sorted_by(schema),
        quoted(made)));
    if (!copied)
      return copied;
    fs::permissions(made, fs::perms::owner_read | fs::perms::owner_write, failed);
    if (failed)
      return system_refused(made, failed);
  }
  for (const std::string& file : files) {
    if (file.empty())
      continue;
    const std::string name = table_name(file) + ".parquet";
    fs::rename(fs::path(from) / name, fs::path(to) / name, failed);
    if (failed)
      return system_refused((fs::path(to) / name).string(), failed);
  }
  return {};
}

} // namespace sanku::engine

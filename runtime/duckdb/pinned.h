// Which DuckDB this program speaks to: the C library out of this package of the npm registry, with
// just these bytes. `./dev duckdb` reads the three lines, fetches the package and checks the hash;
// whoever loads the library checks it again.
#pragma once

#include <string_view>

namespace sanku::duckdb {

inline constexpr std::string_view pinned_package = "@duckdb/node-bindings-linux-x64@1.5.6-r.1";
inline constexpr std::string_view pinned_file = "libduckdb.so";
inline constexpr std::string_view pinned_sha256 =
    "3f4962cdd266eab2b479a5b5a4a6d063d279b2954ae814ed00385d553b747633";

} // namespace sanku::duckdb

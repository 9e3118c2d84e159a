// A model's file: LightGBM's text form, XGBoost's JSON, or a linear model's JSON (README.md). All
// or nothing: what is cut off, points in a circle, is no number or is more than a model needs is a
// Fault that says where, and no model. Entry: load. Tested by tests/unit/runtime/models_test.cpp.
#pragma once

#include "runtime/models/model.h"
#include "runtime/types/read_file.h"

#include <tl/expected.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace sanku::models {

struct Fault {
  enum class Kind : std::uint8_t {
    unreadable,  // no such file
    damaged,     // not what its format wants
    unsupported, // a model of a kind that is not scored here
    too_large,
  };
  Kind kind = Kind::damaged;
  std::string zh, en; // what, and where in the file
};

template <class T> using Loaded = tl::expected<T, Fault>;

// Without a format the text says which one it is; by `read`, if it is not empty.
[[nodiscard]] Loaded<Model> load(const std::filesystem::path& file, std::optional<Format> format,
                                 const Limits& limits = {}, const ReadFile& read = {});
[[nodiscard]] Loaded<Model> parse(std::string_view text, std::optional<Format> format,
                                  const Limits& limits = {});

[[nodiscard]] std::optional<Format> format_named(std::string_view name);

} // namespace sanku::models
